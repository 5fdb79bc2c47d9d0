"""The page of a place, which a key in a letter opens: what it says, what can be done there, and what cannot."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import icalendar
import pytest
import time_machine

from consult.clock import now
from consult.db import db
from consult.testing.counting import database_state
from consult.testing.html import html_faults
from plugins.events.models import Event, Place
from plugins.events.operations import (
    cancel_event,
    cancel_place,
    confirm_place,
    lapse_due,
)
from tests.asking import HOME, QUESTIONS, ask, in_town, letter_count, opened, standings, words
from tests.meetings import hall, places
from tests.pages import OURS, visitor

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
