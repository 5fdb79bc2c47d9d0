"""The clock: moments in UTC, days and hours in Sofia, and the two nights on which the clocks are moved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from consult import clock
from consult.errors import Conflict, ContractError, Refused


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_today_is_the_day_in_sofia_and_not_in_utc():
    with time_machine.travel(utc(2026, 12, 18, 22, 30), tick=False):
        assert clock.now() == utc(2026, 12, 18, 22, 30)
        assert clock.today() == date(2026, 12, 19)


def test_a_typed_time_is_meant_in_sofia():
    assert clock.from_local(datetime(2026, 12, 3, 17, 30)) == utc(2026, 12, 3, 15, 30)
    assert clock.from_local(datetime(2026, 7, 3, 17, 30)) == utc(2026, 7, 3, 14, 30)


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_an_hour_that_the_clocks_skip_is_refused(minute: int):
    with pytest.raises(Refused, match="clocks go forward"):
        clock.from_local(datetime(2026, 3, 29, 3, minute))


def test_the_hours_around_the_gap_are_taken():
    assert clock.from_local(datetime(2026, 3, 29, 2, 59)) == utc(2026, 3, 29, 0, 59)
    assert clock.from_local(datetime(2026, 3, 29, 4, 0)) == utc(2026, 3, 29, 1, 0)


def test_of_a_repeated_hour_the_first_is_meant():
    assert clock.from_local(datetime(2026, 10, 25, 3, 30, fold=1)) == utc(2026, 10, 25, 0, 30)


def test_a_day_ends_on_its_last_second_and_the_next_begins():
    assert clock.end_of_day(date(2026, 12, 18)) == utc(2026, 12, 18, 21, 59, 59)
    assert clock.start_of_day(date(2026, 12, 19)) - clock.end_of_day(date(2026, 12, 18)) == timedelta(seconds=1)


def test_a_day_on_which_the_clocks_move_has_another_length():
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert clock.end_of_day(spring) - clock.start_of_day(spring) == timedelta(hours=23, seconds=-1)
    assert clock.end_of_day(autumn) - clock.start_of_day(autumn) == timedelta(hours=25, seconds=-1)


def test_zones_are_asked_for_where_they_belong_and_refused_where_not():
    with pytest.raises(ValueError, match="without a time zone"):
        clock.local(datetime(2026, 12, 18))
    with pytest.raises(ValueError, match="carries no time zone"):
        clock.from_local(utc(2026, 12, 18))


def test_what_is_told_of_another_day_happens_on_it_and_never_later_than_now():
    told = utc(2020, 2, 29, 22, 30)
    with clock.as_of(told):
        assert clock.now() == told
        assert clock.today() == date(2020, 3, 1)
    assert clock.now() > told
    for moment in (clock.now() + timedelta(hours=1), datetime(2020, 2, 29)):
        with pytest.raises(ValueError, match="not a moment in the past"), clock.as_of(moment):
            pass


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))
def test_what_was_typed_is_what_is_shown(typed: datetime):
    try:
        moment = clock.from_local(typed)
    except Refused:
        assert typed.hour == 3
        assert typed.month in (3, 4)
    else:
        assert clock.local(moment).replace(tzinfo=None, fold=0) == typed


def test_a_conflict_is_a_refusal_with_a_status_of_its_own():
    refused, conflict = Refused("Моля, изберете дата.", "starts_on"), Conflict("Някой вече го промени.")
    assert (refused.status, refused.field, str(refused)) == (422, "starts_on", "Моля, изберете дата.")
    assert isinstance(conflict, Refused)
    assert (conflict.status, conflict.field) == (409, None)


def test_a_broken_contract_is_told_in_four_short_lines():
    error = ContractError("Two plugins are called news", "plugins/news2/plugin.py", "names are addresses", "rename one")
    assert len(str(error).splitlines()) == 4
    assert "rename one" in str(error)
