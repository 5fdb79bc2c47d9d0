"""Letters: written together with what they tell of, delivered by the clock, and each of them once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from consult import jobs, outbox, publishing
from consult.db import db, operation
from consult.errors import ContractError
from consult.outbox import HELD, PAUSES, delivery, message_of
from consult.tenancy import Municipality, inside, through
from consult.testing.factories import ON, sign_in, town
from plugins.news.models import Post
from tests.mail import Sink, deliver_all, letters, mail_server, write

BURGAS, SLIVEN, YAMBOL = "BGS04", "SLV20", "JAM26"
TITLE = "Кръгла маса за гражданското участие"
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def sink() -> Sink:
    """What the mail server has taken."""
    return Sink()


@pytest.fixture
def by_smtp(app: Flask, sink: Sink) -> Iterator[None]:
    """Lets the application send to the mail server."""
    with mail_server(sink) as address:
        app.config["MAIL"] = address
        yield


@pytest.fixture
def post(app: Flask) -> int:
    """A draft of Stara Zagora, in a region where four towns take part."""
    with app.app_context():
        open_towns_with_mailboxes()
        db.session.commit()
        with inside(town(ON)):
            number = publishing.write(Post(title=TITLE, body="Каним ви.")).id
            db.session.commit()
    return number


@operation
def open_towns_with_mailboxes() -> None:
    for one in db.session.scalars(select(Municipality).where(Municipality.code.in_((BURGAS, SLIVEN)))):
        one.is_open, one.email = True, f"uchastvay@{one.slug}.example"


def share(app: Flask, number: int, *codes: str, keep: bool = True) -> None:
    with app.app_context(), inside(town(ON)):
        publishing.share(db.session.get_one(Post, number), [town(code) for code in codes])
        db.session.commit() if keep else db.session.rollback()


# ------------------------------------------------------------------------------------------------ what writes letters


def test_sharing_writes_one_letter_to_each_town_that_is_added(app, post):
    share(app, post, BURGAS)
    assert [one.to for one in letters(app)] == ["uchastvay@burgas.example"]
    share(app, post, BURGAS, SLIVEN, YAMBOL)
    assert sorted(one.to for one in letters(app)[1:]) == ["uchastvay@sliven.example", "uchastvay@yambol.example"]


def test_a_town_that_is_dropped_and_added_again_has_its_letter_already(app, post):
    share(app, post, BURGAS)
    share(app, post)
    share(app, post, BURGAS)
    assert len(letters(app)) == 1


def test_what_is_rolled_back_leaves_no_letter(app, post):
    share(app, post, BURGAS, keep=False)
    assert letters(app) == []


def test_a_town_without_a_mailbox_gets_no_letter(app, post):
    with app.app_context():
        take_mailbox_away(BURGAS)
        db.session.commit()
    share(app, post, BURGAS, SLIVEN)
    assert [one.to for one in letters(app)] == ["uchastvay@sliven.example"]


@operation
def take_mailbox_away(code: str) -> None:
    db.session.scalars(select(Municipality).where(Municipality.code == code)).one().email = ""


def test_the_letter_about_sharing_says_who_shares_what_and_leads_to_the_readers_own_site(app, post):
    share(app, post, BURGAS)
    (letter,) = letters(app)
    assert TITLE in letter.subject
    assert "Стара Загора" in letter.subject
    assert TITLE in letter.text
    assert [word for word in letter.text.split() if "://" in word] == [f"{app.config['ORIGIN']}/burgas/"]
    assert letter.sender == "uchastvay@stara-zagora.example"
    golden = Path(__file__).with_name("golden") / "sharing.txt"
    assert f"{letter.subject}\n\n{letter.text}" == golden.read_text("utf-8")


def test_the_same_key_a_second_time_is_the_same_letter(app):
    write(app, "one", subject="първо")
    write(app, "one", subject="второ")
    assert [one.subject for one in letters(app)] == ["първо"]
    write(app, "one", code=YAMBOL)
    assert len(letters(app)) == 2, "the key of one town is not the key of another"


# ------------------------------------------------------------------------------------------------ what carries letters


def test_letters_become_files_where_there_is_no_mail_server(app):
    write(app, "one")
    assert deliver_all(app) == 1
    (letter,) = letters(app)
    with app.app_context():
        name = message_of(letter)["Message-ID"].strip("<>").split("@")[0]
    file = Path(app.config["INSTANCE"]) / "mail" / f"{name}.eml"
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message["To"] == "somebody@test.example"
    assert message["Subject"] == "Нещо ново"
    assert message.get_content() == "Добър ден,\n\nима нещо ново.\n"
    file.unlink()
    assert deliver_all(app) == 0
    assert not file.exists()


@pytest.mark.parametrize("more", range(0, 40, 7))
def test_a_long_subject_arrives_with_all_its_spaces(app, by_smtp, sink, more):
    """Wherever the line of a header has to be broken."""
    subject = f"Потвърдете{'!' * more} мястото си: Грижа за възрастен човек у дома: обучение за близки и съседи"
    write(app, "one", subject=subject)
    assert deliver_all(app) == 1
    assert [one["Subject"] for one in sink.letters] == [subject]
    with app.app_context():
        head = message_of(letters(app)[0]).as_bytes().partition(b"\n\n")[0]
    assert max(map(len, head.split(b"\n"))) <= 78, "RFC 5322, 2.1.1"
    assert max(map(len, head.split())) <= 75, "RFC 2047, 2"


def test_a_mail_server_gets_each_letter_once(app, by_smtp, sink):
    write(app, "one", "two")
    assert deliver_all(app) == 2
    assert deliver_all(app) == 0
    assert [one["Subject"] for one in sink.letters] == ["Нещо ново"] * 2
    assert sink.letters[0].get_content().splitlines() == ["Добър ден,", "", "има нещо ново."]
    assert sink.envelopes[0] == ("uchastvay@stara-zagora.example", ["somebody@test.example"])
    assert sink.letters[0]["Auto-Submitted"] == "auto-generated"
    assert all(one.sent_at and one.due_at is None for one in letters(app))


def test_the_clock_delivers(app, by_smtp, sink):
    write(app, "one")
    (chore,) = [one for one in jobs.chores(app) if one.name == "outbox.deliver"]
    jobs.do(app, chore)
    assert len(sink.letters) == 1


def test_a_server_that_fails_is_tried_again_after_longer_and_longer_pauses(app, by_smtp, sink):
    sink.answer = "451 try later"
    with time_machine.travel(START, tick=False) as clock:
        write(app, "one")
        for number, pause in enumerate(PAUSES, start=1):
            assert deliver_all(app) == 0
            (letter,) = letters(app)
            assert (letter.tries, letter.sent_at) == (number, None)
            assert "451" in letter.last_error
            clock.shift(pause - timedelta(seconds=1))
            deliver_all(app)
            assert letters(app)[0].tries == number, "it was tried before its time"
            clock.shift(timedelta(seconds=1))
        sink.answer = "250 OK"
        assert deliver_all(app) == 1
    assert set(sink.tried.values()) == {len(PAUSES) + 1}, "every try is the same letter, by its Message-ID"
    assert list(PAUSES) == sorted(PAUSES)


def test_a_letter_is_given_up_when_all_pauses_are_over(app, by_smtp, sink):
    sink.answer = "550 no such mailbox"
    with time_machine.travel(START, tick=False) as clock:
        write(app, "one")
        for pause in (*PAUSES, timedelta(days=365)):
            deliver_all(app)
            clock.shift(pause)
        sink.answer = "250 OK"
        assert deliver_all(app) == 0
    assert letters(app)[0].due_at is None
    assert sink.letters == []


def test_a_server_that_is_not_there_costs_one_try_and_no_letter(app):
    app.config["MAIL"] = "smtp://127.0.0.1:1"
    write(app, "one", "two")
    assert deliver_all(app) == 0
    assert [one.tries for one in letters(app)] == [1, 1]


def test_a_password_never_travels_in_the_clear(app, by_smtp, sink):
    app.config["MAIL"] = app.config["MAIL"].replace("smtp://", "smtp://town:secret@")
    write(app, "one")
    assert deliver_all(app) == 0
    assert "STARTTLS" in letters(app)[0].last_error
    assert sink.letters == []


def test_two_workers_share_the_letters_and_send_none_twice(app, by_smtp, sink):
    sink.takes_seconds = 0.02
    write(app, *(f"letter {number}" for number in range(12)))
    with ThreadPoolExecutor(2) as workers:
        sent = list(workers.map(lambda _worker: deliver_all(app), range(2)))
    assert sum(sent) == 12
    assert list(sink.tried.values()) == [1] * 12
    assert min(sent) > 0, "one of the two did all the work"


def test_what_a_worker_held_when_it_died_is_tried_again_by_another(app, by_smtp, sink):
    with time_machine.travel(START, tick=False) as clock:
        write(app, "one")
        with app.app_context(), through("jobs"):
            assert delivery._take_next() is not None
            db.session.commit()
        assert deliver_all(app) == 0
        clock.shift(HELD)
        assert deliver_all(app) == 1
    assert letters(app)[0].tries == 2


def test_nobody_waits_for_a_slow_mail_server(app, by_smtp, sink):
    sink.takes_seconds = 1.5
    write(app, "one")
    with ThreadPoolExecutor(1) as worker:
        delivery = worker.submit(deliver_all, app)
        time.sleep(0.3)
        began = time.monotonic()
        write(app, "two")
        waited = time.monotonic() - began
        delivery.result()
    assert waited < 1, f"a write waited {waited:.1f} s for the mail server"


# ------------------------------------------------------------------------------------------------ what letters are


def test_the_identity_of_a_letter_never_changes_and_is_its_own(app):
    write(app, "one", "two")
    write(app, "one", code=YAMBOL)
    with app.app_context():
        first = [message_of(one)["Message-ID"] for one in letters(app)]
        assert [message_of(one)["Message-ID"] for one in letters(app)] == first
    assert len(set(first)) == 3
    assert all(one.startswith("<") and one.endswith("@127.0.0.1>") for one in first)


@pytest.mark.parametrize("title", ["Новина\r\nBcc: all@test.example", "Новина\nBcc: all@test.example", "Нов\x85ина"])
def test_a_title_cannot_smuggle_a_header_into_a_letter(app, title):
    editor = sign_in(app, "editor")
    form = {"title": title, "body": "Текст", "towns": YAMBOL, "do": "publish", "_token": editor.token}
    answer = editor.client.post(
        "/stara-zagora/rabota/novini/nova", data=form, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 422
    assert letters(app) == []


@pytest.mark.parametrize("title", ["Новина\nBcc: all@test.example", "Новина\r\n\r\nДруг текст"])
def test_a_letter_that_cannot_be_made_leaves_neither_itself_nor_the_others_waiting(app, by_smtp, sink, title):
    write(app, "bad", subject=title)
    write(app, "good")
    assert deliver_all(app) == 1
    assert [one["Subject"] for one in sink.letters] == ["Нещо ново"]
    assert letters(app)[0].last_error


@pytest.mark.parametrize("address", ["a@", "<", "иван@", "a@["])
def test_an_address_that_python_itself_stumbles_over_is_given_up_in_the_end(app, by_smtp, sink, address):
    with time_machine.travel(START, tick=False) as clock:
        write(app, "bad", to=address)
        write(app, "good")
        assert deliver_all(app) == 1
        assert letters(app)[0].last_error.startswith(("IndexError", "AttributeError"))
        assert letters(app)[0].due_at == START + PAUSES[0]
        for pause in PAUSES:
            clock.shift(pause)
            deliver_all(app)
    assert [one["Subject"] for one in sink.letters] == ["Нещо ново"]
    assert (letters(app)[0].due_at, letters(app)[0].tries) == (None, len(PAUSES) + 1)


def test_an_unknown_carrier_is_said_at_once(app):
    with pytest.raises(ContractError, match="carrier-pigeon"):
        outbox.transport_of("carrier-pigeon://roof")
