"""Signing in: who gets in, who is told nothing, how a sign-in ends, and where a person is led."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from consult import people
from consult.db import begin_writing, db
from consult.people import Membership, Person, SignIn, add_person
from consult.tenancy import inside
from consult.testing.factories import OFF, ON, PASSWORD, email_of, sign_in, town
from consult.web.account import limiter
from consult.web.guard import token_for
from tests.pages import OURS, forms, parse, text_of, visitor

DOOR = "/stara-zagora/vhod"
DESK = "/stara-zagora/rabota"
WRONG = "Имейлът или паролата не съвпадат."
# Tries are many here, and a hash says by itself how dear it was.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def staffed(app: Flask) -> Flask:
    """The application, in which the first town's editor has a password."""
    with app.app_context():
        person = add_person(email_of("editor"), "Елена")
        person.password_hash = QUICK.hash(PASSWORD)
        db.session.commit()
    return app


def knock(client: FlaskClient, email: str = email_of("editor"), password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post(DOOR, data={"email": email, "password": password, **more}, headers=OURS)


def running(app: Flask) -> int:
    """How many sign-ins have not ended."""
    with app.app_context():
        return db.session.scalar(select(func.count()).where(SignIn.ended_at.is_(None))) or 0


# ---- In


def test_the_right_pair_leads_to_the_workspace(staffed, client):
    assert client.get(DESK).status_code == 302
    answer = knock(client)
    assert (answer.status_code, answer.location) == (303, DESK)
    assert client.get(DESK).status_code == 200
    assert running(staffed) == 1


@pytest.mark.parametrize("spelling", ["EDITOR@szr31.example", " editor@szr31.example ", "ｅditor@szr31.example"])
def test_an_address_is_known_in_any_spelling(staffed, client, spelling):
    assert knock(client, spelling).status_code == 303


def test_a_password_is_the_same_on_another_keyboard(app, client):
    with app.app_context():
        add_person(email_of("editor"), "Елена", "пароло\u0438\u0306 и още двадесет знака")
        db.session.commit()
    assert knock(client, password="паролой и още двадесет знака").status_code == 303  # й in one sign, not in two


def test_the_key_of_a_sign_in_is_not_kept_readable(staffed, client):
    knock(client)
    with client.session_transaction() as session:
        key = session["_user_id"]
    with staffed.app_context():
        [row] = db.session.scalars(select(SignIn))
        assert key not in {row.key_hash, str(row.id)}
        assert len(key) >= 43  # 256 bits
        assert people.find_sign_in(row.key_hash) is None


# ---- Out


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (email_of("editor"), "some other long sentence"),
        (email_of("editor"), PASSWORD.upper()),
        (email_of("editor"), PASSWORD + "x" * 200),
        ("nobody@szr31.example", PASSWORD),
        (email_of("resident"), PASSWORD),  # has an account and no password
        ("' or 1=1 --", PASSWORD),
    ],
)
def test_a_wrong_pair_is_told_nothing_more(staffed, client, email, password):
    answer = knock(client, email, password)
    assert answer.status_code == 422
    words = text_of(parse(answer))
    assert WRONG in words
    assert "Set-Cookie" not in answer.headers
    assert PASSWORD not in answer.text
    assert running(staffed) == 0


def test_every_wrong_pair_gets_the_same_page(staffed, client):
    def page(email: str) -> str:
        return knock(client, email, "a wrong long sentence").text.replace(email, "…")

    assert page("nobody@szr31.example") == page(email_of("editor")) == page(email_of("resident"))


def test_an_unknown_address_takes_as_long_as_a_wrong_password(staffed):
    with staffed.app_context():
        add_person(email_of("editor"), "Елена", PASSWORD)
        db.session.commit()

    def seconds(email: str) -> float:
        taken = []
        with staffed.app_context():
            for _ in range(3):
                began = time.process_time()
                assert people.find_by_password(email, "a wrong long sentence") is None
                taken.append(time.process_time() - began)
        return statistics.median(taken)

    known, unknown, without = (seconds(one) for one in (email_of("editor"), "nobody@x.example", email_of("resident")))
    assert 0.5 < unknown / known < 2
    assert 0.5 < without / known < 2


def test_too_many_tries_are_stopped_for_that_address(staffed, client):
    statuses = [knock(client, password=f"wrong sentence number {turn}").status_code for turn in range(11)]
    assert statuses == [422] * 10 + [429]
    stopped = knock(client)
    assert stopped.status_code == 429
    assert "Твърде много опити" in text_of(parse(stopped))
    assert stopped.mimetype == "text/html"
    assert knock(client, "EDITOR@szr31.example").status_code == 429
    assert knock(client, "somebody@else.example").status_code == 422


def test_too_many_tries_are_stopped_for_that_network(staffed, client):
    statuses = [knock(client, f"one{turn}@x.example", "").status_code for turn in range(31)]
    assert statuses == [422] * 30 + [429]
    elsewhere = client.post(
        DOOR,
        data={"email": email_of("editor"), "password": PASSWORD},
        headers=OURS,
        environ_base={"REMOTE_ADDR": "192.0.2.7"},
    )
    assert elsewhere.status_code == 303


def test_who_claims_another_network_is_counted_all_the_same(staffed, client):
    """X-Forwarded-For is believed only where the installation says that a proxy stands before it."""
    for turn in range(31):
        typed = {"email": f"one{turn}@x.example", "password": ""}
        answer = client.post(DOOR, data=typed, headers=OURS | {"X-Forwarded-For": f"192.0.2.{turn}"})
    assert answer.status_code == 429


# ---- The end of a sign-in


def test_signing_out_ends_every_copy_of_the_cookie(staffed, client):
    knock(client)
    cookie = client.get_cookie("consult")
    assert cookie is not None
    copy = staffed.test_client()
    copy.set_cookie("consult", cookie.value)
    assert copy.get(DESK).status_code == 200
    with client.session_transaction() as session:
        key = session["_user_id"]
    with staffed.app_context():
        token = token_for(key)
    assert client.post("/stara-zagora/izhod", data={"_token": token}, headers=OURS).status_code == 303
    assert running(staffed) == 0
    assert client.get(DESK).status_code == 302
    assert copy.get(DESK).status_code == 302


def test_signing_out_ends_this_sign_in_and_no_other(staffed):
    here, there = sign_in(staffed, "editor"), sign_in(staffed, "editor")
    here.client.post("/stara-zagora/izhod", data={"_token": here.token}, headers=OURS)
    assert here.client.get(DESK).status_code == 302
    assert there.client.get(DESK).status_code == 200


def test_nobody_is_signed_out_by_a_link(staffed):
    editor = visitor(staffed, "editor")
    assert editor.get("/stara-zagora/izhod").status_code == 405
    assert editor.get(DESK).status_code == 200


def test_a_role_taken_away_is_gone_at_the_next_request(staffed):
    editor = visitor(staffed, "editor")
    assert editor.get(f"{DESK}/novini").status_code == 200
    with staffed.app_context(), inside(town(ON)):
        begin_writing()
        person = select(Person.id).where(Person.email_key == email_of("editor"))
        db.session.delete(db.session.scalars(select(Membership).where(Membership.person_id.in_(person))).one())
        db.session.commit()
    assert editor.get(f"{DESK}/novini").status_code == 403
    assert editor.send(f"{DESK}/novini/nova", {"title": "Късно"}).status_code == 403


def test_a_role_that_changed_counts_at_the_next_request(staffed):
    editor = visitor(staffed, "editor")
    assert editor.get("/stara-zagora/admin/moduli").status_code == 403
    with staffed.app_context(), inside(town(ON)):
        people.give_role(
            db.session.scalars(select(Person).where(Person.email_key == email_of("editor"))).one(), "admin"
        )
        db.session.commit()
    assert editor.get("/stara-zagora/admin/moduli").status_code == 200


def test_who_is_disabled_is_out_at_once_and_stays_out(staffed, client):
    editor = visitor(staffed, "editor")
    assert editor.get(DESK).status_code == 200
    with staffed.app_context():
        begin_writing()
        db.session.scalars(select(Person).where(Person.email_key == email_of("editor"))).one().is_disabled = True
        db.session.commit()
    assert editor.get(DESK).status_code == 302
    assert WRONG in text_of(parse(knock(client)))


def test_an_operator_who_is_none_any_longer_is_turned_away(app):
    operator = visitor(app, "operator")
    assert operator.get("/operator").status_code == 200
    with app.app_context():
        begin_writing()
        db.session.scalars(select(Person).where(Person.is_operator)).one().is_operator = False
        db.session.commit()
    assert operator.get("/operator").status_code == 403


# ---- Signed out while writing

WRITTEN = "Дълъг текст, писан цял следобед."
ON_THE_WAY = {"kept_target": f"{DESK}/novini/nova", "kept.title": "Нов мост", "kept.body": WRITTEN}


def retyped(answer: TestResponse, **typed: str) -> dict[str, str]:
    """The sign-in form of a page, with what a person types into it."""
    [form] = [one for one in forms(parse(answer), DOOR) if one.action == DOOR]
    return form.fields | typed


def test_a_mistyped_password_loses_nothing_that_was_written(staffed, client):
    first = client.post(f"{DESK}/novini/nova", data={"title": "Нов мост", "body": WRITTEN}, headers=OURS)
    assert first.status_code == 401
    typed = {"email": email_of("editor"), "password": "a slip of the finger"}
    second = client.post(DOOR, data=retyped(first, **typed), headers=OURS)
    assert second.status_code == 422
    assert "slip" not in second.text
    third = client.post(DOOR, data=retyped(second, password=PASSWORD), headers=OURS)
    [again] = [one for one in forms(parse(third), DOOR) if one.action == f"{DESK}/novini/nova"]
    assert (again.fields["title"], again.fields["body"]) == ("Нов мост", WRITTEN)


def test_too_many_tries_lose_nothing_that_was_written(staffed, client):
    for turn in range(11):
        stopped = knock(client, password=f"wrong sentence number {turn}", **ON_THE_WAY)
    assert stopped.status_code == 429
    assert WRITTEN in text_of(parse(stopped))
    limiter.reset()
    entered = client.post(DOOR, data=retyped(stopped, email=email_of("editor"), password=PASSWORD), headers=OURS)
    [again] = [one for one in forms(parse(entered), DOOR) if one.action == f"{DESK}/novini/nova"]
    assert (again.fields["title"], again.fields["body"]) == ("Нов мост", WRITTEN)


# ---- Fixation and forgery


def test_signing_in_gives_a_new_key_whatever_cookie_was_there(staffed, client):
    with client.session_transaction() as session:
        session["_user_id"], session["left"] = "a key that the attacker knows", "behind"
    planted = client.get_cookie("consult")
    assert planted is not None
    knock(client)
    with client.session_transaction() as session:
        assert session["_user_id"] != "a key that the attacker knows"
        assert "left" not in session
    attacker = staffed.test_client()
    attacker.set_cookie("consult", planted.value)
    assert attacker.get(DESK).status_code == 302


@pytest.mark.parametrize("key", ["1", "", "editor@szr31.example", "0" * 43])
def test_a_session_with_a_made_up_key_is_nobodys(staffed, client, key):
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = key, True
    assert client.get(DESK).status_code == 302


def test_a_cookie_signed_with_another_secret_is_nobodys(staffed, client):
    knock(client)
    client.set_cookie("consult", client.get_cookie("consult").value[:-4] + "AAAA")
    assert client.get(DESK).status_code == 302


def test_who_is_signed_in_may_sign_in_as_another(staffed):
    admin = visitor(staffed, "admin")
    page = parse(admin.get(DOOR))
    hidden = {one.get("name", ""): one.get("value", "") for one in page.iter("input") if one.get("type") == "hidden"}
    assert {"_token", "_key"} <= set(hidden)
    answer = admin.client.post(DOOR, data=hidden | {"email": email_of("editor"), "password": PASSWORD}, headers=OURS)
    assert answer.status_code == 303
    assert "Елена" in admin.get(DESK).text


# ---- Where to go afterwards

STRANGE = (
    "https://evil.example/",
    "http:evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/%2F/evil.example",
    "/%5cevil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https:/evil.example",
    "//[evil",
    "http://[::1",
    "//evil.example／rabota",
    "/stara-zagora//evil.example",
    "/stara-zagora/\\evil.example",
    "/stara-zagora/../..//evil.example",
    "@evil.example",
    "evil.example",
    "/stara-zagora/nyama",
    "/yambol/rabota",
    "/rabota\r\nLocation: https://evil.example",
)


def test_nobody_is_led_to_another_site(staffed):
    for wish in STRANGE:
        limiter.reset()
        client = staffed.test_client()
        assert client.get(DOOR, query_string={"next": wish}).status_code == 200, wish
        answer = knock(client, next=wish)
        assert (answer.status_code, answer.location) == (303, DESK), wish


@pytest.mark.parametrize("wish", ["/stara-zagora/rabota/novini?tab=drafts", "/stara-zagora/", "/stara-zagora/novini/7"])
def test_a_person_is_led_to_the_page_that_was_asked_for(staffed, client, wish):
    assert knock(client, next=wish).location == wish


def test_a_role_next_door_opens_no_door_here(app):
    neighbour = visitor(app, "admin", OFF)
    assert neighbour.get("/yambol/rabota").status_code == 200
    assert neighbour.get(DESK).status_code == 403


@pytest.fixture(autouse=True)
def _no_tries_left_over(app: Flask) -> Iterator[None]:
    """The limits are counted in the process; each test begins with none."""
    limiter.reset()
    yield
    limiter.reset()
