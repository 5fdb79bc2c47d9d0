"""What one line of a draft opens: a chapter, an article, an алинея …, or nothing; and the lines that are a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plugins.consultations.drafts.numerals import NUMERAL
from plugins.consultations.drafts.provisions import Kind, Table

HEADING_MAX = 300  # characters; a longer line is a text
TABS_MIN = 2  # lines with tabs stand together in a table; one alone is typing
# A number of an article or a §, perhaps with a letter: 14, 14а, 14 а, 14-а.
ARTICLE_NUMBER = r"[0-9]{1,4}(?:\s?-?[а-яa-zА-Я](?![\w]))?"
# What makes the words a label and not a citation („Чл. 14 от закона се прилага …“, „Чл. 5, ал. 2 не важи“).
AFTER_NUMBER = r"(?:\s*[.:]\s*|\s*[–—-]\s+(?=[А-Я„(])|\s*$|\s*(?=\()|\s+(?=[А-Я„]))"
OUTER = ((Kind.PART, "дял|част"), (Kind.CHAPTER, "глава"), (Kind.SECTION, "раздел"))
OPENERS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.ARTICLE, re.compile(rf"(?:Ч[Лл]\.|Ч[Лл][Ее][Нн])\s*({ARTICLE_NUMBER}){AFTER_NUMBER}")),
    (Kind.CLAUSE, re.compile(rf"(?:§|Параграф|ПАРАГРАФ)\s*({ARTICLE_NUMBER}|[Ее]динствен){AFTER_NUMBER}")),
    (Kind.PARAGRAPH, re.compile(r"\(([0-9]{1,3}\s?[а-я]?)\)\s*")),
    (Kind.PARAGRAPH, re.compile(r"Ал\.\s*\(?([0-9]{1,3}[а-я]?)\)?(?:[.:]\s*|\s+(?=[А-Я„]))")),
    (Kind.POINT, re.compile(r"(?:[Тт]\.|Точка)\s*([0-9]{1,3}[а-я]?)(?:[.:)]\s*|\s+(?=[А-Я„]))")),
    (Kind.POINT, re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3}){1,4})(?:\.(?![0-9])\s*|\s+(?=[А-Я„]))")),
    (Kind.POINT, re.compile(r"([0-9]{1,3}[а-я]?)[.)](?![0-9])\s*")),
    (Kind.LETTER, re.compile(r"(?:[Бб]уква\s+)?[„\"]?([а-яa-z]|аа|бб|вв|гг)[“\"]?\)\s*")),
    (Kind.LETTER, re.compile(r"(?:[Бб]уква\s+)[„\"]?([а-яa-z])[“\"]?(?:[.:)]|\s)\s*")),
)
OUTER_OPENERS = tuple(
    (kind, re.compile(rf"(?:{words})\s+({NUMERAL}(?:\s?[„\"]?[а-я][“\"]?)?)(?!\w)[.:]?\s*[–—-]?\s*", re.IGNORECASE))
    for kind, words in OUTER
)
TITLE = re.compile(
    r"(?:допълнителн[аи]|преходн[аи]|заключителн[аи])(?:\s*,?\s*(?:и\s+)?(?:преходн[аи]|заключителн[аи]))*"
    r"\s+разпоредб[аи]\b(?!.*[.;]$)",
    re.IGNORECASE,
)
APPENDIX = re.compile(
    r"приложение\b\s*(?:№|N|No\.?)?\s*([0-9]{1,4}[а-я]?|[IVX]{1,5})?(?!\w)\s*[.:–—-]?\s*", re.IGNORECASE
)
# After „Приложение № 1“ there stands nothing, to what it belongs, or its name. „… е неразделна част“ is a sentence.
APPENDIX_NAME = re.compile(r"$|към\s|[(А-Я„]")
NOTE = re.compile(r"(?:\((?:изм|нов|доп|отм|предиш|прием)[^()]{0,400}\)\s*)+", re.IGNORECASE)
NEXT_INLINE = re.compile(r"(?<=[.;:!?“])\s+(?=\(([0-9]{1,3}[а-я]?)\)\s+[А-Я„(])")
CITED = re.compile(r"(?:ал|чл|т|б)\.$", re.IGNORECASE)
BULLET = re.compile(r"[-–—•▪*·]\s")
CELL_BREAK = re.compile(r"(?<!\\)\|")
RULE_OF_A_TABLE = re.compile(r"[\s|:=+-]+")


@dataclass(frozen=True)
class Opened:
    """What a line opens: the kind, the number as written, and the words after it."""

    kind: Kind
    number: str
    rest: str


def open_line(line: str) -> Opened | None:
    """What ``line`` (without blanks around it) opens, or None where it is just words."""
    for kind, pattern in OPENERS:
        if found := pattern.match(line):
            return Opened(kind, found[1], line[found.end() :])
    if len(line) > HEADING_MAX:
        return None
    for kind, pattern in OUTER_OPENERS:
        # „Глава трета от закона се прилага“ is a sentence: no name of a chapter begins with a small letter.
        if (found := pattern.match(line)) and not line[found.end() :][:1].islower():
            return Opened(kind, found[1], line[found.end() :])
    if TITLE.match(line) and line[0].isupper():
        return Opened(Kind.TITLE, "", line)
    if line[0] == "П" and (found := APPENDIX.match(line)) and APPENDIX_NAME.match(line, found.end()):
        return Opened(Kind.APPENDIX, found[1] or "", line[found.end() :])
    return None


def divide_note(words: str) -> tuple[str, str]:
    """The note about earlier changes at the beginning, „(Изм. – ДВ, бр. 5 от 2014 г.)“, and the words after it."""
    found = NOTE.match(words)
    return (words[: found.end()].strip(), words[found.end() :]) if found else ("", words)


def divide_paragraphs(number: str, words: str) -> list[tuple[str, str]]:
    """The алинеи in one line: „(1) А. (2) Б.“ comes in as 1 and „А. (2) Б.“ and goes out as (1, „А.“), (2, „Б.“).

    Only the very next number after the end of a sentence begins one; „по ал. (2)“ does not.
    """
    found, start = [(number, words)], 0
    if not number.isdigit():
        return found
    for place in NEXT_INLINE.finditer(words):
        last_number, _ = found[-1]
        if place[1] != str(int(last_number) + 1) or CITED.search(words[max(0, place.start() - 4) : place.start()]):
            continue
        found[-1] = (last_number, words[start : place.start()].strip())
        start = words.index(")", place.end()) + 1
        found.append((place[1], words[start:].strip()))
    return found


def table_at(lines: Sequence[str], place: int) -> tuple[Table, int]:
    """The rows of the table that begins at ``place``, and the place after it; no rows where none begins."""
    rows: list[tuple[str, ...]] = []
    end = place
    cells_of = _cells_by_bar if "|" in lines[place] else _cells_by_tab
    while end < len(lines) and (cells := cells_of(lines[end])) is not None and (cells or rows):
        rows += [cells] if cells else []
        end += 1
    is_table = bool(rows) and (lines[place].startswith("|") or end - place >= TABS_MIN)
    return (tuple(rows), end) if is_table else ((), place)


def say_rows(table: Table) -> str:
    """The table in lines of words."""
    return "\n".join(" | ".join(row) for row in table)


def _cells_by_bar(line: str) -> tuple[str, ...] | None:
    if "|" not in line:
        return None
    if RULE_OF_A_TABLE.fullmatch(line) and "-" in line:
        return ()
    cells = [cell.replace("\\|", "|").strip() for cell in CELL_BREAK.split(line)]
    first, last = line.startswith("|"), line.endswith("|") and not line.endswith("\\|")
    return tuple(cells[int(first) : len(cells) - int(last)])


def _cells_by_tab(line: str) -> tuple[str, ...] | None:
    cells = tuple(cell.strip() for cell in line.split("\t"))
    if len(cells) < TABS_MIN:
        return None
    opened = open_line(" ".join(line.split()))
    # Word pastes its automatic numbers as „1.⇥текст“: a list, no table. A table may well begin with a number, too.
    is_list = opened is not None and (len(cells) == TABS_MIN or opened.kind not in (Kind.POINT, Kind.LETTER))
    return None if is_list else cells
