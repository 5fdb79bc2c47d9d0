"""What a draft is made of: provisions with stable ids in the manner of Akoma Ntoso, and how they are cited."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from consult.api import Refused, lazy_pgettext
from plugins.consultations.drafts.numerals import letter_back

CHARACTERS_MAX = 2_000_000
PROVISIONS_MAX = 5_000
EID_MAX = 255  # characters; a column of this width holds every id that ``reading`` gives


class Kind(StrEnum):
    """What a provision is (Указ № 883 за прилагане на ЗНА, чл. 24–33)."""

    PART = "part"  # дял
    CHAPTER = "chapter"  # глава
    SECTION = "section"  # раздел
    TITLE = "title"  # „Преходни и заключителни разпоредби“
    ARTICLE = "article"  # член
    CLAUSE = "clause"  # § of the additional, transitional and final provisions, and of amending acts
    APPENDIX = "appendix"  # приложение
    PARAGRAPH = "paragraph"  # алинея
    POINT = "point"  # точка
    LETTER = "letter"  # буква
    TEXT = "text"  # words of its parent without a number: the preamble, a list of bullets, the words after points
    TABLE = "table"


UNITS = {Kind.ARTICLE, Kind.CLAUSE, Kind.APPENDIX}

# The first word of an id; the rest is the number.
MARKS = {
    Kind.PART: "part",
    Kind.CHAPTER: "chp",
    Kind.SECTION: "sec",
    Kind.TITLE: "title",
    Kind.ARTICLE: "art",
    Kind.CLAUSE: "clause",
    Kind.APPENDIX: "app",
    Kind.PARAGRAPH: "para",
    Kind.POINT: "point",
    Kind.LETTER: "letter",
    Kind.TEXT: "text",
    Kind.TABLE: "table",
}
KINDS = {mark: kind for kind, mark in MARKS.items()}
UNIT_MARKS = {MARKS[kind] for kind in UNITS}
REPEATED = re.compile(r"-x([0-9]+)$")

Table = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Provision:
    """One provision of one version.

    ``eid`` is unique in the draft, as ``art_14__para_2``; ``parent`` is the eid of what it stands in, or None.
    ``number`` is as written („14а“, „първа“, „2“, „а“) or empty. ``text`` holds its own words, without those of the
    provisions inside it; a line break in it is one of the source. ``table`` is the rows of cells of a TABLE, whose
    ``text`` says the same in lines, so that whoever compares or searches need not look into cells.
    """

    eid: str
    kind: Kind
    number: str = ""
    heading: str = ""
    text: str = ""
    parent: str | None = None
    table: Table | None = None


def unit_of(eid: str) -> str | None:
    """The eid of the article, § or appendix that ``eid`` is or lies in; None for chapters, titles and the preamble.

    An article inside an appendix (a specimen contract) belongs to the appendix.
    """
    segments = eid.split("__")
    for place, segment in enumerate(segments, 1):
        if segment.partition("_")[0].partition("-")[0] in UNIT_MARKS:
            return "__".join(segments[:place])
    return None


def is_unit(provision: Provision) -> bool:
    """Whether people give opinions on it: an article, a § or an appendix that lies in no other unit."""
    return provision.kind in UNITS and unit_of(provision.eid) == provision.eid


def say_label(provision: Provision) -> str:
    """How it is cited: „чл. 14, ал. 2, т. 3, буква „а““, „§ 5“, „глава трета“.

    Always in Bulgarian and with the numbers as written, because it quotes a Bulgarian act, whoever reads.
    """
    if provision.kind is Kind.TITLE:
        return provision.heading
    if provision.kind in (Kind.PART, Kind.CHAPTER, Kind.SECTION):
        return _say(provision.kind, provision.number)
    *outer, own = provision.eid.split("__")
    start = next((place for place, segment in enumerate(outer) if _kind_of(segment) in UNITS), len(outer))
    around = outer[start:]
    if provision.kind is Kind.POINT and "." in provision.number:  # „т. 1.2“ says itself that it lies in 1
        around = [segment for segment in around if _kind_of(segment) is not Kind.POINT]
    said = [_say_segment(segment) for segment in around]
    if provision.kind is Kind.TABLE:
        said.append("таблица")
    elif provision.kind is not Kind.TEXT:
        said.append(_say(provision.kind, provision.number) + _say_repetition(own))
    return ", ".join(said) or "въвеждащ текст"


def too_long() -> Refused:
    """The answer to a draft of more than CHARACTERS_MAX characters."""
    sentence = lazy_pgettext(
        "consultations",
        "The text has more than %(most)s million characters. Please divide it, or attach its appendices as documents.",
        most=CHARACTERS_MAX // 1_000_000,
    )
    return Refused(sentence)


def too_many() -> Refused:
    """The answer to a draft of more than PROVISIONS_MAX provisions."""
    sentence = lazy_pgettext(
        "consultations",
        "The text has more than %(most)s articles, paragraphs and points. Please divide it, or attach its appendices "
        "as documents.",
        most=PROVISIONS_MAX,
    )
    return Refused(sentence)


def _kind_of(segment: str) -> Kind | None:
    return KINDS.get(segment.partition("_")[0].partition("-")[0])


def _say_segment(segment: str) -> str:
    kind = _kind_of(segment)
    key = REPEATED.sub("", segment.partition("_")[2])
    if kind is None:
        return ""
    number = letter_back(key) if kind in (Kind.LETTER, Kind.ARTICLE, Kind.CLAUSE) else key.replace("-", ".")
    return _say(kind, number) + _say_repetition(segment)


def _say_repetition(segment: str) -> str:
    repeated = REPEATED.search(segment)
    return f" [{repeated[1]}]" if repeated else ""


def _say(kind: Kind, number: str) -> str:
    words = {
        Kind.PART: f"дял {number}",
        Kind.CHAPTER: f"глава {number}",
        Kind.SECTION: f"раздел {number}",
        Kind.ARTICLE: f"чл.\N{NO-BREAK SPACE}{number}",
        Kind.CLAUSE: f"§\N{NO-BREAK SPACE}{number}",
        Kind.APPENDIX: f"приложение №\N{NO-BREAK SPACE}{number}" if number else "приложение",
        Kind.PARAGRAPH: f"ал.\N{NO-BREAK SPACE}{number}",
        Kind.POINT: f"т.\N{NO-BREAK SPACE}{number}",
        Kind.LETTER: f"буква „{number}“",
    }
    return words.get(kind, number)
