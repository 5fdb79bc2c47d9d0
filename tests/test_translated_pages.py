"""The words on the page: in Bulgarian and in Turkish nobody, resident or staff, meets an English one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask

from consult import publishing
from consult.db import db
from consult.i18n import force_locale, ngettext
from consult.tenancy import inside
from consult.testing.applications import furnished
from consult.testing.databases import Databases
from consult.testing.factories import ON, sign_in, town
from plugins.news.models import Post

CATALOGUES = Path(__file__).resolve().parents[1] / "translations"
ENGLISH = "Sign|News|Home|Page|Skip|Menu|Language|Error|Municipality|Municipalities|Workspace|Read|Open|Search|Save|The"
ENGLISH_WORD = re.compile(rf"\b(?:{ENGLISH})\b", re.IGNORECASE)
READ_OUT = ("aria-label", "title", "alt", "placeholder", "content", "data-label")
MISSING = "/stara-zagora{}/nyama"
FOR_ALL = (
    "{}/",
    "/stara-zagora{}/",
    "/stara-zagora{}/novini",
    "/stara-zagora{}/novini/1",
    "/stara-zagora{}/vhod",
    MISSING,
)
FOR_STAFF = (
    "/stara-zagora{}/rabota",
    "/stara-zagora{}/rabota/novini",
    "/stara-zagora{}/rabota/novini?tab=drafts",
    "/stara-zagora{}/rabota/novini/nova",
    "/stara-zagora{}/rabota/novini/1",
    "/stara-zagora{}/rabota/novini/1/versii",
    "/stara-zagora{}/rabota/novini/1/ottegli",
    "/stara-zagora{}/rabota/novini/kategorii",
    "/stara-zagora{}/admin/moduli",
    "/stara-zagora{}/admin/nastroiki",
)
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


class Heard(HTMLParser):
    """What a person reads or hears of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.is_for_machines = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_for_machines = tag in ("script", "style")
        if tag != "meta" or ("name", "description") in attrs:
            self.said += [value for name, value in attrs if name in READ_OUT and value]

    def handle_data(self, data: str) -> None:
        if not self.is_for_machines:
            self.said.append(data)


def english_words(page: str) -> set[str]:
    return {word for said in Heard(page).said for word in ENGLISH_WORD.findall(said)}


@pytest.fixture(scope="module")
def installation(databases: Databases) -> Iterator[Flask]:
    """The application with a piece of news in the first town; its number is 1."""
    for source in CATALOGUES.glob("*/LC_MESSAGES/*.po"):
        made = source.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime < source.stat().st_mtime:
            pytest.fail(f"{made} is older than its words: run `make translations`")
    with furnished(databases.clean("sqlite")) as app:
        with app.app_context(), inside(town(ON)):
            publishing.publish(publishing.write(Post(title="Кръгла маса", body="Елате.")))
            db.session.commit()
        yield app


@pytest.mark.parametrize("path", FOR_ALL)
@pytest.mark.parametrize("language", ["", "/tr"], ids=["bg", "tr"])
def test_residents_meet_no_english_word(installation: Flask, language: str, path: str) -> None:
    answer = installation.test_client().get(path.format(language))
    assert answer.status_code == (404 if path == MISSING else 200)
    assert english_words(answer.text) == set()


@pytest.mark.parametrize("path", FOR_STAFF)
@pytest.mark.parametrize("language", ["", "/tr"], ids=["bg", "tr"])
def test_the_staff_meet_no_english_word(installation: Flask, language: str, path: str) -> None:
    answer = sign_in(installation, "admin").client.get(path.format(language))
    assert answer.status_code == 200
    assert english_words(answer.text) == set()


@pytest.mark.parametrize(("language", "sentence"), [("", "Има проблем"), ("/tr", "Bir sorun var")], ids=["bg", "tr"])
def test_a_refused_form_speaks_the_language_of_the_page(installation: Flask, language: str, sentence: str) -> None:
    answer = installation.test_client().post(
        f"/stara-zagora{language}/vhod", data={"email": "", "password": "x" * 9999}, headers=SAME_SITE
    )
    assert answer.status_code == 422
    assert sentence in answer.text
    assert english_words(answer.text) == set()


def test_an_english_word_on_a_page_is_found(installation: Flask) -> None:
    page = installation.test_client().get("/stara-zagora/en/vhod").text
    assert {"Sign", "News", "Municipality", "Skip"} <= english_words(page)


@pytest.mark.parametrize(("count", "said"), [(1, "остава 1 час"), (2, "остават 2 часа"), (21, "остават 21 часа")])
def test_bulgarian_counts_with_the_count_form(installation: Flask, count: int, said: str) -> None:
    with installation.test_request_context("/"):
        assert ngettext("%(num)d hour left", "%(num)d hours left", count) == said


@pytest.mark.parametrize("count", [1, 2])
def test_turkish_counts_with_one_form(installation: Flask, count: int) -> None:
    with installation.test_request_context("/"), force_locale("tr"):
        assert ngettext("%(num)d hour left", "%(num)d hours left", count) == f"{count} saat kaldı"
