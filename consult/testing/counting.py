"""How tests measure the database: the queries that a block runs, and whether anything changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from consult.db import db, reading_engine
from consult.testing.databases import Database


@contextmanager
def count_queries(app: Flask) -> Iterator[list[str]]:
    """Collects every statement that ``app`` sends to its database inside the block, in order.

    A page must need the same number with one row and with three hundred. What opens, ends or marks a transaction
    (BEGIN, SAVEPOINT, the settings of the second wall) is not counted: it says nothing about the page.
    """
    queries: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "select set_config(")):
            queries.append(statement)

    with app.app_context():
        engines = (db.engine, reading_engine())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def database_state(app: Flask) -> str:
    """A mark that differs after any commit that changed a row, and stays the same after reads and rollbacks.

    SQLite: ``PRAGMA data_version`` of a connection kept for it, which counts the commits of all others.
    PostgreSQL: a digest of where every living row lies and which transaction wrote it (ctid, xmin). The server's own
    transaction counter would be cheaper and wrong here: it also counts what was rolled back, and what the other
    process of a parallel run did in its own database.
    """
    database: Database = app.extensions["consult.testing.database"]
    return database.state()
