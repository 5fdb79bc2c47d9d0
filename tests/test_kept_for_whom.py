"""Remembered answers, for whom and until when: not for another town, not for who is signed in, not after a change."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.clock import now
from consult.db import begin_writing, db
from consult.modules import allow, disable, enable, forbid
from consult.publishing import archive, change, publish, schedule, share, withdraw, write
from consult.settings import decide
from consult.tenancy import ContentStamp, Municipality, inside, through
from consult.testing.factories import OFF, ON, town
from plugins.news.models import Post
from plugins.news.operations import name_category, rename_category
from tests.pages import visitor

THIRD = "SLV20"
HOMES = {ON: "/stara-zagora/", OFF: "/yambol/", THIRD: "/sliven/", "region": "/"}


@pytest.fixture
def three(app: Flask) -> Flask:
    """The application with a third open town, and news switched on in all."""
    with app.app_context():
        begin_writing()
        db.session.scalars(select(Municipality).where(Municipality.code == THIRD)).one().is_open = True
        db.session.commit()
        for code in (OFF, THIRD):
            with through("operator"):
                allow(town(code).id, "news")
                db.session.commit()
            with inside(town(code)):
                enable(("news",))
                db.session.commit()
    return app


def tags(client: FlaskClient) -> dict[str, str]:
    return {code: client.get(home).headers["ETag"] for code, home in HOMES.items()}


def changed(app: Flask, client: FlaskClient, deed: Callable[[], object]) -> set[str]:
    """Where the home page has another ETag after ``deed`` was done in the first town."""
    before = tags(client)
    with app.app_context(), inside(town(ON)):
        deed()
        db.session.commit()
    after = tags(client)
    return {code for code in HOMES if after[code] != before[code]}


def told(app: Flask, title: str = "Новина", at: datetime | None = None, code: str = ON) -> int:
    with app.app_context(), inside(town(code)):
        post = write(Post(title=title, body="x"))
        schedule(post, at) if at else publish(post)
        db.session.commit()
        return post.id


def post_of(number: int) -> Post:
    return db.session.get_one(Post, number)


def test_a_change_ends_the_pages_that_show_it_and_no_others(three, client):
    number = told(three)
    with three.app_context():
        neighbour = town(OFF)
    own = {ON, "region"}
    assert changed(three, client, lambda: change(post_of(number), 1, {"title": "Друго"}, {})) == own
    assert changed(three, client, lambda: share(post_of(number), [neighbour])) == {*own, OFF}
    assert changed(three, client, lambda: change(post_of(number), 2, {"title": "Трето"}, {})) == {*own, OFF}
    assert changed(three, client, lambda: archive(post_of(number))) == {*own, OFF}
    assert changed(three, client, lambda: withdraw(post_of(number), "Причина.")) == {*own, OFF}
    assert changed(three, client, lambda: share(post_of(number), [])) == {*own, OFF}
    assert changed(three, client, lambda: rename_category(name_category("Ремонти"), "Пътища", "", "")) == own
    assert changed(three, client, lambda: decide("news.on_home", 5)) == own
    assert changed(three, client, lambda: disable(("news",))) == own
    assert changed(three, client, lambda: None) == set()


def test_what_was_remembered_is_not_shown_after_a_change(app, client):
    number = told(app, "Първо заглавие")
    page = f"/stara-zagora/novini/{number}"
    assert "Първо заглавие" in client.get(page).text
    with app.app_context(), inside(town(ON)):
        change(post_of(number), 1, {"title": "Второ заглавие"}, {})
        db.session.commit()
    assert "<h1>Второ заглавие</h1>" in re.sub(r"<h1[^>]*>", "<h1>", client.get(page).text)
    with app.app_context(), inside(town(ON)):
        withdraw(post_of(number), "Причина.")
        db.session.commit()
    assert client.get(page).status_code == 410
    with app.app_context(), inside(town(ON)):
        disable(("news",))
        db.session.commit()
    assert client.get(page).status_code == 404
    assert client.get("/stara-zagora/novini").status_code == 404


def test_a_module_that_the_operator_takes_back_is_gone_at_once(app, client):
    assert client.get("/stara-zagora/novini").status_code == 200
    with app.app_context():
        code = town(ON).id
        with through("operator"):
            forbid(code, "news")
            db.session.commit()
    assert client.get("/stara-zagora/novini").status_code == 404


@pytest.mark.parametrize("page", ["/stara-zagora/novini", "/stara-zagora/", "/stara-zagora/novini.atom", "/"])
def test_at_the_moment_of_a_schedule_the_remembered_page_ends(app, client, page):
    at = (now() + timedelta(minutes=1)).replace(microsecond=0)
    told(app, "Показва се сама", at)
    with time_machine.travel(at - timedelta(seconds=1), tick=False):
        before = client.get(page)
        assert "Показва се сама" not in before.text
        assert client.get(page, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    with time_machine.travel(at, tick=False):
        after = client.get(page, headers={"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200
        assert "Показва се сама" in after.text


def test_each_language_and_town_has_pages_of_its_own(three, client):
    pages = [f"{home}{code}" for home in HOMES.values() for code in ("", "en/", "tr/")]
    found = [client.get(page).headers["ETag"] for page in pages]
    assert len(set(found)) == len(pages)
    for page, tag in zip(pages, found, strict=True):
        for other in pages:
            status = client.get(other, headers={"If-None-Match": tag}).status_code
            assert status == (304 if other == page else 200), (page, other)


def test_two_towns_at_hosts_of_their_own_never_get_each_others_pages(three, client):
    """Their addresses are the same letter for letter, and here their stamps are too."""
    hosts = {ON: "szr.example", OFF: "jam.example"}
    for code in hosts:
        told(three, f"Само в {code}", code=code)
    with three.app_context():
        begin_writing()
        for code, host in hosts.items():
            db.session.scalars(select(Municipality).where(Municipality.code == code)).one().host = host
        for stamp in db.session.scalars(select(ContentStamp)):
            stamp.value = 5
        db.session.commit()
    for _ in range(2):
        for page in ("/novini", "/", "/novini.atom", "/en/novini"):
            for code, host in hosts.items():
                words = client.get(page, headers={"Host": host}).text
                assert f"Само в {code}" in words, (page, host)
                assert not any(f"Само в {other}" in words for other in hosts if other != code), (page, host)
    tag = client.get("/novini", headers={"Host": hosts[ON]}).headers["ETag"]
    assert client.get("/novini", headers={"Host": hosts[OFF], "If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("who", ["editor", "resident", "operator"])
def test_who_is_signed_in_neither_gets_nor_leaves_a_remembered_page(app, client, who):
    told(app)
    somebody = visitor(app, who)
    pages = ("/stara-zagora/", "/stara-zagora/novini", "/stara-zagora/novini.atom", "/")
    for page in pages:
        own = somebody.get(page)  # first, so that it would be theirs that is remembered
        public = client.get(page)
        assert own.status_code == public.status_code == 200
        assert own.headers["Cache-Control"] == "no-store", page
        assert own.headers["Vary"] == public.headers["Vary"] == "Cookie"
        assert "ETag" not in own.headers
        asked = somebody.get(page, headers={"If-None-Match": public.headers["ETag"]})
        assert asked.status_code == 200, page
        for secret in ("/izhod", "_token", f"{who} Стара Загора"):
            assert secret not in public.text, (page, secret)
    assert "/izhod" in somebody.get("/stara-zagora/").text


def test_an_old_cookie_gets_the_public_page_and_no_other(app, client):
    public = client.get("/stara-zagora/").text
    stranger = app.test_client()
    stranger.set_cookie("consult", "worth nothing any more")
    answer = stranger.get("/stara-zagora/")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text == public


def test_pages_that_hold_something_of_one_person_are_never_remembered(client):
    for page in ("/stara-zagora/vhod", "/vhod?next=/rabota", "/stara-zagora/nyama", "/stara-zagora/rabota"):
        answer = client.get(page)
        assert answer.headers["Cache-Control"] == "no-store", page
        assert "ETag" not in answer.headers
