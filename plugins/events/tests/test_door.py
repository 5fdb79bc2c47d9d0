"""The door on a telephone: found in either alphabet, ticked, unticked, let in; with no script, and with no network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from consult.clock import now
from consult.db import db, operation
from consult.tenancy import inside
from consult.testing.axe import axe_faults, reflow_faults
from consult.testing.browser import opened_page
from consult.testing.factories import ON, sign_in, town
from consult.testing.server import LiveServer
from plugins.events.models import Place
from plugins.events.operations import ask_for_place, cancel_place
from plugins.events.queries import say_code
from tests.meetings import check_hall, guest, hall, meet, places
from tests.pages import parse, text_of, visitor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

DESK = "/stara-zagora/rabota/sabitia"
LOOKS_LATIN = str.maketrans("ABEKMHPCTX", "АВЕКМНРСТХ")


def an_evening(app: Flask, seats: int = 10, starts_in: timedelta = timedelta(hours=1), **more: Any) -> int:
    """An event that begins soon, with Калина (two people) and Петко (one); answers its number."""
    with app.app_context(), inside(town(ON)):
        event = meet(seats, starts_in, **more)
        ask_for_place(event, guest(1, name="Калина Стоянова", people=2, channel="phone"))
        ask_for_place(event, guest(2, name="Петко Желев", channel="phone"))
        db.session.commit()
        return event.id


def place_of(app: Flask, event_id: int, name: str) -> Place:
    with app.app_context(), inside(town(ON)):
        place = next(place for place in places(event_id) if place.name == name)
        db.session.expunge(place)
        return place


def arrived(app: Flask, event_id: int) -> int:
    with app.app_context(), inside(town(ON)):
        check_hall(event_id)
        return hall(event_id).arrived


def test_a_person_is_found_by_a_part_of_the_name_or_by_the_code_in_either_alphabet(app):
    number = an_evening(app)
    code = say_code(place_of(app, number, "Калина Стоянова").code)
    somebody = visitor(app, "moderator")
    for typed in ("стоян", "КАЛИНА", code, code.lower(), code.replace("-", ""), code.translate(LOOKS_LATIN)):
        page = text_of(parse(somebody.get(f"{DESK}/{number}/vhod", query_string={"q": typed})))
        assert "Калина Стоянова" in page, typed
        assert "Петко Желев" not in page, typed
    page = text_of(parse(somebody.get(f"{DESK}/{number}/vhod", query_string={"q": "няма такъв"})))
    assert "Никой не е намерен" in page


def test_a_tick_counts_the_party_and_is_taken_back(app):
    number = an_evening(app)
    somebody, place = visitor(app, "moderator"), place_of(app, number, "Калина Стоянова")
    answer = somebody.send(f"{DESK}/{number}/vhod/{place.id}/tuk", {"people": "1", "q": "кал"})
    assert answer.status_code == 303
    assert answer.location.endswith("vhod?q=%D0%BA%D0%B0%D0%BB"), "the search is kept"
    assert "1 от 3 вече са тук" in text_of(parse(somebody.get(answer.location)))
    somebody.send(f"{DESK}/{number}/vhod/{place.id}/tuk", {"people": "2"})
    assert arrived(app, number) == 2, "the second one came later"
    somebody.send(f"{DESK}/{number}/vhod/{place.id}/ne")
    assert arrived(app, number) == 0
    somebody.send(f"{DESK}/{number}/vhod/{place.id}/tuk")
    assert arrived(app, number) == 2, "all of them, unless told"


@pytest.mark.parametrize("people", ["0", "3", "-1", "много", "1e3", "99999999999999999999"])
def test_more_than_the_party_is_refused_in_words(app, people):
    number = an_evening(app)
    somebody, place = visitor(app, "admin"), place_of(app, number, "Калина Стоянова")
    answer = somebody.send(f"{DESK}/{number}/vhod/{place.id}/tuk", {"people": people})
    assert answer.status_code == 422
    assert arrived(app, number) == 0


def test_who_gave_the_place_back_is_let_in_as_one_without_a_place(app):
    number = an_evening(app)
    somebody, place = visitor(app, "editor"), place_of(app, number, "Петко Желев")
    with app.app_context(), inside(town(ON)):
        cancel_place(db.session.get_one(Place, place.id))
        db.session.commit()
    answer = somebody.send(f"{DESK}/{number}/vhod/{place.id}/tuk")
    assert answer.status_code == 422
    assert "Пуснете ги като хора без място" in answer.text
    assert somebody.send(f"{DESK}/{number}/vhod/novi", {"name": "Петко Желев", "people": "1"}).status_code == 303
    assert arrived(app, number) == 1


def test_nobody_is_let_into_a_full_hall_and_what_was_typed_is_kept(app):
    number = an_evening(app, seats=3)
    answer = visitor(app, "editor").send(f"{DESK}/{number}/vhod/novi", {"name": "Гост на входа", "people": "1"})
    assert answer.status_code == 422
    assert "Гост на входа" in answer.text
    assert arrived(app, number) == 0


def test_a_tick_of_a_telephone_without_network_keeps_its_hour_but_never_one_to_come(app):
    number = an_evening(app)
    somebody = visitor(app, "moderator")
    early, late = now() - timedelta(minutes=20), now() + timedelta(days=1)
    for name, at in (("Калина Стоянова", early), ("Петко Желев", late)):
        place = place_of(app, number, name)
        somebody.send(f"{DESK}/{number}/vhod/{place.id}/tuk", {"at": at.isoformat()})
    came = {name: place_of(app, number, name).arrived_at or late for name in ("Калина Стоянова", "Петко Желев")}
    assert abs(came["Калина Стоянова"] - early) < timedelta(seconds=1)
    assert came["Петко Желев"] <= now()
    assert somebody.send(f"{DESK}/{number}/vhod/{place.id}/tuk", {"at": "вчера"}).status_code == 303


def test_the_same_tick_sent_twice_is_one(app):
    number = an_evening(app)
    somebody, place = visitor(app, "moderator"), place_of(app, number, "Калина Стоянова")
    sent = {"people": "2", "_key": "tick-1"}
    assert [somebody.send(f"{DESK}/{number}/vhod/{place.id}/tuk", sent).status_code for _ in range(2)] == [303, 303]
    somebody.send(f"{DESK}/{number}/vhod/{place.id}/ne")
    somebody.send(f"{DESK}/{number}/vhod/{place.id}/tuk", sent)
    assert arrived(app, number) == 0, "what was taken back is not ticked again by a telephone that sends late"


def test_an_event_without_places_has_no_door(app):
    with app.app_context(), inside(town(ON)):
        number = meet(None, takes_places=False).id
        db.session.commit()
    somebody = visitor(app, "admin")
    assert somebody.get(f"{DESK}/{number}/vhod").status_code == 404
    assert somebody.send(f"{DESK}/{number}/vhod/novi", {"name": "А", "people": "1"}).status_code == 404
    assert somebody.get(f"{DESK}/{number}/mesta").status_code == 404
    assert somebody.get(f"{DESK}/{number}/spisak").status_code == 404


# ------------------------------------------------------------------------------------------------ in a browser


@pytest.fixture
def door(browser: Browser, live_server: LiveServer) -> Iterator[tuple[Page, int]]:
    """A moderator's telephone at the door of an event."""
    number = an_evening(live_server.app)
    with opened_page(browser, live_server) as page:
        stand_at(page, live_server, number)
        yield page, number


def stand_at(page: Page, live_server: LiveServer, number: int) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    cookie = sign_in(live_server.app, "moderator").client.get_cookie("consult")
    assert cookie is not None
    page.context.add_cookies([{"name": "consult", "value": cookie.value, "url": live_server.url}])
    page.goto(f"{DESK}/{number}/vhod")


def button(page: Page, words: str) -> Any:
    """The name is hidden words after a visible one, and browsers put a space between them."""
    return page.get_by_role("button", name=re.compile(words.replace(":", r"\s*:")))


def test_the_page_is_for_everybody(door):
    page, _number = door
    for width in (320, 390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert axe_faults(page) == []
        assert reflow_faults(page) == []


def test_without_a_script_all_of_it_works(browser, live_server):
    number = an_evening(live_server.app)
    with opened_page(browser, live_server, scripts=False) as page:
        stand_at(page, live_server, number)
        page.fill("[name=q]", "калина")
        with page.expect_navigation():
            button(page, "Търсене").click()
        page.get_by_label("Колко дойдоха: Калина Стоянова").select_option("1")
        with page.expect_navigation():
            button(page, "Тук е: Калина Стоянова").click()
        assert page.locator("[name=q]").first.input_value() == "калина"
        expect(page.locator("#count")).to_have_text("1 от 3 вече са тук")
        with page.expect_navigation():
            button(page, "Отмени: Калина Стоянова").click()
        expect(page.locator("#count")).to_have_text("0 от 3 вече са тук")
        page.fill("[name=name]", "Гост")
        with page.expect_navigation():
            button(page, "Пусни").click()
        expect(page.locator("#count")).to_have_text("1 от 4 вече са тук")


def test_with_the_script_a_tick_does_not_leave_the_page(door):
    page, _number = door
    page.evaluate("window.isSame = true")
    button(page, "Тук е: Калина Стоянова").click()
    expect(page.locator("#count")).to_have_text("2 от 3 вече са тук")
    expect(button(page, "Отмени: Калина Стоянова")).to_be_focused()
    assert page.evaluate("window.isSame")
    assert axe_faults(page) == []


def test_without_a_network_ticks_wait_and_are_sent_when_it_is_back(door, live_server):
    page, number = door
    page.context.set_offline(True)
    button(page, "Тук е: Калина Стоянова").click()
    expect(page.locator("#network")).to_have_text("Няма връзка. 1 отметка чака.")
    button(page, "Тук е: Петко Желев").click()
    expect(page.locator("#network")).to_have_text("Няма връзка. 2 отметки чакат.")
    expect(page.locator("#expected")).to_contain_text("чака връзка")
    assert arrived(live_server.app, number) == 0
    page.context.set_offline(False)
    expect(page.locator("#network")).to_have_text("Има връзка. 2 отметки са изпратени.")
    expect(page.locator("#count")).to_have_text("3 от 3 вече са тук")
    assert arrived(live_server.app, number) == 3
    assert page.evaluate("localStorage.length") == 0


def test_ticks_outlive_the_page(door, live_server):
    page, number = door
    page.context.set_offline(True)
    button(page, "Тук е: Петко Желев").click()
    expect(page.locator("#network")).to_have_text("Няма връзка. 1 отметка чака.")
    page.goto("about:blank")  # before the network is back: the page that was left would send them too
    page.context.set_offline(False)
    page.goto(f"{DESK}/{number}/vhod")
    expect(page.locator("#network")).to_have_text("Има връзка. 1 отметка е изпратена.")
    expect(button(page, "Отмени: Петко Желев")).to_be_visible()
    assert arrived(live_server.app, number) == 1


def test_without_a_network_the_list_on_the_telephone_is_searched(door, live_server):
    page, number = door
    page.context.set_offline(True)
    page.fill("#q", place_of(live_server.app, number, "Петко Желев").code.translate(LOOKS_LATIN))
    button(page, "Търсене").click()
    expect(page.locator("#expected > li:visible")).to_have_count(1)
    expect(page.locator("#expected > li:visible")).to_contain_text("Петко Желев")


def test_a_tick_that_is_refused_says_why(door, live_server):
    page, number = door
    page.context.set_offline(True)
    button(page, "Тук е: Петко Желев").click()
    expect(page.locator("#network")).to_contain_text("1 отметка чака")
    give_back(live_server.app, place_of(live_server.app, number, "Петко Желев").id)
    page.context.set_offline(False)
    expect(page.locator("#network")).to_contain_text("Не е прието: Петко Желев. Това място е отказано.")
    assert page.evaluate("localStorage.length") == 0
    assert arrived(live_server.app, number) == 0


def test_a_sign_in_that_ended_keeps_the_ticks(door, live_server):
    page, number = door
    page.context.clear_cookies()
    button(page, "Тук е: Петко Желев").click()
    expect(page.locator("#network")).to_contain_text("Влезте отново")
    assert page.evaluate("localStorage.length") == 1
    stand_at(page, live_server, number)
    expect(button(page, "Отмени: Петко Желев")).to_be_visible()
    assert arrived(live_server.app, number) == 1
    assert page.evaluate("localStorage.length") == 0


def test_another_sign_in_meanwhile_sends_the_ticks_with_its_own_token(door, live_server):
    page, number = door
    cookie = sign_in(live_server.app, "moderator").client.get_cookie("consult")
    assert cookie is not None
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "consult", "value": cookie.value, "url": live_server.url}])
    button(page, "Тук е: Петко Желев").click()
    expect(page.locator("#count")).to_have_text("1 от 3 вече са тук")
    assert arrived(live_server.app, number) == 1


@operation
def _give_back(number: int) -> None:
    cancel_place(db.session.get_one(Place, number))


def give_back(app: Flask, number: int) -> None:
    with app.app_context(), inside(town(ON)):
        _give_back(number)
        db.session.commit()
