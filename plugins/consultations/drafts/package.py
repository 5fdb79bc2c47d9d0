"""A Word file before anybody trusts it: what it really is, how large it gets, and its parts read in pieces."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

from consult.api import Refused, lazy_pgettext

UNPACKED_MAX = 50 * 1024 * 1024  # bytes of all parts together
RATIO_MAX = 200  # times; Word's own files, tables of one word among them, stay under 100
SMALL = 5 * 1024 * 1024  # bytes: below, a file may be packed as tightly as it likes
ENTRIES_MAX = 3_000
ELEMENTS_MAX = 1_500_000  # of one part; two million characters in ordinary runs need half of it
ENTRY = b"PK\x01\x02"  # APPNOTE 4.3.12; counted before the list of entries is read into memory
PIECE = 64 * 1024
MAIN_PART = "word/document.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2: the compound file of old and of encrypted documents
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # APPNOTE 4.4.5; a DOCX knows no other (ECMA-376-2, C.2)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)

Attributes = dict[str, str]


def refuse_others(data: bytes) -> None:
    """Raise Refused, with what to do, for a file that is no DOCX by its first bytes."""
    if b"%PDF-" in data[:1024]:
        raise Refused(
            lazy_pgettext(
                "consultations",
                "A PDF cannot be read by article. Please give the Word file (DOCX) from which it was made, or paste "
                "the text. The PDF can be added to the documents.",
            )
        )
    if data.startswith(OLE):
        raise _encrypted() if "EncryptedPackage".encode("utf-16-le") in data else _old()
    if data.startswith(b"{\\rtf"):
        raise _old()
    if not data.startswith(b"PK"):
        raise _no_docx()


class Package:
    """The parts of a DOCX. Raises Refused when it is opened, or read, and is not what it says or too large."""

    def __init__(self, data: bytes) -> None:
        refuse_others(data)
        if data.count(ENTRY) > ENTRIES_MAX:
            raise _too_large()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN as error:
            raise _broken() from error
        self._budget = UNPACKED_MAX
        self._check_sizes(len(data))

    def _check_sizes(self, packed: int) -> None:
        entries = self._zip.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        is_bomb = unpacked > SMALL and unpacked > packed * RATIO_MAX
        if unpacked > UNPACKED_MAX or is_bomb:
            raise _too_large()
        if any(entry.flag_bits & 1 for entry in entries):
            raise _encrypted()
        names = {entry.filename for entry in entries}
        if "mimetype" in names and "content.xml" in names:
            raise _old()  # an ODT
        if "[Content_Types].xml" not in names:
            raise _no_docx()

    def has(self, name: str) -> bool:
        """Whether there is a part ``name``."""
        return name in self._zip.NameToInfo

    def main_part(self) -> str:
        """The name of the part with the text (ECMA-376-1, 11.3.10). Raises Refused where there is none."""
        found: list[str] = []

        def begin(name: str, attributes: Attributes) -> None:
            if name == "Relationship" and attributes.get("Type", "").endswith("/officeDocument"):
                found.append(posixpath.normpath(attributes.get("Target", "").lstrip("/")))

        if self.has("_rels/.rels"):
            self.parse("_rels/.rels", begin)
        name = found[0] if found else MAIN_PART
        if not self.has(name) or not name.endswith(".xml") or name.startswith(("xl/", "ppt/")):
            raise _no_docx()
        return name

    def parse(
        self,
        part: str,
        begin: Callable[[str, Attributes], None],
        end: Callable[[str], None] | None = None,
        words: Callable[[str], None] | None = None,
    ) -> None:
        """Go through the XML of ``part`` in pieces; names come without their namespace.

        Nothing is kept but what the callers keep. A document type, and with it every entity, is refused.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        left = ELEMENTS_MAX

        def begin_element(name: str, attributes: dict[str, Any]) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise _too_large()
            begin(_local(name), {_local(key): value for key, value in attributes.items()})

        def refuse_doctype(*_: object) -> None:
            raise _broken()

        parser.StartElementHandler = begin_element
        parser.StartDoctypeDeclHandler = refuse_doctype
        if end:
            parser.EndElementHandler = lambda name: end(_local(name))
        if words:
            parser.CharacterDataHandler = words
        try:
            for piece in self._pieces(part):
                parser.Parse(piece, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise _broken() from error

    def _pieces(self, part: str) -> Iterator[bytes]:
        entry = self._zip.NameToInfo[part]
        if entry.compress_type not in METHODS:
            raise _broken()
        try:
            with self._zip.open(entry) as stream:
                while piece := stream.read(PIECE):
                    self._budget -= len(piece)
                    if self._budget < 0:
                        raise _too_large()
                    yield piece
        except BROKEN as error:
            raise _broken() from error


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _no_docx() -> Refused:
    return Refused(
        lazy_pgettext("consultations", "This is not a Word file (DOCX). Please choose a DOCX or paste the text.")
    )


def _old() -> Refused:
    sentence = lazy_pgettext(
        "consultations",
        "This kind of file cannot be read by article. Please open it, save it as a Word document (DOCX) and choose "
        "that, or paste the text.",
    )
    return Refused(sentence)


def _encrypted() -> Refused:
    sentence = lazy_pgettext(
        "consultations", "The file is locked with a password. Please save it without a password and choose it again."
    )
    return Refused(sentence)


def _broken() -> Refused:
    sentence = lazy_pgettext(
        "consultations", "The file is damaged and cannot be read. Please save it again in Word, or paste the text."
    )
    return Refused(sentence)


def _too_large() -> Refused:
    sentence = lazy_pgettext(
        "consultations",
        "The file holds more than can be read safely. Please take the pictures out and save it again, or paste the "
        "text.",
    )
    return Refused(sentence)
