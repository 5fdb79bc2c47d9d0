"""Telling those who follow: in their language, once, in batches by the clock; and stopping, by one click too."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult import subscriptions
from consult.db import db
from consult.i18n import LANGUAGES
from consult.outbox import message_of
from consult.publishing import publish, write
from consult.subscriptions import Subscription, SubscriptionNotice, tell_followers
from consult.tenancy import inside
from consult.testing.factories import ON, town
from consult.web.pace import limiter
from plugins.news.models import Post
from tests.followers import ANA, TOWN, ask, followers, happen, let_follow, link_in, something_to_follow, tell
from tests.mail import Sink, deliver_all, letters, mail_server
from tests.pages import OURS, parse, text_of


@pytest.fixture(autouse=True)
def fresh_limits(app: Flask) -> None:
    """Each test begins with nothing counted."""
    limiter.reset()


@pytest.fixture
def number(app: Flask) -> int:
    """A publication of the town that people can read."""
    return something_to_follow(app)


# ---- telling


def test_each_is_told_in_the_own_language_and_each_notice_once(app, number):
    for language in LANGUAGES:
        let_follow(app, number, f"{language}@primer.bg", language=language)
    happen(app, number)
    happen(app, number)
    assert tell(app) == 3
    assert tell(app) == 0
    happen(app, number)
    assert tell(app) == 0
    assert {one.to: one.subject for one in letters(app)} == {f"{one}@primer.bg": f"Ново {one}" for one in LANGUAGES}
    assert all("/sledi/stop/" in one.text for one in letters(app))
    assert len({link_in(one, "stop") for one in letters(app)}) == 3


def test_only_who_follows_this_very_thing_is_told(app, number):
    with app.app_context(), inside(town(ON)):
        other = write(Post(title="Друго", body="x"))
        publish(other)
        db.session.commit()
        other_number = other.id
    let_follow(app, number, ANA)
    let_follow(app, other_number, "drug@primer.bg")
    happen(app, number)
    tell(app)
    assert [one.to for one in letters(app)] == [ANA]


def test_nine_hundred_are_told_in_batches_after_the_request(app, number, monkeypatch):
    let_follow(app, number, *(f"gost{one}@primer.bg" for one in range(45)))
    monkeypatch.setattr("consult.subscriptions.notices.AT_ONCE", 10)
    happen(app, number)
    assert letters(app) == [], "what happened waits for no letter"
    assert tell(app) == 45
    assert len({one.to for one in letters(app)}) == 45


def test_a_worker_that_dies_on_the_way_leaves_nobody_out_and_writes_to_nobody_twice(app, number, monkeypatch):
    let_follow(app, number, *(f"gost{one}@primer.bg" for one in range(25)))
    monkeypatch.setattr("consult.subscriptions.notices.AT_ONCE", 10)
    happen(app, number)
    write_letter, left = subscriptions.notices.tell_notice, iter(range(14))

    def until_it_dies(*facts: Any) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        write_letter(*facts)

    monkeypatch.setattr("consult.subscriptions.notices.tell_notice", until_it_dies)
    with pytest.raises(KeyboardInterrupt):
        tell(app)
    assert len(letters(app)) == 10
    monkeypatch.setattr("consult.subscriptions.notices.tell_notice", write_letter)
    assert tell(app) == 15
    assert len({one.to for one in letters(app)}) == len(letters(app)) == 25


def test_what_happened_and_was_rolled_back_is_told_to_nobody(app, number):
    let_follow(app, number, ANA)
    with app.app_context(), inside(town(ON)):
        tell_followers(number, "opened", lambda _: "Ново", lambda _: "Текст.")
        db.session.rollback()
    assert tell(app) == 0


def test_after_the_last_notice_nobody_who_followed_is_kept(app, number):
    let_follow(app, number, ANA)
    ask(app, number, "nepotvarden@primer.bg")
    happen(app, number, "concluded", is_last=True)
    tell(app)
    letter = letters(app)[-1]
    assert letter.to == ANA
    assert "изтрихме адреса ви тук" in letter.text
    assert "/sledi/stop/" not in letter.text
    assert letter.unsubscribe is None
    assert followers(app) == []
    with app.app_context(), inside(town(ON)):
        assert db.session.scalars(select(SubscriptionNotice)).one().words == {}


# ---- stopping


def test_a_letter_leaves_with_the_headers_of_one_click_and_one_click_ends_the_letters(app, number):
    let_follow(app, number, ANA)
    happen(app, number)
    tell(app)
    sink = Sink()
    with mail_server(sink) as url:
        app.config["MAIL"] = url
        assert deliver_all(app) == 1
    (message,) = sink.letters
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(r"<http://[^/]+(/\S+)>", message["List-Unsubscribe"])
    assert found
    assert found[1] == link_in(letters(app)[0], "stop")
    answer = app.test_client().post(found[1], data={"List-Unsubscribe": "One-Click"})  # no browser, so no headers
    assert answer.status_code == 200
    assert followers(app) == []


def test_the_header_stands_in_one_line_and_is_not_encoded_however_long_the_address(app, number):
    let_follow(app, number, ANA)
    happen(app, number)
    tell(app)
    letter = letters(app)[0]
    letter.unsubscribe = "https://uchastvay." + "dalgo-ime-na-obshtina." * 8 + "bg/sledi/stop/1/k"
    with app.app_context():
        assert f"List-Unsubscribe: <{letter.unsubscribe}>\n" in message_of(letter).as_bytes().decode()


def test_the_page_behind_the_link_has_a_button_and_opening_it_ends_nothing(app, client, number):
    let_follow(app, number, ANA)
    happen(app, number)
    tell(app)
    path = link_in(letters(app)[0], "stop")
    assert "Спрете писмата" in client.get(path).text
    assert len(followers(app)) == 1
    answer = client.post(path, headers=OURS)
    assert "Няма да получавате повече писма за това" in text_of(parse(answer))
    assert followers(app) == []
    assert client.get(path).status_code == 404
    assert client.post(path, headers=OURS).status_code == 404


def test_a_wrong_key_ends_nothing_whoever_sends_it(app, client, number):
    let_follow(app, number, ANA, "drug@primer.bg")
    happen(app, number)
    tell(app)
    first, second = (link_in(one, "stop") for one in letters(app))
    mixed = first.rpartition("/")[0] + "/" + second.rpartition("/")[2]
    for path in (mixed, first + "x", first.replace("/stop/", "/potvardi/"), f"{TOWN}/sledi/stop/99/k1"):
        assert client.post(path, headers=OURS).status_code == 404
    assert client.post(mixed, data={"List-Unsubscribe": "One-Click"}).status_code == 403, "and the guard asks who it is"
    assert client.post(first, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert len(followers(app)) == 2


def test_a_key_of_one_town_opens_nothing_in_another(app, client, number):
    let_follow(app, number, ANA)
    happen(app, number)
    tell(app)
    path = link_in(letters(app)[0], "stop").replace(TOWN, "/yambol")
    assert client.get(path).status_code == 404


def test_an_old_letter_opens_nothing_when_the_same_address_follows_anew(app, client, number):
    let_follow(app, number, ANA)
    happen(app, number)
    tell(app)
    path = link_in(letters(app)[0], "stop")
    client.post(path, headers=OURS)
    let_follow(app, number, ANA)
    assert client.post(path, headers=OURS).status_code == 404
    assert len(followers(app)) == 1


def test_who_stopped_before_the_clock_came_by_is_not_told(app, number):
    let_follow(app, number, ANA, "drug@primer.bg")
    happen(app, number)
    with app.app_context(), inside(town(ON)):
        subscriptions.unfollow(db.session.scalars(select(Subscription).where(Subscription.email == ANA)).one())
        db.session.commit()
    tell(app)
    assert [one.to for one in letters(app)] == ["drug@primer.bg"]
