"""Several processes at once: each with an application of its own on one database, as the web workers are."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

from flask import Flask
from sqlalchemy.exc import IntegrityError

from consult.app import create_app
from consult.db import db
from consult.errors import Conflict, Refused
from consult.tenancy import inside
from consult.testing.applications import settings
from consult.testing.factories import ON, town
from tests.together import all_at_once

PATIENCE = 60  # seconds


def in_processes(app: Flask, does: Callable[[int], Any], times: int, processes: int = 4) -> list[str]:
    """What became of ``does(0)``, ``does(1)`` …, shared out among the processes, all of which begin together.

    "" where it was done and committed, "refused", "full", or a traceback.
    """
    chosen = settings(app.extensions["consult.testing.database"])
    context = get_context("fork")
    start, answers = context.Barrier(processes), context.SimpleQueue()
    shares = [range(one, times, processes) for one in range(processes)]
    started = [context.Process(target=_run, args=(chosen, does, share, start, answers)) for share in shares]
    for one in started:
        one.start()
    found = [answer for _ in started for answer in answers.get()]
    for one in started:
        one.join(PATIENCE)
    assert len(found) == times
    return sorted(found)


def _run(chosen: dict[str, object], does: Callable[[int], Any], share: range, start: Any, answers: Any) -> None:
    told = [traceback.format_exc()] * len(share)
    try:
        app = create_app(chosen)
        start.wait(PATIENCE)
        told = all_at_once(lambda turn: _attempt(app, does, share[turn]), len(share))
    except BaseException:
        told = [traceback.format_exc()] * len(share)
    finally:
        answers.put(told)
        os._exit(0)  # what was inherited, connections above all, is not this process's to close


def _attempt(app: Flask, does: Callable[[int], Any], turn: int) -> str:
    """As the journey of a request does it: one commit, and a second try after another was quicker."""
    with app.app_context(), inside(town(ON)):
        for is_last in (False, True):
            try:
                does(turn)
                db.session.commit()
                return ""
            except Refused as refused:
                db.session.rollback()
                return "full" if isinstance(refused, Conflict) else "refused"
            except IntegrityError:
                db.session.rollback()
                if is_last:
                    return traceback.format_exc()
            except Exception:
                db.session.rollback()
                return traceback.format_exc()
    return "unreachable"
