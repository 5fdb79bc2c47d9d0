"""A municipality with more consultations than one page holds: none is forgotten, and the staff read how many wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.clock import now, today
from consult.db import db
from consult.subscriptions.models import SubscriptionNotice
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.consultations import queries, tasks
from plugins.consultations.operations import tell_due
from plugins.consultations.queries import own_unreported, own_writable
from tests.opinions import consult_people
from tests.pages import parse, text_of, visitor


@pytest.fixture
def here_on(app: Flask) -> Iterator[Flask]:
    with app.app_context(), inside(town(ON)):
        yield app
        db.session.rollback()


def closed(count: int) -> list[int]:
    """So many that nobody has reported on, the one that closed first before the others."""
    return [consult_people(days=number - 60, title=f"Стара наредба {number}").id for number in range(count)]


def test_old_ones_that_nobody_decided_do_not_hide_those_that_close_soon(here_on, monkeypatch):
    monkeypatch.setattr(queries, "AT_ONCE", 3)
    closed(7)
    soon = [consult_people(days=days, title=f"Затваря след {days}").id for days in (1, 1, 2, 2, 2, 3)]
    later = consult_people(days=20).id
    assert [one.id for one in own_writable()] == [*soon, later]
    tell_due()
    told = db.session.scalars(select(SubscriptionNotice).where(SubscriptionNotice.key.startswith("closing"))).all()
    assert sorted(notice.subject_id for notice in told) == sorted(soon)


def test_those_that_close_at_one_moment_are_read_once_each(here_on, monkeypatch):
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    at = now() + timedelta(days=2)
    wanted = [consult_people(closes_at=at, last_day=today() + timedelta(days=2)).id for _ in range(5)]
    assert [one.id for one in own_writable()] == wanted


def test_what_waits_for_its_report_is_counted_to_the_last(here_on):
    wanted = closed(5)
    assert ([one.id for one in own_unreported(3)[0]], own_unreported(3)[1]) == (wanted[:3], 5)
    assert own_unreported(9)[1] == own_unreported(5)[1] == 5
    consult_people(days=-3, reported_at=now())
    consult_people(days=-3, outcome="adopted")
    consult_people(days=3)
    assert own_unreported(9)[1] == 5


def test_the_staff_read_how_many_more_wait(app, monkeypatch):
    monkeypatch.setattr(tasks, "UNREPORTED_MAX", 3)
    with app.app_context(), inside(town(ON)):
        closed(5)
        db.session.commit()
    page = text_of(parse(visitor(app, "editor").get("/stara-zagora/rabota"))).replace("\xa0", " ")
    assert [number for number in range(5) if f"Стара наредба {number}" in page] == [0, 1, 2]
    assert "Чакат още 2 справки за мненията" in page
