"""A database and an application apart from the tests' own: for tests that take tables away or break things."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from consult.testing.applications import PROCESS, furnished, settings
from consult.testing.databases import KINDS, Database


@pytest.fixture(params=["sqlite", "postgresql"])
def spare_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated database that ends with the test."""
    made = KINDS[request.param](f"{PROCESS}_spare_{request.param}", _migrate)
    yield made
    made.remove()


@pytest.fixture
def spare_app(spare_database: Database) -> Iterator[Flask]:
    """The furnished application on it."""
    with furnished(spare_database) as made:
        yield made


def _migrate(database: Database) -> None:
    from consult.app import create_app
    from consult.db import db
    from consult.migrations import upgrade

    app = create_app(settings(database))
    upgrade(app)
    with app.app_context():
        db.engine.dispose()
