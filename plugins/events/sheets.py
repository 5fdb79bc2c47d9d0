"""The list of an event's people as a table for paper, for CSV and for XLSX."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from defusedcsv import csv  # type: ignore[import-untyped]

from consult.api import pgettext
from plugins.events.forms.questions import columns_of, say_answer
from plugins.events.models import Event, Place
from plugins.events.queries import say_code

# A spreadsheet takes a cell that begins so for a formula and runs it; the full-width signs too, where the system's
# language is an Eastern one. ``defusedcsv`` lets "-5" and signs of full width pass, and knows no leading tab.
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
BOM = b"\xef\xbb\xbf"  # by it a spreadsheet knows that the file is UTF-8


def table(event: Event, places: Sequence[Place]) -> list[list[str]]:
    """The names of the columns (what everybody is asked, and the questions of this event), then a row a place."""
    questions = columns_of(event, (place.answers or {} for place in places))
    rows = [_row(questions, number, place) for number, place in enumerate(places, 1)]
    return [[*_headings(), *(str(question["label"]) for question in questions)], *rows]


def _headings() -> list[str]:
    return [
        pgettext("events", "Row"),
        pgettext("events", "Code"),
        pgettext("events", "Name"),
        pgettext("events", "People"),
        pgettext("events", "Takes part"),
    ]


def _row(questions: Sequence[dict[str, Any]], number: int, place: Place) -> list[str]:
    name = pgettext("events", "(erased)") if place.erased_at is not None else place.name
    way = pgettext("events", "online") if place.is_online else pgettext("events", "in the hall")
    said = [say_answer(question, place.answers or {}) for question in questions]
    return [str(number), say_code(place.code), name, str(place.people), way, *said]


def defused(cell: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    begins = cell.lstrip(" \u00a0")
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) or begins.startswith(FORMULA_SIGNS) else cell


def as_csv(event: Event, places: Sequence[Place]) -> bytes:
    """RFC 4180, in UTF-8 with its mark, every cell defused."""
    written = StringIO()
    writer = csv.writer(written)
    for row in table(event, places):
        writer.writerow([defused(cell) for cell in row])
    return BOM + written.getvalue().encode()


def as_xlsx(event: Event, places: Sequence[Place]) -> bytes:
    """A workbook of texts: no cell is read as a formula, an address or a number."""
    written = BytesIO()
    texts_only = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(written, texts_only) as book:
        page, bold = book.add_worksheet(), book.add_format({"bold": True})
        page.freeze_panes(1, 0)
        page.set_column(2, 2, 34)
        for number, row in enumerate(table(event, places)):
            for column, cell in enumerate(row):
                page.write_string(number, column, cell, bold if number == 0 else None)
    return written.getvalue()
