"""Letters that are stuck: what the operator sees and does, what is forgotten in time, and a worker that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from consult import outbox
from consult.clock import now
from consult.db import db
from consult.outbox import HELD, KEPT, LATE, PAUSES, LetterFile
from consult.tenancy import through
from tests.mail import Sink, deliver_all, letters, mail_server, write
from tests.pages import parse, text_of, visitor

ROOT = Path(__file__).resolve().parents[1]
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TO, SECRET = "katya.ivanova@test.example", "Съвсем личен текст"
FILE = LetterFile("a.pdf", "application/pdf", b"%PDF")


@pytest.fixture
def sink(app: Flask) -> Iterator[Sink]:
    """A mail server that takes nothing for now."""
    sink = Sink()
    sink.answer = f"451 <{TO}> try later"
    with mail_server(sink) as address:
        app.config["MAIL"] = address
        yield sink


def give_up(app: Flask, clock: time_machine.Traveller) -> None:
    for pause in (*PAUSES, timedelta(0)):
        deliver_all(app)
        clock.shift(pause)


# ---- The operator's page


def test_the_operator_sees_what_is_stuck_and_neither_words_nor_whole_addresses(app, sink, caplog):
    with time_machine.travel(START, tick=False) as clock:
        write(app, "one", to=TO, subject=SECRET)
        operator = visitor(app, "operator")
        assert "Няма задържани писма" in text_of(parse(operator.get("/operator/pisma")))
        deliver_all(app)
        clock.shift(LATE + timedelta(seconds=1))
        late = text_of(parse(operator.get("/operator/pisma")))
        give_up(app, clock)
        given_up = text_of(parse(operator.get("/operator/pisma")))
    for page, state in ((late, "Закъснява"), (given_up, "Изоставено")):
        assert state in page
        assert "k***@test.example" in page
        assert "451" in page
        assert SECRET not in page
        assert TO not in page, "the mail server's answer repeats the address"
    assert TO not in caplog.text


def test_one_letter_or_all_are_tried_again_and_have_all_their_tries(app, sink):
    with time_machine.travel(START, tick=False) as clock:
        write(app, "one", "two", to=TO)
        give_up(app, clock)
        operator = visitor(app, "operator")
        first, second = letters(app)
        assert first.due_at is None
        assert operator.send(f"/operator/pisma/{first.id}/otnovo").status_code == 303
        assert [one.tries for one in letters(app)] == [0, len(PAUSES) + 1]
        assert "Сега отново се опитва едно писмо." in text_of(parse(operator.get("/operator/pisma")))
        assert operator.send("/operator/pisma/otnovo").status_code == 303
        assert [(one.tries, one.given_up_at) for one in letters(app)] == [(0, None)] * 2
        sink.answer = "250 OK"
        assert deliver_all(app) == 2
        operator.send("/operator/pisma/otnovo")
        assert "Вече нищо не е задържано." in text_of(parse(operator.get("/operator/pisma")))
        assert deliver_all(app) == 0, "what has left leaves once"
        assert second.id != first.id


@pytest.mark.parametrize(
    ("address", "shadow"),
    [("к@primer.bg", "к***@primer.bg"), ("katya@x.bg", "k***@x.bg"), ("", "***"), ("no sign", "***no sign")],
)
def test_of_an_address_there_is_a_shadow(address, shadow):
    assert outbox.masked(address) == shadow


# ---- In time all is forgotten


def test_what_left_is_emptied_after_its_time_and_never_written_again(app, sink):
    sink.answer = "250 OK"
    with time_machine.travel(START, tick=False) as clock:
        write(app, "one", to=TO, files=(FILE,))
        deliver_all(app)
        clock.shift(KEPT)
        assert forget(app) == 0
        clock.shift(timedelta(seconds=1))
        assert forget(app) == 1
        assert forget(app) == 0
        [letter] = letters(app)
        assert (letter.to, letter.subject, letter.text, letter.last_error) == ("", "", "", "")
        assert letter.attachments == []
        assert letter.key == "one"
        write(app, "one", to=TO)
        assert deliver_all(app) == 0


def test_what_was_given_up_is_emptied_too_and_what_waits_is_not(app, sink):
    with time_machine.travel(START, tick=False) as clock:
        write(app, "one", to=TO)
        give_up(app, clock)
        clock.shift(KEPT)
        write(app, "two", to=TO)
        clock.shift(KEPT + timedelta(days=1))
        assert forget(app) == 1
        assert [one.to for one in letters(app)] == ["", TO]
        with app.app_context(), through("operator"):
            assert outbox.count_letters().given_up == 0
            assert outbox.try_again() == 1
            db.session.rollback()


def forget(app: Flask) -> int:
    with app.app_context():
        return outbox.forget()


# ---- A mail server and a worker that die


def test_a_server_that_is_away_for_an_hour_gets_each_letter_once(app, sink):
    answers = ["451 later", "421 closing", "550 never"]
    with time_machine.travel(START, tick=False) as clock:
        write(app, *(f"letter {number}" for number in range(5)))
        for answer in answers:
            sink.answer = answer
            assert deliver_all(app) == 0
            clock.shift(timedelta(minutes=20))
        sink.answer = "250 OK"
        clock.shift(timedelta(minutes=30))
        assert deliver_all(app) == 5
    assert len({one["Message-ID"] for one in sink.letters}) == len(sink.letters) == 5


def test_a_server_that_takes_a_letter_and_dies_before_saying_so_gets_it_again_as_the_same(app, sink):
    """What SMTP cannot tell: the letter was taken, and the sender cannot know."""
    sink.answer = "421 dying"
    with time_machine.travel(START, tick=False) as clock:
        write(app, "one")
        deliver_all(app)
        sink.answer = "250 OK"
        clock.shift(PAUSES[0])
        assert deliver_all(app) == 1
    assert list(sink.tried.values()) == [2]


def test_a_worker_killed_again_and_again_loses_no_letter(app, sink):
    sink.answer, sink.takes_seconds = "250 OK", 0.05
    write(app, *(f"letter {number}" for number in range(40)))
    for goal in (5, 12, 20, 30):
        kill_worker_after(app, sink, goal)
    with time_machine.travel(now() + HELD, tick=True):  # what they held when they died comes back after this
        deliver_all(app)
    assert all(one.sent_at for one in letters(app))
    arrived = {one["Message-ID"] for one in sink.letters}
    assert len(arrived) == 40
    assert sum(sink.tried.values()) <= 40 + 4, "each death doubles at most one letter"


def kill_worker_after(app: Flask, sink: Sink, goal: int) -> None:
    """Starts a real worker and ends it with SIGKILL when the server has taken ``goal`` letters in all."""
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "INSTANCE", "MAIL", "SECRET_KEY")
    environment = os.environ | {f"CONSULT_{name}": str(app.config[name]) for name in names}
    worker = subprocess.Popen(
        [sys.executable, "-m", "consult", "worker"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 60
        while len(sink.letters) < goal:
            assert time.monotonic() < until, "the worker delivers nothing"
            assert worker.poll() is None, "the worker ended by itself"
            time.sleep(0.01)
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
