"""Where else consultations show: on the home pages of the town and of the region, in calendars, in the feed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from consult.api import (
    Calendar,
    CalendarEntry,
    Card,
    Feed,
    FeedEntry,
    cut,
    end_of_day,
    lazy_pgettext,
    now,
    owner_of,
    plain,
    setting,
    today,
)
from plugins.consultations.entries import calendar_entries, closed, decided, opened, reported
from plugins.consultations.models import Consultation
from plugins.consultations.queries import (
    answered_here,
    answered_in_region,
    asked_here,
    closing_in_region,
    for_calendars,
    for_calendars_of_region,
    newest_by,
    opinions_to,
)

IN_REGION, ANSWERED = 6, 2  # how many stand on the region's home page, and how many answered ones anywhere
IN_FEED = 30
CLOSES_WITHIN = timedelta(days=6)  # after today
OUTCOME_SHOWN = 220  # characters of what was decided


def _on_town_home() -> dict[str, Any] | None:
    limit = int(setting("consultations.on_home"))
    return _counted(asked_here(limit)) if limit else None


def _answered_on_town_home() -> dict[str, Any] | None:
    return _answered(answered_here(ANSWERED))


def _on_region_home() -> dict[str, Any] | None:
    return _counted(_owned(closing_in_region(IN_REGION, end_of_day(today() + CLOSES_WITHIN))))


def _answered_on_region_home() -> dict[str, Any] | None:
    return _answered(_owned(answered_in_region(IN_REGION)))


def _counted(found: Sequence[Consultation]) -> dict[str, Any] | None:
    return {"consultations": found, "opinions": opinions_to(found)} if found else None


def _answered(found: Sequence[Consultation]) -> dict[str, Any] | None:
    """With the beginning of what was decided, in plain words."""
    facts = _counted(found)
    if facts is not None:
        facts["outcomes"] = {one.id: cut(plain(one.outcome_text), OUTCOME_SHOWN) for one in found}
    return facts


def _owned(found: Sequence[Consultation]) -> Sequence[Consultation]:
    """Without those of a municipality that has left meanwhile."""
    return [one for one in found if owner_of(one) is not None]


def _entries(found: Sequence[Consultation]) -> list[CalendarEntry]:
    owned = [(one, owner_of(one)) for one in found]
    return [entry for one, owner in owned if owner is not None for entry in calendar_entries(one, owner)]


def _news(topic: str | None) -> Sequence[FeedEntry]:
    """What opened, closed, was answered and was decided, newest first: one query for each of the four."""
    happened: tuple[tuple[Any, datetime | date, Callable[[Consultation], FeedEntry]], ...] = (
        (Consultation.opens_at, now(), opened),
        (Consultation.closes_at, now(), closed),
        (Consultation.reported_at, now(), reported),
        (Consultation.decided_on, today(), decided),
    )
    entries = [said(one) for column, until, said in happened for one in newest_by(column, until, topic, IN_FEED)]
    return sorted(entries, key=lambda entry: entry.published_at, reverse=True)[:IN_FEED]


CARDS = (
    Card("consultations.now", "consultations/_card.html", _on_town_home, order=10),
    Card("consultations.answered", "consultations/_answered_card.html", _answered_on_town_home, order=30),
    Card("consultations.soon", "consultations/_region_card.html", _on_region_home, "region", "soon", 10),
    Card("consultations.region_answered", "consultations/_answered_card.html", _answered_on_region_home, "region",
         "answered", 10),
)  # fmt: skip
CALENDAR = Calendar(
    lazy_pgettext("consultations", "Deadlines for opinions"),
    lambda: _entries(for_calendars()),
    lambda: _entries(for_calendars_of_region()),
)
FEED = Feed("consultations.feed", lazy_pgettext("consultations", "Consultations"), _news)
