"""What everybody sees: the calendar, one event, its calendar file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.api import (
    attachments_of,
    calendar_answer,
    here,
    language,
    linked,
    owner_of,
    page_of,
    shown_or_404,
    today,
    weeks_of,
)
from plugins.events.entries import entry_of
from plugins.events.models import Event
from plugins.events.policy import KINDS
from plugins.events.queries import areas
from plugins.events.views.asked import Asked, read_asked
from plugins.events.views.blueprint import pages
from plugins.events.views.places import register_context
from plugins.events.views.schema_org import said_to_programs
from plugins.events.wording import Line, lines_by_day, lines_of, organisers_of


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
        kinds=KINDS,
        areas=areas(),
        **(_grid(asked, lines) if asked.is_grid else {"weeks": ()}),
    )


def _grid(asked: Asked, lines: Sequence[Line]) -> dict[str, Any]:
    """The month as a table: its weeks, and what there is on each day."""
    weeks = weeks_of(asked.month.year, asked.month.month)
    return {"weeks": weeks, "by_day": lines_by_day(lines, *asked.days), "today": today()}


@pages.get("/sabitia/<number:number>", may="public")
@pages.get("/sabitia/<number:number>/<tail>", may="public", endpoint="event_with_tail")
def event(number: int, tail: str = "") -> ResponseReturnValue:
    """One event. A wrong tail of the address leads to the right one; a withdrawn event shows its tombstone."""
    found = shown_or_404(Event, number, tail, "events.event_with_tail")
    if found.withdrawn_at is not None:
        return render_template("events/withdrawn.html", event=found), 410
    return render_template("events/event.html", **event_context(found, register_context(found)))


def event_context(event: Event, register: dict[str, Any]) -> dict[str, Any]:
    """What the page of an event says; ``register`` is what its registration panel needs (see ``register_context``)."""
    files, organisers = attachments_of(event), organisers_of(event)
    return register | {
        "event": event,
        "registration": register["its_registration"],
        "about": [(publication, page_of(publication)) for publication in linked(event, "discusses")],
        "files": [file for file in files if file.role != "minutes"],
        "minutes": [file for file in files if file.role == "minutes"],
        "organisers": organisers,
        "data": said_to_programs(event, organisers),
    }


@pages.get("/sabitia/<number:number>.ics", may="public")
def event_calendar(number: int) -> ResponseReturnValue:
    """The event for the reader's own calendar; after it was withdrawn too, so that it can be taken out there."""
    found = shown_or_404(Event, number, "", "events.event_with_tail")
    return calendar_answer("", [entry_of(found, language(), owner_of(found) or here())], f"sabitie-{number}")
