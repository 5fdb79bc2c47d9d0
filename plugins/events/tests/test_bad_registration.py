"""Whatever is sent instead of a registration: a sentence comes back with what was typed, and nobody is let in."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from email import message_from_string
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from consult.clock import now
from consult.db import db
from consult.outbox.models import Letter
from consult.tenancy import inside
from consult.testing.counting import database_state
from consult.testing.factories import ON, town
from consult.testing.html import html_faults
from consult.web.pace import limiter
from plugins.events.models import Event
from plugins.events.operations import cancel_event, confirm_place
from plugins.events.views.places import PER_ADDRESS, PER_NETWORK
from tests.meetings import check_hall, hall, meet, places
from tests.pages import OURS

HOME = "/stara-zagora"
TYPED: dict[str, Any] = {
    "name": "Мария Димова",
    "email": "maria@primer.bg",
    "people": "2",
    "way": "zala",
    "consent": "y",
    "q2": "А",
}
QUESTIONS = [
    {"key": "q1", "label": "Какво да обсъдим?", "kind": "text", "choices": [], "is_needed": False},
    {"key": "q2", "label": "В коя група?", "kind": "choice", "choices": ["А", "Б"], "is_needed": True},
]


@pytest.fixture(autouse=True)
def _fresh_pace(app: Flask) -> None:
    """Counts of one test are no counts of the next."""
    with app.app_context():
        limiter.reset()


@pytest.fixture
def number(app: Flask) -> int:
    """An event for which questions are asked."""
    with app.app_context(), inside(town(ON)):
        event = meet(50, questions=QUESTIONS)
        db.session.commit()
        return event.id


def send(app: Flask, number: int, typed: dict[str, Any], network: str = "192.0.2.1") -> Any:
    environ = {"REMOTE_ADDR": network}
    return app.test_client().post(f"{HOME}/sabitia/{number}/zapis", data=typed, headers=OURS, environ_overrides=environ)


def letters_to(app: Flask, address: str) -> list[Letter]:
    with app.app_context(), inside(town(ON)):
        found = list(db.session.scalars(select(Letter).where(Letter.to == address)))
        db.session.expunge_all()
        return found


WRONG: dict[str, dict[str, Any]] = {
    "no name": {"name": ""},
    "a name of spaces": {"name": "  \u00a0\u200b "},
    "a name of 10 000 letters": {"name": "я" * 10_000},
    "a name of two lines": {"name": "Мария\r\nBcc: vsichki@primer.bg"},
    "a name with a null": {"name": "Мария\x00"},
    "a name that turns the direction": {"name": "Мария\u202eамиД"},
    "no email": {"email": ""},
    "an email without a host": {"email": "maria@"},
    "an email with a header": {"email": "maria@primer.bg\r\nBcc: vsichki@primer.bg"},
    "an email in Cyrillic": {"email": "мария@primer.bg"},
    "two emails": {"email": "maria@primer.bg, ivan@primer.bg"},
    "an email of 10 000 letters": {"email": "m" * 10_000 + "@primer.bg"},
    "minus one": {"people": "-1"},
    "nobody": {"people": "0"},
    "more than may come": {"people": "6"},
    "a milliard": {"people": "1000000000"},
    "a number that no computer holds": {"people": "9" * 5000},
    "letters": {"people": "abc"},
    "half a person": {"people": "1.5"},
    "no number": {"people": ""},
    "no consent": {"consent": None},
    "no answer": {"q2": None},
    "an answer that was not offered": {"q2": "В"},
    "an answer of 10 000 letters": {"q1": "я" * 10_000},
    "an answer of two lines": {"q1": "едно\r\nдве"},
    "a way that there is not": {"way": "луна"},
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_beside_its_field_and_the_rest_is_kept(app, number, what):
    before = database_state(app)
    typed = {name: value for name, value in (TYPED | WRONG[what]).items() if value is not None}
    answer = send(app, number, typed)
    assert answer.status_code == 422
    assert "<title>Грешка: " in answer.text
    assert re.search(r'class="err" id="(\w+)-error"', answer.text)[1] == next(iter(WRONG[what]))  # type: ignore[index]
    assert html_faults(answer.text.replace("\x00", "")) == []
    field = next(iter(WRONG[what]))
    for name in {"name", "email"} - {field}:
        assert TYPED[name] in answer.text
    assert database_state(app) == before


def test_fields_that_the_form_does_not_have_change_nothing(app, number):
    sly = {"standing": "given", "confirmed_at": "2020-01-01", "person_id": "1", "channel": "phone", "salt": "x"}
    assert send(app, number, TYPED | sly).status_code == 303
    with app.app_context(), inside(town(ON)):
        place = places(number)[0]
        assert (str(place.standing), place.confirmed_at, place.person_id, place.channel) == ("held", None, None, "site")


def test_spellings_that_are_right_are_understood(app, number):
    kinds = [{"people": " 2 "}, {"people": "٢"}, {"email": "  Maria@PRIMER.bg "}, {"name": "О'Нийл – „Мими“"}]
    for turn, more in enumerate(kinds):
        typed = TYPED | {"email": f"maria{turn}@primer.bg"} | more
        assert send(app, number, typed).status_code == 303, more


def test_a_name_cannot_write_letters_of_its_own(app, number):
    name = "Мария Димова, Bcc: vsichki@primer.bg <b>жалба</b> {{7*7}} %(url)s %s"
    assert send(app, number, TYPED | {"name": name}).status_code == 303
    letter = letters_to(app, "maria@primer.bg")[0]
    assert "Димова" not in letter.text, "nobody is greeted by what a stranger typed"
    assert "\n" not in letter.subject
    assert message_from_string(f"Subject: {letter.subject}\n\n").keys() == ["Subject"]


def test_after_the_closing_and_the_cancelling_there_is_a_sentence_and_the_data(app):
    late: dict[str, Any] = {"closes_at": now() + timedelta(minutes=5)}
    for more, deed, sentence in (
        (late, None, "Записването приключи"),
        ({}, cancel_event, "Събитието е отменено."),
    ):
        with app.app_context(), inside(town(ON)):
            event = meet(5, **more)
            number = event.id
            db.session.commit()
            if deed:
                deed(event, "Ремонт")
            db.session.commit()
        with time_machine.travel(now() + timedelta(minutes=10)):
            answer = send(app, number, TYPED)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert TYPED["email"] in answer.text
        with app.app_context(), inside(town(ON)):
            assert places(number) == []


def test_another_site_cannot_register_its_reader(app, number):
    before = database_state(app)
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    answer = app.test_client().post(f"{HOME}/sabitia/{number}/zapis", data=TYPED, headers=foreign)
    assert answer.status_code == 403
    assert database_state(app) == before


# ---- Pace


def test_one_network_cannot_hold_a_hall_but_a_library_can_register(app, number):
    most = int(PER_NETWORK.split()[0])
    for turn in range(most):
        assert send(app, number, TYPED | {"email": f"a{turn}@primer.bg", "people": "1"}).status_code == 303
    late = send(app, number, TYPED | {"email": "last@primer.bg"})
    assert late.status_code == 429
    assert "Опитайте отново" in late.text
    assert "last@primer.bg" in late.text, "what was typed is kept"
    assert letters_to(app, "last@primer.bg") == []
    assert send(app, number, TYPED | {"email": "other@primer.bg"}, network="192.0.2.2").status_code == 303


def test_mistakes_are_not_counted(app, number):
    for _ in range(30):
        assert send(app, number, TYPED | {"people": "0"}).status_code == 422
    assert send(app, number, TYPED).status_code == 303


def test_a_mailbox_is_not_flooded_and_the_answer_does_not_tell(app):
    """One letter an event is the rule of the house; this is about one address asking for all of them."""
    most = int(PER_ADDRESS.split()[0])
    with app.app_context(), inside(town(ON)):
        numbers = [meet(10).id for _ in range(most + 1)]
        db.session.commit()
    answers = [
        send(app, one, TYPED | {"email": f"m.a.r.i.a+{turn}@gmail.com"}, network=f"192.0.2.{turn}")
        for turn, one in enumerate(numbers)
    ]
    assert {answer.status_code for answer in answers} == {303}
    assert answers[-1].location == f"{HOME}/sabitia/{numbers[-1]}/zapis"
    with app.app_context(), inside(town(ON)):
        assert [len(places(one)) for one in numbers] == [1] * most + [0]


def test_a_hundred_clicks_are_one_place_and_one_letter(app, number):
    for turn in range(100):
        assert send(app, number, TYPED, network=f"192.0.2.{turn}").status_code == 303
    with app.app_context(), inside(town(ON)):
        check_hall(number)
        assert len(places(number)) == 1
    assert len(letters_to(app, "maria@primer.bg")) == 1


def test_in_a_run_on_the_last_seats_nobody_is_too_many_and_everybody_gets_an_answer(app):
    with app.app_context(), inside(town(ON)):
        number = meet(3).id
        db.session.commit()
    seen: list[int] = []

    def run(who: int) -> None:
        typed = TYPED | {"email": f"run{who}@primer.bg", "people": "1"}
        seen.append(send(app, number, typed, network=f"198.51.100.{who}").status_code)

    runners = [threading.Thread(target=run, args=(who,)) for who in range(8)]
    for one in runners:
        one.start()
    for one in runners:
        one.join()
    assert sorted(seen) == [303] * 3 + [409] * 5
    with app.app_context(), inside(town(ON)):
        check_hall(number)
        assert hall(number).taken == 3
        confirm_place(places(number)[0])
        db.session.commit()
        assert db.session.get_one(Event, number).takes_places
