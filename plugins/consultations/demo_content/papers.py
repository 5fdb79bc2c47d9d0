"""Documents of the demonstration as PDF, made of the words that stand on the page too.

A small writer of PDF 1.7 (ISO 32000-1): one embedded TrueType font, lines that break, pages that follow one another.
What is written can be searched and copied, because each glyph says which character it is (9.10.3, ToUnicode).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

PAGE = (595, 842)  # points: A4
MARGIN, LEADING = 64, 1.45
TITLE, HEADING, BODY = 19, 13, 11  # points
CHARACTERS = [*range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x400, 0x460), 0x2013, 0x2014, 0x2018, 0x2019]
CHARACTERS += [0x201C, 0x201D, 0x201E, 0x2026, 0x20AC, 0x2116]
UNKNOWN = ord("?")


@dataclass(frozen=True)
class Type:
    """The font of all papers: its bytes, and for each character its glyph and its width in thousandths of the size."""

    data: bytes
    glyphs: dict[int, int]
    widths: dict[int, int]

    def width(self, words: str, size: int) -> float:
        """In points."""
        return sum(self.widths[self._known(sign)] for sign in words) * size / 1000

    def encode(self, words: str) -> str:
        """The glyphs in hexadecimal, two bytes each."""
        return "".join(f"{self.glyphs[self._known(sign)]:04X}" for sign in words)

    def _known(self, sign: str) -> int:
        return ord(sign) if ord(sign) in self.glyphs else UNKNOWN


@cache
def _type() -> Type:
    font = TTFont(BytesIO((files("fontpkg_sofia_sans") / "files" / "SofiaSans[wght].ttf").read_bytes()))
    options = Options(layout_features=[], hinting=False, drop_tables=["fvar", "gvar", "avar", "HVAR", "MVAR", "STAT"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    known, scale = font.getBestCmap(), 1000 / font["head"].unitsPerEm
    written = BytesIO()
    font.save(written)
    glyphs = {sign: font.getGlyphID(name) for sign, name in known.items()}
    return Type(
        written.getvalue(), glyphs, {sign: round(font["hmtx"][name][0] * scale) for sign, name in known.items()}
    )


def paper_of(title: str, parts: Iterable[tuple[str, str]]) -> bytes:
    """A PDF with a title and, one after another, headings with the words below them."""
    lines = [*_broken(title, TITLE), ("", BODY)]
    for heading, words in parts:
        lines += [*_broken(heading, HEADING), *_broken(words, BODY), ("", BODY)]
    return _written(title, [_drawn(page) for page in _pages(lines)])


def _broken(words: str, size: int) -> Iterator[tuple[str, int]]:
    """The words in lines that fit, each with its size."""
    line = ""
    for word in words.split():
        longer = f"{line} {word}".strip()
        if line and _type().width(longer, size) > PAGE[0] - 2 * MARGIN:
            yield line, size
            longer = word
        line = longer
    yield line, size


def _pages(lines: list[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    page: list[tuple[str, int]] = []
    for line in lines:
        if sum(size * LEADING for _, size in (*page, line)) > PAGE[1] - 2 * MARGIN:
            yield page
            page = []
        page.append(line)
    yield page


def _drawn(lines: list[tuple[str, int]]) -> str:
    """The operators that show the lines of a page from its top down."""
    shown = [f"/F {size} Tf 0 {-size * LEADING:.1f} Td <{_type().encode(words)}> Tj" for words, size in lines]
    return f"BT {MARGIN} {PAGE[1] - MARGIN} Td {' '.join(shown)} ET"


def _written(title: str, pages: list[str]) -> bytes:
    """The file: the objects, numbered from 1, where each begins, and which is the first."""
    first = 9  # the objects of the pages come after those that there are once
    kids = " ".join(f"{first + 2 * place} 0 R" for place in range(len(pages)))
    glyphs, widths = _type().glyphs, _type().widths
    each = " ".join(f"{glyphs[sign]} [{widths[sign]}]" for sign in sorted(glyphs, key=glyphs.__getitem__))
    box = "/FontBBox [-300 -300 1200 1100] /Ascent 950 /Descent -250 /CapHeight 700 /ItalicAngle 0 /StemV 80"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (bg) /ViewerPreferences << /DisplayDocTitle true >> >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 {PAGE[0]} {PAGE[1]}] >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /SofiaSans /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 7 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SofiaSans /CIDToGIDMap /Identity /FontDescriptor 5 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>" + f" /W [{each}] >>".encode(),
        f"<< /Type /FontDescriptor /FontName /SofiaSans /Flags 4 {box} /FontFile2 6 0 R >>".encode(),
        _stream(_type().data, f"/Length1 {len(_type().data)}"),
        _stream(_to_unicode().encode()),
        b"<< /Title <FEFF" + title.encode("utf-16-be").hex().encode() + b"> >>",
    ]
    for place, drawn in enumerate(pages):
        page = f"<< /Type /Page /Parent 2 0 R /Contents {first + 2 * place + 1} 0 R"
        objects += [f"{page} /Resources << /Font << /F 3 0 R >> >> >>".encode(), _stream(drawn.encode())]
    return _joined(objects)


def _stream(data: bytes, more: str = "") -> bytes:
    packed = zlib.compress(data, 9)
    return f"<< /Length {len(packed)} /Filter /FlateDecode {more}>>\nstream\n".encode() + packed + b"\nendstream"


def _to_unicode() -> str:
    """Which character each glyph is, a hundred at a time as the format wants it."""
    pairs = [f"<{glyph:04X}> <{sign:04X}>" for sign, glyph in sorted(_type().glyphs.items())]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    said = "\n".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks)
    begin = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /ToUnicode def /CMapType 2 def"
    return f"{begin}\n1 begincodespacerange <0000> <FFFF> endcodespacerange\n{said}\nendcmap end end"


def _joined(objects: list[bytes]) -> bytes:
    written, places = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    begins, size = len(written), len(objects) + 1
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    written += f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode()
    written += f"trailer\n<< /Size {size} /Root 1 0 R /Info 8 0 R >>\nstartxref\n{begins}\n%%EOF\n".encode()
    return bytes(written)
