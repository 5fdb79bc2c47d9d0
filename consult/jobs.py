"""The clock: Huey asks each minute, and what is due is done in each open town in turn.

Nothing is kept in Huey's store; what has to happen lies in our own tables, so a lost store loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from huey import MemoryHuey, crontab

from consult.db import db

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chore:
    """Something that the clock does every ``minutes``; ``does()`` commits by itself."""

    name: str
    does: Callable[[], Any]
    minutes: int


def do(app: Flask, chore: Chore) -> None:
    """Does a chore once. What fails is logged and tried again at its next time."""
    with app.app_context():
        try:
            chore.does()
        except Exception:
            log.exception("the chore %s failed", chore.name)
        finally:
            db.session.remove()


def run_clock(app: Flask) -> None:
    """Does all chores of the application at their times, until the process is told to stop."""
    huey = MemoryHuey("consult", results=False)
    for chore in chores(app):
        task = huey.periodic_task(crontab(minute=f"*/{chore.minutes}"), name=chore.name.replace(".", "_"))
        task(lambda chore=chore: do(app, chore))
        do(app, chore)
    consumer = huey.create_consumer(workers=1, periodic=True, check_worker_health=True)
    consumer.run()


def chores(app: Flask) -> tuple[Chore, ...]:
    """All chores of the application."""
    found: tuple[Chore, ...] = app.extensions["consult.chores"]
    return found
