"""Where else events show: on the home pages of the town and of the region, and in people's calendars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from consult.api import Calendar, CalendarEntry, Card, end_of_day, language, lazy_pgettext, owner_of, setting, today
from plugins.events.entries import entry_of
from plugins.events.models import Event
from plugins.events.queries import for_calendars, for_calendars_of_region, upcoming, upcoming_in_region
from plugins.events.wording import lines_of

IN_REGION = 6  # events on the region's home page


def _on_town_home() -> dict[str, Any] | None:
    limit = int(setting("events.on_home"))
    events = upcoming(limit) if limit else ()
    return {"lines": lines_of(events)} if events else None


def _on_region_home() -> dict[str, Any] | None:
    coming = upcoming_in_region(IN_REGION, end_of_day(today() + timedelta(days=6)))
    events = [event for event in coming if owner_of(event) is not None]
    return {"events": events} if events else None


def _entries(events: Sequence[Event]) -> list[CalendarEntry]:
    owned = [(event, owner_of(event)) for event in events]
    return [entry_of(event, language(), owner) for event, owner in owned if owner is not None]


CARDS = (
    Card("events.coming", "events/_card.html", _on_town_home, column="side", order=20),
    Card("events.region", "events/_region_card.html", _on_region_home, place="region", column="week", order=20),
)
CALENDAR = Calendar(
    lazy_pgettext("events", "Events"),
    lambda: _entries(for_calendars()),
    lambda: _entries(for_calendars_of_region()),
)
