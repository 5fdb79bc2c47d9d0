"""The form of a consultation, its files while people write, and what waits for the staff."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from consult.clock import now, today
from consult.db import db
from consult.publishing import restore
from consult.tenancy import inside
from consult.testing.factories import ON, PDF, town
from plugins.consultations.models import Consultation, Procedure
from plugins.consultations.operations import change_procedure
from plugins.consultations.queries import PROCEDURE_COLUMNS, mark_of
from tests.pages import Visitor, forms, parse, text_of, visitor
from tests.ready_consultations import BRIEF, DESK, opened, ready, unready

TYPED = {
    "title": "Наредба за зелената система",
    "short_title": "Зелена система",
    "body": "Проектът урежда дърветата.",
    "topic": "okolna-sreda",
    "procedure": "ordinance",
    "act_type": "council",
    **BRIEF,
    "legal_basis": "чл. 21, ал. 2 ЗМСМА",
    "mover": "Кметът",
    "office": "Дирекция „Екология“",
    "contact_phone": "042 000 000",
    "post_address": "бул. „Цар Симеон Велики“ 107",
    "counter": "Гише 4, 8:30 – 17:30",
    "questions": "Къде?\nКолко?",
    "promise": "Отговаряме на всички.",
    "sitting_on": "2030-02-01",
    "sitting": "Зала 1",
    "answers_due_on": "15.01.2030",
    "days": "30",
    "short_reasons": "",
    "opens_on": "",
    "do": "save",
}


def only(app: Flask) -> Consultation:
    with app.app_context(), inside(town(ON)):
        one = db.session.scalars(select(Consultation)).one()
        db.session.expunge(one)
        return one


def written(app: Flask, make: Any, **more: Any) -> int:
    with app.app_context(), inside(town(ON)):
        number = make(**more).id
        db.session.commit()
        return int(number)


def as_it_stands(somebody: Visitor, path: str) -> dict[str, str]:
    """The fields of the form of this page, as a browser would send them untouched."""
    fields = next(form.fields for form in forms(parse(somebody.get(path)), path) if "title" in form.fields)
    return {name: text for name, text in fields.items() if name not in ("_token", "_key")}


# ---- The form


def test_the_first_consultation_of_a_town_finds_the_usual_types_and_a_look_keeps_none(app):
    somebody = visitor(app, "editor")
    page = somebody.get(f"{DESK}/nova").text
    assert "Проект на общински бюджет" in page
    with app.app_context(), inside(town(ON)):
        assert db.session.scalars(select(Procedure)).all() == []
    assert somebody.send(f"{DESK}/nova", TYPED | {"procedure": "budget", "days": "7"}).status_code == 303
    one = only(app)
    assert (one.procedure_name, one.basis) == ("Проект на общински бюджет", "чл. 84, ал. 6 ЗПФ")


def test_everything_that_is_typed_is_kept_and_given_back(app):
    somebody = visitor(app, "editor")
    assert somebody.send(f"{DESK}/nova", TYPED).status_code == 303
    given_back = as_it_stands(somebody, f"{DESK}/{only(app).id}")
    for name, text in TYPED.items():
        if name not in ("do", "answers_due_on"):
            assert given_back[name].strip() == text, name
    assert given_back["answers_due_on"] == "2030-01-15"


def test_what_stands_in_the_form_may_be_sent_untouched_and_changes_nothing(app):
    for make in (unready, ready, opened):
        number, somebody = written(app, make), visitor(app, "editor")
        fields = as_it_stands(somebody, f"{DESK}/{number}")
        assert somebody.send(f"{DESK}/{number}", fields | {"do": "save"}).status_code == 303
        with app.app_context(), inside(town(ON)):
            assert db.session.get_one(Consultation, number).revision == 1


WRONG = (
    ("days", "", "Въведете брой дни"),
    ("days", "0", "Въведете брой дни"),
    ("days", "366", "Въведете брой дни"),
    ("days", "много", "Въведете брой дни"),
    ("days", "13", "14"),
    ("contact_email", "без знак", ""),
    ("opens_on", "31.02.2026", "Въведете ден"),
    ("procedure", "other-town", ""),
    ("act_type", "royal", ""),
    ("topic", "nowhere", ""),
    ("changes", "x" * 1501, "1500"),
)


@pytest.mark.parametrize(("name", "typed", "sentence"), WRONG)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_comes_back(app, name, typed, sentence):
    somebody = visitor(app, "editor")
    answer = somebody.send(f"{DESK}/nova", TYPED | {name: typed})
    assert answer.status_code == 422
    beside = answer.text.partition(f'id="{name}-error"')[2][:400]
    assert beside
    assert sentence in beside
    assert "Проектът урежда дърветата." in answer.text
    with app.app_context(), inside(town(ON)):
        assert db.session.scalars(select(Consultation)).all() == []


def test_few_days_without_reasons_are_refused_at_the_reasons(app):
    answer = visitor(app, "editor").send(f"{DESK}/nova", TYPED | {"days": "20"})
    assert answer.status_code == 422
    assert 'id="short_reasons-error"' in answer.text


def test_publishing_leads_to_the_question_and_opens_nothing(app):
    somebody = visitor(app, "editor")
    answer = somebody.send(f"{DESK}/nova", TYPED | {"do": "publish"})
    one = only(app)
    assert answer.status_code == 303
    assert answer.location.endswith(f"{DESK}/{one.id}/gotova")
    assert one.state == "draft"


def test_a_preview_shows_the_brief_and_keeps_nothing(app):
    answer = visitor(app, "editor").send(f"{DESK}/nova", TYPED | {"do": "preview"})
    assert answer.status_code == 200
    assert "По-малко бетон" in text_of(parse(answer))
    with app.app_context(), inside(town(ON)):
        assert db.session.scalars(select(Consultation)).all() == []


def test_the_term_of_what_is_open_cannot_be_changed_by_the_form(app):
    number, somebody = written(app, opened), visitor(app, "editor")
    before = only(app).last_day
    fields = as_it_stands(somebody, f"{DESK}/{number}")
    assert not {"days", "procedure", "opens_on", "short_reasons"} & set(fields)
    more = {"days": "14", "procedure": "budget", "opens_on": "2031-01-01", "short_reasons": "x", "mover": "Съветник"}
    assert somebody.send(f"{DESK}/{number}", fields | more | {"do": "save"}).status_code == 303
    one = only(app)
    assert (one.days, one.last_day, one.mover, one.opens_on) == (30, before, "Съветник", None)


def test_the_second_of_two_editors_gets_both_texts(app):
    number, somebody = written(app, ready), visitor(app, "editor")
    fields = as_it_stands(somebody, f"{DESK}/{number}") | {"do": "save"}
    assert somebody.send(f"{DESK}/{number}", fields | {"ask": "Първият пита."}).status_code == 303
    answer = visitor(app, "admin").send(f"{DESK}/{number}", fields | {"ask": "Вторият пита."})
    assert answer.status_code == 409
    assert "Първият пита." in answer.text
    assert "Вторият пита." in answer.text


def test_a_scheduled_one_is_moved_with_its_term_and_made_a_draft_again(app):
    at = (now() + timedelta(days=5)).replace(second=0, microsecond=0)
    number, somebody = written(app, opened, at=at), visitor(app, "editor")
    before = only(app).last_day or today()
    fields = as_it_stands(somebody, f"{DESK}/{number}")
    later = {"publish_at": f"{today() + timedelta(days=19)}T09:00", "do": "save"}
    assert somebody.send(f"{DESK}/{number}", fields | later).status_code == 303
    assert (only(app).last_day or before) > before
    fields = as_it_stands(somebody, f"{DESK}/{number}")
    refused = somebody.send(f"{DESK}/{number}", fields | {"affected": "", "do": "save"})
    assert refused.status_code == 422
    with app.app_context(), inside(town(ON)):
        restore(db.session.get_one(Consultation, number))
        db.session.commit()
    assert not only(app).is_open


def test_versions_show_what_was_said_before(app):
    number, somebody = written(app, ready), visitor(app, "editor")
    fields = as_it_stands(somebody, f"{DESK}/{number}")
    somebody.send(f"{DESK}/{number}", fields | {"ask": "Кажете.", "days": "45", "do": "save"})
    page = text_of(parse(somebody.get(f"{DESK}/{number}/versii")))
    assert "Кажете." in page
    assert "45" in page


# ---- Its files


def test_the_page_of_files_says_that_a_document_gives_time(app):
    number, somebody = written(app, opened), visitor(app, "editor")
    page = somebody.get(f"{DESK}/{number}/faylove").text
    assert "всички дни отново" in page
    with time_machine.travel(now() + timedelta(days=3)):
        somebody = visitor(app, "editor")
        sent = {"file": (BytesIO(PDF), "m.pdf"), "title": "Нови мотиви", "role": "reasons", "alt": ""}
        path = f"{DESK}/{number}/faylove"
        assert somebody.send(path, sent, content_type="multipart/form-data").status_code == 303
    assert "Нови мотиви" in only(app).replaced
    closed = written(app, unready)
    assert "всички дни отново" not in somebody.get(f"{DESK}/{closed}/faylove").text


# ---- What waits


def test_the_staff_are_told_what_waits(app):
    late = written(app, opened, title="Бюджет", answers_due_on=today() + timedelta(days=45))
    somebody = visitor(app, "editor")
    assert "Бюджет" not in text_of(parse(somebody.get("/stara-zagora/rabota")))
    last_day = only(app).last_day or today()
    for days, words in ((1, "Затваря скоро: Бюджет"), (-3, "справката за мненията: Бюджет"), (-40, "Просрочено")):
        with time_machine.travel(now() + (last_day - today()) - timedelta(days=days)):
            page = text_of(parse(visitor(app, "editor").get("/stara-zagora/rabota")))
            assert words in page, days
            assert words not in text_of(parse(visitor(app, "moderator").get("/stara-zagora/rabota")))
    assert late


def test_a_draft_that_is_not_ready_waits_and_one_without_what_it_had_is_late(app):
    number = written(app, opened, title="Насрочена", at=now() + timedelta(days=9))
    somebody = visitor(app, "editor")
    assert "Още не е готова" not in text_of(parse(somebody.get("/stara-zagora/rabota")))
    with app.app_context(), inside(town(ON)):
        procedure = db.session.get_one(Procedure, db.session.get_one(Consultation, number).procedure_id)
        words = {name: getattr(procedure, name) for name in PROCEDURE_COLUMNS}
        change_procedure(procedure, mark_of(procedure), {**words, "documents": ["reasons", "assessment"]})
        db.session.commit()
    page = text_of(parse(somebody.get("/stara-zagora/rabota")))
    assert "Още не е готова: Насрочена" in page
    assert "Липсва 1 нещо" in page
