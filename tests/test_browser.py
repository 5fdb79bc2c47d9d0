"""The ground that journeys stand on: a real server and browser, faults that are found; a journey without scripts."""

from __future__ import annotations

import re

import pytest

from consult.db import db
from consult.people import add_person, give_role
from consult.tenancy import inside
from consult.testing.axe import axe_faults, keyboard_faults, reflow_faults, spacing_faults
from consult.testing.browser import opened_page
from consult.testing.factories import ON, PASSWORD, town
from consult.testing.html import html_faults

GOOD = (
    '<!doctype html><html lang="bg"><head><title>Страница</title><meta name="viewport" content="width=device-width">'
    "</head><body><main><h1>Заглавие</h1>{}</main></body></html>"
)


def test_the_home_page_is_served_to_a_real_browser(page):
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    assert page.locator("h1").count() == 1


def test_scripts_can_be_off(scripts_off_page):
    scripts_off_page.set_content(
        "<noscript>no scripts</noscript><script>document.body.textContent = 'scripts'</script>"
    )
    assert scripts_off_page.inner_text("body") == "no scripts"


def test_a_script_that_fails_fails_the_test(browser, live_server):
    with pytest.raises(AssertionError, match="no such thing"), opened_page(browser, live_server) as page:
        page.goto("/healthz")
        page.evaluate("setTimeout(() => { throw new Error('no such thing') })")
        page.wait_for_timeout(50)


def test_what_the_content_security_policy_refuses_fails_the_test(browser, live_server):
    with pytest.raises(AssertionError, match="Content Security Policy"), opened_page(browser, live_server) as page:
        page.goto("/")
        page.evaluate(
            "document.body.setAttribute('style', 'color: red'); document.body.innerHTML += '<p style=\"top:0\">'"
        )
        page.wait_for_timeout(50)


# ------------------------------------------------------------------------------------------------ faults are found


def test_a_sound_page_has_no_faults(page):
    html = GOOD.format('<p>Думи.</p><form><label for="a">Име</label> <input id="a" name="a"></form>')
    assert html_faults(html) == []
    page.set_content(html)
    assert axe_faults(page) == []
    assert keyboard_faults(page) == []
    assert reflow_faults(page) == []
    assert spacing_faults(page) == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("<p><div>в абзац</div></p>", "end tag"),
        ('<p id="a"></p><p id="a"></p>', "stands 2 times"),
        ('<label for="nobody">Име</label>', "points to nothing"),
        ('<a href="#nowhere">Там</a>', "leads nowhere"),
        ('<input name="a">', "has no label"),
        ('<img src="a.png">', "no alt"),
        ('<p style="color: red">Думи</p>', "style"),
        ('<p onclick="go()">Думи</p>', "onclick"),
        ("<script>go()</script>", "inside the page"),
    ],
)
def test_a_fault_of_the_html_is_found(planted, found):
    assert found in "\n".join(html_faults(GOOD.format(planted)))


@pytest.mark.parametrize(
    ("look", "planted"),
    [
        (axe_faults, '<p style="color: #ccc; background: #fff">Думи, които никой не вижда.</p>'),
        (axe_faults, '<button type="button"></button>'),
        (
            axe_faults,
            '<p style="color: #777; background: url(a.png)">Думи върху снимка, за които никой не е решил.</p>',
        ),
        (reflow_faults, '<div style="width: 500px">Широко</div>'),
        (
            spacing_faults,
            '<div style="width: 120px; height: 22px; overflow: hidden; font-size: 16px">Точно един ред</div>',
        ),
        (keyboard_faults, '<style>a { outline: none }</style><a href="/">Без знак</a>'),
        (keyboard_faults, '<div style="position: fixed; inset: 0; background: #fff"></div><a href="/">Отдолу</a>'),
        (keyboard_faults, '<a href="/" onfocus="this.nextElementSibling.focus()">А</a><a href="/">Б</a>'),
    ],
)
def test_a_fault_that_shows_only_in_a_browser_is_found(page, look, planted):
    page.set_content(GOOD.format(planted))
    assert look(page) != []


# ------------------------------------------------------------------------------------------------ without scripts


def test_an_admin_works_and_a_visitor_reads_without_scripts(browser, live_server, scripts_off_page):
    with live_server.app.app_context(), inside(town(ON)):
        give_role(add_person("kalina@starazagora.example", "Калина", PASSWORD), "admin")
        db.session.commit()
    admin = scripts_off_page
    admin.goto("/stara-zagora/vhod")
    admin.fill("#email", "kalina@starazagora.example")
    admin.fill("#password", PASSWORD)
    admin.click("form:has(#password) button")
    assert admin.url.endswith("/stara-zagora/rabota")

    admin.click("main a[href='/stara-zagora/rabota/novini/nova']")
    admin.fill("[name=title]", "Ремонт на моста")
    admin.fill("[name=body]", "## Кога\n\nОт **понеделник**.")
    admin.click("button[value=preview]")
    assert admin.locator("main .panel strong").inner_text() == "понеделник"
    assert admin.locator("[name=title]").input_value() == "Ремонт на моста"
    assert read(browser, live_server, "/stara-zagora/novini").locator("text=Ремонт на моста").count() == 0
    admin.click("button[value=publish]")
    number = re.search(r"/rabota/novini/(\d+)$", admin.url)
    assert number is not None

    admin.click("main [role=status] a")
    assert admin.locator("h1").inner_text() == "Ремонт на моста"
    admin.click("nav.langs a[hreflang=en]")
    assert admin.locator("html").get_attribute("lang") == "en"
    assert f"/stara-zagora/en/novini/{number[1]}" in admin.url
    admin.click("nav.langs a[hreflang=bg]")

    admin.goto("/stara-zagora/admin/moduli")
    admin.click("form[action$='/news/izklyuchi'] button")
    assert (
        read(browser, live_server, f"/stara-zagora/novini/{number[1]}").locator("h1").inner_text() != "Ремонт на моста"
    )
    admin.click("form[action$='/news/vklyuchi'] button")
    assert (
        read(browser, live_server, f"/stara-zagora/novini/{number[1]}").locator("h1").inner_text() == "Ремонт на моста"
    )

    admin.click("form[action$='/izhod'] button")
    admin.goto("/stara-zagora/rabota")
    assert "/stara-zagora/vhod" in admin.url


def read(browser, live_server, path):
    """A visitor's view of a page, also without scripts; the window stays open until the browser ends."""
    page = browser.new_context(base_url=live_server.url, java_script_enabled=False).new_page()
    page.goto(path)
    return page
