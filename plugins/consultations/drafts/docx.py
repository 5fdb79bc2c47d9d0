"""The text of a Word file as if it had been typed: automatic numbers, tables and broken lines included."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from consult.api import Refused, lazy_pgettext
from plugins.consultations.drafts.package import Attributes, Package
from plugins.consultations.drafts.provisions import CHARACTERS_MAX, too_long
from plugins.consultations.drafts.word_lists import WordLists, read_lists, whole

TRACKED = {"ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel"}
OFF = {"0", "false", "off"}
CONTENTS = "TOC"  # the styles of a table of contents, which would say every heading twice
PRIVATE = re.compile(r"[\ue000-\uf8ff]")  # signs of symbol fonts: in a list they are bullets
UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
BLANKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "\N{NON-BREAKING HYPHEN}", "sym": "•"}
NOTES = {"footnoteReference": "footnotes.xml", "endnoteReference": "endnotes.xml"}


def docx_text(data: bytes) -> str:
    """The words of a DOCX, a paragraph a line, for `read_draft`; the rows of tables as lines „| a | b |“.

    Numbers that Word only draws are written out. Words in a hidden font are left out, as on paper; notes stand in
    brackets where their mark stood. Raises Refused for what is no DOCX, is locked, damaged, too large, a scan, or still
    has tracked changes: nobody but the author knows which of the two texts is meant.
    """
    package = Package(data)
    part = package.main_part()
    folder = part.rpartition("/")[0]
    folder = f"{folder}/" if folder else ""
    body = _Body(read_lists(package, folder))
    for reference, notes in NOTES.items():
        if package.has(folder + notes):
            reader = _Notes(WordLists())
            package.parse(folder + notes, reader.begin, reader.end, reader.words)
            body.notes |= {(reference, name): text for name, text in reader.found.items()}
    package.parse(part, body.begin, body.end, body.words)
    text = "\n".join(body.lines)
    if not any(sign.isalnum() for sign in text):
        sentence = lazy_pgettext(
            "consultations",
            "There is no text in the file; perhaps its pages are pictures. Please choose the Word file with the text, "
            "or paste the text.",
        )
        raise Refused(sentence)
    return text


@dataclass
class _Paragraph:
    """A paragraph that is being read."""

    style: str = ""
    list_name: str = ""
    list_level: int | None = None
    words: list[str] = field(default_factory=list)


class _Body:
    """Collects lines while the XML goes by."""

    def __init__(self, lists: WordLists) -> None:
        self.lists = lists
        self.lines: list[str] = []
        self.notes: dict[tuple[str, str], str] = {}
        self.said = self.length = 0  # characters heard, and those in the lines, which numbers make longer
        self.paragraphs: list[_Paragraph] = []  # one in another is a text box
        self.cells: list[list[str]] = []  # the lines of the open cells; one in another is a table in a table
        self.row: list[str] = []
        self.skipped = 0  # inside what is drawn a second time for old programs
        self.is_text = self.is_run = self.is_hidden = False

    def begin(self, tag: str, attributes: Attributes) -> None:
        """An element begins."""
        if tag in TRACKED:
            raise _tracked()
        if tag == "Fallback" or self.skipped:
            self.skipped += 1
            return
        match tag:
            case "p":
                self.paragraphs.append(_Paragraph())
            case "r":
                self.is_run, self.is_hidden = True, False
            case "vanish":
                self.is_hidden = self.is_run and attributes.get("val", "") not in OFF
            case "t":
                self.is_text = True
            case "tc":
                self.cells.append([])
            case "tr" if not self.cells:
                self.row = []
            case "footnoteReference" | "endnoteReference":
                if note := self.notes.get((tag, attributes.get("id", ""))):
                    self.say(f" [{note}]")
            case _ if self.is_run and tag in BLANKS:
                self.say(BLANKS[tag])
            case _ if self.paragraphs:
                self.describe(self.paragraphs[-1], tag, attributes.get("val", ""))

    def describe(self, paragraph: _Paragraph, tag: str, value: str) -> None:
        """What an element says about the list and style of its paragraph."""
        match tag:
            case "pStyle":
                paragraph.style = value
            case "numId":
                paragraph.list_name = value
            case "ilvl":
                paragraph.list_level = whole(value, 0)

    def end(self, tag: str) -> None:
        """An element ends."""
        if self.skipped:
            self.skipped -= 1
            return
        match tag:
            case "t":
                self.is_text = False
            case "r":
                self.is_run = False
            case "p" if self.paragraphs:
                self.end_paragraph(self.paragraphs.pop())
            case "tc" if self.cells:
                self.end_cell(" ".join(self.cells.pop()))
            case "tr" if not self.cells and self.row:
                self.add_line(f"| {' | '.join(self.row)} |")
            case "tbl" if not self.cells:
                self.lines.append("")

    def words(self, text: str) -> None:
        """Words between elements."""
        if self.is_text and not self.skipped:
            self.say(text)

    def say(self, text: str) -> None:
        """Words of the open paragraph, unless they are hidden."""
        if self.paragraphs and not self.is_hidden:
            self.said += len(text)
            if self.said > CHARACTERS_MAX:
                raise too_long()
            self.paragraphs[-1].words.append(UNREADABLE.sub("", PRIVATE.sub("•", text)))

    def end_paragraph(self, paragraph: _Paragraph) -> None:
        """The words of a paragraph, behind its number, go into its cell or become lines."""
        is_contents = paragraph.style.upper().startswith(CONTENTS)
        text = "" if is_contents else "".join(paragraph.words).strip()
        number = self.lists.number(paragraph.style, paragraph.list_name, paragraph.list_level) if text else ""
        line = f"{number} {text}".strip()
        if self.cells:
            self.cells[-1] += [" ".join(line.split())] if line else []
        else:
            self.add_line(line)

    def end_cell(self, text: str) -> None:
        """A cell of a table in a table becomes words of the cell around it."""
        if self.cells:
            self.cells[-1] += [text] if text else []
        else:
            self.row.append(text.replace("|", "\\|"))

    def add_line(self, line: str) -> None:
        """A line of the text. Raises Refused when it becomes longer than a draft may be."""
        self.length += len(line) + 1
        if self.length > CHARACTERS_MAX:
            raise too_long()
        self.lines.append(line)


class _Notes(_Body):
    """The notes of a document by their ids."""

    def __init__(self, lists: WordLists) -> None:
        super().__init__(lists)
        self.found: dict[str, str] = {}
        self.name = ""

    def begin(self, tag: str, attributes: Attributes) -> None:
        """A note begins, or something in it."""
        if tag in ("footnote", "endnote"):
            self.name, self.lines = attributes.get("id", ""), []
        super().begin(tag, attributes)

    def end(self, tag: str) -> None:
        """A note ends, or something in it."""
        super().end(tag)
        if tag in ("footnote", "endnote"):
            self.found[self.name] = " ".join(" ".join(self.lines).split())


def _tracked() -> Refused:
    sentence = lazy_pgettext(
        "consultations",
        "The file still has tracked changes, so it holds two texts. Please accept or reject all of them in Word "
        "(Review, Accept all changes), save the file and choose it again.",
    )
    return Refused(sentence)
