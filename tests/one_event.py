"""An event and a place at it for tests that open every page: each in the state that the page wants."""

from __future__ import annotations

from datetime import timedelta

from consult.db import db, operation
from consult.publishing import archive
from consult.testing.factories import add_file
from plugins.events.entries import place_key
from plugins.events.models import Event
from plugins.events.operations import ask_for_place, cancel_place, tick
from tests.meetings import guest, meet

AFTER = ("events.thanks", "events.afterwards")
BY_LETTER, OFFERED = ("events.place_confirm",), ("events.place_accept",)


def event_for(endpoint: str) -> dict[str, str]:
    """What stands for the variables of the addresses of events, made anew in the municipality that we are in."""
    event = meet(1 if endpoint in OFFERED else 10)
    place = ask_for_place(event, guest(1, channel="site" if endpoint in BY_LETTER else "phone"))
    if endpoint in OFFERED:
        place, gone = ask_for_place(event, guest(2, channel="phone"), waits=True), place
        cancel_place(gone)
    if endpoint == "events.untick":
        tick(place)
    if endpoint == "events.desk_restore":
        archive(event)
    if endpoint in AFTER:
        bring_to_an_end(event)
    words: dict[str, object] = {"number": event.id, "tail": event.slug, "file": add_file(event).id}
    words |= {"place_number": place.id, "key": place_key(place)}
    return {name: str(value) for name, value in words.items()}


@operation
def bring_to_an_end(event: Event) -> None:
    """As if its day had passed since."""
    event.starts_at -= timedelta(days=6)
    event.ends_at = event.starts_at + timedelta(hours=2)
    db.session.flush()
