"""What is taken of an upload, and in what form: by its content, without what a camera wrote, under a harmless name."""

from __future__ import annotations

import hashlib
import io
import struct
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from consult.errors import Refused
from consult.files import FILE_KINDS, SIZE_MAX, read_upload
from consult.files.pictures import PIXELS_MAX, SIDE_MAX
from consult.files.reading import NAME_MAX, clean_name
from consult.testing.factories import PDF

GPS = 0x8825  # the tag under which a camera writes where it stood (EXIF 2.32, 4.6.3)


def drawn(format_: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object) -> bytes:
    """A picture whose left half is red and whose right half is blue, where its mode knows colours."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    file = io.BytesIO()
    picture.convert(mode).save(file, format_, **options)
    return file.getvalue()


def read(content: bytes, name: str = "file.pdf"):
    return read_upload(io.BytesIO(content), name)


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def with_exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(GPS)[2] = (42.0, 25.0, 30.0)
    return drawn(exif=exif, comment=b"SecretComment", quality=95)


# ---- What it is


@pytest.mark.parametrize(
    ("content", "media_type", "name"),
    [
        (PDF, "application/pdf", "file.pdf"),
        (drawn("PNG"), "image/png", "file.png"),
        (drawn("JPEG"), "image/jpeg", "file.jpg"),
    ],
)
@pytest.mark.parametrize("typed", ["file.pdf", "file.jpg", "file.PNG", "file"])
def test_the_kind_is_read_from_the_content_and_not_from_the_name(content, media_type, name, typed):
    upload = read(content, typed)
    assert (upload.media_type, upload.name) == (media_type, name)


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><html><script>alert(1)</script>%PDF-1.7 %%EOF",
        b"\n" + PDF,
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"GIF89a%PDF-1.7\n%%EOF",
        b"PK\x03\x04" + bytes(200) + PDF,
        b"MZ" + bytes(200),
        b"just words",
        b"%PDF",
        drawn("GIF", mode="P"),
        drawn("WEBP"),
        drawn("TIFF"),
    ],
)
@pytest.mark.parametrize("name", ["report.pdf", "photo.jpg", "photo.png"])
def test_no_name_makes_another_kind_acceptable(content, name):
    with pytest.raises(Refused) as refused:
        read(content, name)
    assert "PDF" in str(refused.value)
    assert (refused.value.field, refused.value.status) == ("file", 422)


def test_nothing_but_the_picture_is_kept_of_a_picture_that_is_something_else_too():
    for content in (drawn("PNG"), drawn("JPEG")):
        hidden = b"<script>alert(1)</script>PK\x05\x06" + bytes(18)
        upload = read(content + hidden)
        assert b"script" not in upload.content
        assert b"PK\x05\x06" not in upload.content


def test_a_pdf_is_kept_byte_for_byte_and_must_be_whole():
    assert read(PDF).content == PDF
    assert read(PDF + b"\n" * 900).content == PDF + b"\n" * 900
    for broken in (PDF[:-8], PDF + bytes(2000)):
        with pytest.raises(Refused, match="breaks off"):
            read(broken)


@pytest.mark.parametrize("content", [PDF, drawn("PNG"), drawn("JPEG")])
def test_the_checksum_is_that_of_what_is_kept(content):
    upload = read(content)
    assert upload.sha256 == hashlib.sha256(upload.content).hexdigest()


# ---- Pictures


def test_where_a_picture_was_taken_is_not_kept():
    taken = with_exif()
    assert opened(taken).getexif().get_ifd(GPS)
    assert b"SecretCamera" in taken
    assert b"SecretComment" in taken
    kept = read(taken).content
    assert not opened(kept).getexif()
    assert not opened(kept).getexif().get_ifd(GPS)
    for secret in (b"SecretCamera", b"SecretComment", b"Exif", b"http://ns.adobe.com"):
        assert secret not in kept


def test_what_is_written_into_a_png_is_not_kept():
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    taken = drawn("PNG", exif=exif, icc_profile=b"SecretProfile", dpi=(300, 300))
    kept = read(taken).content
    chunks = [kept[place - 4 : place] for place in range(len(kept)) if kept[place - 4 : place].isalpha()]
    assert {b"IHDR", b"IDAT", b"IEND"} <= set(chunks)
    assert not {b"eXIf", b"iCCP", b"tEXt", b"iTXt", b"zTXt", b"pHYs"} & set(chunks)
    assert b"SecretCamera" not in kept


def test_a_picture_taken_sideways_is_kept_upright():
    upload = read(with_exif(orientation=6))
    assert (upload.width, upload.height) == (40, 60)
    red, _green, blue = opened(upload.content).getpixel((20, 5))  # type: ignore[misc]
    assert red > 200 > 60 > blue, "turned to the right, the left half is the upper one"


@pytest.mark.parametrize("format_", ["PNG", "JPEG"])
def test_a_large_picture_is_made_as_small_as_a_page_needs(format_):
    upload = read(drawn(format_, (5000, 1000)))
    assert (upload.width, upload.height) == (SIDE_MAX, SIDE_MAX // 5)
    assert opened(upload.content).size == (SIDE_MAX, SIDE_MAX // 5)


@pytest.mark.parametrize(
    ("format_", "mode"),
    [(one, mode) for one in ("PNG", "JPEG") for mode in ("1", "L", "RGB")]
    + [("PNG", "P"), ("PNG", "LA"), ("PNG", "RGBA"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("JPEG", "YCbCr")],
)
def test_every_way_of_drawing_a_picture_can_be_read(format_, mode):
    upload = read(drawn(format_, mode=mode) if mode != "I;16" else _sixteen_bit())
    assert opened(upload.content).size == (60, 40)


def test_what_is_seen_through_stays_so():
    file = io.BytesIO()
    Image.new("P", (8, 8), 0).save(file, "PNG", transparency=0)
    assert opened(read(file.getvalue()).content).convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_picture_that_would_unpack_to_billions_of_pixels_is_refused_at_once():
    for width, height in ((60_000, 60_000), (PIXELS_MAX, 2), (2**31 - 1, 2**31 - 1)):
        started = time.perf_counter()
        with pytest.raises(Refused, match=r"too many pixels|cannot be read"):
            read(png_of(width, height))
        assert time.perf_counter() - started < 1


@pytest.mark.parametrize("content", [drawn("PNG"), drawn("JPEG"), with_exif()])
@pytest.mark.parametrize("part", [0.2, 0.5])
def test_a_picture_that_breaks_off_is_refused_with_a_sentence(content, part):
    with pytest.raises(Refused):
        read(content[: int(len(content) * part)])


@given(st.data())
def test_no_broken_picture_is_a_mistake_of_ours(data):
    whole = data.draw(st.sampled_from([drawn("PNG"), with_exif()]))
    place = data.draw(st.integers(8, len(whole) - 1))
    broken = whole[:place] + data.draw(st.binary(min_size=1, max_size=6)) + whole[place + 1 :]
    try:
        upload = read(broken)
    except Refused:
        return
    assert upload.media_type in FILE_KINDS


# ---- Limits and names


def test_nothing_and_too_much_are_refused():
    with pytest.raises(Refused, match="empty"):
        read(b"")
    with pytest.raises(Refused, match="10 MB") as refused:
        read(PDF + b" " * SIZE_MAX)
    assert refused.value.status == 413
    assert len(read(PDF.ljust(SIZE_MAX - 8) + b"\n%%EOF\n ").content) == SIZE_MAX


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.ini", "boot.ini.pdf"),
        ("C:\\Users\\Elena\\Програма.PDF", "Програма.pdf"),
        ("fdp.\u202eexe.pdf", "fdp.exe.pdf"),
        ("\u2066a\u2069\u200b.pdf", "a.pdf"),
        ("line\r\nbreak\x00.pdf", "line break.pdf"),
        ("a.jpg.PDF.pdf", "a.pdf"),
        ('"quoted"; filename=x.html', "quoted; filename=x.html.pdf"),
        ("50 %#?&.pdf", "50.pdf"),
        ("", "документ.pdf"),
        ("...", "документ.pdf"),
        ("folder/", "документ.pdf"),
        (".pdf", "документ.pdf"),
        ("e" + "\u0301" * 40 + ".pdf", "документ.pdf"),
        ("й".encode().decode() + ".pdf", "й.pdf"),
        ("x" * 500 + ".pdf", "x" * (NAME_MAX - 4) + ".pdf"),
    ],
)
def test_a_name_says_nothing_but_a_name(typed, kept):
    assert clean_name(typed, "application/pdf") == kept


@given(st.text(max_size=200))
def test_every_name_ends_in_what_the_file_is_and_holds_no_path(typed):
    for media_type, kind in FILE_KINDS.items():
        name = clean_name(typed, media_type)
        assert name.endswith(kind.ending)
        assert len(kind.ending) < len(name) <= NAME_MAX
        assert name.isprintable()
        assert not set('/\\<>:"|?*%#&') & set(name)
        assert not name.startswith((".", " "))


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large and holds a few bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    chunks = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + chunks


def _sixteen_bit() -> bytes:
    file = io.BytesIO()
    Image.new("I;16", (60, 40), 30_000).save(file, "PNG")
    return file.getvalue()
