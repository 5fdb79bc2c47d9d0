"""The demonstration as rows: all that was written by hand is there, at its own time and in its own state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.clock import local, now, today
from consult.db import db
from consult.journal import Entry
from consult.participation import Agreement, ModerationAct
from consult.people import Person, add_person, give_role
from consult.publishing import attachments_of
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.consultations import demo
from plugins.consultations.demo_content import BUDGET, CONSULTATIONS, GREEN_AREAS, MARKETS, STRAY_ANIMALS
from plugins.consultations.demo_content.values import Told
from plugins.consultations.models import Consultation, Opinion, Phase
from plugins.consultations.queries import versions_of
from tests.opinions import check_counts


@contextmanager
def told_here(app: Flask, told: Told, monkeypatch: pytest.MonkeyPatch) -> Iterator[Consultation]:
    """The consultation, told in the town of the tests."""
    moved = [replace(one, town=ON if one is told else "", discussed_at=()) for one in CONSULTATIONS]
    monkeypatch.setattr(demo, "CONSULTATIONS", tuple(moved))
    with app.app_context(), inside(town(ON)):
        give_role(add_person("moderator@stara-zagora.example", "Петър Колев"), "moderator")
        demo.fill(town(ON))
        db.session.commit()
        yield db.session.scalars(select(Consultation)).one()


@pytest.mark.parametrize("told", CONSULTATIONS, ids=lambda told: told.town)
def test_every_opinion_and_reply_is_there_with_its_agreements_and_all_counts_are_right(app, told, monkeypatch):
    with told_here(app, told, monkeypatch) as one:
        check_counts(one.id)
        rows = db.session.scalars(select(Opinion)).all()
        said = [row for row in rows if row.reply_to_id is None]
        assert len(said) == len(told.opinions)
        assert len(rows) - len(said) == sum(len(opinion.replies) for opinion in told.opinions)
        assert sorted(row.agreed for row in said) == sorted(opinion.agreed for opinion in told.opinions)
        agreed = Counter(db.session.scalars(select(Agreement.contribution_id)))
        assert {row.id: row.agreed for row in said if row.agreed} == agreed


def test_they_came_in_their_order_within_the_term_and_none_tomorrow(app, monkeypatch):
    with told_here(app, GREEN_AREAS, monkeypatch) as one:
        rows = db.session.scalars(select(Opinion).order_by(Opinion.id)).all()
        moments = [row.accepted_at for row in rows if row.accepted_at is not None]
        assert len(moments) == len(rows)
        assert moments == sorted(moments)
        assert one.opens_at is not None
        assert one.opens_at < moments[0]
        assert moments[-1] <= now()
        first = local(one.opens_at).date()
        days = [(local(at).date() - first).days for at, row in zip(moments, rows, strict=True) if not row.reply_to_id]
        assert sorted(days) == sorted(opinion.day for opinion in GREEN_AREAS.opinions)
        assert {row.version for row in rows} == {1, 2}
        assert sum(bool(row.quote_exact) for row in rows) == sum(
            bool(opinion.quote) for opinion in GREEN_AREAS.opinions
        )
        assert all(entry.at <= now() for entry in db.session.scalars(select(Entry)))


def test_an_opinion_is_withdrawn_one_hidden_by_the_moderator_one_masked_and_one_held(app, monkeypatch):
    with told_here(app, GREEN_AREAS, monkeypatch):
        rows = db.session.scalars(select(Opinion)).all()
        absent = Counter(row.absence for row in rows if row.absence)
        assert absent == {"withdrawn": 1, "hidden": 1, "held": 1, "private": 2}
        masked = next(row for row in rows if row.sealed_to and row.is_shown)
        assert "[скрито: име]" in masked.text
        assert "Станчо" not in masked.text + masked.text_html
        by = select(Person.email).join(ModerationAct, ModerationAct.by_id == Person.id)
        assert set(db.session.scalars(by)) == {"moderator@stara-zagora.example"}


def test_the_second_draft_came_on_its_day_and_gave_more_time(app, monkeypatch):
    with told_here(app, GREEN_AREAS, monkeypatch) as one:
        assert [version.number for version in versions_of(one)] == [0, 1, 2]
        assert one.version == 2
        assert len(one.lines("replaced")) == 1
        replaced_on = today() + timedelta(days=GREEN_AREAS.opens_in + GREEN_AREAS.versions[1].day)
        assert one.counted_from == replaced_on
        assert one.last_day is not None
        assert one.last_day >= replaced_on + timedelta(days=GREEN_AREAS.term)
        assert one.phase == Phase.OPEN


def test_one_has_not_opened_yet(app, monkeypatch):
    with told_here(app, STRAY_ANIMALS, monkeypatch) as coming:
        assert coming.phase == Phase.UPCOMING
        assert coming.opens_at is not None
        assert local(coming.opens_at).date() == today() + timedelta(days=STRAY_ANIMALS.opens_in)


def test_one_is_decided_with_an_answer_to_everybody(app, monkeypatch):
    with told_here(app, MARKETS, monkeypatch) as one:
        assert one.phase == Phase.CONCLUDED
        assert one.closes_at is not None
        assert one.reported_at is not None
        assert one.decided_on is not None
        assert one.closes_at < one.reported_at < now()
        assert local(one.reported_at).date() < one.decided_on
        assert all(opinion.answer in one.outcome_text for opinion in MARKETS.opinions)
        assert versions_of(one)[-1].source == "adopted"


@pytest.mark.parametrize("told", CONSULTATIONS, ids=lambda told: told.town)
def test_each_has_its_reasons_as_a_document_and_a_day_on_which_it_is_decided(app, told, monkeypatch):
    with told_here(app, told, monkeypatch) as one:
        roles = [file.role for file in attachments_of(one)]
        assert roles == (["reasons", "report"] if told.outcome is not None else ["reasons"])
        assert all(file.media_type == "application/pdf" and file.name.isascii() for file in attachments_of(one))
        assert one.sitting
        assert one.sitting_on is not None
        assert one.last_day is not None
        assert one.sitting_on > one.last_day
        assert one.decided_on in (None, one.sitting_on)
        assert not one.unreported_why


def test_one_closes_within_the_days_that_the_region_shows(app, monkeypatch):
    with told_here(app, BUDGET, monkeypatch) as one:
        assert one.phase == Phase.CLOSING
        assert one.last_day is not None
        assert 0 <= (one.last_day - today()).days <= 6
