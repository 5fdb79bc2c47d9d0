"""A resident's way on a telephone, with scripts off: read, choose чл. 14, write, confirm, be answered, withdraw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from sqlalchemy import select

from consult.db import db
from consult.outbox.models import Letter
from consult.tenancy import inside
from consult.testing.axe import axe_faults, reflow_faults
from consult.testing.factories import ON, town
from consult.testing.server import LiveServer
from plugins.consultations.tests.test_opinions import HERE, a_draft
from tests.opinions import SAYS, accepted, check_counts, opinions

if TYPE_CHECKING:
    from playwright.sync_api import Page


def newest_letter(live_server: LiveServer, to: str) -> Letter:
    with live_server.app.app_context(), inside(town(ON)):
        letter = db.session.scalars(select(Letter).where(Letter.to == to).order_by(Letter.id.desc())).first()
        assert letter is not None
        db.session.expunge(letter)
        return letter


def link_in(letter: Letter) -> str:
    found = re.search(r"https?://\S+/moeto/\S+", letter.text)
    assert found is not None
    return found[0]


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def test_a_resident_is_heard_without_an_account_and_without_scripts(scripts_off_page, live_server):
    page = scripts_off_page
    page.set_viewport_size({"width": 390, "height": 800})
    with live_server.app.app_context(), inside(town(ON)):
        number = a_draft(title="Наредба за зелената система, както я чете баба на телефона")
        db.session.commit()
    page.goto(f"{HERE}/{number}")
    expect(page.locator("h1")).to_contain_text("Наредба за зелената система")
    follow(page, "Мнение по чл. 14")
    expect(page.locator("h1")).to_contain_text("Чл. 14")
    page.get_by_label("Предлагам промяна").check()
    page.get_by_label("Вашето мнение").fill(SAYS)
    page.get_by_label("Име, което ще се вижда").fill("Мария Д.")
    page.get_by_label("Имейл", exact=True).fill("maria@test.example")
    page.get_by_label("Да, с името ми").check()
    press(page, "Изпрати мнението")
    expect(page.locator("h1")).to_contain_text("писмото")

    page.goto(link_in(newest_letter(live_server, "maria@test.example")))
    press(page, "Потвърди")
    receipt = page.url
    expect(page.locator("main")).to_contain_text(SAYS)

    with live_server.app.app_context(), inside(town(ON)):
        (mine,) = opinions(number)
        accepted(number, 7, "При нас пред блок 24 от шест фиданки оцеляха две.", reply_to_id=mine.id)
        db.session.commit()
        check_counts(number)
        permalink = f"{HERE}/{number}/mnenia/{mine.id}"
    page.goto(permalink)
    expect(page.locator("main")).to_contain_text("от шест фиданки оцеляха две")

    page.goto(receipt)
    follow(page, "Оттегли")
    press(page, "Оттегли мнението")
    page.goto(permalink)
    expect(page.locator("main")).not_to_contain_text(SAYS)
    expect(page.locator("main")).to_contain_text("оттеглено от автора")
    expect(page.locator("main")).to_contain_text("от шест фиданки оцеляха две")
    with live_server.app.app_context(), inside(town(ON)):
        check_counts(number)


def test_a_thread_of_sixty_opinions_is_accessible_and_fits_a_telephone(page, live_server):
    with live_server.app.app_context(), inside(town(ON)):
        number = a_draft(title="Наредба с дълга нишка")
        for who in range(1, 21):
            one = accepted(number, who, f"{SAYS} Мнение {who}.", stance=("for", "against", "ask", "change")[who % 4])
            for reply in range(2):
                accepted(number, 100 * who + reply, f"{SAYS} Отговор {who}.{reply}", reply_to_id=one.id)
        db.session.commit()
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{HERE}/{number}/mnenia")
        assert page.locator("h1").inner_text() == "Мнения"
        assert axe_faults(page) == []
        assert reflow_faults(page) == []


def test_a_draft_waits_on_the_device_and_a_marked_phrase_is_taken_over(page, live_server):
    with live_server.app.app_context(), inside(town(ON)):
        number = a_draft(title="Наредба, по която се пише дълго")
        db.session.commit()
    page.goto(f"{HERE}/{number}/chl-14")
    page.get_by_label("Вашето мнение").fill("Започнах да пиша и ме повикаха.")
    expect(page.locator("#draft")).to_be_visible()
    page.locator(".doc p").first.select_text()
    page.dispatch_event(".doc p", "pointerup")
    expect(page.locator("#quote")).to_have_value(re.compile("За всяко дърво се засаждат три нови"))
    page.goto("about:blank")
    page.goto(f"{HERE}/{number}/chl-14")
    expect(page.get_by_label("Вашето мнение")).to_have_value("Започнах да пиша и ме повикаха.")
    page.get_by_label("Предлагам промяна").check()
    page.get_by_label("Име, което ще се вижда").fill("Мария Д.")
    page.get_by_label("Имейл", exact=True).fill("maria2@test.example")
    page.get_by_label("Да, с името ми").check()
    press(page, "Изпрати мнението")
    page.goto(f"{HERE}/{number}/chl-14")
    expect(page.get_by_label("Вашето мнение")).to_have_value("")
