"""Types of procedures: those that the law knows, what an admin makes of them, and what the law does not allow."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from consult.db import db
from consult.journal import Entry
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.consultations.models import Procedure
from plugins.consultations.operations import add_usual_procedures
from plugins.consultations.policy import PROCEDURES
from plugins.consultations.terms import Rule, check_rule
from tests.pages import forms, parse, text_of, visitor
from tests.together import all_at_once

LIST = "/stara-zagora/rabota/konsultatsii/protseduri"
TYPED = {
    "name": "Общ устройствен план",
    "basis": "чл. 127 ЗУТ",
    "days_legal": "30",
    "days_shortened": "",
    "documents": ["reasons"],
    "follows": "Приемане\nОбнародване",
    "is_offered": "y",
}


def kinds(app: Flask) -> dict[str, Procedure]:
    with app.app_context(), inside(town(ON)):
        rows = {one.key: one for one in db.session.scalars(select(Procedure).order_by(Procedure.position))}
        db.session.expunge_all()
        return rows


def add_usual(app: Flask) -> None:
    with app.app_context(), inside(town(ON)):
        add_usual_procedures()
        db.session.commit()


def test_the_usual_types_keep_the_law():
    for usual in PROCEDURES:
        check_rule(Rule(usual[2], usual[3], usual[7], usual[4]))


def test_two_who_come_at_once_make_the_usual_types_once(app):
    all_at_once(lambda _turn: add_usual(app), 4)
    assert list(kinds(app)) == [usual[0] for usual in PROCEDURES]


def test_a_look_keeps_nothing_and_the_button_adds_them(app):
    admin = visitor(app, "admin")
    page = text_of(parse(admin.get(LIST)))
    assert "Поемане на общински дълг" in page
    assert kinds(app) == {}
    assert admin.send(f"{LIST}/obichayni").status_code == 303
    assert len(kinds(app)) == len(PROCEDURES)
    assert admin.send(f"{LIST}/obichayni").status_code == 303
    assert len(kinds(app)) == len(PROCEDURES)


def test_an_own_type_is_added_behind_the_usual_ones_and_offered(app):
    admin = visitor(app, "admin")
    assert admin.send(f"{LIST}/nova", TYPED).status_code == 303
    *_usual, own = kinds(app).values()
    assert (own.name, own.days_legal, own.days_shortened, own.documents) == (
        "Общ устройствен план",
        30,
        None,
        ["reasons"],
    )
    assert "Общ устройствен план" in admin.get("/stara-zagora/rabota/konsultatsii/nova").text
    with app.app_context(), inside(town(ON)):
        assert db.session.scalars(select(Entry).where(Entry.what == "consultations.procedure_added")).one()
    twice = admin.send(f"{LIST}/nova", TYPED)
    assert twice.status_code == 422
    assert 'id="name-error"' in twice.text


WRONG = (
    ({"name": " "}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"basis": ""}, "basis"),
    ({"days_legal": "0"}, "days_legal"),
    ({"days_legal": "366"}, "days_legal"),
    ({"days_legal": "трийсет"}, "days_legal"),
    ({"days_legal": "29", "is_normative": "y"}, "days_legal"),
    ({"days_shortened": "13", "is_normative": "y"}, "days_shortened"),
    ({"days_shortened": "30"}, "days_shortened"),
    ({"documents": ["passport"]}, "documents"),
    ({"follows": "x" * 2001}, "follows"),
)


@pytest.mark.parametrize(("more", "field"), WRONG)
def test_what_the_law_or_sense_does_not_allow_is_said_beside_its_field(app, more, field):
    answer = visitor(app, "admin").send(f"{LIST}/nova", TYPED | more)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "чл. 127 ЗУТ" in answer.text or field == "basis"
    assert kinds(app) == {}


def test_a_type_is_changed_and_offered_no_more(app):
    add_usual(app)
    admin, debt = visitor(app, "admin"), kinds(app)["debt"]
    path = f"{LIST}/{debt.id}"
    fields = next(form.fields for form in forms(parse(admin.get(path)), path) if "seen" in form.fields)
    fields = {name: text for name, text in fields.items() if name not in ("_token", "_key")}
    changed = fields | {"days_legal": "10", "documents": ["reasons"]}
    assert admin.send(path, changed).status_code == 303
    after = kinds(app)["debt"]
    assert (after.days_legal, after.is_offered, after.basis) == (10, False, debt.basis)
    assert "вече не се предлага" in text_of(parse(admin.get(LIST)))
    assert debt.name not in admin.get("/stara-zagora/rabota/konsultatsii/nova").text
    second = admin.send(path, fields | {"days_legal": "12"})
    assert second.status_code == 409
    assert 'value="12"' in second.text
    assert "10" in text_of(parse(second))
    assert kinds(app)["debt"].days_legal == 10


def test_no_type_takes_the_name_of_another(app):
    add_usual(app)
    admin, path = visitor(app, "admin"), f"{LIST}/{kinds(app)['debt'].id}"
    fields = next(form.fields for form in forms(parse(admin.get(path)), path) if "seen" in form.fields)
    fields = {name: text for name, text in fields.items() if name not in ("_token", "_key")}
    answer = admin.send(path, fields | {"name": kinds(app)["budget"].name, "documents": ["reasons"]})
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text


def test_only_admins_and_only_of_their_own_town_edit_types(app):
    add_usual(app)
    number = kinds(app)["debt"].id
    assert visitor(app, "editor").get(f"{LIST}/{number}").status_code == 403
    assert visitor(app, "editor").send(f"{LIST}/nova", TYPED).status_code == 403
    assert visitor(app, "admin", "JAM26").get(f"/yambol/rabota/konsultatsii/protseduri/{number}").status_code == 404
    assert visitor(app, "admin").get(f"{LIST}/999999").status_code == 404
