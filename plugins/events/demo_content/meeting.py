"""The shape of one invented meeting, before the operations of Events make an event and its places of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple

Fate = Literal["planned", "moved", "cancelled", "withdrawn", "draft"]


class Translation(NamedTuple):
    """An informative translation; the Bulgarian text stays the official one."""

    title: str
    lead: str
    body: str


class Guest(NamedTuple):
    """Somebody invented who has a place, or waits for one when there are none."""

    name: str
    people: int = 1
    is_online: bool = False


class Registration(NamedTuple):
    """How places are given. ``capacity`` None: no limit. Days are counted from today, negative ones are over."""

    capacity: int | None
    most_people: int = 5
    opens_in: int | None = None
    closes_in: int | None = None
    questions: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """One event. ``body`` is Markdown; ``agenda`` has an item a line ("17:30 Title | detail").

    It is either ``on`` a known day, or so many ``weeks`` from this one (negative: before) on a ``weekday`` (0 is
    Monday), at the hour ``at``, for so many ``minutes`` (0: nobody said until when). ``moved_by`` are the days by
    which it was put off. ``discusses`` are titles of what the same municipality has published.
    """

    town: str
    kind: str
    title: str
    lead: str
    body: str
    office: str
    at: time
    minutes: int
    weeks: int = 0
    weekday: int = 0
    on: date | None = None
    short_title: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)  # the other columns of the event, by their names
    registration: Registration | None = None
    guests: tuple[Guest, ...] = ()
    fate: Fate = "planned"
    reason: str = ""
    moved_by: int = 0
    attendance: int | None = None
    heard: str = ""
    discusses: tuple[str, ...] = ()
    shared_with: tuple[str, ...] = ()
    translations: Mapping[str, Translation] = field(default_factory=dict)

    def begins(self, today: datetime) -> datetime:
        """When it begins: aware, in the time zone of ``today``, which should be Sofia's."""
        monday = today.date() - timedelta(days=today.weekday())
        day = self.on or monday + timedelta(weeks=self.weeks, days=self.weekday)
        return datetime.combine(day, self.at, tzinfo=today.tzinfo)
