"""What is done at the door: ticked, unticked, let in without a place, counted."""

from __future__ import annotations

from datetime import datetime

from consult.api import Refused, db, lazy_pgettext, now, operation, record, touch_shown
from plugins.events.models import PEOPLE_MAX, Event, Place, Standing
from plugins.events.operations.halls import hold_hall, move, take_seats
from plugins.events.operations.places import free_code, number_of, require_coming


@operation
def tick(place: Place, people: int | None = None, at: datetime | None = None) -> None:
    """Notes that ``people`` of the party (all of them, unless told) are here. The same tick again changes nothing.

    ``at``: when it was ticked on a telephone that had no network; a time that is to come is now.
    """
    hall = hold_hall(place.event_id)
    db.session.refresh(place)
    came = place.people if people is None else people
    if not 0 < came <= max(place.people, place.arrived):
        raise Refused(lazy_pgettext("events", "Enter how many of them have come."), "people")
    if place.standing not in (Standing.GIVEN, Standing.HELD, Standing.OFFERED) and not place.arrived:
        raise Refused(lazy_pgettext("events", "This place was given back. Let them in as people without a place."))
    if place.standing in (Standing.HELD, Standing.OFFERED):  # who stands here has taken it
        move(hall, place, Standing.GIVEN)
        place.confirmed_at = place.confirmed_at or now()
    hall.arrived += came - place.arrived
    place.arrived = came
    place.arrived_at = place.arrived_at or min(at or now(), now())


@operation
def note_sheet_taken(event: Event, form: str) -> None:
    """The journal notes that the list of people left the platform, as "print", "csv" or "xlsx"."""
    record("events.sheet_taken", event.kind, event.id, {"form": form})


@operation
def untick(place: Place) -> None:
    """Takes the tick back."""
    hall = hold_hall(place.event_id)
    db.session.refresh(place)
    hall.arrived -= place.arrived
    place.arrived, place.arrived_at = 0, None


@operation
def let_in(event: Event, name: str, people: int = 1) -> Place:
    """Lets in somebody who has no place, if there is a seat: one that is free, or of somebody who did not come.

    Seats of those who did not come are given only after the start. Raises Refused where the hall is full.
    """
    hall = hold_hall(number_of(event))
    require_coming(event)
    if not 1 <= people <= PEOPLE_MAX:
        raise Refused(lazy_pgettext("events", "Enter how many of them have come."), "people")
    number = take_seats(event, people)
    db.session.refresh(hall)
    if number is None:
        has_begun = now() >= event.starts_at
        if hall.capacity is not None and (not has_begun or hall.arrived + people > hall.capacity):
            raise Refused(lazy_pgettext("events", "The hall is full. Seats that stay empty are free after the start."))
        hall.number += 1
    place = Place(event_id=event.id, code=free_code(event.id), name=name, people=people, channel="door")
    place.standing = Standing.GIVEN if number is not None else Standing.CANCELLED
    place.number = number if number is not None else hall.number
    place.salt, place.step, place.confirmed_at = "", 1, now()
    db.session.add(place)
    place.arrived, place.arrived_at = people, now()
    hall.arrived += people
    db.session.flush()
    touch_shown(event)
    return place
