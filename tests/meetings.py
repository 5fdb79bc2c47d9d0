"""Meetings with a hall, and what must hold in every hall whatever was done: the ground on which events are tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from consult.clock import now
from consult.db import db, operation
from consult.outbox.models import Letter
from consult.publishing import publish, write
from plugins.events.models import ALIVE, SEATED, Event, Hall, Place, Standing
from plugins.events.operations import Asking, keep_event

SOON = timedelta(days=5)


@operation
def meet(capacity: int | None, starts_in: timedelta = SOON, **more: Any) -> Event:
    """A published event of two hours in the municipality that we are in; whoever calls commits."""
    begins = (now() + starts_in).replace(microsecond=0)
    words = {"title": "Кръгла маса", "body": "Елате.", "room": "Зала 1", "online_url": "https://video.example/1"}
    times = {"starts_at": begins, "ends_at": begins + timedelta(hours=2)}
    event = Event(**{"topic": "krugla-masa", "takes_places": True, **words, **times, **more})
    write(event)
    keep_event(event, capacity)
    publish(event)
    return event


def guest(who: int, **more: Any) -> Asking:
    """What the guest number ``who`` types."""
    return Asking(**{"name": f"Гост {who}", "email": f"gost{who}@test.example", **more})


def hall(event_id: int) -> Hall:
    """The hall as it lies in the database."""
    return db.session.get_one(Hall, event_id, populate_existing=True)


def places(event_id: int, *standings: Standing) -> Sequence[Place]:
    """Its places as they lie in the database, by number; all of them, or those that stand so."""
    found = select(Place).where(Place.event_id == event_id).order_by(Place.number, Place.id)
    if standings:
        found = found.where(Place.standing.in_(standings))
    return db.session.scalars(found.execution_options(populate_existing=True)).all()


def letters(event_id: int) -> Counter[str]:
    """How often each letter about a place at this event was written: "<place> <step> <what>"."""
    mine = {str(place.id) for place in places(event_id)}
    keys = [key.removeprefix("events.place ") for key in db.session.scalars(select(Letter.key))]
    return Counter(key for key in keys if key.split(" ")[0] in mine)


def check_hall(event_id: int) -> None:
    """What must hold after every commit, whatever was done."""
    now_there, everybody = hall(event_id), places(event_id)
    seats = sum(place.seats for place in everybody if place.standing in SEATED)
    in_line = [place for place in everybody if place.standing == Standing.WAITING and place.confirmed_at]
    assert now_there.taken == seats
    assert now_there.capacity is None or seats <= now_there.capacity
    assert now_there.waiting == len(in_line)
    assert now_there.arrived == sum(place.arrived for place in everybody)
    alive = [place.address_key for place in everybody if place.standing in ALIVE and place.address_key]
    assert len(alive) == len(set(alive)), "somebody is there twice"
    assert all(times == 1 for times in letters(event_id).values()), "a letter was written twice"
    assert len({place.number for place in everybody}) == len(everybody), "two have one number"
    assert max([0, *(place.number for place in everybody)]) <= now_there.number
