"""The clock: Huey asks each minute, and what is due is done in each open town in turn.

Nothing is kept in Huey's store; what has to happen lies in our own tables, so a lost store loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Flask

from consult.clock import now
from consult.db import db

if TYPE_CHECKING:
    from huey import MemoryHuey

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


class Turn:
    """Says, when Huey asks each minute, whether a multiple of ``minutes`` has come since the Epoch of Unix.

    A field of a crontab cannot say so: "every 90 minutes" begins anew with each hour. The minute of the last asking
    is remembered because a busy machine may ask twice in one minute and not at all in the next.
    """

    def __init__(self, minutes: int) -> None:
        self.minutes, self.asked = minutes, _minute()

    def __call__(self, _moment: datetime) -> bool:
        before, self.asked = self.asked, _minute()
        return self.asked // self.minutes > before // self.minutes


def _minute() -> int:
    return int(now().timestamp()) // 60


def clock_of(app: Flask) -> MemoryHuey:
    """A Huey that does all chores of the application at their times."""
    from huey import MemoryHuey  # here, because only the worker needs it, and it brings much along

    huey = MemoryHuey("consult", results=False)
    for chore in chores(app):
        task = huey.periodic_task(Turn(chore.minutes), name=chore.name.replace(".", "_"))
        task(lambda chore=chore: do(app, chore))
    return huey


def run_clock(app: Flask) -> None:
    """Does all chores once, and then at their times until the process is told to stop."""
    for chore in chores(app):
        do(app, chore)
    consumer = clock_of(app).create_consumer(workers=1, periodic=True, check_worker_health=True)
    consumer.run()


def chores(app: Flask) -> tuple[Chore, ...]:
    """All chores of the application."""
    found: tuple[Chore, ...] = app.extensions["consult.chores"]
    return found
