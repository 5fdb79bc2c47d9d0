"""A document and a picture on their way: chosen in a real browser, seen on the post, taken away."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from consult.db import db
from consult.files import SIZE_MAX
from consult.publishing import publish, write
from consult.tenancy import inside
from consult.testing.axe import axe_faults, reflow_faults
from consult.testing.browser import opened_page
from consult.testing.factories import ON, PDF, sign_in, town
from plugins.news.models import Post

WIDTHS = (390, 1280)


@pytest.fixture(scope="module")
def number(live_server) -> int:
    with live_server.app.app_context(), inside(town(ON)):
        post = write(Post(title="Нова алея в парка", lead="Липите вече са засадени.", body="Елате да я видите."))
        publish(post)
        db.session.commit()
        return post.id


@pytest.fixture
def editor(browser, live_server) -> Iterator[object]:
    with opened_page(browser, live_server) as page:
        cookie = sign_in(live_server.app, "editor").client.get_cookie("consult")
        assert cookie is not None
        page.context.add_cookies([{"name": "consult", "value": cookie.value, "url": live_server.url}])
        yield page


def landscape() -> bytes:
    """A picture as a telephone takes it: larger than a page needs."""
    picture = Image.new("RGB", (3200, 2000), "#bcdff1")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 1300, 3200, 2000), fill="#5d8a3a")
    for place in range(5):
        pen.ellipse((200 + place * 600, 500, 600 + place * 600, 1200), fill="#2f6b2f")
        pen.rectangle((380 + place * 600, 1150, 420 + place * 600, 1500), fill="#6b4a2f")
    drawn = io.BytesIO()
    picture.save(drawn, "JPEG")
    return drawn.getvalue()


def choose(page, name: str, media_type: str, content: bytes) -> None:
    page.set_input_files("#file", {"name": name, "mimeType": media_type, "buffer": content})


def look(page, name: str, shots: Path | None = None) -> None:
    """No fault at either width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert axe_faults(page) == []
        if width == WIDTHS[0]:
            assert reflow_faults(page) == []
        if shots:
            page.screenshot(path=shots / f"{name}_{width}.png", full_page=True)


def test_a_file_on_its_way_from_the_editor_to_the_reader(editor, browser, live_server, number):
    path = f"/stara-zagora/rabota/novini/{number}"
    editor.goto(path)
    with editor.expect_navigation():
        editor.get_by_role("link", name="Файлове и снимки").click()
    look(editor, "empty")
    choose(editor, "IMG_0001.jpg", "image/jpeg", landscape())
    editor.fill("#title", "Новата алея")
    with editor.expect_navigation():
        editor.get_by_role("button", name="Добави файла").click()
    look(editor, "refused")
    assert editor.locator("#alt-error").count() == 1
    assert editor.input_value("#title") == "Новата алея"
    choose(editor, "IMG_0001.jpg", "image/jpeg", landscape())
    editor.fill("#alt", "Пет млади липи край алея през лятото.")
    with editor.expect_navigation():
        editor.get_by_role("button", name="Добави файла").click()
    choose(editor, "Доклад за парка.pdf", "application/pdf", PDF + b" " * 90_000 + b"%%EOF")
    editor.fill("#title", "Доклад за парка")
    with editor.expect_navigation():
        editor.get_by_role("button", name="Добави файла").click()
    look(editor, "files")
    with opened_page(browser, live_server) as reader:
        reader.goto(f"/stara-zagora/novini/{number}")
        picture = reader.get_by_role("img", name="Пет млади липи край алея през лятото.")
        picture.scroll_into_view_if_needed()
        reader.wait_for_function("document.querySelector('figure img').naturalWidth > 0")
        assert picture.evaluate("one => [one.naturalWidth, one.naturalHeight]") == [2400, 1500]
        look(reader, "post")
        with reader.expect_download() as saved:
            reader.get_by_role("link", name="Доклад за парка").click()
        assert saved.value.suggested_filename == "Доклад за парка.pdf"
    with editor.expect_navigation():
        editor.get_by_role("link", name=re.compile("Премахни.*Доклад")).click()
    look(editor, "remove")
    with editor.expect_navigation():
        editor.get_by_role("button", name="Премахни файла").click()
    assert editor.get_by_role("link", name="Доклад за парка").count() == 0


def test_a_file_that_is_too_large_is_answered_with_a_sentence(editor, number):
    editor.goto(f"/stara-zagora/rabota/novini/{number}/faylove")
    choose(editor, "Голям.pdf", "application/pdf", PDF + b" " * SIZE_MAX)
    editor.fill("#title", "Голям файл")
    with editor.expect_navigation() as led:
        editor.get_by_role("button", name="Добави файла").click()
    assert led.value.status == 413
    assert "10 MB" in editor.inner_text("main").replace("\u00a0", " ")
    assert editor.input_value("#title") == "Голям файл"
