"""Everybody at once: processes that compete for the places of one event, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from consult.clock import now
from consult.db import db
from consult.publishing import change
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.events.models import Event, Place, Standing
from plugins.events.operations import (
    accept_place,
    ask_for_place,
    cancel_event,
    cancel_place,
    confirm_place,
    keep_event,
    lapse_due,
    remind_due,
    set_capacity,
)
from tests.meetings import check_hall, guest, hall, letters, meet, places
from tests.processes import in_processes

AGAIN = range(2)  # rounds of what depends on luck


@contextmanager
def here(app: Flask) -> Iterator[None]:
    """In the first town; what is not committed is taken back."""
    with app.app_context(), inside(town(ON)):
        yield
        db.session.rollback()


@pytest.fixture
def meeting(app: Flask) -> Callable[..., int]:
    """Makes an event with so many seats, and answers its number."""

    def make(capacity: int | None) -> int:
        with here(app):
            event = meet(capacity)
            db.session.commit()
            return event.id

    return make


def event_of(number: int) -> Event:
    return db.session.get_one(Event, number)


def seat(app: Flask, number: int, who: int, waits: bool = True, **more: object) -> int:
    """Gives somebody a place, or a confirmed number in the line; answers the place's number."""
    with here(app):
        place = ask_for_place(event_of(number), guest(who, channel="phone", **more), waits)
        db.session.commit()
        return place.id


def whats(number: int) -> Counter[str]:
    """How many letters of which sort were written."""
    return Counter(key.split(" ", 2)[2] for key in letters(number))


def test_of_forty_people_at_once_five_get_the_five_places(app, meeting):
    number = meeting(5)
    answers = in_processes(app, lambda turn: ask_for_place(event_of(number), guest(turn)), 40)
    assert Counter(answers) == {"": 5, "full": 35}
    with here(app):
        check_hall(number)
        assert hall(number).taken == len(places(number, Standing.HELD)) == 5
        assert whats(number) == {"confirm": 5}


def test_of_forty_who_would_also_wait_none_is_lost_and_the_line_has_one_order(app, meeting):
    number = meeting(5)
    answers = in_processes(
        app, lambda turn: ask_for_place(event_of(number), guest(turn, person_id=turn + 1), waits=True), 40
    )
    assert answers == [""] * 40
    with here(app):
        check_hall(number)
        seated, line = places(number, Standing.GIVEN), places(number, Standing.WAITING)
        assert [place.number for place in [*seated, *line]] == list(range(1, 41))
        assert (len(seated), len(line)) == (5, 35)
        assert whats(number) == {"given": 5, "waiting": 35}


@pytest.mark.parametrize("was_there_before", [False, True])
def test_one_address_from_eight_processes_has_one_place_and_one_letter(app, meeting, was_there_before):
    number = meeting(5)
    if was_there_before:
        place_id = seat(app, number, 1)
        with here(app):
            cancel_place(db.session.get_one(Place, place_id))
            db.session.commit()
    answers = in_processes(app, lambda turn: ask_for_place(event_of(number), guest(1)), 16, processes=8)
    assert answers == [""] * 16
    with here(app):
        check_hall(number)
        assert (hall(number).taken, len(places(number))) == (1, 1)
        assert whats(number)["confirm"] == 1


def test_who_presses_confirm_sixteen_times_at_once_gets_one_place_and_one_letter(app, meeting):
    number = meeting(5)
    with here(app):
        place_id = ask_for_place(event_of(number), guest(1)).id
        db.session.commit()
    assert in_processes(app, lambda _turn: confirm_place(db.session.get_one(Place, place_id)), 16) == [""] * 16
    with here(app):
        check_hall(number)
        assert whats(number) == {"confirm": 1, "given": 1}


def test_an_offer_that_ends_as_it_is_taken_is_either_taken_or_goes_to_the_next(app, meeting):
    for _ in AGAIN:
        number = meeting(1)
        first, second, third = (seat(app, number, who) for who in range(3))
        with here(app):
            cancel_place(db.session.get_one(Place, first))
            db.session.commit()
            until = db.session.get_one(Place, second).until or now()

        def press(turn: int, second: int = second) -> None:
            if turn % 2:
                lapse_due()
            else:
                accept_place(db.session.get_one(Place, second))

        with time_machine.travel(until - timedelta(seconds=1)):  # it ticks on, so that the end comes meanwhile
            answers = in_processes(app, press, 8)
        assert set(answers) <= {"", "refused"}
        with here(app), time_machine.travel(until, tick=False):
            lapse_due()
            db.session.commit()
            check_hall(number)
            stands = [db.session.get_one(Place, one).standing for one in (second, third)]
            assert stands in ([Standing.GIVEN, Standing.WAITING], [Standing.LAPSED, Standing.OFFERED])


def test_an_event_that_is_cancelled_while_people_ask_is_called_off_for_all_who_got_a_place(app, meeting):
    for _ in AGAIN:
        number = meeting(50)

        def press(turn: int, number: int = number) -> None:
            if turn == 3:
                cancel_event(event_of(number), "Ремонт на залата.")
            else:
                ask_for_place(event_of(number), guest(turn, person_id=turn + 1))

        assert set(in_processes(app, press, 16)) <= {"", "refused"}
        with here(app):
            check_hall(number)
            given = len(places(number, Standing.GIVEN))
            assert whats(number) == +Counter({"given": given, "called off": given})


def test_all_sorts_of_things_at_once_leave_the_hall_counted_and_no_seat_idle(app, meeting):
    for _ in AGAIN:
        number = meeting(5)
        ids = [seat(app, number, who) for who in range(12)]
        in_processes(app, _all_sorts(number, ids), 32)
        answers = in_processes(app, _all_sorts(number, ids), 32)
        assert set(answers) <= {"", "refused", "full"}, next(one for one in answers if len(one) > 10)
        with here(app):
            check_hall(number)
            now_there, line = hall(number), places(number, Standing.WAITING)
            known = [place for place in line if place.confirmed_at]
            assert not known or not now_there.has_seats(known[0].seats), "a seat is idle, and somebody waits"


def _chores(_turn: int) -> None:
    lapse_due()
    remind_due()


def _all_sorts(number: int, ids: list[int]) -> Callable[[int], object]:
    """Whatever people, staff and clock do; each turn another of it."""

    def edit(turn: int) -> None:
        event = event_of(number)
        change(event, event.revision, {"lead": f"Промяна {turn}."})
        keep_event(event, hall(number).wanted, is_sure=True)

    deeds: list[Callable[[int], object]] = [
        lambda turn: ask_for_place(event_of(number), guest(100 + turn, people=1 + turn % 2), waits=True),
        lambda turn: cancel_place(db.session.get_one(Place, ids[turn % len(ids)])),
        _chores,
        lambda turn: set_capacity(event_of(number), 3 + turn % 5, is_sure=True),
        edit,
        lambda turn: accept_place(db.session.get_one(Place, ids[turn % len(ids)])),
        lambda turn: confirm_place(db.session.get_one(Place, ids[turn % len(ids)])),
        lambda turn: ask_for_place(event_of(number), guest(turn % 12, person_id=turn + 1), waits=True),
    ]
    return lambda turn: deeds[turn % len(deeds)](turn // len(deeds) + turn)


def test_nothing_is_due_twice_with_two_clocks(app, meeting):
    number = meeting(2)
    for who in range(2):
        seat(app, number, who)
    with here(app):
        ask_for_place(event_of(number), guest(5, person_id=6), waits=True)
        starts_at = event_of(number).starts_at
        db.session.commit()
    with time_machine.travel(starts_at - timedelta(hours=20)):
        assert now() < starts_at
        assert in_processes(app, _chores, 8) == [""] * 8
        with here(app):
            assert whats(number)["reminder 0"] == 2
            check_hall(number)
