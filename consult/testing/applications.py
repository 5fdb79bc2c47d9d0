"""The application under test: the whole one, on a real database, with two towns to compare."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.db import db, reading_engine
from consult.testing.databases import Database, Databases, attach
from consult.testing.run import quick_folder

PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "main")  # which of the processes of a parallel run this is


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The databases of this process."""
    made = Databases(PROCESS, migrate)
    yield made
    made.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, databases: Databases) -> Database:
    """A migrated database without anything else in it: first SQLite, then PostgreSQL."""
    return databases.clean(request.param)


@pytest.fixture
def app(database: Database) -> Iterator[Flask]:
    """The application on a clean database, furnished: two open towns with all plugins, on in SZR31, off in JAM26."""
    with furnished(database) as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody's browser at the region's host, signed in as nobody."""
    return app.test_client()


def settings(database: Database, **others: object) -> dict[str, object]:
    """The configuration of an application on ``database``."""
    instance = quick_folder() / f"instance_{PROCESS}"  # one a process: laying out the fonts takes seconds
    return {
        "DATABASE_URL": database.url,
        "DATABASE_OWNER_URL": database.owner_url,
        "INSTANCE": str(instance),
        "SECRET_KEY": "only-for-tests-and-for-nothing-else",
        "PLACE": "region",
        "REGION_HOSTS": ["localhost"],
        "SECURE": False,
        "TESTING": True,
        **others,
    }


@contextmanager
def furnished(database: Database, **others: object) -> Iterator[Flask]:
    """An application on ``database``, after the factories have furnished it."""
    from consult.testing.factories import furnish

    with _made(settings(database, **others)) as app:
        attach(app, database)
        furnish(app)
        yield app


def migrate(database: Database) -> None:
    """Brings a new, empty database to today's schema."""
    from consult.migrations import upgrade

    with _made(settings(database)) as app:
        upgrade(app)


@contextmanager
def _made(chosen: dict[str, object]) -> Iterator[Flask]:
    # Imported late, so that tests which need no application (the lint rules) run without it.
    from consult.app import create_app

    app = create_app(chosen)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        reading_engine().dispose()
