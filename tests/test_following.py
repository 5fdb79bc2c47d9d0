"""Following one thing: asked by a guest and confirmed by letter, at once with an account, told in batches, stopped.

The letters lie in ``golden/following_<letter>_<language>.txt``; after a wanted change of words read what differs, then
write them anew with ``REWRITE_GOLDEN=1`` in the environment.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from consult import subscriptions
from consult.db import db
from consult.errors import Conflict, Refused
from consult.i18n import LANGUAGES, force_locale
from consult.people import find_person
from consult.publishing import archive, publish, share, withdraw, write
from consult.subscriptions import LIVES, ask_to_follow, follow, tell_followers
from consult.tenancy import inside
from consult.testing.factories import OFF, ON, email_of, sign_in, town
from consult.web.pace import limiter
from plugins.news.models import Post
from tests.followers import ANA, TOWN, ask, followers, happen, let_follow, link_in, something_to_follow, tell
from tests.mail import letters
from tests.pages import OURS, parse, text_of, visitor

GOLDEN = Path(__file__).with_name("golden")
START = datetime(2030, 12, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh_limits(app: Flask) -> None:
    """Each test begins with nothing counted."""
    limiter.reset()


@pytest.fixture
def number(app: Flask) -> int:
    """A publication of the town that people can read."""
    return something_to_follow(app)


# ---- a guest


def test_a_guest_confirms_by_the_button_behind_the_letters_link_and_is_told_from_then_on(app, client, number):
    ask(app, number)
    happen(app, number, "before it was confirmed")
    assert tell(app) == 0
    (letter,) = letters(app)
    path = link_in(letter, "potvardi")
    assert "Да, пишете ми" in client.get(path).text
    assert followers(app)[0].confirmed_at is None, "opening a link changes nothing"
    assert client.post(path, headers=OURS).status_code == 303
    assert "Следите това" in text_of(parse(client.get(path)))
    happen(app, number, "after it")
    assert tell(app) == 1
    assert letters(app)[-1].to == ANA


def test_the_page_says_what_is_followed_and_leads_to_it(app, client, number):
    page = client.get(f"{TOWN}/sledi/{number}")
    assert f'<a href="{TOWN}/novini/{number}">Наредба за зелените площи</a>' in page.text
    assert "Set-Cookie" not in page.headers
    receipt = text_of(parse(client.get(f"{TOWN}/sledi/{number}/pismo")))
    assert "Проверете пощата си" in receipt


def test_the_answer_is_the_same_whether_or_not_the_address_follows(app, number):
    let_follow(app, number, ANA)
    answers = [visitor(app).send(f"{TOWN}/sledi/{number}", {"email": one}) for one in (ANA, "nova@primer.bg")]
    assert {(one.status_code, one.location, one.text) for one in answers} == {
        (303, answers[0].location, answers[0].text)
    }


def test_who_asks_ten_times_is_written_to_once_an_hour_and_who_follows_once_a_day(app, number):
    let_follow(app, number, "sledi@primer.bg")
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(5):
            ask(app, number)
            ask(app, number, "sledi@primer.bg")
        assert sorted(one.to for one in letters(app)) == [ANA, "sledi@primer.bg"]
        clock.shift(timedelta(hours=1, seconds=1))
        limiter.reset()
        ask(app, number)
        ask(app, number, "sledi@primer.bg")
        assert sorted(one.to for one in letters(app)) == [ANA, ANA, "sledi@primer.bg"]
    assert len(followers(app)) == 2


def test_only_the_newest_letter_confirms(app, client, number):
    with time_machine.travel(START, tick=False) as clock:
        ask(app, number)
        clock.shift(timedelta(hours=2))
        ask(app, number)
    old, new = (link_in(letter, "potvardi") for letter in letters(app))
    assert client.post(old, headers=OURS).status_code == 404
    assert client.post(new, headers=OURS).status_code == 303


@pytest.mark.parametrize("typed", ["", "без знак", "ана@primer.bg", "a@b.bg\r\nBcc: c@d.bg"])
def test_what_is_no_address_is_said_beside_the_field_and_nothing_is_kept(app, number, typed):
    answer = visitor(app).send(f"{TOWN}/sledi/{number}", {"email": typed})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert followers(app) == []
    assert letters(app) == []


def test_a_mailbox_that_had_its_letters_gets_no_more_and_the_answer_does_not_say_so(app, number):
    with app.app_context(), inside(town(ON)):
        posts = [write(Post(title=f"Новина {one}", body="x")) for one in range(8)]
        for post in posts:
            publish(post)
        db.session.commit()
        numbers = [post.id for post in posts]
    for one in numbers:
        ask(app, one, f"ana+{one}@primer.bg")
    assert len(letters(app)) == 6


def test_one_network_may_not_fill_mailboxes(app, number):
    for one in range(20):
        ask(app, number, f"nyakoy{one}@primer.bg")
    answer = visitor(app).send(f"{TOWN}/sledi/{number}", {"email": "oshte@primer.bg"})
    assert answer.status_code == 429
    assert len(letters(app)) == 20


def test_an_address_that_nobody_confirmed_is_erased_after_seven_days(app, number):
    with time_machine.travel(START, tick=False) as clock:
        ask(app, number)
        let_follow(app, number, "sledi@primer.bg")
        clock.shift(LIVES - timedelta(seconds=1))
        with app.app_context():
            assert subscriptions.forget_unconfirmed() == 0
        clock.shift(timedelta(seconds=1))
        with app.app_context():
            assert subscriptions.forget_unconfirmed() == 1
    assert [one.email for one in followers(app)] == ["sledi@primer.bg"]


# ---- what can be followed, and where


def test_what_people_cannot_read_here_cannot_be_followed(app, client, number):
    with app.app_context(), inside(town(ON)):
        draft, gone, old = (write(Post(title="Новина", body="x")) for _ in range(3))
        publish(gone)
        withdraw(gone, "Грешка")
        publish(old)
        archive(old)
        db.session.commit()
        numbers = [draft.id, gone.id, old.id, 999_999]
    assert client.get(f"{TOWN}/sledi/{number}").status_code == 200
    for one in numbers:
        assert client.get(f"{TOWN}/sledi/{one}").status_code == 404
        assert visitor(app).send(f"{TOWN}/sledi/{one}", {"email": ANA}).status_code == 404
    assert client.get(f"/yambol/sledi/{number}").status_code == 404
    assert followers(app) == []


def test_what_another_municipality_shares_is_followed_at_its_own_site(app, client, number):
    with app.app_context():
        with inside(town(OFF)):
            from consult.modules import enable

            enable(("news",))
            db.session.commit()
        with inside(town(ON)):
            share(db.session.get_one(Post, number), [town(OFF)])
            db.session.commit()
    answer = client.get(f"/yambol/sledi/{number}")
    assert (answer.status_code, answer.location) == (303, f"{TOWN}/sledi/{number}")


# ---- somebody with an account


def test_who_is_signed_in_follows_at_once_and_finds_it_in_the_profile_with_a_button_to_stop(app, number):
    resident = visitor(app, "resident")
    assert 'name="email"' not in resident.get(f"{TOWN}/sledi/{number}").text
    answer = resident.send(f"{TOWN}/sledi/{number}")
    assert (answer.status_code, answer.location) == (303, f"{TOWN}/novini/{number}")
    assert "Вече следите това." in resident.get(answer.location).text
    assert "Следите това" in resident.get(f"{TOWN}/sledi/{number}").text
    assert letters(app) == []
    assert "Наредба за зелените площи" in resident.get(f"{TOWN}/profil").text
    assert "Наредба" not in visitor(app, "editor").get(f"{TOWN}/profil").text
    assert resident.send(f"{TOWN}/sledi/{number}/spri").status_code == 303
    page = resident.get(f"{TOWN}/profil").text
    assert "Няма да получавате повече писма за това." in page
    assert f'href="{TOWN}/sledi/{number}"' in page, "it can be taken back"
    assert followers(app) == []


def test_what_was_followed_as_a_guest_by_the_address_of_the_account_stands_in_the_profile(app, number):
    let_follow(app, number, email_of("resident"))
    assert "Наредба за зелените площи" in visitor(app, "resident").get(f"{TOWN}/profil").text
    with app.app_context(), inside(town(ON)):
        person = find_person(email_of("resident"))
        assert person is not None
        assert subscriptions.is_following(number, person)
        other = find_person(email_of("editor"))
        assert other is not None
        assert not subscriptions.is_following(number, other)


def test_nobody_stops_the_letters_of_another(app, number):
    let_follow(app, number, ANA)
    assert visitor(app, "resident").send(f"{TOWN}/sledi/{number}/spri").status_code == 404
    assert visitor(app).send(f"{TOWN}/sledi/{number}/spri").status_code == 401
    assert len(followers(app)) == 1


def test_another_address_of_the_same_mailbox_takes_nothing_over(app, number):
    let_follow(app, number, ANA)
    with app.app_context(), inside(town(ON)), pytest.raises(Conflict):
        follow(number, "ana+drug@primer.bg", 1)
    assert [one.email for one in followers(app)] == [ANA]


def test_who_follows_at_once_takes_over_what_a_stranger_asked_for_under_another_spelling(app, client, number):
    ask(app, number, "ana+chuzhd@primer.bg")
    path = link_in(letters(app)[0], "potvardi")
    let_follow(app, number, ANA)
    assert client.get(path).status_code == 404
    (one,) = followers(app)
    assert one.email == ANA
    assert one.confirmed_at is not None


def test_no_operation_follows_what_is_another_municipalitys(app, number):
    with app.app_context(), inside(town(OFF)):
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            follow(number, ANA)
        db.session.rollback()
        with pytest.raises(Refused):
            follow(number, "без знак")


# ---- the words


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letters_say_word_for_word_what_was_agreed(app, number, language):
    with time_machine.travel(START, tick=False), app.app_context(), inside(town(ON)), force_locale(language):
        ask_to_follow(number, ANA, "Наредба за зелените площи")
        follow(number, "sledi@primer.bg")
        ask_to_follow(number, "sledi@primer.bg", "Наредба за зелените площи")
        tell_followers(number, "opened", lambda _: "Открита консултация", lambda _: "Текст от модула.")
        db.session.commit()
    with time_machine.travel(START, tick=False):
        tell(app)
    names = ("confirm", "again", "notice")
    for name, letter in zip(names, letters(app), strict=True):
        said = f"{letter.subject}\n\n{re.sub(r'/k[a-z2-7]{26}', '/KEY', letter.text)}"
        file = GOLDEN / f"following_{name}_{language}.txt"
        if os.environ.get("REWRITE_GOLDEN"):
            file.write_text(said, "utf-8")
        assert said == file.read_text("utf-8")


def test_two_clicks_at_once_are_one_following(app, number):
    first, second = sign_in(app, "resident"), sign_in(app, "resident")
    for one in (first, second):
        answer = one.client.post(f"{TOWN}/sledi/{number}", data={"_token": one.token}, headers=OURS)
        assert answer.status_code == 303
    assert len(followers(app)) == 1
