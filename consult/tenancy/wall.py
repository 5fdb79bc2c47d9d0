"""The wall: the municipality is added to every statement about its rows, and foreign rows are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from sqlalchemy import ColumnElement, Executable, ForeignKey, bindparam, event, inspect, text, true
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

from consult.clock import now
from consult.tenancy.doors import WallBroken, current_door, here

Q = TypeVar("Q", bound=Executable)


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
        """What the wall adds to a bulk update or delete through ``door``. Through "region" nothing is changed."""
        if door == "town":
            return cls.municipality_id == HERE
        if door == "region":
            raise WallBroken(f"{cls.__name__} cannot be changed through the door 'region'")
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


def _added(criterion: Callable[[Any], ColumnElement[bool]]) -> Any:
    return with_loader_criteria(Local, criterion, include_aliases=True, track_closure_variables=False)


# A lambda for each door, written out: SQLAlchemy remembers what one answered by its place in the code.
_READING = {
    "town": _added(lambda cls: _read_wall(cls, "town")),
    "region": _added(lambda cls: _read_wall(cls, "region")),
    "operator": _added(lambda cls: _read_wall(cls, "operator")),
    "jobs": _added(lambda cls: _read_wall(cls, "jobs")),
}
_CHANGING = {
    "town": _added(lambda cls: _change_wall(cls, "town")),
    "region": _added(lambda cls: _change_wall(cls, "region")),
    "operator": _added(lambda cls: _change_wall(cls, "operator")),
    "jobs": _added(lambda cls: _change_wall(cls, "jobs")),
}


def walled(query: Q) -> Q:
    """A query that is built once and asked of a town again and again, with the wall in it already.

    To one that comes without it, it is added at each execution, and SQLAlchemy prepares what it has never seen.
    """
    return query.options(_READING["town"])


@event.listens_for(Session, "do_orm_execute")
def _add_the_wall(state: ORMExecuteState) -> None:
    door = current_door()
    kind = door.kind if door else "town"  # without a door the wall asks here(), which raises
    walls = _READING if state.is_select else _CHANGING
    if state.is_insert or (state.is_update and isinstance(state.parameters, list)):
        _refuse_bulk(state)
    if walls[kind] not in state.statement._with_options:  # what is read for a row that has it already brings it along
        state.statement = state.statement.options(walls[kind])


def _refuse_bulk(state: ORMExecuteState) -> None:
    """Inserts, and updates by a list of primary keys, have no WHERE to which the wall could be added."""
    for mapper in state.all_mappers:
        if issubclass(mapper.class_, Local):
            name = mapper.class_.__name__
            raise WallBroken(f"rows of {name} are added and changed one by one, past the guard of the wall")


@event.listens_for(Session, "before_flush")
def _refuse_foreign_rows(session: Session, _context: object, _instances: object) -> None:
    door = current_door()
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, Local):
            continue
        if door is None:
            raise WallBroken(f"{type(row).__name__} was changed while no municipality was set")
        if door.town is None and (door.kind == "region" or door.kind not in row.doors):
            raise WallBroken(f"{type(row).__name__} cannot be changed through the door {door.kind!r}")
        if door.town is not None and not _owners(row) <= {None, door.town.id}:
            raise WallBroken(f"{type(row).__name__} of another municipality was changed in {door.town.code}")


def _owners(row: Local) -> set[int | None]:
    """Whose the row is and whose it was: to move a foreign row into this town is to break the wall too."""
    history = inspect(row).attrs["municipality_id"].history
    return {*history.added, *history.unchanged, *history.deleted}


_SETTINGS = text(
    "select set_config('consult.door', :door, true), set_config('consult.town', :town, true),"
    " set_config('consult.now', :now, true)"
)


@event.listens_for(Session, "after_begin")
def _tell_the_database(session: Session, _transaction: SessionTransaction, connection: Any) -> None:
    """PostgreSQL's own wall (row-level security) asks these settings; they end with the transaction."""
    if connection.dialect.name != "postgresql":
        return
    door = current_door()
    town = str(door.town.id) if door and door.town else ""
    connection.execute(_SETTINGS, {"door": door.kind if door else "", "town": town, "now": now().isoformat()})
