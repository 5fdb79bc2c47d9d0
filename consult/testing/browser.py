"""A real browser for tests: one Chromium a process, a fresh context a test, and no page that complains."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from consult.testing.run import absent
from consult.testing.server import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# It stays on this machine (no updates, no accounts, no QUIC), and runs in containers and as root.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as the system has it."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        absent("Chromium")
    from playwright.sync_api import sync_playwright  # loading it takes half a second that most tests need not wait for

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page in a context of its own; addresses begin with a slash. A script's error or a refusal by CSP fails it."""
    with opened_page(browser, live_server) as opened:
        yield opened


@pytest.fixture
def scripts_off_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """The same in a browser that runs no scripts: everything must still be possible."""
    with opened_page(browser, live_server, scripts=False) as opened:
        yield opened


@contextmanager
def opened_page(browser: Browser, live_server: LiveServer, *, scripts: bool = True) -> Iterator[Page]:
    """A page in a new context, for tests that need two people at once."""
    context = browser.new_context(
        base_url=live_server.url,
        java_script_enabled=scripts,
        locale="bg-BG",
        timezone_id="Europe/Sofia",
        viewport={"width": 1280, "height": 800},
    )
    context.set_default_timeout(10_000)
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            complaints.append(message.text)

    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", note)
    yield page
    context.close()
    assert not complaints, "the page complained: " + "; ".join(complaints)
