"""The panel by which a place is asked for, as a visitor, a signed-in person and a stranger meet it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from consult.clock import now
from consult.db import db
from consult.tenancy import inside
from consult.testing.counting import database_state
from consult.testing.factories import town
from consult.testing.html import html_faults
from plugins.events.models import Event
from plugins.events.operations import (
    ask_for_place,
    confirm_place,
)
from tests.asking import HOME, QUESTIONS, TYPED, ask, in_town, opened, path_of, standings, words
from tests.meetings import guest, places
from tests.pages import OURS, visitor

# ---- The panel


def test_the_panel_says_how_many_places_are_free(app, client):
    number = opened(app, 10)
    ask(app, number, 1, people=3)
    assert "7 свободни места от 10" in words(client.get(f"{HOME}/sabitia/{number}"))


def test_consent_is_never_ticked_in_advance_and_says_until_when(app, client):
    page = client.get(f"{HOME}/sabitia/{opened(app)}").text
    box = re.search(r"<input[^>]*name=\"consent\"[^>]*>", page)
    assert box is not None
    assert "checked" not in box[0]
    assert "до 30 дни след събитието" in page


def test_only_what_the_event_needs_is_asked(app, client):
    page = client.get(f"{HOME}/sabitia/{opened(app, most_people=1, online_url='')}").text
    assert 'name="people"' not in page
    assert 'name="way"' not in page
    assert "жестов превод" not in page
    page = client.get(f"{HOME}/sabitia/{opened(app, questions=QUESTIONS)}").text
    assert all(f'name="{name}"' in page for name in ("people", "way", "q1", "q2"))


def test_a_full_hall_offers_the_waiting_list_and_says_how_long_a_place_is_kept(app, client):
    number = opened(app, 1, online_url="")
    ask(app, number, 1, confirm_place)
    page = client.get(f"{HOME}/sabitia/{number}")
    assert "Ако някой се откаже, ще ви пишем и ще пазим мястото 24 часа." in words(page)
    assert "Запиши ме в списъка на чакащите" in words(page)
    assert "Запази ми място" not in words(page)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"opens_at": timedelta(days=1)}, "Записването започва"),
        ({"closes_at": timedelta(days=-1)}, "Записването приключи"),
    ],
)
def test_outside_its_time_there_is_a_sentence_and_no_form(app, client, more, sentence):
    number = opened(app, **{name: now() + later for name, later in more.items()})
    assert "/zapis" not in client.get(f"{HOME}/sabitia/{number}").text
    answer = client.post(f"{HOME}/sabitia/{number}/zapis", data=TYPED, headers=OURS)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "maria@primer.bg" in answer.text, "what was typed is kept"
    assert standings(app, number) == []


def test_a_neighbour_shows_the_event_and_leads_to_its_owner(app, client):
    from consult import modules
    from consult.publishing import share
    from consult.testing.factories import OFF

    with app.app_context(), inside(town(OFF)):
        modules.enable(("news", "events"))
        db.session.commit()
    number = opened(app)
    with in_town(app):
        share(db.session.get_one(Event, number), [town(OFF)])
    page = client.get(f"/yambol/sabitia/{number}")
    assert page.status_code == 200
    assert f"/yambol/sabitia/{number}/zapis" not in page.text
    assert f"{HOME}/sabitia/{number}" in page.text
    before = database_state(app)
    answer = client.post(f"/yambol/sabitia/{number}/zapis", data=TYPED, headers=OURS)
    assert (answer.status_code, answer.location) == (303, f"{HOME}/sabitia/{number}")
    assert database_state(app) == before


# ---- A guest


def test_a_guest_asks_confirms_and_has_a_place(app, client):
    number = opened(app)
    answer = client.post(f"{HOME}/sabitia/{number}/zapis", data=TYPED, headers=OURS)
    assert (answer.status_code, answer.location) == (303, f"{HOME}/sabitia/{number}/zapis")
    assert "maria" not in client.get(answer.location).text
    with in_town(app):
        path = path_of(places(number)[0])
    assert "Чака потвърждение" in words(client.get(path))
    assert client.post(f"{path}/potvardi", headers=OURS).location == path
    assert "Записани сте" in words(client.get(path))
    assert standings(app, number) == ["given"]


def test_who_asks_learns_nothing_of_who_has_a_place(app):
    """The same status, body, headers and place to go to, for an address that has a place and for one that has none.

    Apart from the ETag: it changes with the number of free places, which everybody may see.
    """
    number = opened(app, 20)
    ask(app, number, 1, confirm_place)

    def answers(email: str, **more: str) -> list[Any]:
        sent = visitor(app).send(f"{HOME}/sabitia/{number}/zapis", TYPED | {"email": email} | more)
        seen = [sent.status_code, sent.headers.to_wsgi_list(), sent.text]
        if sent.location:
            shown = visitor(app).get(sent.location)
            shown.headers.pop("ETag")
            seen += [shown.status_code, shown.headers.to_wsgi_list(), shown.text]
        return seen

    known, stranger = answers("gost1@test.example"), answers("nikoy@test.example")
    assert known == stranger
    assert answers("gost1@test.example", waits="1") == answers("drug@test.example", waits="1")


def test_in_a_full_hall_too_nothing_is_learned(app):
    number = opened(app, 1)
    ask(app, number, 1, confirm_place)
    send = [TYPED | {"email": email} for email in ("gost1@test.example", "nikoy1@test.example")]
    full = [visitor(app).send(f"{HOME}/sabitia/{number}/zapis", one) for one in send]
    assert [one.status_code for one in full] == [409, 409]
    assert full[0].text == full[1].text.replace("nikoy1@", "gost1@")
    waits = [visitor(app).send(f"{HOME}/sabitia/{number}/zapis", one | {"waits": "1"}) for one in send]
    assert [one.status_code for one in waits] == [303, 303]
    assert waits[0].location == waits[1].location


def test_full_while_typing_keeps_what_was_typed_and_offers_the_line(app, client):
    number = opened(app, 1)
    page = client.get(f"{HOME}/sabitia/{number}")
    assert "Запази ми място" in words(page)
    ask(app, number, 1, confirm_place)
    answer = client.post(f"{HOME}/sabitia/{number}/zapis", data=TYPED, headers=OURS)
    assert answer.status_code == 409
    assert answer.text.count("<title>Грешка: ") == 1
    for typed in ("Мария Димова", "maria@primer.bg"):
        assert typed in answer.text
    assert re.search(r'name="waits" value="1"', answer.text)
    assert html_faults(answer.text) == []
    again = client.post(f"{HOME}/sabitia/{number}/zapis", data=TYPED | {"waits": "1"}, headers=OURS)
    assert again.status_code == 303
    assert standings(app, number) == ["given", "waiting"]


def test_who_ticks_it_beforehand_stands_in_line_at_once_when_others_were_quicker(app, client):
    number = opened(app, 1)
    box = re.search(r"<input[^>]*name=\"or_wait\"[^>]*>", client.get(f"{HOME}/sabitia/{number}").text)
    assert box is not None
    assert "checked" not in box[0]
    ask(app, number, 1, confirm_place)
    send = [TYPED | {"or_wait": "y", "email": email} for email in ("gost1@test.example", "nikoy1@test.example")]
    known, stranger = (visitor(app).send(f"{HOME}/sabitia/{number}/zapis", one) for one in send)
    assert (known.status_code, known.location) == (303, f"{HOME}/sabitia/{number}/zapis")
    assert (known.status_code, known.location, known.text) == (stranger.status_code, stranger.location, stranger.text)
    assert standings(app, number) == ["given", "waiting"]
    assert 'name="or_wait"' not in client.get(f"{HOME}/sabitia/{number}").text


def test_more_people_than_seats_may_come_with_fewer_or_wait(app, client):
    number = opened(app, 2)
    answer = client.post(f"{HOME}/sabitia/{number}/zapis", data=TYPED | {"people": "3"}, headers=OURS)
    assert answer.status_code == 409
    assert "Свободни са само 2 места." in words(answer)
    assert "Запази ми място" in words(answer)
    assert "Запиши ме в списъка на чакащите" in words(answer)


def test_online_there_is_always_room(app, client):
    number = opened(app, 1)
    ask(app, number, 1, confirm_place)
    answer = client.post(f"{HOME}/sabitia/{number}/zapis", data=TYPED | {"way": "online", "waits": "1"}, headers=OURS)
    assert answer.status_code == 303
    assert standings(app, number) == ["given", "held"]


# ---- Who is signed in


def test_one_click_gives_a_signed_in_person_a_place(app):
    number, somebody = opened(app), visitor(app, "resident")
    page = somebody.get(f"{HOME}/sabitia/{number}").text
    assert 'name="email"' not in page
    answer = somebody.send(f"{HOME}/sabitia/{number}/zapis", {"people": "1", "way": "zala"})
    assert answer.status_code == 303
    assert "/myasto/" in answer.location
    assert "Записани сте" in words(somebody.get(answer.location))
    assert standings(app, number) == ["given"]
    assert "Моето място" in words(somebody.get(f"{HOME}/sabitia/{number}"))
    assert answer.location in somebody.get(f"{HOME}/sabitia/moite").text


def test_a_signed_in_person_answers_the_questions_too(app):
    number, somebody = opened(app, questions=QUESTIONS), visitor(app, "resident")
    typed = {"people": "1", "way": "zala"}
    assert somebody.send(f"{HOME}/sabitia/{number}/zapis", typed).status_code == 422
    assert somebody.send(f"{HOME}/sabitia/{number}/zapis", typed | {"q2": "Б", "q1": "y"}).status_code == 303
    with in_town(app):
        assert places(number)[0].answers == {"q1": "1", "q2": "Б"}


def test_somebody_elses_place_is_not_opened_by_another_address_of_its_mailbox(app):
    number, somebody = opened(app), visitor(app, "resident")
    with in_town(app):
        confirm_place(ask_for_place(db.session.get_one(Event, number), guest(1, email="resident+drug@test.example")))
    answer = somebody.send(f"{HOME}/sabitia/{number}/zapis", {"people": "1", "way": "zala"})
    assert (answer.status_code, answer.location) == (303, f"{HOME}/sabitia/{number}/zapis")
    assert "Още нямате запазени места" in words(somebody.get(f"{HOME}/sabitia/moite"))
