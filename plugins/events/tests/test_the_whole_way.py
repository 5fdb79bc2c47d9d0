"""The whole way of a place: asked for in a browser, confirmed from a letter that a mail server took, given back."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import icalendar
from aiosmtpd.controller import Controller
from flask import Flask

from consult.db import db
from consult.outbox import deliver
from consult.tenancy import inside
from consult.testing.browser import opened_page
from consult.testing.factories import ON, town
from consult.testing.server import LiveServer
from plugins.events.models import Event
from plugins.events.operations import ask_for_place, confirm_place
from tests.meetings import check_hall, guest, meet, places
from tests.pages import OURS
from tests.test_outbox import Sink

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOME = "/stara-zagora"


@contextmanager
def mail_of(app: Flask) -> Iterator[Sink]:
    """A real mail server, to which the worker of the application sends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sink, before = Sink(), app.config.get("MAIL")
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    app.config["MAIL"] = f"smtp://127.0.0.1:{port}"
    yield sink
    server.stop()
    app.config["MAIL"] = before


def post(app: Flask, sink: Sink, to: str) -> EmailMessage:
    """What the worker has just delivered to this address; there must be one letter."""
    with app.app_context():
        deliver()
    found = [letter for letter in sink.letters if letter["To"] == to]
    sink.letters.clear()
    assert len(found) == 1, f"{len(found)} letters to {to}"
    return found[0]


def text_of(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(letter: EmailMessage) -> str:
    """The path of the page of the place, as the letter gives it."""
    found = re.search(r"https?://\S+/myasto/\S+", text_of(letter))
    assert found is not None
    return urlsplit(found[0]).path


def calendar_in(letter: EmailMessage) -> icalendar.Calendar:
    file = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    calendar = icalendar.Calendar.from_ical(bytes(file.get_payload(decode=True)))
    assert isinstance(calendar, icalendar.Calendar)
    return calendar


def opened(app: Flask, seats: int) -> int:
    with app.app_context(), inside(town(ON)):
        number = meet(seats, title="Да поговорим за дърветата", online_url="").id
        db.session.commit()
        return number


def standings(app: Flask, number: int) -> list[str]:
    with app.app_context(), inside(town(ON)):
        check_hall(number)
        return [str(place.standing) for place in places(number)]


# ---- In a browser


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).click()


def ask_in(page: Page, number: int, name: str, email: str, button: str) -> None:
    page.goto(f"{HOME}/sabitia/{number}")
    page.get_by_role("textbox", name="Име", exact=True).fill(name)
    page.get_by_role("textbox", name="Имейл").fill(email)
    page.get_by_role("checkbox", name="Общината може да пази").check()
    press(page, button)
    assert page.locator("h1").inner_text() == "Проверете пощата си"


def test_a_visitor_takes_a_place_by_a_letter_and_gives_it_back_by_another(
    live_server: LiveServer, scripts_off_page: Page
) -> None:
    page, app = scripts_off_page, live_server.app
    number = opened(app, 5)
    with mail_of(app) as sink:
        ask_in(page, number, "Мария Димова", "maria@primer.bg", "Запази ми място")
        letter = post(app, sink, "maria@primer.bg")
        assert "Потвърдете мястото си" in letter["Subject"]
        page.goto(link_in(letter))
        assert standings(app, number) == ["held"], "opening the link confirms nothing"
        press(page, "Потвърди мястото")
        assert page.get_by_text("Записани сте").is_visible()
        assert page.locator("svg.qr").is_visible()
        assert standings(app, number) == ["given"]
        given = post(app, sink, "maria@primer.bg")
        assert calendar_in(given)["METHOD"] == "REQUEST"
        assert any(part.get_content_type() == "image/png" for part in given.walk())
        page.goto(link_in(given))
        with page.expect_navigation():
            page.get_by_role("link", name="Откажи мястото").click()
        press(page, "Откажи мястото")
        assert page.get_by_text("Отказано").is_visible()
        cancelled = post(app, sink, "maria@primer.bg")
    assert standings(app, number) == ["cancelled"]
    asked, taken_out = calendar_in(given).events[0], calendar_in(cancelled).events[0]
    assert calendar_in(cancelled)["METHOD"] == "CANCEL"
    assert asked["UID"] == taken_out["UID"]
    assert int(str(taken_out["SEQUENCE"])) > int(str(asked["SEQUENCE"]))


def test_who_waits_is_offered_a_freed_place_by_a_letter_and_takes_it(
    browser: Browser, live_server: LiveServer, page: Page
) -> None:
    app = live_server.app
    number = opened(app, 1)
    with app.app_context(), inside(town(ON)):
        confirm_place(ask_for_place(db.session.get_one(Event, number), guest(1, email="parvi@primer.bg")))
        db.session.commit()
    with mail_of(app) as sink, opened_page(browser, live_server) as first:
        with app.app_context():
            deliver()
        has_place = next(one for one in sink.letters if "Записани сте" in one["Subject"])
        sink.letters.clear()
        ask_in(page, number, "Иван Колев", "ivan@primer.bg", "Запиши ме в списъка на чакащите")
        page.goto(link_in(post(app, sink, "ivan@primer.bg")))
        press(page, "Запиши ме в списъка на чакащите")
        assert page.get_by_text("Чакащ, номер 1").is_visible()
        assert "номер 1" in text_of(post(app, sink, "ivan@primer.bg"))
        first.goto(link_in(has_place) + "/otkazhi")
        press(first, "Откажи мястото")
        offer = post(app, sink, "ivan@primer.bg")
        assert "Освободи се място за вас" in offer["Subject"]
        page.goto(link_in(offer))
        press(page, "Вземи мястото")
        assert page.get_by_text("Записани сте").is_visible()
        assert calendar_in(post(app, sink, "ivan@primer.bg"))["METHOD"] == "REQUEST"
    assert standings(app, number) == ["cancelled", "given"]


# ---- The same without a browser, on both databases


def test_the_same_way_holds_on_every_database(app: Flask) -> None:
    number, client = opened(app, 1), app.test_client()
    typed = {"name": "Гост", "people": "1", "consent": "y"}

    def send(path: str, email: str = "", **more: str) -> int:
        fields = typed | {"email": email} | more if email else more
        return client.post(path, data=fields, headers=OURS).status_code

    with mail_of(app) as sink:
        letter: Callable[[str], EmailMessage] = lambda to: post(app, sink, to)  # noqa: E731
        assert send(f"{HOME}/sabitia/{number}/zapis", "a@primer.bg") == 303
        held = link_in(letter("a@primer.bg"))
        assert send(f"{HOME}/sabitia/{number}/zapis", "b@primer.bg") == 409
        assert send(f"{HOME}/sabitia/{number}/zapis", "b@primer.bg", waits="1") == 303
        in_line = link_in(letter("b@primer.bg"))
        assert send(f"{held}/potvardi") == 303
        given = letter("a@primer.bg")
        assert send(f"{in_line}/potvardi") == 303
        assert "номер 1" in text_of(letter("b@primer.bg"))
        assert send(f"{link_in(given)}/otkazhi") == 303
        with app.app_context():
            deliver()
        assert sorted(one["To"] for one in sink.letters) == ["a@primer.bg", "b@primer.bg"]
        offer = next(one for one in sink.letters if one["To"] == "b@primer.bg")
        sink.letters.clear()
        assert send(f"{link_in(offer)}/priemi") == 303
        assert "Записани сте" in letter("b@primer.bg")["Subject"]
    assert standings(app, number) == ["cancelled", "given"]
