"""Where we are: the municipality whose rows are reached, or the named door through the wall."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from consult.db import db, has_unsaved
from consult.tenancy.municipalities import Town


class WallBroken(RuntimeError):
    """A statement or a change reached for rows of another municipality, or of none: always a mistake of ours."""


@dataclass(frozen=True)
class Door:
    """How the rows are reached: in one ``town``, or through one of the named doors of the wall.

    ``kind`` is "town", or "region" (published only), "operator", "jobs" (each town in turn). Every door has its
    own policy in PostgreSQL; a model says in ``doors`` through which of them it may be reached.
    """

    kind: str
    town: Town | None = None


_door: ContextVar[Door | None] = ContextVar("door", default=None)


def here() -> Town:
    """The municipality that we are in. Raises WallBroken where there is none."""
    door = _door.get()
    if door is None or door.town is None:
        raise WallBroken("no municipality is set; use inside(town)")
    return door.town


def current_door() -> Door | None:
    """The door that is open now, or None."""
    return _door.get()


@contextmanager
def inside(town: Town) -> Iterator[Town]:
    """Everything in the block reads and changes the rows of ``town`` only."""
    with _opened(Door("town", town)):
        yield town


@contextmanager
def through(kind: str) -> Iterator[None]:
    """Everything in the block goes through the named door ("region", "operator" or "jobs")."""
    if kind not in ("region", "operator", "jobs"):
        raise WallBroken(f"there is no door called {kind!r}")
    with _opened(Door(kind)):
        yield


@contextmanager
def _opened(door: Door) -> Iterator[None]:
    if door == _door.get():
        yield
        return
    _leave_session()
    token = _door.set(door)
    try:
        yield
    except BaseException:
        _empty_session()  # what went wrong is told, and not what it left behind
        raise
    else:
        _leave_session()
    finally:
        _door.reset(token)


def _leave_session() -> None:
    session = db.session() if db.session.registry.has() else None
    is_unsaved = session is not None and has_unsaved(session)
    _empty_session()
    if is_unsaved:
        raise WallBroken("the door was left with changes that were neither committed nor rolled back")


def _empty_session() -> None:
    """Objects of one municipality must not be found again in another: the identity map ends at the door."""
    if db.session.registry.has():
        db.session.rollback()
        db.session.expunge_all()
