"""Municipalities, the one we are in, and the wall between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from flask import current_app
from sqlalchemy import ColumnElement, ForeignKey, String, bindparam, event, inspect, text, true, update
from sqlalchemy.orm import (
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    declared_attr,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.types import Integer

from consult.db import Base, db

T = TypeVar("T")


class WallBroken(RuntimeError):
    """A statement or a change reached for rows of another municipality, or of none: always a mistake of ours."""


class Municipality(Base):
    """One of the municipalities of the region. Its key to the world is the obshtina code, never the ЕКАТТЕ."""

    __tablename__ = "municipality"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(5), unique=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name_bg: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    name_tr: Mapped[str] = mapped_column(String(80))
    nuts3: Mapped[str] = mapped_column(String(5))
    latitude: Mapped[float]
    longitude: Mapped[float]
    population: Mapped[int]
    is_open: Mapped[bool] = mapped_column(default=False)
    hue: Mapped[int]
    motif: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    host: Mapped[str | None] = mapped_column(String(253), unique=True)


class ContentStamp(Base):
    """A number per municipality, raised whenever anything that its pages show has changed."""

    __tablename__ = "content_stamp"

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    value: Mapped[int] = mapped_column(default=1)


class ContentMoment(Base):
    """A moment at which a municipality's pages change by themselves: a schedule, a deadline."""

    __tablename__ = "content_moment"

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)


@dataclass(frozen=True, kw_only=True)
class Town:
    """A municipality as it was when the request began: a value that no transaction can change or expire."""

    id: int
    code: str
    slug: str
    name_bg: str
    name_en: str
    name_tr: str
    is_open: bool
    hue: int
    motif: str
    email: str
    phone: str
    address: str
    host: str | None
    stamp: int

    def name(self, language: str) -> str:
        """The name in ``language`` ("bg", "en" or "tr")."""
        return str(getattr(self, f"name_{language}"))


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
    finally:
        _leave_session()
        _door.reset(token)


def _leave_session() -> None:
    """Objects of one municipality must not be found again in another: the identity map ends at the door."""
    if not db.session.registry.has():
        return
    session = db.session()
    if session.info.get("writing") and (session.new or session.dirty or session.deleted):
        session.rollback()
        raise WallBroken("the door was left with changes that were neither committed nor rolled back")
    session.rollback()
    session.expunge_all()


def remembered(key: str, make: Callable[[], T]) -> T:
    """What ``make`` answers about this municipality, remembered by this process until its stamp is raised."""
    memory: dict[tuple[int, str], tuple[int, T]] = current_app.extensions.setdefault("consult.remembered", {})
    town = here()
    found = memory.get((town.id, key))
    if found is None or found[0] != town.stamp:
        found = memory[town.id, key] = (town.stamp, make())
    return found[1]


class Local:
    """A row that belongs to one municipality. The wall adds that municipality to every statement about it."""

    doors: ClassVar[frozenset[str]] = frozenset()

    @declared_attr
    def municipality_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("municipality.id"), default=lambda: here().id)

    @classmethod
    def may_be_read(cls, door: str) -> ColumnElement[bool]:
        """What the wall adds to a read through ``door``."""
        if door == "town":
            return cls.municipality_id == HERE
        return _open_through(cls, door)

    @classmethod
    def may_be_changed(cls, door: str) -> ColumnElement[bool]:
        """What the wall adds to a bulk update or delete through ``door``."""
        if door == "town":
            return cls.municipality_id == HERE
        return _open_through(cls, door)


def _open_through(cls: type[Local], door: str) -> ColumnElement[bool]:
    if door not in cls.doors:
        raise WallBroken(f"{cls.__name__} cannot be reached through the door {door!r}")
    return true()


# Asked anew at each execution, so that compiled statements stay cached; raises where no municipality is set.
HERE = bindparam("wall_here", callable_=lambda: here().id, type_=Integer())


def _read_wall(cls: Any, door: str) -> ColumnElement[bool]:
    return cls.may_be_read(door) if inspect(cls, raiseerr=False) is not None else true()


def _change_wall(cls: Any, door: str) -> ColumnElement[bool]:
    return cls.may_be_changed(door) if inspect(cls, raiseerr=False) is not None else true()


_READING = {
    "town": with_loader_criteria(Local, lambda cls: _read_wall(cls, "town"), True, True, False),
    "region": with_loader_criteria(Local, lambda cls: _read_wall(cls, "region"), True, True, False),
    "operator": with_loader_criteria(Local, lambda cls: _read_wall(cls, "operator"), True, True, False),
    "jobs": with_loader_criteria(Local, lambda cls: _read_wall(cls, "jobs"), True, True, False),
}
_CHANGING = {
    "town": with_loader_criteria(Local, lambda cls: _change_wall(cls, "town"), True, True, False),
    "region": with_loader_criteria(Local, lambda cls: _change_wall(cls, "region"), True, True, False),
    "operator": with_loader_criteria(Local, lambda cls: _change_wall(cls, "operator"), True, True, False),
    "jobs": with_loader_criteria(Local, lambda cls: _change_wall(cls, "jobs"), True, True, False),
}


@event.listens_for(Session, "do_orm_execute")
def _add_the_wall(state: ORMExecuteState) -> None:
    door = _door.get()
    kind = door.kind if door else "town"  # without a door the wall asks here(), which raises
    walls = _READING if state.is_select else _CHANGING
    if state.is_insert:
        _refuse_bulk_insert(state)
    state.statement = state.statement.options(walls[kind])


def _refuse_bulk_insert(state: ORMExecuteState) -> None:
    for mapper in state.all_mappers:
        if issubclass(mapper.class_, Local):
            raise WallBroken(f"rows of {mapper.class_.__name__} are added one by one, past the guard of the wall")


@event.listens_for(Session, "before_flush")
def _refuse_foreign_rows(session: Session, _context: object, _instances: object) -> None:
    door = _door.get()
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, Local):
            continue
        if door is None:
            raise WallBroken(f"{type(row).__name__} was changed while no municipality was set")
        if door.town is None and door.kind not in row.doors:
            raise WallBroken(f"{type(row).__name__} cannot be changed through the door {door.kind!r}")
        if door.town is not None and row.municipality_id not in (None, door.town.id):
            raise WallBroken(f"{type(row).__name__} of another municipality was changed in {door.town.code}")


@event.listens_for(Session, "after_begin")
def _tell_the_database(session: Session, _transaction: SessionTransaction, connection: Any) -> None:
    """PostgreSQL's own wall (row-level security) asks these two settings; they end with the transaction."""
    if connection.dialect.name != "postgresql":
        return
    door = _door.get()
    town = str(door.town.id) if door and door.town else ""
    connection.execute(
        text("select set_config('consult.door', :door, true), set_config('consult.town', :town, true)"),
        {"door": door.kind if door else "", "town": town},
    )


def touch(*municipality_ids: int) -> None:
    """Says that the pages of these municipalities change; their stamps are raised when the transaction commits."""
    db.session().info.setdefault("touched", set()).update(municipality_ids)


def will_change(at: datetime, *municipality_ids: int) -> None:
    """Says that the pages of these municipalities change by themselves at the moment ``at``."""
    for municipality_id in municipality_ids:
        db.session.merge(ContentMoment(municipality_id=municipality_id, at=at))


@event.listens_for(Session, "before_commit")
def _raise_the_stamps(session: Session) -> None:
    """Hot rows: raised last and in the order of their ids, or sixteen writers wait for each other."""
    touched = session.info.pop("touched", None)
    if not touched or not session.info.get("writing"):
        return
    session.flush()
    for municipality_id in sorted(touched):
        session.execute(
            update(ContentStamp)
            .where(ContentStamp.municipality_id == municipality_id)
            .values(value=ContentStamp.value + 1)
            .execution_options(synchronize_session=False)
        )


@event.listens_for(Session, "after_rollback")
def _forget_the_stamps(session: Session) -> None:
    session.info.pop("touched", None)
