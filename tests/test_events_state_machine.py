"""Places of an event: whatever people, staff and clock do in whatever order, the hall is what a plain model says."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from consult.clock import now
from consult.db import db
from consult.errors import Conflict, Refused
from consult.publishing import change
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.events.models import Event, Place
from plugins.events.operations import (
    accept_place,
    ask_for_place,
    cancel_event,
    cancel_place,
    change_place,
    confirm_place,
    erase_place,
    keep_event,
    lapse_due,
    let_in,
    remind_due,
    set_capacity,
    tick,
    untick,
)
from tests.hall_model import FULL, NO, HallModel, Party
from tests.meetings import check_hall, guest, hall, letters, meet, places

BEGIN = datetime(2026, 10, 20, 9, tzinfo=UTC)  # the clocks go back in Sofia five days later
STARTS_IN = timedelta(days=4, hours=12)
PEOPLE, SEATS, PARTY = st.integers(0, 6), st.none() | st.integers(0, 6), st.integers(1, 3)
WAYS = st.sampled_from(["guest", "guest", "person", "phone"])
LASTS = st.sampled_from([timedelta(minutes=20), timedelta(hours=1), timedelta(hours=7), timedelta(hours=25)])

CALM = settings(derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
SMALL = settings(CALM, max_examples=15, stateful_step_count=30, phases=[Phase.generate])
LARGE = settings(CALM, max_examples=400, stateful_step_count=60)  # and it looks for the shortest way


class Meeting(RuleBasedStateMachine):
    """One event on the real database, and the model beside it."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self.app = app
        self.clock = time_machine.travel(BEGIN, tick=False)
        self.turn = self.clock.start()
        with self._town():
            event = meet(3, STARTS_IN)
            db.session.commit()
            self.event_id = event.id
            self.model = HallModel(3, event.starts_at, now())
        self.rows: list[int] = []  # the number of each party's place

    def teardown(self) -> None:
        self.clock.stop()

    @contextmanager
    def _town(self):
        with self.app.app_context(), inside(town(ON)):
            yield

    def _do(self, expected: str, deed: Callable[[Event], Any]) -> None:
        """Does it in a transaction of its own, and keeps to which place each new party of the model belongs."""
        with self._town():
            try:
                done = deed(db.session.get_one(Event, self.event_id))
                db.session.commit()
                answer = ""
            except Conflict:
                db.session.rollback()
                answer = FULL
            except Refused:
                db.session.rollback()
                answer = NO
            assert answer == expected
            if isinstance(done if answer == "" else None, Place) and done.id not in self.rows:
                self.rows.append(done.id)

    def _to(self, who: int, expected: Callable[[Party], str], deed: Callable[[Place], Any]) -> None:
        party = self.model.place_of(who)
        if party is not None:
            number = self.rows[self.model.parties.index(party)]
            self._do(expected(party), lambda _event: deed(db.session.get_one(Place, number)))

    @rule(who=PEOPLE, way=WAYS, people=PARTY, is_online=st.booleans(), waits=st.booleans())
    def ask(self, who, way, people, is_online, waits):
        channel, person = ("phone" if way == "phone" else "site"), (100 + who if way == "person" else None)
        asking = guest(who, people=people, is_online=is_online, channel=channel, person_id=person)
        expected = self.model.ask(who, way, people, is_online, waits)
        self._do(expected, lambda event: ask_for_place(event, asking, waits))

    @rule(who=PEOPLE)
    def confirm(self, who):
        self._to(who, self.model.confirm, confirm_place)

    @rule(who=PEOPLE)
    def accept(self, who):
        self._to(who, self.model.accept, accept_place)

    @rule(who=PEOPLE)
    def cancel(self, who):
        self._to(who, self.model.cancel, cancel_place)

    @rule(who=PEOPLE, people=PARTY, is_online=st.booleans())
    def change(self, who, people, is_online):
        expected = lambda party: self.model.change(party, people, is_online)  # noqa: E731
        self._to(who, expected, lambda place: change_place(place, people, is_online, {}))

    @rule(seats=SEATS, is_sure=st.booleans())
    def change_capacity(self, seats, is_sure):
        self._do(self.model.set_wanted(seats, is_sure), lambda event: set_capacity(event, seats, is_sure))

    @rule(lasts=LASTS)
    def time_passes(self, lasts):
        self.model.wait(lasts)
        self.turn.move_to(self.model.now)

        def chores(_event: Event) -> None:
            lapse_due()
            remind_due()

        self._do("", chores)

    @rule(who=PEOPLE, people=PARTY)
    def come(self, who, people):
        self._to(who, lambda party: self.model.tick(party, people), lambda place: tick(place, people))

    @rule(who=PEOPLE)
    def go_out_again(self, who):
        def expected(party: Party) -> str:
            party.arrived = 0
            return ""

        self._to(who, expected, untick)

    @rule(people=PARTY)
    def walk_in(self, people):
        self._do(self.model.walk_in(people), lambda event: let_in(event, "Непознат", people))

    @rule(who=PEOPLE)
    def be_forgotten(self, who):
        self._to(who, self.model.forget, erase_place)

    @rule(days=st.integers(-2, 3), is_meant=st.integers(0, 3))
    def move_event(self, days, is_meant):
        if is_meant:
            return
        starts_at = self.model.starts_at + timedelta(days=days)
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}

        def deed(event: Event) -> None:
            change(event, event.revision, times)
            keep_event(event, hall(event.id).wanted, reason="Ремонт на залата.")

        self._do(self.model.move(starts_at), deed)

    @rule(is_meant=st.integers(0, 12))
    def cancel_event(self, is_meant):
        if not is_meant:
            self._do(self.model.call_off(), lambda event: cancel_event(event, "Ремонт."))

    @invariant()
    def the_hall_is_counted(self):
        with self._town():
            check_hall(self.event_id)
            there, model = hall(self.event_id), self.model
            counted = (there.taken, there.capacity, there.wanted, there.waiting, there.arrived, there.number)
            line = len(model.line)
            assert counted == (model.taken, model.capacity, model.wanted, line, model.arrived, model.number)

    @invariant()
    def everybody_stands_where_they_should(self):
        with self._town():
            rows = {place.id: place for place in places(self.event_id)}
            assert sorted(rows) == sorted(self.rows)
            for party, number in zip(self.model.parties, self.rows, strict=True):
                place = rows[number]
                found = (place.standing, place.number, place.step, place.people, place.is_online, place.until)
                wanted = (party.standing, party.number, party.step, party.people, party.is_online, party.until)
                assert found == wanted
                assert ((place.confirmed_at is not None), place.arrived) == (party.is_known, party.arrived)

    @invariant()
    def no_seat_is_idle_while_the_first_in_line_fits_into_it(self):
        model = self.model
        if model.line and not model.is_last_call and not model.is_off:
            assert not model.fits(model.line[0].seats)

    @invariant()
    def each_was_told_what_happened_and_nothing_twice(self):
        with self._town():
            named = {f"{self.rows[index]} {step} {what}" for index, step, what in self.model.letters}
            assert letters(self.event_id) == dict.fromkeys(named, 1)


def test_a_hall_is_what_the_model_says(app):
    run_state_machine_as_test(partial(Meeting, app), settings=SMALL)  # type: ignore[arg-type]


@pytest.mark.audit
def test_a_hall_is_what_the_model_says_for_long(app):
    run_state_machine_as_test(partial(Meeting, app), settings=LARGE)  # type: ignore[arg-type]
