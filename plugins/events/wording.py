"""An event in words: where its registration stands, the lines of lists, its agenda, the languages spoken there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import quote

from consult.api import Town, here, local, now, open_towns, owner_of
from plugins.events.models import Event, Hall
from plugins.events.policy import KINDS, SPOKEN
from plugins.events.queries import halls_of

ITEM = re.compile(r"([0-2]?[0-9])[:.]([0-5][0-9])\s+(\S.*)")
FEW = 10  # of so many free seats, or a quarter of a small hall, people are told to hurry


class Registration(StrEnum):
    """What people can do now about coming."""

    FREE = "free"  # no places are given: just come
    LATER = "later"
    OPEN = "open"
    FULL = "full"  # the line is open
    CLOSED = "closed"
    CANCELLED = "cancelled"
    OVER = "over"


def registration_of(event: Event, hall: Hall | None) -> Registration:
    """Where the registration for ``event`` stands; ``operations.require_open`` decides by the same moments."""
    if event.is_cancelled:
        return Registration.CANCELLED
    if event.is_past:
        return Registration.OVER
    if not event.takes_places or hall is None:
        return Registration.FREE
    if event.opens_at is not None and now() < event.opens_at:
        return Registration.LATER
    if now() >= event.registration_ends_at:
        return Registration.CLOSED
    has_line = bool(hall.waiting) and not event.is_last_call
    return Registration.FULL if has_line or not hall.has_seats(1) else Registration.OPEN


def is_nearly_full(hall: Hall) -> bool:
    """Whether so few seats are left that the list says so."""
    return hall.free is not None and hall.capacity is not None and hall.free <= min(FEW, hall.capacity // 4)


@dataclass(frozen=True)
class Line:
    """One event as a list shows it; ``day`` is its beginning on the clocks of Sofia."""

    event: Event
    day: datetime
    registration: Registration
    hall: Hall | None


def lines_of(events: Sequence[Event]) -> list[Line]:
    """The events as lists show them; one query for the seats of all."""
    halls = halls_of(events)
    lines = []
    for event in events:
        hall = halls.get(event.id)
        lines.append(Line(event, local(event.starts_at), registration_of(event, hall), hall))
    return lines


@dataclass(frozen=True)
class AgendaItem:
    """One item of an agenda: ``hour`` as "17:30", or "" where none was said."""

    hour: str
    title: str
    detail: str


def agenda_items(event: Event) -> list[AgendaItem]:
    """The agenda, an item a line: "17:30 Title | detail". A line without an hour is an item without one."""
    return [_item(line.strip()) for line in (event.agenda or "").splitlines() if line.strip()]


def _item(line: str) -> AgendaItem:
    hour, found = "", ITEM.fullmatch(line)
    if found is not None and int(found[1]) < 24:
        hour, line = f"{int(found[1]):02}:{found[2]}", found[3]
    title, _, detail = line.partition("|")
    return AgendaItem(hour, title.strip(), detail.strip())


def lines_by_day(lines: Sequence[Line], first: date, last: date) -> dict[date, list[Line]]:
    """The lines under each day from ``first`` to ``last`` on which the event goes on."""
    by_day: dict[date, list[Line]] = {}
    for line in lines:
        ends = line.event.ends_at
        until = min(last, local(ends).date() if ends is not None else line.day.date())
        day = max(first, line.day.date())
        while day <= until:
            by_day.setdefault(day, []).append(line)
            day += timedelta(days=1)
    return by_day


def organisers_of(event: Event) -> list[Town]:
    """The municipalities that hold it: its owner, and after it those that were named, in that order."""
    towns = {town.code: town for town in open_towns()}
    owner = [town for town in towns.values() if town.id == event.municipality_id]
    named = [towns[code] for code in (event.organisers or "").split() if code in towns]
    return [*owner, *(town for town in named if town not in owner)]


def spoken_at(event: Event) -> list[str]:
    """The names of the languages that are spoken there."""
    return [str(SPOKEN[code]) for code in (event.spoken or "").split() if code in SPOKEN]


def kind_name(event: Event) -> str:
    """What sort of meeting it is, or "" where nobody said."""
    return str(KINDS[event.topic]) if event.topic in KINDS else ""


def map_of(event: Event) -> str:
    """Where OpenStreetMap shows the place: the point that was given, or what a search for the address finds."""
    if event.latitude is None or event.longitude is None:
        town = owner_of(event) or here()
        looked_for = ", ".join(filter(None, (event.address or event.building or event.room, town.name_bg)))
        return f"https://www.openstreetmap.org/search?query={quote(looked_for)}"
    point = f"{event.latitude:.5f}", f"{event.longitude:.5f}"
    return f"https://www.openstreetmap.org/?mlat={point[0]}&mlon={point[1]}#map=18/{point[0]}/{point[1]}"
