"""The database: one base class, moments in UTC, and the rule that every change happens inside an operation."""

from __future__ import annotations

import functools
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import DateTime, Engine, MetaData, create_engine, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, SessionTransaction, registry
from sqlalchemy.types import TypeDecorator

P = ParamSpec("P")
R = TypeVar("R")
NUMBER_MAX = 2**31 - 1  # the largest that PostgreSQL's integer holds; asked for a larger one it answers with an error


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, ``timestamptz`` in PostgreSQL, a naive UTC text in SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def read_number(typed: str) -> int | None:
    """The row's number that stands in an address: one spelling each, and None for any that no row can have."""
    is_number = re.fullmatch("[1-9][0-9]{0,9}", typed) is not None
    return int(typed) if is_number and int(typed) <= NUMBER_MAX else None


class Base(DeclarativeBase):
    """The base of every model, the core's and the plugins'."""

    registry = registry(
        type_annotation_map={datetime: Moment},
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
    )


class WatchedSession(FlaskSession):
    """A session without the bulk methods, which pass by every event: the guard of the wall and of operations."""

    def _bulk_save_mappings(self, *_arguments: Any, **_options: Any) -> None:
        raise RuntimeError("rows are added and changed one by one, so that they pass the guards")


db = SQLAlchemy(model_class=Base, session_options={"class_": WatchedSession})


def init_db(app: Flask, url: str) -> None:
    """Connects the application to ``url``; settings per connection are in the events below."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url)
    db.init_app(app)
    with app.app_context():
        event.listen(db.engine, "begin", _begin)
    options = _engine_options(url) | {"pool_pre_ping": False, "isolation_level": "AUTOCOMMIT"}
    app.extensions["consult.reading_engine"] = create_engine(url, **options)


def owner_engine(url: str) -> Engine:
    """An engine for migrations, which run as the owner of the tables and take their time; the caller disposes of it."""
    options = _engine_options(url)
    if not url.startswith("sqlite"):
        options["connect_args"] = {"options": "-c lock_timeout=30s -c timezone=UTC"}
    engine = create_engine(url, **options)
    event.listen(engine, "begin", _begin)
    return engine


def reading_engine() -> Engine:
    """An engine in autocommit with connections of its own: for the one tiny query that comes before any transaction.

    Of its own, because switching a shared connection to autocommit and back costs as much as the query.
    """
    engine: Engine = current_app.extensions["consult.reading_engine"]
    return engine


def read(engine: Engine, ask: Callable[[Connection], R]) -> R:
    """What ``ask`` answers on a connection of the reading engine; it is asked again if the database was restarted.

    To ask every connection first whether it still lives would double the cost on PostgreSQL.
    """
    try:
        with engine.connect() as connection:
            return ask(connection)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
    with engine.connect() as connection:  # the pool has let go of all connections of that time
        return ask(connection)


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """Marks a function that changes things: it ends the read and holds the one writing transaction of the request.

    Whoever called (the request's journey, the worker, the command line) commits once afterwards. Inside
    another operation it joins that one. Objects read before are read anew, so that a rule is applied to what
    is there now and not to what was there when the page was drawn.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        begin_writing()
        return function(*args, **kwargs)

    return run


def begin_writing() -> None:
    """Ends the reading transaction and begins the writing one (``BEGIN IMMEDIATE`` on SQLite).

    SQLite refuses at once a write that follows a read in the same transaction when somebody else wrote in
    between, and asking for IMMEDIATE after a read is silently ignored: hence the end of the read first.
    """
    session = db.session()
    if is_writing():
        return
    if _has_changes(session):
        raise RuntimeError("changed outside an operation; put the change into a function marked @operation")
    session.commit()  # see end_reading
    session.connection(execution_options={"writing": True})
    session.info["writing"] = True


def end_reading() -> None:
    """Ends a session that only read, by COMMIT; one that wrote, or failed, is left to be rolled back.

    After a ROLLBACK psycopg forgets what it had prepared (``PrepareManager``), and PostgreSQL plans each statement
    anew: with the policies of its second wall in it, that takes ten times as long as to carry it out.
    """
    session = db.session() if db.session.registry.has() else None
    if session is not None and session.is_active and not is_writing() and not _has_changes(session):
        session.expire_on_commit = False  # nobody looks at its rows again
        session.commit()


def _has_changes(session: Session) -> bool:
    return bool(session.new or session.dirty or session.deleted)


def is_writing() -> bool:
    """Whether an operation has begun in this session."""
    return bool(db.session().info.get("writing"))


def has_unsaved(session: Session) -> bool:
    """Whether an operation changed something, sent to the database or not yet, that no commit has kept."""
    return bool(session.info.get("writing")) and (_has_changes(session) or bool(session.info.get("changed")))


@event.listens_for(Session, "after_flush")
def _changes_are_on_their_way(session: Session, _context: object) -> None:
    session.info["changed"] = True


@event.listens_for(Session, "do_orm_execute")
def _bulk_changes_need_an_operation(state: ORMExecuteState) -> None:
    if state.is_update or state.is_delete or state.is_insert:
        if not state.session.info.get("writing"):
            raise RuntimeError("changed outside an operation; put the change into a function marked @operation")
        state.session.info["changed"] = True


@event.listens_for(Session, "before_flush")
def _changes_need_an_operation(session: Session, _context: object, _instances: object) -> None:
    changed = session.new or session.deleted or any(session.is_modified(row) for row in session.dirty)
    if changed and not session.info.get("writing"):
        raise RuntimeError("changed outside an operation; put the change into a function marked @operation")


@event.listens_for(Session, "after_transaction_end")
def _writing_ends(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("writing", None)
        session.info.pop("changed", None)


@event.listens_for(Engine, "connect")
def _settings_of_a_connection(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # BEGIN is said by us, below; the driver's own comes too late
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",  # what was acknowledged survives a power cut
            "foreign_keys = ON",
            "trusted_schema = OFF",
            "recursive_triggers = ON",  # else REPLACE would delete a record past the trigger that forbids it
        ):
            connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Heard by the engines that have transactions; the reading one has none, and is quicker unheard."""
    if connection.dialect.name != "sqlite":
        return
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writing") else "BEGIN")


def _engine_options(url: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"hide_parameters": True}  # what people typed does not belong into an error's log line
    if url.startswith("sqlite"):
        return shown | {"connect_args": {"timeout": 10}}
    settings = "-c statement_timeout=10s -c lock_timeout=3s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"
    return shown | {"pool_pre_ping": True, "connect_args": {"options": settings}}
