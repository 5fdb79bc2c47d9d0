"""What the address of the calendar asks for: which month or the weekend, which kind, which area, list or table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import abort, request, url_for

from consult.api import today
from plugins.events.models import Event
from plugins.events.policy import KINDS
from plugins.events.queries import areas, between, next_after, weekend

FIRST_MONTH, LAST_MONTH = date(2000, 1, 1), date(2100, 12, 1)
MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True)
class Asked:
    """The events that are asked for. ``month`` is its first day; ``of_weekend`` goes before it."""

    month: date
    kind: str | None
    area: str | None
    of_weekend: bool
    as_grid: bool

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return weekend(today()) if self.of_weekend else (self.month, _next(self.month) - timedelta(days=1))

    @property
    def before(self) -> date | None:
        """The month before, unless it lies beyond what calendars here know."""
        return _first(self.month - timedelta(days=1)) if self.month > FIRST_MONTH else None

    @property
    def after(self) -> date | None:
        """The month after."""
        return _next(self.month) if self.month < LAST_MONTH else None

    @property
    def is_grid(self) -> bool:
        """Whether the month is also wanted as a table."""
        return self.as_grid and not self.of_weekend

    @property
    def is_filtered(self) -> bool:
        """Whether only some of the events are asked for."""
        return self.kind is not None or self.area is not None

    def events(self) -> Sequence[Event]:
        """All of them, the earliest first."""
        return between(*self.days, self.kind, self.area)

    def following(self) -> Event | None:
        """The first event of the same sort after these days."""
        return next_after(self.days[1], self.kind, self.area)

    def but(self, **other: Any) -> Asked:
        """The same with some of it asked otherwise."""
        return replace(self, **other)

    @property
    def url(self) -> str:
        """The address of this page; without a month it is that of the month that it is now."""
        is_month_said = not self.of_weekend and self.month != _first(today())
        return url_for(
            "events.events",
            mesets=f"{self.month:%Y-%m}" if is_month_said else None,
            vid=self.kind,
            rayon=self.area,
            koga="uikend" if self.of_weekend else None,
            izgled="mreja" if self.is_grid else None,
        )


def read_asked() -> Asked:
    """What the running request asks for; 404 for a month, a kind or a view that there is not."""
    kind = request.args.get("vid") or None
    when, how = request.args.get("koga") or None, request.args.get("izgled") or None
    if (kind is not None and kind not in KINDS) or when not in (None, "uikend") or how not in (None, "mreja"):
        abort(404)
    area = request.args.get("rayon") or None
    if area is not None and area not in areas():
        abort(404)
    return Asked(_read_month(), kind, area, of_weekend=when is not None, as_grid=how is not None)


def _read_month() -> date:
    typed = request.args.get("mesets") or f"{today():%Y-%m}"
    if not MONTH.fullmatch(typed) or not 1 <= int(typed[5:]) <= 12:
        abort(404)
    month = date(max(int(typed[:4]), 1), int(typed[5:]), 1)
    return month if FIRST_MONTH <= month <= LAST_MONTH else abort(404)


def _first(day: date) -> date:
    return day.replace(day=1)


def _next(month: date) -> date:
    return _first(month + timedelta(days=31))
