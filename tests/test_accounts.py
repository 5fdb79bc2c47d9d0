"""Accounts: anybody gets a link by letter, and its button signs in or makes the account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from consult import people
from consult.clock import now
from consult.db import begin_writing, db
from consult.outbox import Letter, deliver
from consult.people import Person, SignIn, Token
from consult.tenancy import through
from consult.testing.counting import count_queries
from consult.testing.factories import email_of
from consult.web.link import LIVES
from consult.web.pace import limiter
from tests.pages import OURS, forms, parse, text_of, visitor

TOWN, REGION = "/stara-zagora", ""
PLACES = pytest.mark.parametrize("place", [TOWN, REGION])
NEW = "nova@test.example"
LONG = "четири думи без връзка помежду си"


def ask(client: FlaskClient, email: str, place: str = TOWN, **more: str) -> TestResponse:
    return client.post(f"{place}/vhod/pismo", data={"email": email, **more}, headers=OURS)


def letters(app: Flask) -> list[Letter]:
    with app.app_context(), through("jobs"):
        found = list(db.session.scalars(select(Letter).order_by(Letter.id)))
        db.session.expunge_all()
        return found


def link_in_last_letter(app: Flask) -> str:
    """The path of the link, as a browser at this host opens it."""
    [address] = re.findall(r"http://\S+", letters(app)[-1].text)
    return str(address.removeprefix(app.config["ORIGIN"]))


def press(client: FlaskClient, path: str, **typed: str) -> TestResponse:
    """Opens the page and sends its form, as a person does."""
    [form] = [one for one in forms(parse(client.get(path)), path) if one.action == path.partition("?")[0]]
    return client.post(form.action, data=form.fields | typed, headers=OURS)


def person(app: Flask, email: str) -> Person | None:
    with app.app_context():
        found = people.find_person(email)
        db.session.expunge_all()
        return found


def running(app: Flask, email: str) -> int:
    with app.app_context():
        mine = select(func.count()).join(SignIn.person).where(SignIn.ended_at.is_(None), Person.email_key == email)
        return db.session.scalar(mine) or 0


# ---- A link for anybody


@PLACES
def test_who_has_no_account_makes_one_by_the_link_and_is_signed_in(app, client, place):
    assert ask(client, NEW, place).status_code == 200
    assert person(app, NEW) is None, "an account before the address was confirmed"
    answer = press(client, link_in_last_letter(app), name="Нова Жителка")
    assert (answer.status_code, answer.location) == (303, f"{place}/profil")
    page = text_of(parse(client.get(f"{place}/profil")))
    assert "Нова Жителка" in " ".join(one.get("value", "") for one in parse(client.get(f"{place}/profil")).iter())
    assert NEW in page
    found = person(app, NEW)
    assert found is not None
    assert (found.email, found.password_hash, found.is_operator) == (NEW, None, False)


@PLACES
def test_who_has_an_account_is_signed_in_by_the_link(app, client, place):
    ask(client, email_of("resident"), place)
    [letter] = letters(app)
    assert letter.to == email_of("resident")
    assert (letter.municipality_id is None) == (place == REGION)
    assert letter.sender == ("uchastvay@stara-zagora.example" if place else "")
    assert press(client, link_in_last_letter(app)).status_code == 303
    assert client.get(f"{place}/profil").status_code == 200


def test_a_link_of_the_region_reaches_the_mailbox_through_the_folder_of_letters(app, client):
    ask(client, NEW, REGION)
    with app.app_context():
        assert deliver() == 1
    assert letters(app)[0].sent_at is not None


@pytest.mark.parametrize("role", ["editor", "admin"])
def test_the_staff_may_come_by_a_link_and_are_led_to_their_work(app, client, role):
    ask(client, email_of(role))
    assert press(client, link_in_last_letter(app)).location == f"{TOWN}/rabota"


def test_the_operator_may_come_by_a_link(app, client):
    ask(client, email_of("operator"), REGION)
    assert press(client, link_in_last_letter(app)).location == "/operator"


def test_a_new_account_may_have_a_password_from_the_beginning(app, client):
    ask(client, NEW)
    press(client, link_in_last_letter(app), name="Нова", password=LONG)
    with app.app_context():
        assert people.find_by_password(NEW, LONG) is not None


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Въведете името си."),
        ({"name": "Нова", "password": "кратка"}, "поне 15 знака"),
        ({"name": "Нова", "password": "парола парола парола"}, "лесно се отгатва"),
    ],
)
def test_what_is_mistyped_makes_no_account_and_leaves_the_link_alive(app, client, typed, sentence):
    ask(client, NEW)
    link = link_in_last_letter(app)
    answer = press(client, link, **typed)
    assert answer.status_code == 422
    assert sentence in text_of(parse(answer))
    assert "парола парола" not in answer.text
    assert person(app, NEW) is None
    assert press(client, link, name="Нова").status_code == 303


def test_an_account_that_was_made_meanwhile_is_entered_as_it_is(app, client):
    ask(client, NEW)
    link = link_in_last_letter(app)
    [form] = [one for one in forms(parse(client.get(link)), TOWN) if one.action == link]
    with app.app_context():
        people.add_person(NEW, "Първа")
        db.session.commit()
    assert client.post(form.action, data=form.fields | {"name": "Втора"}, headers=OURS).status_code == 303
    found = person(app, NEW)
    assert found is not None
    assert found.name == "Първа"


# ---- Nobody learns who has an account


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address(app, client):
    def said(email: str) -> tuple[int, str, list[str]]:
        answer = ask(client, email)
        return answer.status_code, answer.text.replace(email, "…"), sorted(answer.headers.keys())

    known, unknown = said(email_of("resident")), said(NEW)
    assert known == unknown
    assert [one.to for one in letters(app)] == [email_of("resident"), NEW]


@PLACES
def test_the_same_work_is_done_for_a_known_and_an_unknown_address(app, client, place):
    ask(client, "first@test.example", place)  # what is prepared once is prepared

    def asked(email: str) -> list[str]:
        with count_queries(app) as queries:
            ask(client, email, place)
        return [re.sub(r"\s+", " ", one)[:60] for one in queries]

    assert asked(email_of("resident")) == asked(NEW)


def test_who_asks_too_often_for_one_address_is_told_nothing_and_nothing_is_sent(app, client):
    pages = {ask(client, NEW).text for _turn in range(5)}
    assert len(pages) == 1
    assert len(letters(app)) == 3
    ask(client, "nova+still@test.example")
    assert len(letters(app)) == 3, "another tag is the same mailbox"
    ask(client, "another@test.example")
    assert len(letters(app)) == 4


def test_a_network_has_its_pace_and_gets_the_typed_address_back(app, client):
    statuses = [ask(client, f"somebody{turn}@test.example").status_code for turn in range(21)]
    assert statuses == [200] * 20 + [429]
    answer = ask(client, NEW)
    assert "Това беше правено твърде често." in text_of(parse(answer))
    [form] = [one for one in forms(parse(answer), TOWN) if one.action.endswith("/vhod/pismo")]
    assert form.fields["email"] == NEW
    elsewhere = client.post(
        f"{TOWN}/vhod/pismo", data={"email": NEW}, headers=OURS, environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )
    assert elsewhere.status_code == 200


# ---- What an address is


@pytest.mark.parametrize(
    "typed",
    [
        *("", "име", "a@b", "@test.example", "a@@test.example", "a b@test.example", "a@test..example", "a@-x.example"),
        *("a@test.example\r\nBcc: all@test.example", "a@test.example\nBcc: b@c.example", "a@test.example\x00"),
        *(
            "a,b@test.example",
            "<a@test.example>",
            "a@test.example, b@test.example",
            "a@[127.0.0.1]",
            '"a"@test.example',
        ),
        *("аna@test.example", "a" * 65 + "@test.example", "a@" + "x." * 130 + "example", "a@test.example;b@c.example"),
    ],
)
def test_what_is_no_address_gets_a_sentence_and_no_letter(app, client, typed):
    answer = ask(client, typed)
    assert answer.status_code == 422
    assert [one for one in parse(answer).iter() if one.get("id") == "letter-email-error"], "nothing says what is wrong"
    assert letters(app) == []


def test_the_letter_goes_to_the_address_that_was_confirmed_and_not_to_another_spelling(app, client):
    ask(client, "RESIDENT@TEST.example")
    assert [one.to for one in letters(app)] == [email_of("resident")]


# ---- What a link opens


def test_opening_the_link_changes_nothing(app, client):
    ask(client, NEW)
    link = link_in_last_letter(app)
    for _turn in range(3):
        assert client.get(link).status_code == 200
    assert person(app, NEW) is None
    assert client.get(f"{TOWN}/profil").status_code == 302
    assert press(client, link, name="Нова").status_code == 303


def dead(client: FlaskClient, link: str, status: int) -> None:
    for answer in (client.get(link), client.post(link.partition("?")[0], data={"name": "Х"}, headers=OURS)):
        assert answer.status_code == status
        assert "Тази връзка вече не работи" in text_of(parse(answer))
        assert [one for one in forms(parse(answer), TOWN) if one.action.endswith("/vhod/pismo")], "no way to a new one"
        assert "Set-Cookie" not in answer.headers


def test_a_link_works_once(app, client):
    ask(client, email_of("resident"))
    link = link_in_last_letter(app)
    assert press(app.test_client(), link).status_code == 303
    dead(client, link, 410)


def test_a_link_dies_with_time(app, client):
    with time_machine.travel(now(), tick=False) as clock:
        ask(client, email_of("resident"))
        link = link_in_last_letter(app)
        clock.shift(LIVES - timedelta(seconds=1))
        assert client.get(link).status_code == 200
        clock.shift(timedelta(seconds=1))
        dead(client, link, 410)


def test_a_link_dies_with_a_newer_one(app, client):
    ask(client, email_of("resident"))
    old = link_in_last_letter(app)
    ask(client, email_of("resident"))
    dead(client, old, 410)
    assert press(client, link_in_last_letter(app)).status_code == 303


def test_a_link_dies_with_a_new_password(app, client):
    ask(client, email_of("resident"))
    resident = visitor(app, "resident")
    assert resident.send(f"{TOWN}/profil/parola", {"password": LONG}).status_code == 303
    dead(client, link_in_last_letter(app), 410)


def test_an_altered_link_and_one_of_another_place_open_nothing(app, client):
    ask(client, email_of("resident"))
    link = link_in_last_letter(app)
    dead(client, link[:-1] + ("A" if link[-1] != "A" else "B"), 404)
    dead(client, f"{TOWN}/vhod/vrazka/x", 404)
    dead(client, link.replace(TOWN, "/yambol"), 404)
    dead(client, link.removeprefix(TOWN), 404)
    assert press(client, link).status_code == 303


def test_a_closed_account_is_not_opened_by_a_link(app, client):
    ask(client, email_of("resident"))
    with app.app_context():
        begin_writing()
        found = people.find_person(email_of("resident"))
        assert found is not None
        found.is_disabled = True
        db.session.commit()
    assert press(client, link_in_last_letter(app)).status_code == 403
    assert running(app, email_of("resident")) == 0


def test_a_link_is_built_from_the_configured_host(app, client):
    client.post("/vhod/pismo", data={"email": NEW}, headers=OURS | {"X-Forwarded-Host": "evil.example"})
    [address] = re.findall(r"http://\S+", letters(app)[-1].text)
    assert address.startswith(f"{app.config['ORIGIN']}/vhod/vrazka/")


def test_the_link_leads_back_to_where_the_person_was_going(app, client):
    wish = f"{TOWN}/rabota/novini?tab=drafts"
    [form] = [
        one
        for one in forms(parse(client.get(f"{TOWN}/rabota/novini?tab=drafts", follow_redirects=True)), TOWN)
        if one.action.endswith("/vhod/pismo")
    ]
    assert form.fields["next"] == wish
    client.post(form.action, data=form.fields | {"email": email_of("editor")}, headers=OURS)
    assert press(client, link_in_last_letter(app)).location == wish


@pytest.mark.parametrize("wish", ["https://evil.example/", "//evil.example", "/yambol/rabota", "/stara-zagora/nyama"])
def test_a_link_leads_nowhere_else(app, client, wish):
    ask(client, email_of("editor"), next=wish)
    link = link_in_last_letter(app)
    assert "next" not in link
    assert press(client, link, next=wish).location == f"{TOWN}/rabota"


def test_what_was_written_waits_on_the_page_that_tells_of_the_letter(app, client):
    target, written = f"{TOWN}/rabota/novini/nova", {"title": "Нов мост", "body": "Дълъг текст, писан цял следобед."}
    turned_away = client.post(target, data=written, headers=OURS)
    kept = {"kept_target": target, **{f"kept.{name}": text for name, text in written.items()}}
    assert turned_away.status_code == 401
    [form] = [one for one in forms(parse(turned_away), TOWN) if one.action.endswith("/vhod/pismo")]
    assert form.fields | {"next": ""} == kept | {"next": "", "email": ""}
    waiting = ask(client, email_of("editor"), **kept)
    press(client, link_in_last_letter(app))  # in another tab of the same browser
    [form] = [one for one in forms(parse(waiting), TOWN) if one.action == target]
    again = client.post(form.action, data=form.fields, headers=OURS)
    assert again.status_code == 403, "it was made before the sign-in"
    [form] = [one for one in forms(parse(again), TOWN) if one.action == target]
    assert form.fields.items() >= written.items()
    assert client.post(form.action, data=form.fields | {"do": "draft"}, headers=OURS).status_code == 303


def test_the_key_of_a_sign_in_is_new_whatever_cookie_was_there(app, client):
    with client.session_transaction() as session:
        session["_user_id"], session["left"] = "planted", "behind"
    ask(client, email_of("resident"))
    press(client, link_in_last_letter(app))
    with client.session_transaction() as session:
        assert session["_user_id"] != "planted"
        assert "left" not in session


# ---- What stays


def test_the_database_never_holds_a_key_that_opens(app, client):
    ask(client, NEW)
    key = link_in_last_letter(app).rpartition("/")[2]
    with app.app_context():
        [token] = db.session.scalars(select(Token))
        assert key not in (token.key_hash, token.subject, token.purpose)
        assert len(key) >= 22  # 128 bits


@pytest.mark.parametrize("language", ["bg", "en", "tr"])
@pytest.mark.parametrize("who", ["known", "new"])
def test_the_letter_says_it_in_the_language_of_the_page(app, client, language, who):
    prefix = "" if language == "bg" else f"/{language}"
    with time_machine.travel("2026-11-20 09:00:00+00:00", tick=False):
        ask(client, email_of("resident") if who == "known" else NEW, f"{TOWN}{prefix}")
    [letter] = letters(app)
    said = re.sub(r"vrazka/\S+", "vrazka/KEY", f"{letter.subject}\n\n{letter.text}")
    golden = Path(__file__).with_name("golden") / f"link_{who}_{language}.txt"
    assert said == golden.read_text("utf-8")


@pytest.fixture(autouse=True)
def _no_tries_left_over(app: Flask) -> Iterator[None]:
    """The limits are counted in the process; each test begins with none."""
    limiter.reset()
    yield
    limiter.reset()
