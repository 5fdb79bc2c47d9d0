"""The clock: each chore is done when its minutes are over, whatever the hour, and none twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from flask import Flask

from consult import registry
from consult.contract import Job, Plugin
from consult.errors import ContractError
from consult.jobs import Chore, clock_of
from consult.testing.applications import furnished
from consult.testing.databases import Databases
from consult.web.pages import Pages

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
NO_CORE = registry.Core((), (), (), (), ())


@pytest.fixture
def app(databases: Databases) -> Iterator[Flask]:
    """The application on SQLite: the clock asks the database nothing."""
    with furnished(databases.clean("sqlite")) as made:
        yield made


def times_done(app: Flask, every: int, moments: list[datetime]) -> list[datetime]:
    """When Huey would do a chore, if it looked at the clock at ``moments``."""
    app.extensions["consult.chores"] = (Chore("test.chore", lambda: None, every),)
    with time_machine.travel(MIDNIGHT - timedelta(seconds=1), tick=False) as clock:
        huey, found = clock_of(app), []
        for moment in moments:
            clock.move_to(moment)
            found += [moment for _task in huey.read_periodic(moment.replace(tzinfo=None))]
    return found


def each_minute(hours: int, seconds: int = 20) -> list[datetime]:
    """A look at the clock in each minute, some seconds after it began."""
    return [MIDNIGHT + timedelta(minutes=minute, seconds=seconds) for minute in range(hours * 60)]


@pytest.mark.parametrize("every", [1, 7, 45, 60, 90, 1440])
def test_a_chore_is_done_every_so_many_minutes_and_not_each_hour(app, every):
    done = times_done(app, every, each_minute(hours=48))
    assert len(done) == pytest.approx(48 * 60 / every, abs=1)
    apart = Counter(later - earlier for earlier, later in pairwise(done))
    assert set(apart) == {timedelta(minutes=every)}


def test_a_daily_chore_is_done_at_midnight(app):
    assert [one.hour for one in times_done(app, 1440, each_minute(hours=72))] == [0, 0, 0]


def test_a_minute_that_the_clock_missed_is_made_up_for_in_the_next(app):
    looked = [one for one in each_minute(hours=4) if one.minute not in (29, 30, 31)]
    assert [(one.hour, one.minute) for one in times_done(app, 90, looked)] == [(0, 0), (1, 32), (3, 0)]


def test_a_clock_that_looks_twice_in_a_minute_does_it_once(app):
    looked = sorted([*each_minute(hours=2, seconds=0), *each_minute(hours=2, seconds=59)])
    assert len(times_done(app, 60, looked)) == 2


@pytest.mark.parametrize("minutes", [0, -5])
def test_a_job_that_no_clock_can_do_stops_the_start(minutes):
    job = Job("first.tidy", lambda: None, minutes)
    words = {"name": "first", "title": "first", "summary": "first", "path": "first", "keeps": lambda: "first"}
    plugin = Plugin(**words, pages=Pages("first", __name__), jobs=(job,))  # type: ignore[arg-type]
    with pytest.raises(ContractError, match=r"first\.tidy is done every"):
        registry.load(NO_CORE, [plugin])
