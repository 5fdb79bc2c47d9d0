"""The seats of a hall: taken in one statement, given back, offered to the next in line, fewer or more of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from consult.api import Refused, db, here, lazy_npgettext, lazy_pgettext, now, operation, pgettext, touch_shown
from plugins.events import notices
from plugins.events.models import SEATED, Event, Hall, Place, Standing
from plugins.events.policy import offer_lasts

NO_PLACES = lazy_pgettext("events", "No places are given for this event; just come.")


def take_seats(event: Event, seats: int) -> int | None:
    """Takes the seats in one statement if they are there and nobody waits for them; answers the number given, or None.

    To count first and then to insert sold 25 to 34 of 20 places, even under REPEATABLE READ. Who needs no seat, and
    who comes in the last hours before the start, passes by the line: nothing is kept for it any more.
    """
    conditions = [Hall.event_id == event.id, or_(Hall.capacity.is_(None), Hall.taken + seats <= Hall.capacity)]
    if seats and not event.is_last_call:
        conditions.append(Hall.waiting == 0)
    return _next_number(*conditions, taken=Hall.taken + seats)


def stand_in_line(event: Event, is_confirmed: bool) -> int:
    """Joins the line; answers the number given. Who has not confirmed the address yet keeps nobody waiting."""
    number = _next_number(Hall.event_id == event.id, waiting=Hall.waiting + int(is_confirmed))
    if number is None:
        raise LookupError(f"the event {event.id} has no hall")
    return number


def _next_number(*conditions: Any, **values: Any) -> int | None:
    taken = update(Hall).where(*conditions).values(number=Hall.number + 1, **values).returning(Hall.number)
    number: int | None = db.session.scalar(taken.execution_options(synchronize_session=False))
    return number


def hold_hall(event_id: int) -> Hall:
    """The hall as it is now, kept from everybody else until the commit. Raises Refused where no seats are counted.

    Who changes the event holds it first; then comes the hall, and its places after it: everybody takes them in this
    order, so that nobody waits in a ring.
    """
    hall = db.session.get(Hall, event_id, with_for_update=True, populate_existing=True)
    if hall is None:
        raise Refused(NO_PLACES)
    return hall


def move(hall: Hall, place: Place, to: Standing, until: datetime | None = None) -> None:
    """The one line over which a place goes from standing to standing, and the hall's counters with it."""
    if place.standing in SEATED:
        hall.taken -= place.seats
    if place.standing == Standing.WAITING and place.confirmed_at is not None:
        hall.waiting -= 1
    place.standing, place.until, place.step = to, until, place.step + 1
    place.ended_at = now() if to in (Standing.CANCELLED, Standing.LAPSED) else None
    if to in SEATED:
        hall.taken += place.seats
    if to == Standing.WAITING and place.confirmed_at is not None:
        hall.waiting += 1
    shrink(hall)


def shrink(hall: Hall) -> None:
    """A hall that was made smaller than the places given in it loses the seats that are given back."""
    if hall.capacity is not None and hall.wanted is not None and hall.capacity > hall.wanted:
        hall.capacity = max(hall.wanted, hall.taken)


def offer_free(event: Event, hall: Hall) -> None:
    """Offers free seats to those in line, strictly in its order: a large party is not passed by for a small one."""
    if event.is_last_call or event.is_called_off:
        return
    until = min(now() + offer_lasts(), event.last_call_at)
    while hall.waiting and (place := _first_in_line(event.id)) is not None and hall.has_seats(place.seats):
        move(hall, place, Standing.OFFERED, until)
        db.session.flush()
        notices.tell_offered(event, place)


def _first_in_line(event_id: int) -> Place | None:
    in_line = select(Place).where(Place.event_id == event_id, Place.standing == Standing.WAITING)
    in_line = in_line.where(Place.confirmed_at.is_not(None)).order_by(Place.number).limit(1)
    return db.session.scalar(in_line)


@operation
def set_capacity(event: Event, capacity: int | None, is_sure: bool = False) -> None:
    """Makes the hall larger or smaller (None: no limit). Larger: those in line are offered the new seats at once.

    Raises Refused for fewer seats than are taken, unless ``is_sure``: then nobody loses a place, and the hall shrinks
    as places are given back.
    """
    hall = db.session.get(Hall, event.id, with_for_update=True, populate_existing=True)
    if hall is None:
        db.session.add(Hall(event_id=event.id, capacity=capacity, wanted=capacity))
        db.session.flush()
        return
    if capacity is not None and capacity < hall.taken and capacity != hall.wanted and not is_sure:
        raise Refused(_too_few(hall.taken, capacity), "capacity")
    hall.wanted = capacity
    hall.capacity = None if capacity is None else max(capacity, hall.taken)
    db.session.flush()
    offer_free(event, hall)
    touch_shown(event)


def _too_few(taken: int, capacity: int) -> Any:
    return lazy_npgettext(
        "events",
        "%(num)d place is taken already, more than %(capacity)s. If you are sure, tick the box below: nobody loses a"
        " place, and the hall becomes smaller as places are given back.",
        "%(num)d places are taken already, more than %(capacity)s. If you are sure, tick the box below: nobody loses a"
        " place, and the hall becomes smaller as places are given back.",
        taken,
        capacity=capacity,
    )


def lapse_due() -> None:
    """The clock's part: what was kept long enough is free again, and goes to the next in line."""
    due = select(Place.event_id).where(Place.municipality_id == here().id, Place.until <= now()).distinct()
    for event_id in sorted(db.session.scalars(due).all()):  # two workers take several halls in one order
        _lapse_in(event_id)


@operation
def _lapse_in(event_id: int) -> None:
    hall, event = hold_hall(event_id), db.session.get_one(Event, event_id)
    overdue = select(Place).where(Place.event_id == event_id, Place.until <= now()).order_by(Place.number)
    for place in db.session.scalars(overdue.execution_options(populate_existing=True)).all():
        was_offered = place.standing == Standing.OFFERED
        move(hall, place, Standing.LAPSED)
        if was_offered and not event.is_called_off:
            notices.tell_lapsed(event, place)
    db.session.flush()
    offer_free(event, hall)
    touch_shown(event)


def until_of(moment: datetime, lasts: timedelta, event: Event) -> datetime:
    """The end of a time that begins at ``moment`` and lasts so long, but never after the event has begun."""
    return min(moment + lasts, max(event.starts_at, moment))


def said_full(free: int | None) -> str:
    """What who wants more than is free is told."""
    if free:
        return str(
            lazy_npgettext(
                "events",
                "Only %(num)d place is free. Come with fewer people, or join the waiting list.",
                "Only %(num)d places are free. Come with fewer people, or join the waiting list.",
                free,
            )
        )
    return pgettext("events", "All places are taken. You can join the waiting list; what you typed is below.")
