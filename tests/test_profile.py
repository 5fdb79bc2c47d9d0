"""The profile: the own name and password, and where one is signed in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from consult import people
from consult.db import db
from consult.people import Person, SignIn, Submission
from consult.testing.factories import ON, PASSWORD, email_of, sign_in
from consult.web.pace import limiter
from tests.pages import OURS, Visitor, parse, text_of, visitor

TOWN = "/stara-zagora"
LONG = "четири думи без връзка помежду си"


def person(app: Flask, email: str) -> Person | None:
    with app.app_context():
        found = people.find_person(email)
        db.session.expunge_all()
        return found


@pytest.fixture
def resident(app: Flask) -> Visitor:
    return visitor(app, "resident")


def test_a_person_changes_the_own_name(app, resident):
    assert resident.send(f"{TOWN}/profil/ime", {"name": "Друго Име"}).status_code == 303
    found = person(app, email_of("resident"))
    assert found is not None
    assert found.name == "Друго Име"
    assert resident.send(f"{TOWN}/profil/ime", {"name": "  "}).status_code == 422


def test_a_first_password_needs_no_other_and_the_next_one_needs_the_first(app, resident):
    assert resident.send(f"{TOWN}/profil/parola", {"password": LONG}).status_code == 303
    wrong = resident.send(f"{TOWN}/profil/parola", {"password": f"{LONG} нова", "current_password": "не е тази"})
    assert wrong.status_code == 422
    assert "Това не е сегашната ви парола." in text_of(parse(wrong))
    assert LONG not in wrong.text
    right = {"password": f"{LONG} нова", "current_password": LONG}
    assert resident.send(f"{TOWN}/profil/parola", right).status_code == 303
    with app.app_context():
        assert people.find_by_password(email_of("resident"), f"{LONG} нова") is not None
        assert people.find_by_password(email_of("resident"), LONG) is None


def test_a_new_password_ends_every_other_sign_in(app, resident):
    other = visitor(app, "resident")
    editor = visitor(app, "editor")
    resident.send(f"{TOWN}/profil/parola", {"password": LONG})
    assert resident.get(f"{TOWN}/profil").status_code == 200
    assert other.get(f"{TOWN}/profil").status_code == 302
    assert editor.get(f"{TOWN}/profil").status_code == 200


def test_the_current_password_is_not_guessed_from_a_page_left_open(app, resident):
    with app.app_context():
        found = people.find_person(email_of("resident"))
        assert found is not None
        people.set_password(found.id, people.hash_password(PASSWORD), "")
        db.session.commit()
    resident = visitor(app, "resident")
    tries = [{"password": LONG, "current_password": f"wrong {turn}"} for turn in range(11)]
    assert [resident.send(f"{TOWN}/profil/parola", one).status_code for one in tries] == [422] * 10 + [429]


def test_a_person_sees_the_own_sign_ins_and_ends_them(app, resident):
    other, stranger = visitor(app, "resident"), visitor(app, "editor")
    page = parse(resident.get(f"{TOWN}/profil"))
    ends = [one.get("value") for one in page.iter("button") if one.get("name") == "which"]
    assert len(ends) == 2
    assert ends[-1] == "others"
    assert resident.send(f"{TOWN}/profil/vhodove", {"which": ends[0]}).status_code == 303
    assert other.get(f"{TOWN}/profil").status_code == 302
    assert resident.get(f"{TOWN}/profil").status_code == 200
    with app.app_context():
        theirs = db.session.scalars(select(SignIn.id).join(SignIn.person).where(Person.email_key == email_of("editor")))
        number = str(theirs.one())
    resident.send(f"{TOWN}/profil/vhodove", {"which": number})
    assert stranger.get(f"{TOWN}/profil").status_code == 200, "somebody else's sign-in was ended"
    third, fourth = visitor(app, "resident"), visitor(app, "resident")
    resident.send(f"{TOWN}/profil/vhodove", {"which": "others"})
    assert [one.get(f"{TOWN}/profil").status_code for one in (resident, third, fourth)] == [200, 302, 302]


def test_a_visitor_has_no_profile(client):
    assert client.get(f"{TOWN}/profil").location == f"{TOWN}/vhod?next={TOWN}/profil"


def test_no_password_of_a_page_is_guessed_from_what_the_guard_keeps(app):
    """What it keeps of a form is keyed with the installation's secret."""
    signed_in = sign_in(app, "resident", ON)
    form = {"password": LONG, "_token": signed_in.token, "_key": "k" * 22}
    assert signed_in.client.post(f"{TOWN}/profil/parola", data=form, headers=OURS).status_code == 303
    with app.app_context():
        [kept] = db.session.scalars(select(Submission))
    fields = sorted((name, value) for name, value in form.items() if name != "_token")
    assert kept.digest != hashlib.sha256(f"/profil/parola {fields!r}".encode()).hexdigest()


@pytest.fixture(autouse=True)
def _no_tries_left_over(app: Flask) -> Iterator[None]:
    """The limits are counted in the process; each test begins with none."""
    limiter.reset()
    yield
    limiter.reset()
