"""What everybody sees: the calendar, one event, its calendar file."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.api import attachments_of, calendar_answer, here, language, local, owner_of, shown_or_404, today, weeks_of
from plugins.events.models import Event
from plugins.events.notices import entry_of, when
from plugins.events.policy import KINDS, SPOKEN
from plugins.events.queries import areas, hall_of
from plugins.events.views.asked import read_asked
from plugins.events.views.blueprint import pages
from plugins.events.wording import agenda_items, lines_of, registration_of


@pages.get("/sabitia", may="public")
def events() -> ResponseReturnValue:
    """The calendar: a month (``mesets``) or the weekend (``koga``), of one kind (``vid``) or area (``rayon``)."""
    asked = read_asked()
    lines = lines_of(asked.events())
    return render_template(
        "events/list.html",
        asked=asked,
        coming=[line for line in lines if not line.event.is_past],
        past=[line for line in lines if line.event.is_past],
        following=None if lines else asked.following(),
        weeks=weeks_of(asked.month.year, asked.month.month) if asked.as_grid else (),
        kinds=KINDS,
        areas=areas(),
        today=today(),
    )


@pages.get("/sabitia/<number:number>", may="public")
@pages.get("/sabitia/<number:number>/<tail>", may="public", endpoint="event_with_tail")
def event(number: int, tail: str = "") -> ResponseReturnValue:
    """One event. A wrong tail of the address leads to the right one; a withdrawn event shows its tombstone."""
    found = shown_or_404(Event, number, tail, "events.event_with_tail")
    if found.withdrawn_at is not None:
        return render_template("events/withdrawn.html", event=found), 410
    hall = hall_of(number)
    return render_template(
        "events/event.html",
        event=found,
        when=when(found),
        hall=hall,
        registration=registration_of(found, hall),
        agenda=agenda_items(found),
        files=attachments_of(found),
        kinds=KINDS,
        spoken=SPOKEN,
        starts=local(found.starts_at),
    )


@pages.get("/sabitia/<number:number>.ics", may="public")
def event_calendar(number: int) -> ResponseReturnValue:
    """The event for the reader's own calendar."""
    found = shown_or_404(Event, number, "", "events.event_with_tail")
    return calendar_answer("", [entry_of(found, language(), owner_of(found) or here())], f"sabitie-{number}")
