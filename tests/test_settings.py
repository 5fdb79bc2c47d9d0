"""What a municipality decides: which answers are taken, and that what changed is recorded once."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from consult import settings
from consult.db import db
from consult.errors import Refused
from consult.journal import Entry
from consult.settings import Setting
from consult.tenancy import inside
from consult.testing.factories import ON, town
from tests.pages import Visitor, forms, parse, text_of, visitor

PAGE = "/stara-zagora/admin/nastroiki"
MODULES = "/stara-zagora/admin/moduli"


def answers(admin: Visitor) -> dict[str, str]:
    """The form as the page gives it; its boxes are ticked by default."""
    [form] = [one for one in forms(parse(admin.get(PAGE)), PAGE) if "news.on_home" in one.fields]
    return form.fields | {"publishing.accepts_shared": "y", "consultations.rolls_over": "y"}


def recorded(app: Flask, what: str) -> list[dict[str, object]]:
    """The words of every entry of this kind, oldest first."""
    with app.app_context(), inside(town(ON)):
        rows = db.session.scalars(select(Entry).where(Entry.what == what).order_by(Entry.id))
        return [row.words.words or {} for row in rows]


# ---- A line of text


@pytest.mark.parametrize("typed", ["x" * 21, "two\nlines", "turned \u202earound", "a \x00 in it"])
def test_a_text_that_is_no_line_of_its_length_is_refused(app, monkeypatch, typed):
    motto = Setting(name="test.motto", title="Motto", default="", most=20)
    monkeypatch.setitem(app.extensions["consult.settings"], "test.motto", motto)
    with app.app_context(), inside(town(ON)):
        with pytest.raises(Refused) as refused:
            settings.decide("test.motto", typed)
        assert refused.value.field == "test.motto"
        settings.decide("test.motto", "x" * 20)
        db.session.commit()


# ---- A number


@pytest.mark.parametrize("typed", ["1_0", "１０", "٣", "0x3", "3.0", "1e1", "", "9" * 5000])
def test_a_number_in_another_spelling_is_refused(app, typed):
    admin = visitor(app, "admin")
    answer = admin.send(PAGE, answers(admin) | {"news.on_home": typed})
    assert answer.status_code == 422
    assert "цяло число" in text_of(parse(answer))
    assert recorded(app, "settings.decided") == []


@pytest.mark.parametrize("typed", ["5", " 5 ", "+5", "05"])
def test_a_number_is_taken_as_people_type_it(app, typed):
    admin = visitor(app, "admin")
    assert admin.send(PAGE, answers(admin) | {"news.on_home": typed}).status_code == 303
    assert recorded(app, "settings.decided") == [{"news.on_home": 5}]


# ---- The record


def test_a_decision_is_recorded_with_what_it_changed_and_nothing_else(app):
    admin = visitor(app, "admin")
    assert admin.send(PAGE, answers(admin)).status_code == 303
    assert recorded(app, "settings.decided") == []
    changed = answers(admin) | {"news.on_home": "7"}
    del changed["publishing.accepts_shared"]
    assert admin.send(PAGE, changed).status_code == 303
    assert recorded(app, "settings.decided") == [{"publishing.accepts_shared": False, "news.on_home": 7}]


def test_of_a_form_with_a_refused_answer_nothing_is_kept(app):
    admin = visitor(app, "admin")
    changed = answers(admin) | {"news.on_home": "11"}
    del changed["publishing.accepts_shared"]
    assert admin.send(PAGE, changed).status_code == 422
    assert recorded(app, "settings.decided") == []
    with app.app_context(), inside(town(ON)):
        assert settings.setting("publishing.accepts_shared") is True


# ---- Modules


def test_a_module_that_is_on_is_not_switched_on_again(app):
    admin = visitor(app, "admin")
    assert admin.send(f"{MODULES}/news/vklyuchi").status_code == 303
    assert "вече е включен" in text_of(parse(admin.get(MODULES)))
    assert recorded(app, "module.switched_on") == []


def test_a_module_that_is_off_is_not_switched_off_again(app):
    admin = visitor(app, "admin")
    for _ in range(2):
        assert admin.send(f"{MODULES}/news/izklyuchi", {"sure": "1"}).status_code == 303
    assert "вече е изключен" in text_of(parse(admin.get(MODULES)))
    assert recorded(app, "module.switched_off") == [{"plugins": ["news"]}]
