"""Languages: the official style of days, times and numbers, words from the catalogue, and the order of lists."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, g
from hypothesis import given
from hypothesis import strategies as st

from consult import i18n

NOON = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
LAST_SECOND = datetime(2026, 12, 18, 21, 59, 59, tzinfo=UTC)
DEADLINE = date(2026, 12, 18)

CORE_WORDS = """
msgid "yesterday"
msgstr "вчера"

msgid "%(num)d day ago"
msgid_plural "%(num)d days ago"
msgstr[0] "преди %(num)d ден"
msgstr[1] "преди %(num)d дни"

msgid "%(num)d day left"
msgid_plural "%(num)d days left"
msgstr[0] "остава %(num)d ден"
msgstr[1] "остават %(num)d дни"
"""
PLUGIN_WORDS = """
msgctxt "news"
msgid "News"
msgstr "Новини"
"""

Speaking = Callable[[str], AbstractContextManager[None]]


def keep_catalogue(folder: Path, words: str) -> Path:
    place = folder / "bg" / "LC_MESSAGES"
    place.mkdir(parents=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    plural = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
    with (place / "messages.mo").open("wb") as compiled:
        write_mo(compiled, read_po(io.BytesIO((head + plural + words).encode()), locale="bg"))
    return folder


@pytest.fixture
def speaking(tmp_path: Path) -> Iterator[Speaking]:
    """A request in a language at noon of 25 November 2026, with a catalogue of the core and one of a plugin."""
    app = Flask("speaking")
    i18n.init_i18n(
        app, [keep_catalogue(tmp_path / "core", CORE_WORDS), keep_catalogue(tmp_path / "plugin", PLUGIN_WORDS)]
    )

    @contextmanager
    def request_in(language: str) -> Iterator[None]:
        with app.test_request_context():
            g.place = SimpleNamespace(language=language)
            yield

    with time_machine.travel(NOON, tick=False):
        yield request_in


# ---- Which language


def test_without_a_place_the_language_is_bulgarian(speaking: Speaking):
    with Flask("nowhere").app_context():
        assert i18n._language_of_place() == "bg"
    assert i18n.language() == "bg"


@pytest.mark.parametrize(("asked", "spoken"), [("bg", "bg"), ("en", "en"), ("tr", "tr"), ("xx", "bg")])
def test_the_place_says_which_language_is_spoken(speaking: Speaking, asked: str, spoken: str):
    with speaking(asked):
        assert i18n.language() == spoken


def test_a_letter_is_written_in_its_readers_language(speaking: Speaking):
    with speaking("bg"):
        with i18n.force_locale("en"):
            assert i18n.say_date(DEADLINE) == "18 December"
        assert i18n.say_date(DEADLINE) == "18 декември"


def test_every_language_has_a_name_and_a_label():
    assert set(i18n.LANGUAGES) == set(i18n.LANGUAGE_NAMES) == set(i18n.LANGUAGE_LABELS)


def test_the_catalogues_of_core_and_plugins_speak_together(speaking: Speaking):
    with speaking("bg"):
        assert i18n.gettext("yesterday") == "вчера"
        assert i18n.pgettext("news", "News") == "Новини"
    with speaking("en"):
        assert i18n.pgettext("news", "News") == "News"
        assert i18n.ngettext("%(num)d day left", "%(num)d days left", 2) == "2 days left"


def test_a_lazy_sentence_waits_for_its_reader(speaking: Speaking):
    sentence = i18n.lazy_gettext("yesterday")
    with speaking("bg"):
        assert str(sentence) == "вчера"
    with speaking("en"):
        assert str(sentence) == "yesterday"


# ---- Days and times


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("bg", "петък, 18 декември 2026\u00a0г., 23:59\u00a0ч."),
        ("en", "18 December 2026, 23:59"),
        ("tr", "18 Aralık 2026, 23:59"),
    ],
)
def test_a_moment_is_said_in_the_official_style(speaking: Speaking, language: str, said: str):
    with speaking(language):
        assert i18n.say_moment(LAST_SECOND) == said


def test_a_day_is_said_in_full_once_and_shortly_after_that(speaking: Speaking):
    with speaking("bg"):
        assert i18n.say_date(DEADLINE, full=True) == "петък, 18 декември 2026\u00a0г."
        assert i18n.say_date(DEADLINE) == "18 декември"
        assert i18n.say_date(DEADLINE, year=True) == "18 декември 2026\u00a0г."
        assert i18n.say_moment(LAST_SECOND, full=False) == "18 декември, 23:59\u00a0ч."


def test_a_day_of_another_year_says_its_year(speaking: Speaking):
    with speaking("bg"):
        assert i18n.say_date(date(2027, 1, 15)) == "15 януари 2027\u00a0г."


def test_the_day_of_a_moment_is_the_day_in_sofia(speaking: Speaking):
    with speaking("bg"):
        assert i18n.say_date(datetime(2026, 12, 18, 22, 30, tzinfo=UTC)) == "19 декември"
        assert i18n.say_time(datetime(2026, 12, 18, 7, 5, tzinfo=UTC)) == "9:05\u00a0ч."


@pytest.mark.parametrize(("language", "said"), [("bg", "март 2026\u00a0г."), ("en", "March 2026"), ("tr", "Mart 2026")])
def test_a_month_has_its_year(speaking: Speaking, language: str, said: str):
    with speaking(language):
        assert i18n.say_month(date(2026, 3, 1)) == said
        assert i18n.say_month(date(2026, 12, 3), short=True).casefold() in ("дек", "dec", "ara")


@pytest.mark.parametrize(
    ("language", "whole", "short"), [("bg", "понеделник", "пн"), ("en", "Monday", "Mon"), ("tr", "Pazartesi", "Pzt")]
)
def test_a_weekday_has_a_whole_name_and_a_short_one(speaking: Speaking, language: str, whole: str, short: str):
    with speaking(language):
        assert i18n.say_weekday(date(2026, 3, 2)) == whole
        assert i18n.say_weekday(date(2026, 3, 2), short=True) == short
        assert i18n.say_weekday(datetime(2026, 3, 1, 22, 30, tzinfo=UTC)) == whole  # 0:30 in Sofia


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2026, 12, 1), date(2026, 12, 1), "1 декември"),
        (date(2026, 12, 1), date(2026, 12, 18), "1 – 18 декември"),
        (date(2026, 11, 30), date(2026, 12, 18), "30 ноември – 18 декември"),
        (date(2027, 11, 30), date(2027, 12, 18), "30 ноември – 18 декември 2027\u00a0г."),
        (date(2026, 12, 1), date(2027, 1, 4), "1 декември 2026\u00a0г. – 4 януари 2027\u00a0г."),
        (LAST_SECOND - timedelta(hours=2), LAST_SECOND, "18 декември, 21:59 – 23:59\u00a0ч."),
        (LAST_SECOND, LAST_SECOND + timedelta(hours=1), "18 декември, 23:59\u00a0ч. – 19 декември, 0:59\u00a0ч."),
    ],
)
def test_a_range_says_nothing_twice(speaking: Speaking, start: date, end: date, said: str):
    with speaking("bg"):
        assert i18n.say_range(start, end) == said


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=30), "today, 11:59"),
        (timedelta(hours=11), "today, 01:00"),
        (timedelta(hours=13), "yesterday"),
        (timedelta(days=4), "4 days ago"),
        (timedelta(days=7), "7 days ago"),
        (timedelta(days=8), "17 November"),
        (timedelta(days=-1), "26 November"),
    ],
)
def test_only_the_last_seven_days_are_said_relatively(speaking: Speaking, ago: timedelta, said: str):
    with speaking("en"):
        assert i18n.say_relative(NOON - ago) == said


def test_relative_days_are_counted_in_bulgarian(speaking: Speaking):
    with speaking("bg"):
        assert i18n.say_relative(NOON - timedelta(days=1)) == "вчера"
        assert i18n.say_relative(NOON - timedelta(days=4)) == "преди 4 дни"
        assert i18n.say_days_left(DEADLINE) == "остават 23 дни"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-12-16T21:00:00+00:00", "2 days left"),
        ("2026-12-16T22:00:00+00:00", "47 hours left"),
        ("2026-12-18T20:00:00+00:00", "1 hour left"),
        ("2026-12-18T21:00:00+00:00", "less than an hour left"),
        ("2026-12-18T21:59:59+00:00", "less than an hour left"),
        ("2026-12-18T22:00:00+00:00", "the deadline has passed"),
    ],
)
def test_a_deadline_counts_days_and_under_two_days_hours(speaking: Speaking, now: str, said: str):
    with speaking("en"), time_machine.travel(datetime.fromisoformat(now), tick=False):
        assert i18n.say_days_left(DEADLINE) == said


# ---- Numbers, lists and their order


@pytest.mark.parametrize(
    ("language", "said"),
    [("bg", ["9\u00a0400", "1,5"]), ("en", ["9,400", "1.5"]), ("tr", ["9.400", "1,5"])],
)
def test_numbers_are_written_as_the_language_writes_them(speaking: Speaking, language: str, said: list[str]):
    with speaking(language):
        assert [i18n.say_number(9400), i18n.say_number(1.5)] == said


@pytest.mark.parametrize(("language", "last"), [("bg", "и"), ("en", "and"), ("tr", "ve")])
def test_a_list_is_a_sentence(speaking: Speaking, language: str, last: str):
    with speaking(language):
        assert i18n.say_list(["Бургас", "Сливен", "Ямбол"]) == f"Бургас, Сливен {last} Ямбол"
        assert i18n.say_list(["Бургас"]) == "Бургас"
        assert i18n.say_list([]) == ""


@pytest.mark.parametrize(
    ("language", "in_order"),
    [
        ("bg", ["2026", "Айтос", "„Бургас“", "и", "ѝ", "Иван", "Йовко", "котел", "Ямбол", "Burgas", "Yambol"]),
        ("en", ["Aytos", "Éclair", "Elhovo", "yambol", "Айтос"]),
        ("tr", ["Cem", "Çağ", "Ilgaz", "İpek", "Oya", "Öz", "Şen", "Айтос"]),
    ],
)
def test_lists_stand_as_in_the_languages_dictionary(language: str, in_order: list[str]):
    shuffled = in_order[::-1]
    assert sorted(shuffled, key=lambda word: i18n.collate_key(word, language)) == in_order


@given(st.text(), st.sampled_from(i18n.LANGUAGES))
def test_any_text_has_its_place_in_a_list(anything: str, language: str):
    assert i18n.collate_key(anything, language) <= i18n.collate_key(anything + "я", language)
