"""Places in every state for tests that look at pages: the addresses that their letters would open."""

from __future__ import annotations

from consult.db import db, operation
from consult.people import Person
from consult.tenancy import inside
from consult.testing.factories import ON, email_of, town
from plugins.events.entries import place_key
from plugins.events.models import Event, Hall, Place, Standing
from plugins.events.operations import Asking, ask_for_place, cancel_place, confirm_place, erase_place
from plugins.events.operations.halls import move
from tests.meetings import guest


def place_addresses(open_event: int, full_event: int, full_code: str) -> dict[str, str]:
    """The paths, in their municipality, of places at an event with free seats here and at a full one in another."""
    with inside(town(ON)):
        found = _places_at(open_event)
        db.session.commit()
    with inside(town(full_code)):
        waiting = ask_for_place(db.session.get_one(Event, full_event), guest(1, channel="phone"), waits=True)
        in_line = ask_for_place(db.session.get_one(Event, full_event), guest(2), waits=True)
        found |= {"waiting_place": _path(waiting), "line_place": _path(in_line)}
        db.session.commit()
    return found


@operation
def _places_at(number: int) -> dict[str, str]:
    event = db.session.get_one(Event, number)
    admin = db.session.query(Person).where(Person.email_key == email_of("admin")).one()
    held, given, cancelled, lapsed, erased, offered = (ask_for_place(event, guest(who)) for who in range(6))
    ask_for_place(event, Asking(name=admin.name, email=admin.email, person_id=admin.id))
    for place in (given, cancelled, erased):
        confirm_place(place)
    hall = db.session.get_one(Hall, number)
    move(hall, lapsed, Standing.LAPSED)
    move(hall, offered, Standing.OFFERED, event.starts_at)
    cancel_place(cancelled)
    path_of_erased = _path(erased)
    erase_place(erased)
    db.session.flush()
    shown = {"held": held, "given": given, "given_back": cancelled, "lapsed": lapsed, "offered": offered}
    return {f"{name}_place": _path(place) for name, place in shown.items()} | {"erased_place": path_of_erased}


def _path(place: Place) -> str:
    return f"/sabitia/{place.event_id}/myasto/{place.id}/{place_key(place)}"
