"""Asking for a place as tests do it: an open event, somebody's place brought further, and what a page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from consult.db import db
from consult.outbox.models import Letter
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.events.entries import place_key
from plugins.events.models import Event, Place
from plugins.events.operations import ask_for_place
from tests.meetings import check_hall, guest, meet, places

HOME = "/stara-zagora"
TYPED = {"name": "Мария Димова", "email": "maria@primer.bg", "people": "2", "way": "zala", "consent": "y"}
QUESTIONS = [
    {"key": "q1", "label": "Нужен ми е жестов превод", "kind": "yes", "choices": [], "is_needed": False},
    {"key": "q2", "label": "В коя група ще работите?", "kind": "choice", "choices": ["А", "Б"], "is_needed": True},
]


@contextmanager
def in_town(app: Flask) -> Iterator[None]:
    """Inside the town, with a commit at the end."""
    with app.app_context(), inside(town(ON)):
        yield
        db.session.commit()


def opened(app: Flask, seats: int | None = 10, starts_in: timedelta = timedelta(days=5), **more: Any) -> int:
    """An event to which people may come; answers its number."""
    with in_town(app):
        return meet(seats, starts_in, **more).id


def ask(app: Flask, number: int, who: int, *then: Any, waits: bool = False, **more: Any) -> str:
    """Somebody's place, asked for and then brought further; answers the path of its page."""
    with in_town(app):
        place = ask_for_place(db.session.get_one(Event, number), guest(who, **more), waits)
        for deed in then:
            deed(place)
        return path_of(place)


def path_of(place: Place) -> str:
    """The page of a place."""
    return f"{HOME}/sabitia/{place.event_id}/myasto/{place.id}/{place_key(place)}"


def letter_count(app: Flask) -> int:
    """How many letters were written."""
    with in_town(app):
        return len(db.session.scalars(select(Letter.id)).all())


def standings(app: Flask, number: int) -> list[str]:
    """Where its places stand, by number, in a hall that holds together."""
    with in_town(app):
        check_hall(number)
        return [str(place.standing) for place in places(number)]


def words(answer: Any) -> str:
    """What a person reads, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
