"""The panel of an event and the page of a place, as a visitor, a signed-in person and a stranger meet them."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import icalendar
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
from plugins.events.entries import place_key
from plugins.events.models import Event, Place
from plugins.events.operations import (
    ask_for_place,
    cancel_event,
    cancel_place,
    confirm_place,
    lapse_due,
)
from tests.meetings import check_hall, guest, hall, meet, places
from tests.pages import OURS, visitor

HOME = "/stara-zagora"
TYPED = {"name": "Мария Димова", "email": "maria@primer.bg", "people": "2", "way": "zala", "consent": "y"}
QUESTIONS = [
    {"key": "q1", "label": "Нужен ми е жестов превод", "kind": "yes", "choices": [], "is_needed": False},
    {"key": "q2", "label": "В коя група ще работите?", "kind": "choice", "choices": ["А", "Б"], "is_needed": True},
]


@contextmanager
def in_town(app: Flask) -> Any:
    with app.app_context(), inside(town(ON)):
        yield
        db.session.commit()


def opened(app: Flask, seats: int | None = 10, starts_in: timedelta = timedelta(days=5), **more: Any) -> int:
    """An event to which people may come; answers its number."""
    with in_town(app):
        return meet(seats, starts_in, **more).id


def ask(app: Flask, number: int, who: int, *then: Any, waits: bool = False, **more: Any) -> str:
    """Somebody's place, asked for and then brought further; answers the path of its page."""
    with in_town(app):
        place = ask_for_place(db.session.get_one(Event, number), guest(who, **more), waits)
        for deed in then:
            deed(place)
        return path_of(place)


def path_of(place: Place) -> str:
    return f"{HOME}/sabitia/{place.event_id}/myasto/{place.id}/{place_key(place)}"


def letter_count(app: Flask) -> int:
    with in_town(app):
        return len(db.session.scalars(select(Letter.id)).all())


def standings(app: Flask, number: int) -> list[str]:
    with in_town(app):
        check_hall(number)
        return [str(place.standing) for place in places(number)]


def words(answer: Any) -> str:
    """What a person reads, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


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


# ---- The page of a place


STATES = {
    "Чака потвърждение": (),
    "Записани сте": (confirm_place,),
    "Отказано": (confirm_place, cancel_place),
}


@pytest.mark.parametrize("word", STATES)
def test_the_page_says_how_it_stands(app, client, word):
    path = ask(app, opened(app), 1, *STATES[word])
    answer = client.get(path)
    assert word in words(answer)
    assert html_faults(answer.text) == []
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in answer.text


def test_the_line_has_numbers_and_a_freed_place_is_offered(app, client):
    number = opened(app, 1, online_url="")
    first = ask(app, number, 1, confirm_place)
    second, third = (ask(app, number, who, confirm_place, waits=True) for who in (2, 3))
    assert "Чакащ, номер 1" in words(client.get(second))
    assert "Чакащ, номер 2" in words(client.get(third))
    client.post(f"{first}/otkazhi", headers=OURS)
    assert "Предложено място" in words(client.get(second))
    assert "Пазим го до" in words(client.get(second))
    assert client.post(f"{second}/priemi", headers=OURS).status_code == 303
    assert standings(app, number) == ["cancelled", "given", "waiting"]


def test_a_place_that_was_not_taken_in_time_can_be_asked_for_again(app, client):
    number = opened(app, 1)
    path = ask(app, number, 1)
    with time_machine.travel(now() + timedelta(hours=2)):
        with in_town(app):
            lapse_due()
        assert "Изтекло" in words(client.get(path))
        client.post(f"{path}/potvardi", headers=OURS)
        assert "Записани сте" in words(client.get(path))


def test_what_can_be_done_no_more_is_said_above_how_it_stands_now(app, client):
    number = opened(app, 1, online_url="")
    ask(app, number, 1, confirm_place)
    path = ask(app, number, 2, confirm_place, waits=True)
    answer = client.post(f"{path}/priemi", headers=OURS)
    assert answer.status_code == 422
    assert "Вече не пазим това място за вас." in words(answer)
    assert "Чакащ, номер 1" in words(answer)


def test_opening_pages_changes_nothing(app, client):
    path = ask(app, opened(app), 1, confirm_place)
    before = database_state(app)
    for tail in ("", "/promeni", "/otkazhi", "/zabravi", "/danni.json", "/sabitie.ics"):
        assert client.get(path + tail).status_code == 200, tail
        assert client.head(path + tail).status_code == 200, tail
    for tail in ("/potvardi", "/priemi"):
        assert client.get(path + tail).status_code in (404, 405), tail
    assert database_state(app) == before


def test_the_online_room_is_for_those_who_have_a_place(app, client):
    number = opened(app, 1)
    held = ask(app, number, 1)
    line = ask(app, number, 2, confirm_place, waits=True)
    assert "video.example" not in client.get(held).text + client.get(line).text
    assert "video.example" not in client.get(f"{HOME}/sabitia/{number}").text
    client.post(f"{held}/potvardi", headers=OURS)
    assert "https://video.example/1" in client.get(held).text
    client.post(f"{held}/otkazhi", headers=OURS)
    assert "video.example" not in client.get(held).text


def test_the_code_is_drawn_and_leads_to_the_door(app, client):
    number = opened(app)
    path = ask(app, number, 1, confirm_place)
    page = client.get(path).text
    drawing = re.search(r'<svg class="qr".*?</svg>', page, re.DOTALL)
    assert drawing is not None
    side = int(re.findall(r'viewBox="0 0 (\d+) \1"', drawing[0])[0])
    modules = re.findall(r"M(\d+) (\d+)h1v1h-1z", drawing[0])
    assert side > 28
    assert len(modules) > 200
    assert all(4 <= int(x) < side - 4 and 4 <= int(y) < side - 4 for x, y in modules), "a quiet margin"
    with in_town(app):
        code = places(number)[0].code
    assert f"{code[:2]}-{code[2:]}" in page


def test_party_way_and_answers_are_changed(app, client):
    number = opened(app, 5, questions=QUESTIONS)
    path = ask(app, number, 1, confirm_place, answers={"q2": "А"})
    assert re.search(r'checked[^>]*value="А"', client.get(f"{path}/promeni").text)
    answer = client.post(f"{path}/promeni", data={"people": "4", "way": "zala", "q2": "Б"}, headers=OURS)
    assert answer.location == path
    assert "4 души" in words(client.get(path))
    for wrong in ({"people": "0"}, {"people": "6"}, {"way": "луна"}, {"q2": "В"}):
        refused = client.post(f"{path}/promeni", data={"people": "4", "way": "zala", "q2": "Б"} | wrong, headers=OURS)
        assert refused.status_code == 422, wrong
    ask(app, number, 2, confirm_place)
    full = client.post(f"{path}/promeni", data={"people": "5", "way": "zala", "q2": "Б"}, headers=OURS)
    assert full.status_code == 409
    assert "Вашето остава както беше." in words(full)
    with in_town(app):
        assert (places(number)[0].people, places(number)[0].answers) == (4, {"q2": "Б"})


def test_giving_back_asks_first_and_is_told(app, client):
    number = opened(app)
    path = ask(app, number, 1, confirm_place)
    assert "Да откажете ли мястото?" in words(client.get(f"{path}/otkazhi"))
    assert standings(app, number) == ["given"]
    assert client.post(f"{path}/otkazhi", headers=OURS).location == path
    count = letter_count(app)
    assert client.post(f"{path}/otkazhi", headers=OURS).status_code == 303, "twice is once"
    assert letter_count(app) == count
    assert standings(app, number) == ["cancelled"]


def test_all_that_is_kept_can_be_taken_along(app, client):
    path = ask(app, opened(app, questions=QUESTIONS), 1, confirm_place, people=2, answers={"q2": "А"})
    answer = client.get(f"{path}/danni.json")
    said = json.loads(answer.text)
    assert said["name"] == "Гост 1"
    assert said["email"] == "gost1@test.example"
    assert said["answers"] == {"q2": "А"}
    columns = {column.key for column in Place.__mapper__.column_attrs}
    assert columns - set(said) == {"salt"}, "field by field, and never what makes the key"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_calendar_file_is_this_persons(app, client):
    number = opened(app)
    path = ask(app, number, 1, confirm_place)
    calendar = icalendar.Calendar.from_ical(client.get(f"{path}/sabitie.ics").data)
    assert calendar["METHOD"] == "REQUEST"
    assert "gost1@test.example" in str(calendar.events[0]["ATTENDEE"])
    with in_town(app):
        cancel_event(db.session.get_one(Event, number), "Ремонт")
    calendar = icalendar.Calendar.from_ical(client.get(f"{path}/sabitie.ics").data)
    assert (calendar["METHOD"], calendar.events[0]["STATUS"]) == ("CANCEL", "CANCELLED")
    assert "Събитието няма да се състои." in words(client.get(path))
    assert client.get(f"{ask(app, opened(app), 2)}/sabitie.ics").status_code == 404


def test_who_wants_to_be_forgotten_is(app, client):
    number = opened(app)
    path = ask(app, number, 1, confirm_place)
    assert "Да ви забравим ли сега?" in words(client.get(f"{path}/zabravi"))
    answer = client.post(f"{path}/zabravi", headers=OURS)
    assert answer.status_code == 303
    gone = client.get(answer.location)
    assert gone.status_code == 410
    assert "изтрити" in gone.text
    with in_town(app):
        place = places(number)[0]
        assert (place.name, place.email, place.address_key) == ("", "", None)
        assert hall(number).taken == 0
    assert client.post(f"{path}/potvardi", headers=OURS).status_code == 410


def test_a_key_opens_its_own_place_only(app, client):
    number, other = opened(app), opened(app)
    path, neighbour = ask(app, number, 1, confirm_place), ask(app, number, 2, confirm_place)
    key, other_key = path.rpartition("/")[2], neighbour.rpartition("/")[2]
    wrong = [
        path.replace(key, other_key),
        path[:-1],
        path + "x",
        path.upper().replace(HOME.upper(), HOME).replace("/SABITIA", "/sabitia").replace("/MYASTO", "/myasto"),
        path.replace(f"/sabitia/{number}/", f"/sabitia/{other}/"),
        path.replace("/myasto/1/", "/myasto/999/"),
        path.replace(key, "%00"),
        path.replace(key, "ключ"),
    ]
    before = database_state(app)
    for one in wrong:
        for tail in ("", "/promeni", "/otkazhi", "/zabravi", "/danni.json", "/sabitie.ics"):
            assert client.get(one + tail).status_code == 404, one + tail
        for tail in ("/potvardi", "/priemi", "/promeni", "/otkazhi", "/zabravi"):
            assert client.post(one + tail, headers=OURS).status_code == 404, one + tail
    assert database_state(app) == before
    assert "копирайте я цялата" in client.get(path[:-1]).text
    assert "Гост" not in client.get(path[:-1]).text


def test_an_old_letter_of_a_place_that_was_given_back_opens_nothing_once_it_is_asked_for_anew(app, client):
    number = opened(app)
    old = ask(app, number, 1, confirm_place, cancel_place)
    new = ask(app, number, 1)
    assert old != new
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_my_places_are_mine(app):
    number, somebody = opened(app), visitor(app, "resident")
    ask(app, number, 1, confirm_place)
    assert "Още нямате запазени места" in words(somebody.get(f"{HOME}/sabitia/moite"))
    somebody.send(f"{HOME}/sabitia/{number}/zapis", {"people": "2", "way": "zala"})
    page = words(somebody.get(f"{HOME}/sabitia/moite"))
    assert "Записани сте, 2 души" in page
    assert visitor(app).get(f"{HOME}/sabitia/moite").status_code == 302


def test_after_the_event_the_page_thanks_and_offers_no_change(app, client):
    path = ask(app, opened(app), 1, confirm_place)
    with time_machine.travel(now() + timedelta(days=6)):
        page = client.get(path)
    assert "Събитието приключи." in words(page)
    assert "/otkazhi" not in page.text
    assert "/zabravi" in page.text
