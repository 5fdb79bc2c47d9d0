"""What somebody uploads, read once: how large, of what kind by its content, and under what name it is given back."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import IO

import puremagic

from consult.errors import Refused
from consult.files.pictures import clean_picture
from consult.i18n import lazy_gettext as _
from consult.text import check_line

SIZE_MAX = 10 * 1024 * 1024  # bytes of one file
NAME_MAX = 120  # characters, the ending included
TAIL = 1024  # bytes at the end of a PDF in which readers look for its mark (ISO 32000-1, annex H.3.4.4, note 18)


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: how it begins, the ending of its name, and its name when it has none."""

    begins: bytes
    ending: str
    nameless: str


FILE_KINDS = {
    "application/pdf": Kind(b"%PDF-", ".pdf", "документ"),
    "image/png": Kind(b"\x89PNG\r\n\x1a\n", ".png", "снимка"),
    "image/jpeg": Kind(b"\xff\xd8\xff", ".jpg", "снимка"),
}


@dataclass(frozen=True)
class Upload:
    """A file as it may be kept: a picture drawn anew, a PDF as it came. ``sha256`` in hex; sizes in pixels."""

    content: bytes
    name: str
    media_type: str
    sha256: str
    width: int | None = None
    height: int | None = None


def read_upload(file: IO[bytes], typed_name: str, field: str | None = "file") -> Upload:
    """What may be kept of ``file``. Raises Refused, for ``field``, with a sentence that says why nothing may.

    Before the operation that keeps it: a picture takes a while, and others wait to write.
    """
    file.seek(0)  # a request that is tried a second time has read it already
    content = file.read(SIZE_MAX + 1)
    if not content:
        raise Refused(_("This file is empty. Choose another one."), field)
    if len(content) > SIZE_MAX:
        raise Refused(_("This file is too large. A file may have at most 10 MB."), field, status=413)
    media_type = _kind_of(content)
    if media_type is None:
        raise Refused(_("Files of this kind are not taken. Choose a PDF document, or a picture in JPEG or PNG."), field)
    width = height = None
    if media_type == "application/pdf":
        _check_pdf(content, field)
    else:
        content, width, height = clean_picture(content, media_type, field)
    digest = hashlib.sha256(content).hexdigest()
    return Upload(content, clean_name(typed_name, media_type), media_type, digest, width, height)


def clean_name(typed: str, media_type: str) -> str:
    """The name under which a file is given back: no folder, nothing invisible, the ending of what it really is."""
    kind = FILE_KINDS[media_type]
    last = unicodedata.normalize("NFC", re.split(r"[/\\]", typed)[-1])
    signs = "".join(" " if sign.isspace() else sign for sign in last if _may_stand_in_a_name(sign))
    stem = re.sub(r"(\.(pdf|png|jpe?g|jfif))+$", "", signs.rstrip(" ."), flags=re.IGNORECASE)
    stem = " ".join(stem.split())[: NAME_MAX - len(kind.ending)].strip(" .")
    try:
        check_line(stem)
    except Refused:  # accents stacked by the dozen: nobody typed that as a name
        stem = ""
    return (stem or kind.nameless) + kind.ending


def _may_stand_in_a_name(sign: str) -> bool:
    return sign.isspace() or (unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*%#&\ufffd')


def _kind_of(content: bytes) -> str | None:
    """By the content alone. Both must agree, the table of signatures and how our three kinds begin."""
    try:
        guessed = {one.mime_type for one in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return None
    return next(
        (type_ for type_, kind in FILE_KINDS.items() if type_ in guessed and content.startswith(kind.begins)), None
    )


def _check_pdf(content: bytes, field: str | None) -> None:
    if b"%%EOF" not in content[-TAIL:]:
        raise Refused(_("This PDF breaks off before its end. Save it anew and choose it again."), field)
