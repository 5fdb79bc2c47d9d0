"""The only place where time is read: moments are kept in UTC, days and hours are those of Sofia."""

from __future__ import annotations

from calendar import MONDAY, Calendar
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext

from consult.errors import Refused

SOFIA = ZoneInfo("Europe/Sofia")
_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """This moment, aware, in UTC; inside ``as_of`` the one that is being told of."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """For the demonstration, which tells what happened before today through the operations of every day.

    Inside the block it is ``moment`` (aware, in the past; ValueError otherwise), and stands still.
    """
    if moment.tzinfo is None or moment > datetime.now(UTC):
        raise ValueError(f"not a moment in the past: {moment!r}")
    token = _told.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _told.reset(token)


def today() -> date:
    """The day it is in Sofia, which for two or three hours each night is not the day in UTC."""
    return local(now()).date()


def weeks_of(year: int, month: int) -> list[list[date]]:
    """The weeks of a month, Monday first, seven days each: those at its edges belong to its neighbours.

    For years from 1 to 9998: the last month of 9999 has no neighbour.
    """
    return Calendar(MONDAY).monthdatescalendar(year, month)


def local(moment: datetime) -> datetime:
    """The same moment on the clocks of Sofia. ``moment`` must be aware; a naive one is a mistake (ValueError)."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment!r}")
    return moment.astimezone(SOFIA)


def from_local(typed: datetime) -> datetime:
    """What a person in Sofia typed, as a moment in UTC.

    An hour that the clocks skip in spring is refused; of an hour that they repeat in autumn the first is meant.
    """
    if typed.tzinfo is not None:
        raise ValueError(f"a typed time carries no time zone: {typed!r}")
    moment = typed.replace(tzinfo=SOFIA, fold=0).astimezone(UTC)
    if local(moment).replace(tzinfo=None) != typed:
        raise Refused(
            lazy_gettext(
                "There is no such time on that day: the clocks go forward from 3 to 4 in the morning. "
                "Please choose another hour."
            )
        )
    return moment


def start_of_day(day: date) -> datetime:
    """Midnight in Sofia with which ``day`` begins, in UTC."""
    return from_local(datetime.combine(day, time.min))


def end_of_day(day: date) -> datetime:
    """23:59:59 in Sofia, the last second on which a deadline of ``day`` is kept, in UTC."""
    return from_local(datetime.combine(day, time(23, 59, 59)))
