"""The delivery: what happened is told to whoever listens, here, in order, in the caller's transaction."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app

from consult.db import db
from consult.modules import is_on

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Announcement:
    """Something that may happen, in the past tense (``publishing.published``), and the names of the facts told."""

    name: str
    facts: tuple[str, ...]
    means: str


@dataclass(frozen=True)
class Listener:
    """Who hears ``announcement``: ``hears`` is called with the facts by name."""

    announcement: str
    hears: Callable[..., None]


@dataclass(frozen=True)
class Delivery:
    """All announcements and, for each, the listeners in the order of their plugins (None: the core itself)."""

    announcements: dict[str, Announcement]
    listeners: dict[str, tuple[tuple[str | None, Listener], ...]]


def announce(name: str, **facts: Any) -> None:
    """Tells all listeners whose plugin is on here that ``name`` happened.

    Each listener has a savepoint of its own: one that fails is logged and undone, and the others and the
    caller go on. Raises LookupError or TypeError for an announcement or facts that nobody declared.
    """
    delivery: Delivery = current_app.extensions["consult.delivery"]
    announcement = delivery.announcements.get(name)
    if announcement is None:
        raise LookupError(f"nobody declared the announcement {name!r}")
    if set(facts) != set(announcement.facts):
        raise TypeError(f"{name} tells {announcement.facts}, not {tuple(facts)}")
    db.session.flush()  # what the caller has changed and cannot be kept is the caller's failure, and no listener's
    for plugin, listener in delivery.listeners.get(name, ()):
        if plugin is None or is_on(plugin):
            _deliver(name, plugin, listener, facts)


def _deliver(name: str, plugin: str | None, listener: Listener, facts: dict[str, Any]) -> None:
    try:
        with db.session.begin_nested():
            listener.hears(**facts)
        outcome = "heard"
    except Exception:
        log.exception("%s was not heard by %s", name, plugin)
        outcome = "failed"
    if os.environ.get("CONSULT_TRACE") == "1":
        sys.stderr.write(f"{name} → {plugin or 'core'}.{listener.hears.__name__}: {outcome}\n")
