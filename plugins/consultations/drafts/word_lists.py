"""The numbers that Word only draws: its automatic lists (ECMA-376-1, 17.9), counted as Word counts them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from plugins.consultations.drafts.numerals import LATIN_LETTERS
from plugins.consultations.drafts.package import Attributes, Package

RUSSIAN_LETTERS = "абвгдежзиклмнопрстуфхцчшщэюя"  # of Word's list format of this name, which Bulgarian drafts use
LEVELS = 9
TEXT_MAX = 40  # characters of the pattern of a number
BASES_MAX = 20  # how many styles may stand on each other
ROMAN_SIGNS = (
    (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
NO_NUMBER = {"bullet", "none"}


@dataclass
class Level:
    """One level of a list: how its number looks and where it starts."""

    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass
class Style:
    """What a style of paragraphs says about lists."""

    base: str = ""
    number: str = ""
    level: int | None = None


@dataclass
class WordLists:
    """The lists of a document; ``number`` is asked for each paragraph in its order, because it counts."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # by abstract list
    lists: dict[str, str] = field(default_factory=dict)  # list → abstract list
    starts: dict[tuple[str, int], int] = field(default_factory=dict)  # a list's own start on a level
    styles: dict[str, Style] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def number(self, style: str, own_list: str, own_level: int | None) -> str:
        """The typed form of the number of the next paragraph: „1.“, „а)“, „–“ for a bullet, or an empty string."""
        name, level = self._list_of(style, own_list, own_level)
        abstract = self.lists.get(name)
        if abstract is None:
            return ""
        kinds = self.levels.get(abstract, {})
        kind = kinds.get(level, Level())
        counts = self._counts.setdefault(abstract, {})
        self._count(name, level, counts, kind)
        if kind.form in NO_NUMBER:
            return "–" if kind.form == "bullet" else ""
        return re.sub(
            r"%([1-9])", lambda found: self._written(kinds, counts, int(found[1]) - 1), kind.text or f"%{level + 1}."
        ).strip()

    def _list_of(self, style: str, own_list: str, own_level: int | None) -> tuple[str, int]:
        name, level = own_list, own_level
        for _ in range(BASES_MAX):
            found = self.styles.get(style)
            if found is None or (name and level is not None):
                break
            name = name or found.number
            level = found.level if level is None else level
            style = found.base
        return name, min(max(level or 0, 0), LEVELS - 1)

    def _count(self, name: str, level: int, counts: dict[int, int], kind: Level) -> None:
        own_start = self.starts.get((name, level))
        if own_start is not None and (name, level) not in self._begun:
            counts.pop(level, None)
        self._begun.add((name, level))
        start = kind.start if own_start is None else own_start
        counts[level] = counts[level] + 1 if level in counts else start
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]

    @staticmethod
    def _written(kinds: dict[int, Level], counts: dict[int, int], level: int) -> str:
        kind = kinds.get(level, Level())
        return write_number(counts.get(level, kind.start), kind.form)


def write_number(value: int, form: str) -> str:
    """``value`` in one of Word's forms (ST_NumberFormat, ECMA-376-1, 17.18.59); in digits where the form is unknown."""
    small = form.lower()
    if value < 1 or value > 399:
        return str(value)
    if small.endswith("letter") or small.startswith("russian"):
        letters = RUSSIAN_LETTERS if small.startswith("russian") else LATIN_LETTERS
        times, place = divmod(value - 1, len(letters))
        written = letters[place] * (times + 1)
    elif small.endswith("roman"):
        written = "".join(_roman(value)).lower()
    else:
        return f"{value:02}" if form == "decimalZero" else str(value)
    return written.upper() if form.startswith("upper") or form.endswith("Upper") else written


def _roman(value: int) -> list[str]:
    signs = []
    for worth, sign in ROMAN_SIGNS:
        signs += [sign] * (value // worth)
        value %= worth
    return signs


def read_lists(package: Package, folder: str) -> WordLists:
    """The lists and styles of a document whose text lies in ``folder``; none where it has none."""
    lists = WordLists()
    for part, reader in (("numbering.xml", _NumberingReader(lists)), ("styles.xml", _StyleReader(lists))):
        if package.has(folder + part):
            package.parse(folder + part, reader.begin, reader.end)
    return lists


class _NumberingReader:
    def __init__(self, lists: WordLists) -> None:
        self.lists = lists
        self.abstract = self.name = ""
        self.level = 0
        self.kind = Level()

    def begin(self, tag: str, attributes: Attributes) -> None:
        value = attributes.get("val", "")
        match tag:
            case "abstractNum":
                self.abstract = attributes.get("abstractNumId", "")
            case "num":
                self.name = attributes.get("numId", "")
            case "abstractNumId":
                self.lists.lists[self.name] = value
            case "lvl" | "lvlOverride":
                self.level, self.kind = whole(attributes.get("ilvl", ""), 0), Level()
                if tag == "lvl" and self.abstract:
                    self.lists.levels.setdefault(self.abstract, {})[self.level] = self.kind
            case "start":
                self.kind.start = whole(value, 1)
            case "numFmt":
                self.kind.form = value
            case "lvlText":
                self.kind.text = value[:TEXT_MAX]
            case "startOverride":
                self.lists.starts[self.name, self.level] = whole(value, 1)

    def end(self, tag: str) -> None:
        if tag == "abstractNum":
            self.abstract = ""


class _StyleReader:
    def __init__(self, lists: WordLists) -> None:
        self.lists = lists
        self.style = Style()

    def begin(self, tag: str, attributes: Attributes) -> None:
        value = attributes.get("val", "")
        match tag:
            case "style":
                self.style = self.lists.styles[attributes.get("styleId", "")] = Style()
            case "basedOn":
                self.style.base = value
            case "numId":
                self.style.number = value
            case "ilvl":
                self.style.level = whole(value, 0)

    def end(self, tag: str) -> None:
        if tag == "style":
            self.style = Style()


def whole(value: str, otherwise: int) -> int:
    """A small whole number as XML gives it, or ``otherwise``."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 7 else otherwise
