"""The list of people taken away: on paper, as CSV, as XLSX; each time the journal notes who took it."""

from __future__ import annotations

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from consult.api import local
from plugins.events import sheets
from plugins.events.models import Event
from plugins.events.operations import note_sheet_taken
from plugins.events.queries import on_the_sheet
from plugins.events.views.blueprint import pages
from plugins.events.views.staff import with_hall_or_404

MAY, BASE = "events.see_places", "/rabota/sabitia/<number:number>/spisak"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get(BASE, may=MAY)
def sheet(number: int) -> ResponseReturnValue:
    """In which form the list is wanted: taking it is noted, so it is a button and not a link."""
    event, hall = with_hall_or_404(number)
    count = len(on_the_sheet(event.id))
    return render_template("events/desk/sheet.html", event=event, hall=hall, count=count)


@pages.post(BASE, may=MAY)
def print_sheet(number: int) -> ResponseReturnValue:
    """The list as a page to be printed, with room for a signature."""
    event, hall = with_hall_or_404(number)
    note_sheet_taken(event, "print")
    headings, *rows = sheets.table(event, on_the_sheet(event.id))
    return render_template("events/desk/print.html", event=event, hall=hall, headings=headings, rows=rows)


@pages.post(f"{BASE}.csv", may=MAY)
def sheet_csv(number: int) -> ResponseReturnValue:
    """The list for any program that reads tables."""
    event, _hall = with_hall_or_404(number)
    note_sheet_taken(event, "csv")
    return _file(event, "csv", "text/csv; charset=utf-8", sheets.as_csv(event, on_the_sheet(event.id)))


@pages.post(f"{BASE}.xlsx", may=MAY)
def sheet_xlsx(number: int) -> ResponseReturnValue:
    """The list as a workbook."""
    event, _hall = with_hall_or_404(number)
    note_sheet_taken(event, "xlsx")
    return _file(event, "xlsx", XLSX, sheets.as_xlsx(event, on_the_sheet(event.id)))


def _file(event: Event, ending: str, media_type: str, content: bytes) -> ResponseReturnValue:
    """A file to be kept; it is about people, so nothing on the way may remember it."""
    answer = make_response(content)
    name = f"spisak-{event.id}-{local(event.starts_at):%Y-%m-%d}.{ending}"
    answer.headers["Content-Type"] = media_type
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
