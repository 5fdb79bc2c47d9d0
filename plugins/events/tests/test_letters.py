"""The letters about places, word for word in three languages, and the calendar files that they bring.

The words of every letter lie in ``golden/<language>/<letter>.txt``. After a wanted change of words read what is said to
differ, then write the files anew with ``REWRITE_GOLDEN=1`` in the environment, and read their difference in git.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import time_machine
from sqlalchemy import select

from consult.db import db, operation
from consult.i18n import LANGUAGES
from consult.outbox.models import Letter
from consult.tenancy import Municipality, inside
from consult.testing.applications import furnished
from consult.testing.databases import Databases
from consult.testing.factories import ON, town
from plugins.events import notices
from plugins.events.models import Course, Event, Place, Standing
from tests.meetings import meet

GOLDEN = Path(__file__).with_name("golden")
IS_REWRITTEN = bool(os.environ.get("REWRITE_GOLDEN"))
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WORDS = {
    "title": "Да поговорим за дърветата и зелените площи",
    "lead": "Елате да зададете въпрос и да предложите промяна.",
    "room": "Зала „П. Р. Славейков“",
    "building": "Община Стара Загора",
    "address": "бул. „Цар Симеон Велики“ № 107",
    "directions": "Автобуси 20 и 36, спирка „Опера“.",
    "heard": "Хората искат повече сянка и по-малко асфалт.",
    "online_url": "",
}
ROOM = "https://video.example/1"
REASON = "Залата е в ремонт."

Tell = Callable[[Event, Place], None]


def standing(to: Standing, tell: Tell, **more: Any) -> tuple[Standing, Tell, dict[str, Any]]:
    return to, tell, more


def move_it(event: Event) -> None:
    event.moved_from, event.course, event.course_reason = event.starts_at, Course.MOVED, REASON
    event.starts_at, event.ends_at = event.starts_at + timedelta(days=7), event.starts_at + timedelta(days=7, hours=2)
    event.sequence += 1


def call_it_off(event: Event) -> None:
    event.course, event.course_reason, event.course_at = Course.CANCELLED, REASON, START
    event.sequence += 1


ONLINE = {"is_online": True, "people": 1}
LETTERS = {
    "confirm": standing(Standing.HELD, notices.tell_to_confirm, confirmed_at=None),
    "confirm in line": standing(Standing.WAITING, notices.tell_to_confirm, confirmed_at=None),
    "again": standing(Standing.GIVEN, notices.tell_again, asked_at=START - timedelta(hours=2)),
    "given": standing(Standing.GIVEN, notices.tell_given),
    "given in the hall or online": standing(Standing.GIVEN, notices.tell_given, online_url=ROOM),
    "given online": standing(Standing.GIVEN, notices.tell_given, **ONLINE),
    "waiting": standing(Standing.WAITING, notices.tell_waiting),
    "offered": standing(Standing.OFFERED, notices.tell_offered),
    "lapsed": standing(Standing.LAPSED, notices.tell_lapsed),
    "moved": standing(Standing.GIVEN, notices.tell_changed, happens=move_it),
    "called off": standing(
        Standing.GIVEN, lambda event, place: notices.tell_called_off(event, place, REASON), happens=call_it_off
    ),
    "cancelled": standing(
        Standing.CANCELLED, lambda event, place: notices.tell_cancelled(event, place, was_given=True)
    ),
    "reminder": standing(Standing.GIVEN, notices.tell_reminder),
    "reminder online": standing(Standing.GIVEN, notices.tell_reminder, **ONLINE),
    "thanks": standing(Standing.GIVEN, notices.tell_thanks),
}


@pytest.fixture
def frozen(databases: Databases) -> Iterator[None]:
    """Stara Zagora on a Friday morning, with a telephone; on SQLite only, as words do not depend on the database."""
    with furnished(databases.clean("sqlite")) as app, time_machine.travel(START, tick=False), app.app_context():
        give_a_telephone()
        db.session.commit()
        with inside(town(ON)):
            yield
            db.session.rollback()


@operation
def give_a_telephone() -> None:
    db.session.scalars(select(Municipality).where(Municipality.code == ON)).one().phone = "042 000 000"


@operation
def write_letter(what: str, language: str, step: int = 2, **more: Any) -> Letter:
    """One of the letters, as it lies in the outbox, to a person with a place that looks the same in every run."""
    to, tell, facts = LETTERS[what]
    facts = {"people": 2, "asked_at": START, "confirmed_at": START, **facts, **more}
    happens = facts.pop("happens", lambda event: None)
    url = facts.pop("online_url", ROOM if facts.get("is_online") else "")
    event = meet(10, timedelta(days=13, hours=6, minutes=30), **{**WORDS, "online_url": url})
    happens(event)
    place = Place(event_id=event.id, code="K7PT", salt="the same in every run", standing=to, step=step, number=1)
    place.name, place.email, place.address_key = "Мария Димова", "maria@primer.bg", "maria@primer.bg"
    place.language, place.until = language, START + timedelta(hours=1)
    for name, value in facts.items():
        setattr(place, name, value)
    db.session.add(place)
    db.session.flush()
    tell(event, place)
    db.session.flush()
    return db.session.scalars(select(Letter).order_by(Letter.id.desc())).first()  # type: ignore[return-value]


def as_read(letter: Letter) -> str:
    files = [f"{one.name}, {one.media_type}, {one.parameters.get('method', '')}" for one in letter.attachments]
    return f"{letter.subject}\n\n{letter.text}" + "".join(f"[{file.removesuffix(', ')}]\n" for file in files)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", LETTERS)
def test_a_letter_is_word_for_word_as_agreed_and_easy_to_read(frozen, what, language):
    letter = write_letter(what, language)
    said, golden = as_read(letter), GOLDEN / language / f"{what.replace(' ', '_')}.txt"
    if IS_REWRITTEN:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(said, "utf-8")
    assert said == golden.read_text("utf-8")
    assert ".." not in letter.text, "a moment may end with a full stop of its own"
    assert len(letter.subject) <= 100
    assert not re.search(r"%\(|  |\n\n\n", said)
    assert len(re.findall(r"https?://", letter.text)) <= 2, "one thing to do, and the online room"


@pytest.mark.parametrize("what", ["confirm", "confirm in line", "again"])
def test_a_stranger_writes_nothing_of_their_own_into_anybodys_mailbox(frozen, what):
    """Until the address is confirmed the name is what somebody typed, and it might be an advertisement."""
    typed: dict[str, Any] = {
        "name": "You have won, see https://evil.example/1",
        "confirmed_at": None,
        "asked_at": START - timedelta(hours=2),
    }
    letter = write_letter(what, "en", **typed)
    assert "evil.example" not in letter.subject + letter.text
    assert letter.text.startswith("Hello,\n\n")


def test_nobody_is_asked_to_register_again_for_what_is_called_off(frozen):
    assert write_letter("cancelled", "bg", happens=call_it_off) is None
    assert write_letter("cancelled", "bg") is not None


def test_no_word_of_another_language_stands_in_a_letter(frozen):
    texts = {language: write_letter("waiting", language).text for language in LANGUAGES}
    assert "Hello" in texts["en"]
    assert "Hello" not in texts["bg"] + texts["tr"]
    assert "Здравейте" in texts["bg"]
    assert "Merhaba" in texts["tr"]


def test_a_letter_about_the_line_brings_no_calendar_file(frozen):
    for what in ("waiting", "offered", "lapsed", "confirm", "confirm in line"):
        assert write_letter(what, "bg").attachments == []


def test_who_left_the_line_has_nothing_to_take_out_of_a_calendar(frozen):
    @operation
    def leave() -> Letter:
        write_letter("waiting", "bg")
        place = db.session.scalars(select(Place)).one()
        place.step += 1
        notices.tell_cancelled(db.session.get_one(Event, place.event_id), place, was_given=False)
        db.session.flush()
        return db.session.scalars(select(Letter).order_by(Letter.id.desc())).first()  # type: ignore[return-value]

    letter = leave()
    assert "Вече не сте записани" in letter.subject
    assert letter.attachments == []


# ---- The calendar file


def calendar_of(letter: Letter) -> tuple[bytes, icalendar.Calendar, icalendar.Event]:
    file = next(one for one in letter.attachments if one.media_type == "text/calendar")
    calendar = icalendar.Calendar.from_ical(file.content)
    assert isinstance(calendar, icalendar.Calendar)
    return file.content, calendar, calendar.events[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("what", "method", "status"),
    [
        ("given", "REQUEST", "CONFIRMED"),
        ("given online", "REQUEST", "CONFIRMED"),
        ("moved", "REQUEST", "CONFIRMED"),
        ("called off", "CANCEL", "CANCELLED"),
        ("cancelled", "CANCEL", None),  # RFC 5546, 3.2.5: the event goes on without this person
    ],
)
def test_calendar_programs_can_read_the_file(frozen, what, method, status, language):
    content, calendar, event = calendar_of(write_letter(what, language))
    assert all(len(line) <= 75 for line in content.split(b"\r\n")), "RFC 5545, 3.1"
    assert calendar["METHOD"] == method
    assert event.get("STATUS") == status
    assert str(event["ATTENDEE"]) == "mailto:maria@primer.bg"
    assert str(event["ORGANIZER"]) == "mailto:uchastvay@stara-zagora.example"
    assert "X-WR-CALNAME" not in calendar
    begins = datetime(2026, 12, 10 if what == "moved" else 3, 15, 30, tzinfo=UTC)
    assert (event.start, event.end) == (begins, begins + timedelta(hours=2))


def test_who_takes_part_online_finds_the_room_in_the_calendar(frozen):
    _content, _calendar, event = calendar_of(write_letter("given online", "bg"))
    assert event["LOCATION"] == ROOM


@pytest.mark.parametrize("last", ["called off", "cancelled"])
def test_each_later_letter_finds_the_same_entry_and_outdoes_the_one_before(frozen, last):
    @operation
    def tell_all() -> list[Letter]:
        write_letter("given", "bg")
        place = db.session.scalars(select(Place)).one()
        event = db.session.get_one(Event, place.event_id)
        move_it(event)
        notices.tell_changed(event, place)
        place.step += 1  # they come with one more
        notices.tell_given(event, place)
        place.step += last == "cancelled"
        if last == "called off":
            call_it_off(event)
        LETTERS[last][1](event, place)
        db.session.flush()
        return list(db.session.scalars(select(Letter).order_by(Letter.id)))

    entries = [calendar_of(letter)[2] for letter in tell_all()]
    assert len(entries) == 4
    assert len({str(entry["UID"]) for entry in entries}) == 1
    sequences = [int(str(entry["SEQUENCE"])) for entry in entries]
    assert sequences == sorted(set(sequences)), "each strictly above the one before"
