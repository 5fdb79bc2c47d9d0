"""Letters that are stuck, and what becomes of old ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from consult.clock import now
from consult.db import db, operation
from consult.outbox.models import Letter, masked
from consult.tenancy import through

LATE = timedelta(minutes=10)  # after it was written: the first two tries and the pause between them are over
KEPT = timedelta(days=30)  # after it left or was given up
AT_ONCE = 200  # letters that one page shows, or one transaction empties


@dataclass(frozen=True)
class Stuck:
    """A letter that did not leave, as the operator sees it: no words of it, and of the address a shadow."""

    id: int
    town_id: int | None
    to: str
    written_at: datetime
    tries: int
    due_at: datetime | None
    last_error: str


@dataclass(frozen=True)
class Count:
    """How many letters wait, how many of them are late, and how many were given up (and still have words)."""

    waiting: int
    late: int
    given_up: int


def count_letters() -> Count:
    """All letters of all towns; through a door that leads to them."""
    waiting = Letter.due_at.is_not(None)
    parts = (waiting, _is_late(), _is_given_up())
    return Count(*(db.session.scalar(select(func.count(Letter.id)).where(part)) or 0 for part in parts))


def stuck_letters() -> list[Stuck]:
    """Those that are late or given up, the oldest first, at most ``AT_ONCE``."""
    found = select(Letter).where(or_(_is_late(), _is_given_up())).order_by(Letter.written_at, Letter.id).limit(AT_ONCE)
    return [
        Stuck(
            id=one.id,
            town_id=one.municipality_id,
            to=masked(one.to),
            written_at=one.written_at,
            tries=one.tries,
            due_at=one.due_at,
            last_error=one.last_error,
        )
        for one in db.session.scalars(found)
    ]


@operation
def try_again(letter_id: int | None = None) -> int:
    """Lets a stuck letter, or all of them, be tried at once and with all pauses again; answers how many."""
    mine = select(Letter).where(or_(_is_late(), _is_given_up()))
    found = db.session.scalars(mine if letter_id is None else mine.where(Letter.id == letter_id)).all()
    for one in found:
        one.due_at, one.given_up_at, one.tries = now(), None, 0
    return len(found)


def forget() -> int:
    """The clock's part, once a day: empties what left or was given up ``KEPT`` ago; answers how many letters.

    The row stays with its key, so that nothing is written a second time; the words, the address and the files go.
    """
    emptied = 0
    with through("jobs"):
        while some := _empty_some():
            db.session.commit()
            emptied += some
    return emptied


@operation
def _empty_some() -> int:
    old = now() - KEPT
    settled = or_(Letter.sent_at < old, Letter.given_up_at < old)
    found = db.session.scalars(select(Letter).where(settled, Letter.to != "").limit(AT_ONCE)).all()
    for one in found:
        one.to = one.subject = one.text = one.last_error = ""
        one.unsubscribe = None
        one.attachments.clear()
    return len(found)


def _is_late() -> ColumnElement[bool]:
    """Late since it was written; what is tried just now (``due_at`` later than that) is late too until it has left."""
    return Letter.due_at.is_not(None) & (Letter.written_at < now() - LATE)


def _is_given_up() -> ColumnElement[bool]:
    return Letter.given_up_at.is_not(None) & (Letter.to != "")
