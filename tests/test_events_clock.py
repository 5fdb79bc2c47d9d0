"""What the clock does for events: to the second, in the nights when it is changed, once, and after a restart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text

from consult.clock import from_local, local, now
from consult.db import Base, db
from consult.outbox.models import Letter
from consult.publishing import change
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.events.models import Event, Place, Standing
from plugins.events.operations import (
    ask_for_place,
    cancel_place,
    confirm_place,
    erase_due,
    keep_event,
    lapse_due,
    remind_due,
    tick,
)
from tests.meetings import check_hall, guest, hall, letters, meet, places

HOUR = timedelta(hours=1)
BEGIN = datetime(2026, 10, 20, 9, tzinfo=UTC)


@pytest.fixture
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    """Inside the first town, at a moment that stands still until it is moved."""
    with time_machine.travel(BEGIN, tick=False) as turn, app.app_context(), inside(town(ON)):
        yield turn
        db.session.rollback()


def seat(event: Event, who: int, waits: bool = False) -> Place:
    """A place, or a confirmed number in the line."""
    place = ask_for_place(event, guest(who, person_id=who), waits)
    db.session.commit()
    return place


def chores() -> None:
    """What the clock does each time."""
    for chore in (lapse_due, remind_due, erase_due):
        chore()
        db.session.commit()


def whats(event: Event) -> Counter[str]:
    """How many letters of which sort."""
    return Counter(key.split(" ", 2)[2] for key in letters(event.id))


def test_an_unconfirmed_place_is_free_again_at_its_second_and_not_one_before(clock):
    event = meet(1)
    place = ask_for_place(event, guest(1))
    db.session.commit()
    clock.move_to(BEGIN + HOUR - timedelta(seconds=1))
    chores()
    assert (place.standing, hall(event.id).taken) == (Standing.HELD, 1)
    clock.move_to(BEGIN + HOUR)
    chores()
    assert (place.standing, hall(event.id).taken) == (Standing.LAPSED, 0)
    confirm_place(place)  # the letter is opened late, and nobody else came
    db.session.commit()
    assert place.standing == Standing.GIVEN
    check_hall(event.id)


@pytest.mark.parametrize(("starts_in", "lasts"), [(120, 24), (10, 8), (25, 23)])
def test_a_freed_place_is_kept_a_day_and_never_past_the_last_call(clock, starts_in, lasts):
    event = meet(1, starts_in * HOUR)
    first, second, third = seat(event, 1), seat(event, 2, waits=True), seat(event, 3, waits=True)
    cancel_place(first)
    db.session.commit()
    assert second.until == BEGIN + lasts * HOUR
    clock.move_to(second.until - timedelta(seconds=1))
    chores()
    assert (second.standing, third.standing) == (Standing.OFFERED, Standing.WAITING)
    clock.move_to(second.until or BEGIN)
    chores()
    follows = Standing.OFFERED if lasts == 24 else Standing.WAITING  # in the last hours nothing is kept for anybody
    assert (second.standing, third.standing) == (Standing.LAPSED, follows)
    check_hall(event.id)


@pytest.mark.parametrize(
    ("evening", "there"),
    [(datetime(2026, 10, 24, 20), datetime(2026, 10, 25, 19)), (datetime(2027, 3, 27, 20), datetime(2027, 3, 28, 21))],
    ids=["the clocks go back", "the clocks go forward"],
)
def test_a_day_has_its_hours_in_the_nights_when_the_clocks_are_changed(clock, evening, there):
    clock.move_to(from_local(evening))
    event = meet(1, 10 * 24 * HOUR)
    first, second = seat(event, 1), seat(event, 2, waits=True)
    cancel_place(first)
    db.session.commit()
    assert local(second.until or BEGIN).replace(tzinfo=None) == there
    clock.move_to((second.until or BEGIN) - timedelta(seconds=1))
    chores()
    assert second.standing == Standing.OFFERED
    clock.shift(1)
    chores()
    assert second.standing == Standing.LAPSED


def test_people_are_reminded_once_and_of_another_time_once_more(clock):
    event = meet(5, 48 * HOUR)
    seat(event, 1)
    clock.move_to(event.starts_at - 24 * HOUR - timedelta(seconds=1))
    chores()
    assert whats(event) == {"given": 1}
    clock.shift(1)
    for _ in range(3):
        chores()
    assert whats(event) == {"given": 1, "reminder 0": 1}
    later = event.starts_at + 72 * HOUR
    change(event, event.revision, {"starts_at": later, "ends_at": later + HOUR})
    keep_event(event, 5, reason="Ремонт.")
    db.session.commit()
    chores()
    assert whats(event) == {"given": 1, "reminder 0": 1, "changed 1": 1}
    clock.move_to(later - 24 * HOUR)
    for _ in range(3):
        chores()
    assert whats(event) == {"given": 1, "reminder 0": 1, "changed 1": 1, "reminder 1": 1}


def test_a_worker_that_was_away_for_days_makes_up_for_it_in_order(clock):
    event = meet(1, 120 * HOUR)
    seat(event, 1)
    held = [ask_for_place(event, guest(who), waits=True) for who in (2, 3)]
    db.session.commit()
    waiting = seat(event, 4, waits=True)
    cancel_place(places(event.id)[0])
    db.session.commit()
    clock.shift(3 * 24 * HOUR)
    for _ in range(2):
        chores()
    assert [place.standing for place in (*held, waiting)] == [Standing.LAPSED] * 3
    assert whats(event) == {"given": 1, "waiting": 1, "confirm": 2, "cancelled": 1, "offered": 1, "lapsed": 1}
    check_hall(event.id)


def test_after_the_term_no_table_of_ours_knows_who_came_and_how_many_came_is_kept(clock):
    event = meet(5, 24 * HOUR)
    place = ask_for_place(event, guest(7, name="Непознатко Познатов", phone="0888 123 456", answers={"1": "Алергия"}))
    confirm_place(place)
    db.session.commit()
    clock.move_to(event.starts_at)
    tick(place)
    db.session.commit()
    clock.move_to((event.ends_at or BEGIN) + timedelta(days=30))
    chores()
    assert _traces("Непознатко")
    assert event.erased_at is None
    clock.shift(1)
    for _ in range(2):
        chores()
    for word in ("Непознатко", "gost7@", "0888 123", "Алергия"):
        assert _traces(word) == []
    assert (event.attendance, place.people, place.standing) == (1, 1, Standing.GIVEN)
    check_hall(event.id)


def _traces(word: str) -> list[str]:
    """The tables in which a word stands; letters apart, whose words the outbox forgets by itself."""
    db.session.commit()
    found = []
    for table in Base.metadata.sorted_tables:
        if table.name not in (Letter.__tablename__, "letter_attachment"):
            rows = db.session.execute(text(f'select * from "{table.name}"')).all()  # noqa: S608 — our own names
            found += [table.name for row in rows if word in " ".join(map(_readable, row))]
    return found


def _readable(value: object) -> str:
    typed = str(value)
    return typed.encode().decode("unicode_escape") if "\\u" in typed else typed


def test_the_clock_of_one_town_does_nothing_in_another(clock):
    event = meet(1)
    ask_for_place(event, guest(1))
    db.session.commit()
    clock.shift(2 * HOUR)
    number = event.id
    with inside(town("JAM26")):
        chores()
    assert db.session.scalar(select(Place.standing).where(Place.event_id == number)) == Standing.HELD
    assert now() > BEGIN
