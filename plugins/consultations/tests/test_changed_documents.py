"""Documents that change: what people read of it while they write, and that nothing opens without what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from consult.clock import local, now
from consult.db import db
from consult.errors import Refused
from consult.journal import Entry
from consult.publishing import attachments_of, detach, publish_due, restore
from consult.subscriptions.models import SubscriptionNotice
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.consultations.models import Consultation
from plugins.consultations.operations import change_procedure, stop_unready, tell_due
from plugins.consultations.queries import PROCEDURE_COLUMNS, mark_of
from plugins.consultations.tests.one_consultation import add_text
from tests.pages import parse, text_of, visitor
from tests.ready_consultations import DESK, add_document, opened, procedure_of


@pytest.fixture
def here_on(app: Flask) -> Iterator[Flask]:
    with app.app_context(), inside(town(ON)):
        yield app
        db.session.rollback()


def require_assessment() -> None:
    """From now on this type of procedure asks for one document more."""
    procedure = procedure_of()
    words = {name: getattr(procedure, name) for name in PROCEDURE_COLUMNS}
    change_procedure(procedure, mark_of(procedure), {**words, "documents": ["draft", "reasons", "assessment"]})


# ---- While people write


def test_everybody_reads_what_was_removed_what_was_added_and_what_was_replaced(app, client):
    with app.app_context(), inside(town(ON)):
        one = opened()
        detach(attachments_of(one, "reasons")[0])
        add_document(one, "reasons", "Нови мотиви.pdf")
        add_document(one, "reasons", "Още мотиви.pdf")
        add_text(one, "Чл. 1. Нов текст на проекта.")
        db.session.commit()
        number = one.id
    for rest in ("", "/zashto"):
        page = text_of(parse(client.get(f"/stara-zagora/konsultatsii/{number}{rest}")))
        said = [line.partition(": ")[2] for line in re.findall(r"\d\d\.\d\d\.\d{4}: [^.]*\.", page)]
        assert said == [
            "документът „Мотиви“ е премахнат.",
            "документ е заменен с „Нови мотиви“.",
            "документът „Още мотиви“ е добавен.",
            "документ е заменен с „Версия 2“.",
        ]


def test_a_title_with_the_sign_that_parts_the_trace_stays_whole(app, client):
    with app.app_context(), inside(town(ON)):
        one = opened()
        detach(add_document(one, "assessment", "Оценка | добавен.pdf"))
        db.session.commit()
        number = one.id
    page = text_of(parse(client.get(f"/stara-zagora/konsultatsii/{number}")))
    assert "документът „Оценка | добавен“ е добавен." in page
    assert "документът „Оценка | добавен“ е премахнат." in page


def test_those_who_follow_are_told_whether_it_was_removed_or_replaced(here_on):
    one = opened()
    detach(attachments_of(one, "reasons")[0])
    add_document(one, "reasons", "Нови мотиви.pdf")
    told = [notice.words["bg"][1] for notice in db.session.scalars(select(SubscriptionNotice))]
    assert ["„Мотиви“ е премахнат" in text for text in told] == [True, False]
    assert ["заменен с „Нови мотиви“" in text for text in told] == [False, True]


# ---- Before it opens


@pytest.mark.parametrize("wait", ["scheduled", "announced"])
def test_what_waits_to_open_keeps_its_documents(here_on, wait):
    later = now() + timedelta(days=3)
    one = opened(at=later) if wait == "scheduled" else opened(opens_on=local(later).date())
    before = (one.id, one.opens_at, one.last_day)
    reasons = attachments_of(one, "reasons")[0]
    with pytest.raises(Refused) as refused:
        detach(reasons)
    assert "не може да започне без този документ" in str(refused.value)
    add_document(one, "reasons", "Нови мотиви.pdf")
    detach(reasons)
    assert [file.title for file in attachments_of(one, "reasons")] == ["Нови мотиви"]
    assert (one.id, one.opens_at, one.last_day) == before
    add_document(one, "assessment", "Оценка.pdf")
    detach(attachments_of(one, "assessment")[0])


def test_what_is_taken_back_from_the_clock_may_lose_its_documents(here_on):
    one = opened(at=now() + timedelta(days=3))
    restore(one)
    detach(attachments_of(one, "reasons")[0])
    assert not attachments_of(one, "reasons")


def test_the_staff_read_on_the_page_why_the_document_stays(app):
    with app.app_context(), inside(town(ON)):
        one = opened(at=now() + timedelta(days=3))
        file = attachments_of(one, "reasons")[0].id
        db.session.commit()
        path = f"{DESK}/{one.id}/faylove/{file}/mahni"
    answer = visitor(app, "editor").send(path, {})
    assert answer.status_code == 422
    assert "Първо добавете новия" in text_of(parse(answer))


def test_the_clock_stops_what_is_not_ready_before_anybody_reads_it_and_tells_the_staff(app):
    at = now() + timedelta(days=2)
    with app.app_context(), inside(town(ON)):
        number, other = opened(at=at).id, opened(at=at, title="Друга наредба").id
        require_assessment()
        add_document(db.session.get_one(Consultation, other), "assessment", "Оценка.pdf")
        last_day = db.session.get_one(Consultation, number).last_day
        db.session.commit()
        with time_machine.travel(at - timedelta(hours=1)):
            stop_unready()
            db.session.commit()
            assert db.session.get_one(Consultation, number).state == "scheduled"
        with time_machine.travel(at - timedelta(minutes=4)):
            stop_unready()
            db.session.commit()
        with time_machine.travel(at + timedelta(minutes=1)):
            stop_unready()
            publish_due([town(ON)])
            tell_due()
            db.session.commit()
            stopped, shown = (db.session.get_one(Consultation, one) for one in (number, other))
            assert (stopped.state, stopped.is_open, stopped.takes_opinions) == ("draft", False, False)
            assert (stopped.id, stopped.opens_at, stopped.last_day) == (number, at, last_day)
            assert (shown.state, shown.takes_opinions) == ("published", True)
            noted = db.session.scalars(select(Entry).where(Entry.what == "consultations.opening_stopped")).all()
            assert [entry.subject_id for entry in noted] == [number]
    with time_machine.travel(at + timedelta(minutes=2)):
        page = text_of(parse(visitor(app, "editor").get("/stara-zagora/rabota")))
    assert "Не започна, нещо липсва: Наредба за зелената система" in page
    assert "Липсва 1 нещо" in page
