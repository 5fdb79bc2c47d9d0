"""Forged and doubled requests: what another site made a browser send, and what a person sent twice."""

from __future__ import annotations

import re

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from consult.clock import now
from consult.db import db
from consult.journal import Entry
from consult.outbox import Letter
from consult.people import SignIn
from consult.people.sign_ins import end_one_of
from consult.publishing import publish, write
from consult.tenancy import inside, through
from consult.testing.counting import database_state
from consult.testing.factories import OFF, ON, email_of, sign_in, town
from plugins.news.models import Category, Post
from tests.pages import OURS, Visitor, forms, parse, visitor
from tests.together import all_at_once

TOWN = "/stara-zagora"
NEW = f"{TOWN}/rabota/novini/nova"
STORY = {"title": "Нов мост", "body": "Откриваме моста на 1 декември.", "do": "save"}
ELSEWHERE = "https://evil.example"


@pytest.fixture
def editor(app: Flask) -> Visitor:
    return visitor(app, "editor")


def posts(app: Flask) -> list[str]:
    with app.app_context(), inside(town(ON)):
        return list(db.session.scalars(select(Post.title).order_by(Post.id)))


# ---- From another site

FORGED = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "SAME-ORIGIN"},
    {"Sec-Fetch-Site": ""},
    {"Origin": ELSEWHERE},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:8000"},
    {"Origin": "http://["},
    {"Origin": "http://evil.example\\@localhost"},
    {"Origin": "localhost"},
)


@pytest.mark.parametrize("headers", FORGED)
def test_what_another_site_sends_is_refused_even_with_the_right_token(app, editor, headers):
    before = database_state(app)
    typed = STORY | {"_token": editor.token}
    for path in (NEW, f"{TOWN}/izhod"):
        assert editor.client.post(path, data=typed, headers=headers).status_code == 403, path
    assert app.test_client().post(f"{TOWN}/vhod", data={"email": "a@b.c"}, headers=headers).status_code == 403
    assert database_state(app) == before
    assert editor.get(f"{TOWN}/rabota").status_code == 200


def forged_tokens(app: Flask) -> list[str]:
    other, neighbour, again = sign_in(app, "admin"), sign_in(app, "editor", OFF), sign_in(app, "editor")
    return ["", "x", "0" * 64, "ж" * 64, "\x00", other.token, neighbour.token, again.token]


def test_a_token_of_another_sign_in_is_worth_nothing(app, editor):
    tokens = forged_tokens(app)
    before = database_state(app)
    for token in tokens:
        for headers in (OURS, {"Origin": "http://localhost"}, {}):
            answer = editor.client.post(NEW, data=STORY | {"_token": token}, headers=headers)
            assert answer.status_code == 403, token
            assert STORY["body"] in answer.text  # what was typed is not lost
    assert editor.client.post(NEW, data=STORY, headers=OURS).status_code == 403
    assert database_state(app) == before


def test_a_page_that_was_open_for_too_long_may_be_sent_again(app, editor):
    answer = editor.client.post(NEW, data=STORY | {"_token": "old"}, headers=OURS)
    again = next(one for one in forms(parse(answer), NEW) if one.action == NEW)
    assert editor.client.post(NEW, data=again.fields, headers=OURS).status_code == 303
    assert posts(app) == ["Нов мост"]


def test_what_may_have_come_from_elsewhere_is_not_offered_to_be_sent_again(editor):
    """A browser that says nothing could have been sent here by anybody; one press must not make it true."""
    answer = editor.client.post(NEW, data=STORY | {"_token": "forged"})
    assert answer.status_code == 403
    assert [one for one in forms(parse(answer), NEW) if "title" in one.fields] == []


@pytest.mark.parametrize("headers", [OURS, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}, {}])
def test_the_right_token_from_our_own_page_is_accepted(app, editor, headers):
    answer = editor.client.post(NEW, data=STORY | {"_token": editor.token}, headers=headers)
    assert answer.status_code == 303
    assert posts(app) == ["Нов мост"]


def test_a_guest_whose_browser_says_nothing_is_refused(app):
    answer = app.test_client().post(f"{TOWN}/vhod", data={"email": "a@b.c", "password": "x"})
    assert answer.status_code == 403


def test_nothing_changes_by_an_address_alone(app, editor):
    """Not by GET with everything that the form would carry, and not by another method in its name."""
    before = database_state(app)
    for extra in ({}, {"_method": "POST"}):
        editor.client.get(NEW, query_string=STORY | extra | {"_token": editor.token}, headers=OURS)
        editor.client.get(NEW, headers=OURS | {"X-HTTP-Method-Override": "POST"}, query_string=STORY | extra)
    assert database_state(app) == before


# ---- Sent twice


def test_the_second_of_two_equal_forms_gets_the_answer_of_the_first(app, editor):
    first, second = (editor.send(NEW, STORY | {"_key": "a-key"}) for _ in range(2))
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, first.location)
    assert posts(app) == ["Нов мост"]
    assert editor.send(NEW, STORY | {"_key": "another"}).location != first.location
    assert len(posts(app)) == 2


def test_the_same_key_with_other_words_is_a_conflict(app, editor):
    editor.send(NEW, STORY | {"_key": "a-key"})
    before = database_state(app)
    for other in ({"title": "Друг мост"}, {"do": "publish"}, {"lead": "x"}):
        answer = editor.send(NEW, STORY | {"_key": "a-key"} | other)
        assert answer.status_code == 409
        assert STORY["body"] in answer.text
    assert editor.send(f"{TOWN}/rabota/novini/1/arhivirai", {"_key": "a-key"}).status_code == 409
    assert database_state(app) == before


def test_the_key_of_one_person_is_not_the_key_of_another(app, editor):
    mine = editor.send(NEW, STORY | {"_key": "a-key"})
    theirs = visitor(app, "admin").send(NEW, STORY | {"_key": "a-key"})
    assert (mine.status_code, theirs.status_code) == (303, 303)
    assert mine.location != theirs.location


@pytest.mark.parametrize("key", ["\x00", "ж", "x" * 5000, " ", "a key", "' or 1=1 --"])
def test_a_key_that_is_none_of_ours_protects_nothing_and_breaks_nothing(app, editor, key):
    assert editor.send(NEW, STORY | {"_key": key}).status_code == 303
    assert editor.send(NEW, STORY | {"_key": key}).status_code == 303
    assert len(posts(app)) == 2


def test_a_form_that_was_refused_may_be_corrected_and_sent_again(app, editor):
    refused = editor.send(NEW, STORY | {"title": "", "_key": "a-key"})
    assert refused.status_code == 422
    again = next(one.fields for one in forms(parse(refused), NEW) if "title" in one.fields)
    assert again["_key"] == "a-key"
    assert editor.client.post(NEW, data=again | STORY, headers=OURS).status_code == 303
    assert posts(app) == ["Нов мост"]


def press(
    app: Flask, editor: Visitor, path: str, typed: dict[str, str], times: int = 10
) -> set[tuple[int, str | None]]:
    """What a person gets who sends the same form many times at once."""
    cookie = editor.client.get_cookie("consult")
    assert cookie is not None

    def one(_turn: int) -> tuple[int, str | None]:
        client = app.test_client()
        client.set_cookie("consult", cookie.value)
        answer = client.post(path, data=typed | {"_token": editor.token, "_key": "a-key"}, headers=OURS)
        return answer.status_code, answer.location

    return set(all_at_once(one, times))


def test_ten_at_once_are_written_once(app, editor):
    [(status, location)] = press(app, editor, NEW, STORY | {"do": "publish"})
    assert status == 303
    assert posts(app) == ["Нов мост"]
    assert location is not None
    with app.app_context(), inside(town(ON)):
        told = db.session.scalars(select(Entry.what).where(Entry.subject_kind == "news.post")).all()
        assert sorted(told) == ["publication.published", "publication.written"]


def test_ten_at_once_change_the_words_once(app, editor):
    """Whoever clicks twice sees that it is saved, and not that somebody else was quicker."""
    with app.app_context(), inside(town(ON)):
        post = write(Post(title="Новина", body="x"))
        publish(post)
        db.session.commit()
        number = post.id
    path = f"{TOWN}/rabota/novini/{number}"
    assert press(app, editor, path, STORY | {"revision": "1"}) == {(303, path)}
    with app.app_context(), inside(town(ON)):
        assert db.session.get_one(Post, number).revision == 2


def test_ten_at_once_name_one_category(app):
    path = f"{TOWN}/rabota/novini/kategorii"
    assert press(app, visitor(app, "admin"), path, {"name_bg": "Ремонти"}) == {(303, path)}
    with app.app_context(), inside(town(ON)):
        assert list(db.session.scalars(select(Category.name_bg))) == ["Ремонти"]


def test_ten_at_once_archive_once(app, editor):
    with app.app_context(), inside(town(ON)):
        post = write(Post(title="Новина", body="x"))
        publish(post)
        db.session.commit()
        number = post.id
    [(status, _location)] = press(app, editor, f"{TOWN}/rabota/novini/{number}/arhivirai", {})
    assert status == 303
    with app.app_context(), inside(town(ON)):
        archived = select(Entry.id).where(Entry.what == "publication.archived")
        assert len(db.session.scalars(archived).all()) == 1


# ---- Two clicks on the button of a letter's link


def page_of_link(app: Flask, email: str) -> tuple[str, dict[str, str]]:
    """The page that the link in a new letter opens: where its button leads, and what it sends."""
    app.test_client().post(f"{TOWN}/vhod/pismo", data={"email": email}, headers=OURS)
    with app.app_context(), through("jobs"):
        text = db.session.scalars(select(Letter).order_by(Letter.id.desc())).first().text  # type: ignore[union-attr]
    link = re.findall(r"http://\S+", text)[0].removeprefix(app.config["ORIGIN"])
    [form] = [one for one in forms(parse(app.test_client().get(link)), link) if one.action == link]
    return form.action, form.fields


def click(app: Flask, path: str, typed: dict[str, str]) -> tuple[int, str | None, bool]:
    """One click in a browser that has no cookie yet, and whether it is signed in afterwards."""
    client = app.test_client()
    answer = client.post(path, data=typed, headers=OURS)
    return answer.status_code, answer.location, client.get(f"{TOWN}/profil").status_code == 200


@pytest.mark.parametrize("email", [email_of("resident"), "nova@test.example"])
def test_of_two_clicks_on_the_button_of_a_link_both_sign_in_and_that_is_one_sign_in(app, email):
    path, typed = page_of_link(app, email)
    typed |= {"name": "Нова Жителка"} if "name" in typed else {}
    assert set(all_at_once(lambda _turn: click(app, path, typed), 4)) == {(303, f"{TOWN}/profil", True)}
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignIn)) == 1


def test_who_has_only_the_link_does_not_get_in_after_its_button_was_pressed(app):
    path, typed = page_of_link(app, email_of("resident"))
    assert click(app, path, typed)[2]
    for word in ("", "x", "A" * 22, typed["click"][:-1] + "é"):
        assert click(app, path, typed | {"click": word}) == (410, None, False)
    assert click(app, path + "x", typed) == (404, None, False)


def test_the_second_click_works_for_a_minute_and_never_after_signing_out(app):
    with time_machine.travel(now(), tick=False) as clock:
        path, typed = page_of_link(app, email_of("resident"))
        assert click(app, path, typed)[2]
        clock.shift(61)
        assert click(app, path, typed) == (410, None, False)
        path, typed = page_of_link(app, email_of("resident"))
        assert click(app, path, typed)[2]
        with app.app_context():
            for one in db.session.scalars(select(SignIn)).all():
                end_one_of(one.person_id, one.id)
            db.session.commit()
        assert click(app, path, typed) == (410, None, False)
