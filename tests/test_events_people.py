"""Whose name stands in the list of an event, and for how long, whatever was switched off or moved meanwhile."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from sqlalchemy import select

from consult import modules
from consult.clock import now
from consult.db import db
from consult.jobs import do
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.events.models import Event, Place, Standing
from plugins.events.operations import ask_for_place, change_place, keep_event
from tests.meetings import check_hall, guest, meet

TERM = timedelta(days=40)


def test_who_shows_that_the_address_is_theirs_takes_the_name_out_of_a_strangers_mouth(app):
    with app.app_context(), inside(town(ON)):
        event = meet(5)
        ask_for_place(event, guest(1, name="Измислен Човек", answers={"q1": "чуждо"}))
        db.session.commit()
        place = ask_for_place(event, guest(1, name="Мария Димова", person_id=7, answers={"q1": "мое"}))
        db.session.commit()
        assert (place.name, place.answers, place.standing) == ("Мария Димова", {"q1": "мое"}, Standing.GIVEN)
        check_hall(event.id)


def test_a_party_that_was_allowed_stays_as_large_when_fewer_are_allowed_by_now(app):
    with app.app_context(), inside(town(ON)):
        event = meet(10, most_people=5)
        place = ask_for_place(event, guest(1, people=4, person_id=7))
        event.most_people = 2
        db.session.commit()
        change_place(place, 4, False, {"q1": "мое"})
        db.session.commit()
        assert (place.people, place.answers) == (4, {"q1": "мое"})


def test_names_are_erased_in_time_where_the_module_was_switched_off(app):
    with app.app_context(), inside(town(ON)):
        ask_for_place(meet(5), guest(1, person_id=7))
        modules.disable(("events",))
        db.session.commit()
    erase = next(one for one in app.extensions["consult.chores"] if one.name == "events.erase")
    for days, name in ((1, "Гост 1"), (TERM.days, "")):
        with time_machine.travel(now() + timedelta(days=days), tick=False):
            do(app, erase)
        with app.app_context(), inside(town(ON)):
            assert db.session.query(Place).one().name == name


def test_an_event_that_is_moved_ahead_after_the_names_went_forgets_the_next_ones_too(app):
    with app.app_context(), inside(town(ON)):
        event = meet(5)
        event.erased_at = now()
        keep_event(event, 5)
        db.session.commit()
        assert db.session.scalar(select(Event.erased_at).where(Event.id == event.id)) is None
