"""Calendars: what a calendar program reads, in a feed, in a file and in a letter, and what it is never made to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult import registry
from consult.api import listed_here, listed_in_region
from consult.contract import Calendar, CalendarEntry
from consult.db import db
from consult.modules import disable, enable
from consult.publishing import change
from consult.tenancy import inside, set_open
from consult.testing.factories import OFF, ON, town
from consult.web.calendars import calendar_answer, render_calendar
from plugins.news.models import Post
from tests.test_publishing import told

FEED = "/stara-zagora/kalendar.ics"
START = datetime(2026, 12, 3, 15, 30, tzinfo=UTC)
MEETING = CalendarEntry(
    uid="events.event-88@uchastvay.example",
    title="Да поговорим за дърветата",
    starts_at=START,
    ends_at=START + timedelta(hours=2),
    place="Зала „П. Р. Славейков“, бул. „Цар Симеон Велики“ № 107",
    description="Елате.\nМоже и онлайн.",
    url="https://uchastvay.example/stara-zagora/sabitia/88",
    sequence=0,
    changed_at=datetime(2026, 11, 20, 8, 0, 7, 123456, tzinfo=UTC),
    latitude=42.4258,
    longitude=25.6345,
    organiser_name="Община Стара Загора",
    organiser_email="sabitia@starazagora.example",
)
WHO = ("Калина Стоянова", "kalina+sabitia@primer.example")


def read(file: bytes) -> Any:
    """What a calendar program understands of a file; it must understand all of it."""
    calendar = icalendar.Calendar.from_ical(file)
    assert isinstance(calendar, icalendar.Calendar)
    assert not [part.errors for part in calendar.walk() if part.errors]
    return calendar


def only_event(file: bytes) -> Any:
    [event] = read(file).events
    return event


# ---- One entry


def test_what_is_read_back_is_what_was_said():
    event = only_event(render_calendar("", [MEETING]))
    assert (event["UID"], event["SUMMARY"], event["SEQUENCE"]) == (MEETING.uid, MEETING.title, 0)
    assert (event.start, event.end) == (MEETING.starts_at, MEETING.ends_at)
    assert event.DTSTAMP == event.LAST_MODIFIED == MEETING.changed_at.replace(microsecond=0)
    assert (event["LOCATION"], event["DESCRIPTION"]) == (MEETING.place, MEETING.description)
    assert (event["URL"], event["STATUS"]) == (MEETING.url, "CONFIRMED")
    assert (event["GEO"].latitude, event["GEO"].longitude) == (42.4258, 25.6345)
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == (
        f"mailto:{MEETING.organiser_email}",
        MEETING.organiser_name,
    )
    assert "ATTENDEE" not in event


def test_the_hours_are_in_utc_before_and_after_the_clocks_change():
    summer = datetime.fromisoformat("2026-10-24T18:00:00+03:00")
    winter = datetime.fromisoformat("2026-10-25T18:00:00+02:00")
    text = render_calendar("", [replace(MEETING, starts_at=summer, ends_at=winter)]).decode()
    assert "\r\nDTSTART:20261024T150000Z\r\nDTEND:20261025T160000Z\r\n" in text
    assert "VTIMEZONE" not in text


def test_a_naive_moment_is_a_mistake():
    with pytest.raises(ValueError, match="without a time zone"):
        render_calendar("", [replace(MEETING, starts_at=datetime(2026, 12, 3, 17, 30))])


def test_what_nobody_knows_is_not_said():
    bare = CalendarEntry("1@x", "Среща", START, None, "", "", "", 0, START)
    event = only_event(render_calendar("", [bare]))
    assert set(event) == {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "STATUS", "SUMMARY"}


def test_no_line_is_longer_than_seventy_five_octets_and_each_ends_as_the_standard_says():
    long = replace(
        MEETING,
        title="Обществено обсъждане на наредбата за зелената система и „дърветата“ " * 4,
        description="Дълго, дълго; изречение 🌳 с думи. " * 60,
        place="Бул. „Цар Симеон Велики“ " * 9,
        organiser_name="Община Стара Загора, отдел „Екология“ " * 5,
    )
    file = render_calendar("Календар на Стара Загора " * 6, [long])
    assert file.endswith(b"\r\n")
    lines = file.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    for line in lines:
        line.decode()  # no letter is cut in two
    event = only_event(file)
    assert (event["SUMMARY"], event["DESCRIPTION"]) == (long.title.strip(), long.description.strip())
    assert event["ORGANIZER"].params["CN"] == long.organiser_name.strip()


HOSTILE = (
    "Среща\r\nATTENDEE:mailto:x@evil.example",
    "Среща\rEND:VEVENT",
    "Среща\nEND:VEVENT\nBEGIN:VEVENT",
    "a, b; c: d \\n e \\, f \\\\",
    "\u2028END:VEVENT\x85END:VEVENT\x0bEND:VEVENT\x0cEND:VEVENT\x00\x07\x7f",
    '"; X-EVIL=1:mailto:x@evil.example\r\nEND:VEVENT',
    "^n^^^'",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_typed_becomes_another_line(words):
    file = render_calendar(
        words,
        [
            replace(
                MEETING,
                title=words,
                place=words,
                description=words,
                organiser_name=words,
                uid=words,
                url=f"https://x/{words}",
            )
        ],
        "REQUEST",
        (words, f"{words}@x.example"),
    )
    innocent = render_calendar("x", [MEETING], "REQUEST", ("x", "x@x.example"))
    names = [_name(line) for line in _unfolded(file)]
    assert names == [_name(line) for line in _unfolded(innocent)]
    calendar = read(file)
    [event] = calendar.events
    assert str(event["ATTENDEE"]).startswith("mailto:")
    assert set(event["ATTENDEE"].params) == {"CN", "ROLE", "PARTSTAT", "RSVP"}
    seen = " ".join(_without_controls(words).split())
    assert event["SUMMARY"] == event["LOCATION"] == event["UID"] == calendar["NAME"] == seen
    assert (
        event["ORGANIZER"].params["CN"] == event["ATTENDEE"].params["CN"] == seen.replace('"', "”").replace("\\", "/")
    )


def _unfolded(file: bytes) -> list[str]:
    return file.decode().replace("\r\n ", "").split("\r\n")


def _name(line: str) -> str:
    return line.split(":")[0].split(";")[0]


def _without_controls(words: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in words)


def test_lines_of_a_description_stay_lines():
    event = only_event(render_calendar("", [replace(MEETING, description="Едно\r\nДве\rТри\n\nЧетири")]))
    assert event["DESCRIPTION"] == "Едно\nДве\nТри\n\nЧетири"


# ---- Changes, cancellations and letters (RFC 5546)


def test_a_change_is_the_same_event_and_newer():
    moved = replace(MEETING, starts_at=START + timedelta(days=7), ends_at=None, sequence=1)
    before, after = only_event(render_calendar("", [MEETING])), only_event(render_calendar("", [moved]))
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after.start == START + timedelta(days=7)


def test_an_invitation_names_one_person_who_has_said_yes():
    calendar = read(render_calendar("", [MEETING], "REQUEST", WHO))
    [event] = calendar.events
    assert (calendar["METHOD"], "NAME" in calendar) == ("REQUEST", False)
    assert (event["ATTENDEE"], event["ATTENDEE"].params["CN"]) == (f"mailto:{WHO[1]}", WHO[0])
    assert (event["ATTENDEE"].params["PARTSTAT"], event["ATTENDEE"].params["RSVP"]) == ("ACCEPTED", "FALSE")
    assert event["STATUS"] == "CONFIRMED"


def test_a_cancelled_event_is_taken_back_under_its_own_name():
    cancelled = replace(MEETING, is_cancelled=True, sequence=2)
    calendar = read(render_calendar("", [cancelled], "CANCEL", WHO))
    [event] = calendar.events
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"]) == ("CANCEL", MEETING.uid, 2)
    assert event["STATUS"] == "CANCELLED"
    assert only_event(render_calendar("", [cancelled]))["STATUS"] == "CANCELLED"


def test_a_place_given_back_cancels_nobody_elses_event():
    event = only_event(render_calendar("", [MEETING], "CANCEL", WHO))
    assert (event["UID"], "STATUS" in event) == (MEETING.uid, False)


@pytest.mark.parametrize(
    ("entry", "method", "attendee"),
    [
        (MEETING, "REQUEST", None),
        (MEETING, "PUBLISH", WHO),
        (MEETING, "REPLY", WHO),
        (replace(MEETING, organiser_email=""), "CANCEL", WHO),
    ],
)
def test_a_letter_that_the_standard_does_not_know_is_a_mistake(entry, method, attendee):
    with pytest.raises(ValueError, match="RFC 5546"):
        render_calendar("", [entry], method, attendee)


def test_the_same_entries_are_the_same_bytes_in_whatever_order_they_come():
    other = replace(MEETING, uid="2@x")
    with time_machine.travel("2026-11-22 10:00 +0000") as clock:
        first = render_calendar("Календар", [MEETING, other])
        clock.shift(3600)
        assert render_calendar("Календар", [other, MEETING]) == first


def test_the_file_has_a_name_in_latin_letters(app):
    answer = calendar_answer("", [MEETING], MEETING.title)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="da-pogovorim-za-darvetata.ics"'
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "REFRESH-INTERVAL" not in read(answer.data)


# ---- The calendar of a place


def _entry(post: Post) -> CalendarEntry:
    return replace(MEETING, uid=f"{post.id}@x", title=post.title, sequence=post.revision)


def _of_town() -> Sequence[CalendarEntry]:
    return [_entry(post) for post in db.session.scalars(listed_here(Post).order_by(Post.title))]


def _of_region() -> Sequence[CalendarEntry]:
    return [_entry(post) for post in db.session.scalars(listed_in_region(Post, "news"))]


def only_news_happen(app: Flask, calendar: Calendar) -> None:
    loaded: registry.Registry = app.extensions["consult.registry"]
    plugins = {
        name: replace(one, calendars=(calendar,) if name == "news" else ()) for name, one in loaded.plugins.items()
    }
    registry.wire(app, replace(loaded, plugins=plugins))


@pytest.fixture
def with_calendar(app: Flask) -> Flask:
    """The application, where news are all that happens."""
    only_news_happen(app, Calendar("Срещи", _of_town, _of_region))
    return app


def tell_in(app: Flask, code: str, title: str, **how: Any) -> int:
    with app.app_context(), inside(town(code)):
        return told(title, **how)


def titles(answer: TestResponse) -> list[str]:
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return sorted(str(event["SUMMARY"]) for event in read(answer.data).events)


def switch(app: Flask, code: str, *, is_on: bool) -> None:
    with app.app_context(), inside(town(code)):
        (enable if is_on else disable)(("news",))
        db.session.commit()


def test_a_calendar_into_which_nobody_puts_anything_is_empty(client):
    for path in (FEED, "/yambol/kalendar.ics", "/kalendar.ics"):
        assert titles(client.get(path)) == []


def test_a_town_shows_what_happens_there_and_the_region_what_happens_anywhere(with_calendar, client):
    switch(with_calendar, OFF, is_on=True)
    tell_in(with_calendar, ON, "Наше")
    tell_in(with_calendar, ON, "За двете", shared=True)
    tell_in(with_calendar, OFF, "Съседско")
    assert titles(client.get(FEED)) == ["За двете", "Наше"]
    assert titles(client.get("/yambol/kalendar.ics")) == ["За двете", "Съседско"]
    assert titles(client.get("/kalendar.ics")) == ["За двете", "Наше", "Съседско"]


def test_a_feed_says_whose_it_is_and_when_to_ask_again(with_calendar, client):
    calendar = read(client.get(FEED).data)
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Стара Загора: Срещи"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=6)
    assert (calendar["METHOD"], calendar["VERSION"], calendar["CALSCALE"]) == ("PUBLISH", "2.0", "GREGORIAN")
    assert str(read(client.get("/kalendar.ics").data)["NAME"]).startswith("Участвай, Югоизточен регион")
    assert read(client.get("/stara-zagora/en/kalendar.ics").data)["NAME"] == "Stara Zagora: Срещи"


def test_where_the_module_is_off_its_entries_are_gone_there_and_in_the_region(with_calendar, client):
    tell_in(with_calendar, ON, "Наше")
    switch(with_calendar, ON, is_on=False)
    assert titles(client.get(FEED)) == titles(client.get("/kalendar.ics")) == []
    switch(with_calendar, ON, is_on=True)
    assert titles(client.get(FEED)) == titles(client.get("/kalendar.ics")) == ["Наше"]


def test_a_calendar_may_stay_out_of_the_regions(with_calendar, client):
    only_news_happen(with_calendar, Calendar("Срещи", _of_town))
    tell_in(with_calendar, ON, "Наше")
    assert (titles(client.get(FEED)), titles(client.get("/kalendar.ics"))) == (["Наше"], [])


def test_a_municipality_that_closed_is_not_in_the_regions_calendar(with_calendar, client):
    tell_in(with_calendar, ON, "Наше")
    with with_calendar.app_context():
        set_open(town(ON).id, False)
        db.session.commit()
    assert titles(client.get("/kalendar.ics")) == []
    assert client.get(FEED).status_code == 404


def test_who_has_the_calendar_is_told_that_nothing_changed_until_it_does(with_calendar, client: FlaskClient):
    number = tell_in(with_calendar, ON, "Наше")
    first = client.get(FEED)
    asked = {"If-None-Match": first.headers["ETag"]}
    assert client.get(FEED, headers=asked).status_code == 304
    assert client.get(FEED).data == first.data
    with with_calendar.app_context(), inside(town(ON)):
        change(db.session.get_one(Post, number), 1, {"title": "Преместено"}, {})
        db.session.commit()
    again = client.get(FEED, headers=asked)
    assert titles(again) == ["Преместено"]
    [before], [after] = read(first.data).events, read(again.data).events
    assert before["UID"] == after["UID"]
    assert before["SEQUENCE"] < after["SEQUENCE"]


# ---- The weeks of a month


def test_the_weeks_of_a_month_begin_on_monday_and_are_whole():
    from consult.clock import weeks_of

    weeks = weeks_of(2026, 12)
    assert [week[0] for week in weeks] == [date(2026, 11, 30) + timedelta(weeks=number) for number in range(5)]
    assert weeks[-1][-1] == date(2027, 1, 3)
    assert {len(week) for week in weeks} == {7}
    assert len(weeks_of(2027, 2)) == 4
