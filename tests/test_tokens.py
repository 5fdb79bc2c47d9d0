"""Single-use tokens: what kills one, and what the database keeps; and which addresses and passwords are taken."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from consult import people
from consult.db import db
from consult.errors import Refused
from consult.people import Token, TokenGone, end_tokens, look_at_token, make_token, use_token
from consult.testing.factories import email_of, town

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WHAT, WHO = "events.cancel", "registration 7"


def made(app: Flask, purpose: str = WHAT, subject: str = WHO, lives: timedelta = HOUR) -> str:
    with app.app_context():
        key = make_token(purpose, subject, lives)
        db.session.commit()
        return key


def fate(app: Flask, key: str, purpose: str = WHAT) -> int:
    """200 where the key opens something, else the status of the refusal."""
    with app.app_context():
        try:
            look_at_token(purpose, key)
        except TokenGone as gone:
            return gone.status
        return 200


def use(app: Flask, key: str) -> int:
    with app.app_context():
        try:
            held = use_token(WHAT, key)
            db.session.commit()
        except TokenGone as gone:
            db.session.rollback()
            return gone.status
        assert held.subject == WHO
        return 200


def test_looking_changes_nothing_and_using_happens_once(app):
    key = made(app)
    assert [fate(app, key) for _turn in range(3)] == [200] * 3
    assert [use(app, key), use(app, key)] == [200, 410]
    assert fate(app, key) == 410


def test_a_use_that_is_rolled_back_was_none(app):
    key = made(app)
    with app.app_context():
        use_token(WHAT, key)
        db.session.rollback()
    assert use(app, key) == 200


def test_of_many_who_use_it_at_once_one_does(app):
    key = made(app)
    with ThreadPoolExecutor(6) as hands:
        assert sorted(hands.map(lambda _hand: use(app, key), range(6))) == [200] + [410] * 5


def test_it_dies_at_its_moment(app):
    with time_machine.travel(START, tick=False) as clock:
        key = made(app)
        clock.shift(HOUR - timedelta(seconds=1))
        assert fate(app, key) == 200
        clock.shift(timedelta(seconds=1))
        assert fate(app, key) == 410
        assert use(app, key) == 410


def test_it_dies_with_a_newer_one_of_its_purpose_and_subject_and_with_no_other(app):
    key = made(app)
    made(app, subject="registration 8")
    made(app, purpose="events.move")
    assert fate(app, key) == 200
    newer = made(app)
    assert (fate(app, key), fate(app, newer)) == (410, 200)


def test_all_of_a_subject_end_together(app):
    keys = [made(app), made(app, purpose="events.move")]
    other = made(app, subject="registration 8")
    with app.app_context():
        end_tokens(WHO)
        db.session.commit()
    assert [fate(app, keys[0]), fate(app, keys[1], "events.move"), fate(app, other)] == [410, 410, 200]


def test_it_dies_with_a_new_password_of_the_person_it_is_about(app):
    key = made(app, subject=email_of("resident"))
    with app.app_context():
        person = people.find_person(email_of("resident"))
        assert person is not None
        people.set_password(person.id, "a hash")
        db.session.commit()
    assert fate(app, key) == 410


@pytest.mark.parametrize("key", ["", "x", "0" * 32, "' or 1=1 --", "\ud800", "а" * 5000])
def test_a_made_up_key_opens_nothing(app, key):
    made(app)
    assert fate(app, key) == 404


def test_the_key_of_one_purpose_opens_no_other(app):
    assert fate(app, made(app), "account.link") == 404


def test_it_says_in_which_town_it_holds(app):
    with app.app_context():
        key = make_token(WHAT, WHO, HOUR, town().id)
        assert look_at_token(WHAT, key).town_id == town().id
        db.session.rollback()


def test_keys_are_long_differ_and_are_not_kept(app):
    keys = {made(app) for _turn in range(20)}
    assert len(keys) == 20
    assert min(map(len, keys)) >= 22, "fewer than 128 bits"
    with app.app_context():
        assert not keys & {word for row in db.session.scalars(select(Token)) for word in (row.key_hash, row.subject)}


def test_the_clock_deletes_what_has_died_and_nothing_else(app):
    with time_machine.travel(START, tick=False) as clock:
        made(app)
        clock.shift(HOUR)
        key = made(app, subject="registration 8")
        with app.app_context():
            assert people.forget_tokens() == 1
            assert db.session.scalar(select(func.count(Token.id))) == 1
        assert fate(app, key) == 200


# ---- Passwords


@pytest.mark.parametrize(
    "typed",
    [
        *("passwordpassword", "password1234567890", "паролапаролапарола", "111111111111111", "abababababababab"),
        *("qwertyuiopasdfgh", "явертъуиопасдфг", "0987654321098765", "Стара Загора 2026", "staraZagoraBurgas!"),
        *("Казанлък Казанлък", "резидентрезидент2026", "obshtina Stara Zagora", "kotkotkotkotkotkot", "short", ""),
    ],
)
def test_a_password_of_words_that_anybody_would_try_is_refused(app, typed):
    with app.app_context(), pytest.raises(Refused):
        people.check_password(typed, "Резидент", "resident@test.example")


@pytest.mark.parametrize(
    "typed",
    [
        "четири думи без връзка",
        "correct horse battery staple",
        "q8#Lw0-zR5!nV2@",
        "a long sentence for tests",
        "ж" * 3 + "кълвач на покрива",
    ],
)
def test_a_long_password_of_any_words_is_taken(app, typed):
    with app.app_context():
        people.check_password(typed, "Резидент", "resident@test.example")


def test_a_password_is_never_cut(app):
    with app.app_context(), pytest.raises(Refused, match="200"):
        people.check_password("дълга парола " * 20)


# ---- Addresses


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x00", ",", ";", " "])
def test_an_address_cannot_smuggle_a_header_into_a_letter(app, sign):
    for email in (f"ana@test.example{sign}Bcc:x@y.example", f"ana{sign}Bcc:x@test.example", f"ana@test{sign}x.example"):
        with app.app_context(), pytest.raises(Refused, match="Въведете имейл"):
            people.check_email(email)


def test_a_domain_in_cyrillic_is_written_as_mail_servers_know_it(app):
    with app.app_context():
        assert people.check_email(" Ana@Пример.БГ ") == "Ana@xn--e1afmkfd.xn--90ae"
        assert people.check_email("ａna@test.example") == "ana@test.example"
