"""Pace: what is counted, by what, and what who is too quick is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from consult.errors import Refused
from consult.people import address_key
from consult.web.pace import is_in_pace, limiter, network, require_pace

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_a_page(app: Flask) -> Iterator[None]:
    """Somebody's request from one address of the network, with nothing counted yet."""
    limiter.reset()
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "192.0.2.7"}):
        yield
    limiter.reset()


def tries(many: int, *limits: tuple[str, str], what: str = "events.register") -> list[bool]:
    return [is_in_pace(what, *limits) for _turn in range(many)]


def test_so_many_and_no_more():
    assert tries(4, ("3 per hour", "ana@x.example")) == [True, True, True, False]


def test_after_its_time_it_begins_anew():
    with time_machine.travel(START, tick=False) as clock:
        assert tries(3, ("2 per hour", "ana@x.example")) == [True, True, False]
        clock.shift(timedelta(hours=1, seconds=1))
        assert tries(1, ("2 per hour", "ana@x.example")) == [True]


def test_one_persons_haste_is_not_anothers_and_one_deed_is_not_another():
    tries(3, ("2 per hour", "ana@x.example"))
    assert tries(1, ("2 per hour", "bo@x.example")) == [True]
    assert tries(1, ("2 per hour", "ana@x.example"), what="events.ask") == [True]


def test_what_is_refused_by_one_limit_is_not_counted_by_the_other():
    mine, everybodys = ("1 per hour", "ana@x.example"), ("3 per hour", network())
    assert tries(5, mine, everybodys) == [True] + [False] * 4
    assert tries(3, ("1 per hour", "bo@x.example"), everybodys) == [True, False, False]
    assert tries(2, ("1 per hour", "vera@x.example"), everybodys) == [True, False]
    assert tries(1, ("1 per hour", "gancho@x.example"), everybodys) == [False]


def test_who_is_too_quick_is_told_when_to_come_back():
    with time_machine.travel(START, tick=False):
        require_pace("events.register", ("1 per 10 minutes", "ana"))
        with pytest.raises(Refused, match=r"Опитайте отново след 1[01] минути") as refused:
            require_pace("events.register", ("1 per 10 minutes", "ana"))
    assert refused.value.status == 429


def test_the_network_is_that_of_the_request():
    assert network() == "192.0.2.7"


def test_what_is_counted_is_kept_hashed():
    require_pace("events.register", ("3 per hour", "ana@secret.example"))
    kept = repr(vars(limiter.storage))
    assert "secret" not in kept
    require_pace("events.register", ("3 per hour", "а" * 1_000_000))
    assert len(repr(vars(limiter.storage))) < len(kept) + 1000


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Ana+events@X.example", "ana@x.example"),
        ("ana@x.example", "ana@x.example"),
        ("ａna@x.example", "ana@x.example"),
        ("ana+a+b@x.example", "ana@x.example"),
        ("a.na@x.example", "a.na@x.example"),
        ("no address", "no address"),
    ],
)
def test_all_addresses_of_one_mailbox_count_as_one(typed, key):
    assert address_key(typed) == key
