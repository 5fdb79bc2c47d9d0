"""Every page in a real browser: for every reader, at every width, in every language, with the keyboard alone.

`make test` looks at each page at both widths, with languages and roles in rotation; `make audit` at every combination.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from consult.testing.axe import axe_faults, keyboard_faults, reflow_faults, spacing_faults
from consult.testing.browser import opened_page
from consult.testing.factories import sign_in
from consult.testing.html import html_faults
from consult.testing.server import LiveServer
from tests.every_page import FOR_PROGRAMS, SAMPLES, Sample, furnish_all

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Response

WIDTHS, LANGUAGES = (390, 1280), ("bg", "en", "tr")
MAIN = ("home of stara-zagora", "post", "edit draft")

Visit = Callable[..., "Page"]


@pytest.fixture(scope="module")
def numbers(live_server: LiveServer) -> dict[str, str]:
    """What the samples name."""
    return furnish_all(live_server.app)


@pytest.fixture(scope="module")
def readers(browser: Browser, live_server: LiveServer, numbers: dict[str, str]) -> Iterator[Callable[[str], Page]]:
    """A window for each role, kept open; what its pages complain of fails the visit in which they do."""
    windows: dict[str, Page] = {}

    def window(role: str) -> Page:
        if role not in windows:
            context = browser.new_context(base_url=live_server.url, locale="bg-BG", timezone_id="Europe/Sofia")
            if role != "visitor":
                cookie = sign_in(live_server.app, role).client.get_cookie("consult")
                assert cookie is not None
                context.add_cookies([{"name": "consult", "value": cookie.value, "url": live_server.url}])
            windows[role] = context.new_page()
        return windows[role]

    yield window
    for page in windows.values():
        page.context.close()


@pytest.fixture
def visit(readers: Callable[[str], Page], numbers: dict[str, str]) -> Iterator[Visit]:
    """Opens a sample and sees that it is that page, and no other and no mistake, before anybody looks closer."""
    complaints: list[str] = []
    watched: list[Page] = []

    def note(message: ConsoleMessage) -> None:
        is_the_page_itself = message.location.get("url") == watched[-1].url  # an error page is one on purpose
        if message.type in ("error", "warning") and not is_the_page_itself:
            complaints.append(message.text)

    def fail(error: Exception) -> None:
        complaints.append(str(error))

    def open_sample(sample: Sample, width: int, language: str, role: str) -> Page:
        page = readers(role)
        watched.append(page)
        page.on("console", note)
        page.on("pageerror", fail)
        page.set_viewport_size({"width": width, "height": 800})
        prefix = "" if language == "bg" else f"/{language}"
        answer = page.goto(sample.place + prefix + sample.path.format(**numbers))
        assert answer is not None
        expect_page(page, answer, sample.status, language)
        return page

    yield open_sample
    for page in watched:
        page.remove_listener("console", note)
        page.remove_listener("pageerror", fail)
    assert not complaints, "the page complained: " + "; ".join(complaints)


def expect_page(page: Page, answer: Response, status: int, language: str) -> None:
    assert answer.status == status, f"{answer.url} answered {answer.status}"
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert page.locator("html").get_attribute("lang") == language
    assert html_faults(answer.text()) == []


def look_closely(page: Page, width: int) -> None:
    assert axe_faults(page) == []
    if width == WIDTHS[0]:
        assert reflow_faults(page) == []


def rotated() -> Iterator[object]:
    """Each page at both widths; its languages and roles follow each other from page to page."""
    for turn, sample in enumerate(SAMPLES):
        for step, width in enumerate(WIDTHS):
            language = LANGUAGES[(turn + step) % len(LANGUAGES)]
            role = sample.who[(turn + step) % len(sample.who)]
            yield pytest.param(sample, width, language, role, id=f"{sample.name}-{width}-{language}-{role}")


def full_product() -> Iterator[object]:
    for sample in SAMPLES:
        for width in WIDTHS:
            for language in LANGUAGES:
                for role in sample.who:
                    yield pytest.param(sample, width, language, role, id=f"{sample.name}-{width}-{language}-{role}")


# ------------------------------------------------------------------------------------------------ every page


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_page_is_forgotten(app):
    shown = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} - set(FOR_PROGRAMS)
    assert shown == {sample.endpoint for sample in SAMPLES if sample.endpoint}


@pytest.mark.parametrize(("sample", "width", "language", "role"), list(rotated()))
def test_every_page_is_usable_by_everybody(visit, sample, width, language, role):
    look_closely(visit(sample, width, language, role), width)


@pytest.mark.audit
@pytest.mark.parametrize(("sample", "width", "language", "role"), list(full_product()))
def test_every_page_in_every_combination(visit, sample, width, language, role):
    look_closely(visit(sample, width, language, role), width)


@pytest.mark.parametrize("endpoint", FOR_PROGRAMS)
def test_what_programs_read_is_what_it_says(browser, live_server, numbers, endpoint):
    path, kind = FOR_PROGRAMS[endpoint]
    with opened_page(browser, live_server) as page:
        answer = page.request.get(path.format(**numbers))
        assert answer.status == 200
        assert answer.headers["content-type"].startswith(kind)
        assert answer.text().strip()


def test_every_town_wears_its_own_colour(readers, numbers):
    page, colours = readers("visitor"), set()
    for place in ("", "/stara-zagora", "/burgas", "/sliven", "/yambol"):
        page.goto(f"{place}/")
        colours.add(page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--brand-700').trim()"))
    assert len(colours) == 5
    assert "" not in colours


# ------------------------------------------------------------------------------------------------ answers to forms


def send(page: Page, button: str, **typed: str) -> Response:
    form = page.locator("main form")
    for name in typed:
        form = form.filter(has=page.locator(f"[name={name}]"))
    for name, text in typed.items():
        form.first.locator(f"[name={name}]").fill(text)
    with page.expect_navigation() as navigation:
        form.locator(button).first.click()
    return navigation.value


ANSWERS: tuple[tuple[str, str, str, str, dict[str, str], int], ...] = (
    ("wrong address", "sign in", "visitor", "button", {"email": "без знак"}, 422),
    ("letter on its way", "sign in to the region", "visitor", "button", {"email": "druga@test.example"}, 200),
    ("newcomer without a name", "link of a newcomer", "visitor", "button", {"name": " "}, 422),
    ("weak password", "profile", "editor", "button", {"password": "парола"}, 422),
    ("wrong password", "sign in", "visitor", "button", {"email": "a@b.example", "password": "wrong"}, 422),
    ("nothing typed", "new", "editor", "[value=publish]", {}, 422),
    (
        "time that passed",
        "new",
        "editor",
        "[value=publish]",
        {"title": "А", "body": "Б", "publish_at": "2020-01-01T09:00"},
        422,
    ),
    ("preview", "edit draft", "editor", "[value=preview]", {"title": "Преглед", "body": "## Кога\n\n- сега"}, 200),
    ("conflict", "edit draft", "editor", "[value=save]", {"title": "Мое заглавие"}, 409),
    ("no reason", "withdraw", "admin", "button", {"reason": ""}, 422),
    ("category twice", "categories", "admin", "button", {"name_bg": "Актуално"}, 422),
    ("no number", "settings", "admin", "button", {"news\\.on_home": "много"}, 422),
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("sample", "role", "button", "typed", "status"), [one[1:] for one in ANSWERS], ids=[one[0] for one in ANSWERS]
)
def test_every_answer_to_a_form_is_usable_by_everybody(visit, sample, role, button, typed, status, width):
    language = LANGUAGES[(len(sample) + width) % len(LANGUAGES)]
    page = visit(next(one for one in SAMPLES if one.name == sample), width, language, role)
    if status == 409:
        page.evaluate("document.querySelector('[name=revision]').value = '0'")
    answer = send(page, button, **typed)
    expect_page(page, answer, status, language)
    look_closely(page, width)


@pytest.mark.parametrize("sample", ["sign in", "new"])
def test_the_words_about_a_mistake_are_first_and_lead_to_the_field(visit, sample):
    role = "visitor" if sample == "sign in" else "editor"
    page = visit(next(one for one in SAMPLES if one.name == sample), 1280, "bg", role)
    send(page, "button[type=submit]")
    assert page.title().startswith("Грешка: ")
    summary = page.locator(".errors")
    assert summary.evaluate("one => one === document.activeElement")
    link = summary.locator("a").first
    link.click()
    field = page.locator(link.get_attribute("href"))
    assert field.get_attribute("aria-invalid") == "true"
    assert field.evaluate("one => one === document.activeElement")


# ------------------------------------------------------------------------------------------------ ways of reading


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", MAIN)
def test_the_keyboard_comes_everywhere_and_is_seen_there(visit, name, width):
    sample = next(one for one in SAMPLES if one.name == name)
    assert keyboard_faults(visit(sample, width, "bg", sample.who[0])) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MAIN)
def test_text_that_is_spaced_out_loses_nothing(visit, name, language):
    sample = next(one for one in SAMPLES if one.name == name)
    assert spacing_faults(visit(sample, 320, language, sample.who[0])) == []
