"""A pytest plugin for the tests of the core and of anybody's plugin: databases, applications, a server, a browser."""

from __future__ import annotations

import pytest

from consult.testing import postgres, run
from consult.testing.applications import app, client, database, databases
from consult.testing.browser import browser, page, scripts_off_page
from consult.testing.server import live_server

__all__ = ["app", "browser", "client", "database", "databases", "live_server", "page", "scripts_off_page"]


def pytest_configure(config: pytest.Config) -> None:
    """Begins the run in the process that the others come from."""
    if not hasattr(config, "workerinput"):
        run.begin(postgres.stop)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends it there, when the others have gone."""
    if not hasattr(config, "workerinput"):
        run.end(postgres.stop)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs a browser, so that `pytest -m "not browser"` leaves it out."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
