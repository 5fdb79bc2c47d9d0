"""The page of one event: what it says in each state, and what it never says."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from consult.clock import now
from consult.db import db, operation
from consult.modules import enable
from consult.publishing import publish, share, withdraw, write
from consult.tenancy import inside
from consult.testing.counting import count_queries
from consult.testing.factories import OFF, ON, add_file, town
from consult.testing.html import html_faults
from consult.text import render_markdown
from plugins.events.models import Event, Hall
from plugins.events.operations import ask_for_place, cancel_event, keep_event
from plugins.events.wording import Registration, agenda_items, is_nearly_full, registration_of
from plugins.news.models import Post
from tests.meetings import guest, meet

HOME = "/stara-zagora"
SECRET = "https://video.example/1"  # what meet() keeps for those who have a place


def announced(app: Flask, capacity: int | None = 10, starts_in: timedelta = timedelta(days=5), **words: Any) -> int:
    """An event of the first town; answers its number."""
    with app.app_context(), inside(town(ON)):
        event = meet(capacity, starts_in, **words)
        db.session.commit()
        return event.id


def changed(app: Flask, number: int, does: Any) -> None:
    """Does something with the event of this number, and commits."""
    with app.app_context(), inside(town(ON)):
        operation(does)(db.session.get_one(Event, number))
        db.session.commit()


def page_of(client: FlaskClient, number: int, home: str = HOME, status: int = 200) -> str:
    """The page of the event, without head and foot, its blanks made one."""
    answer = client.get(f"{home}/sabitia/{number}")
    assert answer.status_code == status
    assert not html_faults(answer.text)
    return re.sub(r"\s+", " ", answer.text.partition("<main")[2].partition("</main>")[0])


def data_of(client: FlaskClient, number: int) -> dict[str, Any]:
    """What the page tells to search engines."""
    text = client.get(f"{HOME}/sabitia/{number}").text
    found: dict[str, Any] = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0])
    return found


# What it says


def test_it_says_when_where_how_to_get_there_and_what_is_on_the_agenda(app, client):
    words: dict[str, Any] = {
        "address": "ул. „Липа“ № 1",
        "directions": "Автобус 20",
        "accessibility": "Рампа",
        "spoken": "bg bgs",
    }
    agenda = "17:30 Регистрация\n17.45 Проектът | Главен експерт\nКафе"
    page = page_of(client, announced(app, **words, agenda=agenda, partners="СОЮР"))
    for said in ("Зала 1", "ул. „Липа“ № 1", "Автобус 20", "Рампа", "Български и български жестов език", "СОЮР"):
        assert said in page
    assert '<time datetime="17:45">17:45</time>' in page
    assert "Главен експерт" in page
    assert "Кафе" in page


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("17:30 Начало", ("17:30", "Начало", "")),
        ("9.05 Начало | зала 1 | етаж 2", ("09:05", "Начало", "зала 1 | етаж 2")),
        ("25:00 Никога", ("", "25:00 Никога", "")),
        ("17:60 Никога", ("", "17:60 Никога", "")),
        ("17:30", ("", "17:30", "")),
        ("  Само дума  ", ("", "Само дума", "")),
        ("2026 година", ("", "2026 година", "")),
    ],
)
def test_a_line_of_the_agenda_without_an_hour_is_an_item_all_the_same(line, item):
    found = agenda_items(Event(agenda=f"\n{line}\n\n"))
    assert [(one.hour, one.title, one.detail) for one in found] == [item]


def test_the_map_is_a_link_to_the_point_or_to_a_search_for_the_address(app, client):
    point = page_of(client, announced(app, latitude=42.425, longitude=25.6345))
    assert "https://www.openstreetmap.org/?mlat=42.42500&amp;mlon=25.63450#map=18/42.42500/25.63450" in point
    address = page_of(client, announced(app, address='ул. "Липа" & 1'))
    search = re.findall(r'https://www\.openstreetmap\.org/search\?query=([^"]+)"', address)
    assert [unquote(words) for words in search] == ['ул. "Липа" & 1, Стара Загора']


def test_where_it_is_shown_online_stands_nowhere_for_those_without_a_place(app, client):
    number = announced(app)
    answers = [client.get(f"{HOME}{path}") for path in (f"/sabitia/{number}", f"/sabitia/{number}.ics", "/sabitia")]
    assert all(SECRET not in answer.text and "video.example" not in answer.text for answer in answers)
    assert "Връзката идва по имейл, ако се запишете." in answers[0].text


def test_who_has_a_place_is_not_told_to_anybody(app, client):
    number = announced(app)
    with app.app_context(), inside(town(ON)):
        ask_for_place(db.session.get_one(Event, number), guest(1, name="Пенка Тайна", channel="phone"))
        db.session.commit()
    page = page_of(client, number)
    assert "Тайна" not in page
    assert "gost1" not in page


def test_the_person_to_ask_disappears_after_the_last_day_and_the_office_stays(app, client):
    words: dict[str, Any] = {
        "contact_person": "Елена Колева",
        "contact_phone": "042 111 222",
        "office": "Отдел „Екология“",
    }
    today = now().date()
    named = page_of(client, announced(app, **words, contact_until=today + timedelta(days=1)))
    assert "Елена Колева" in named
    assert 'href="tel:042111222"' in named
    late = page_of(client, announced(app, **words, contact_until=today - timedelta(days=1)))
    assert "Колева" not in late
    assert "042 111 222" not in late
    assert "Отдел „Екология“" in late


def test_what_it_discusses_is_linked_as_long_as_people_can_read_it(app, client):
    with app.app_context(), inside(town(ON)):
        news, draft = write(Post(title="Нова наредба", body="x")), write(Post(title="Чернова", body="x"))
        publish(news)
        db.session.commit()
        numbers = [news.id, draft.id, 999_999]
    number = announced(app, about=numbers)
    page = page_of(client, number)
    assert re.search(rf'<a href="[^"]*/novini/{numbers[0]}">Нова наредба</a>', page)
    assert "Чернова" not in page
    with app.app_context(), inside(town(ON)):
        withdraw(db.session.get_one(Post, numbers[0]), "Грешка")
        db.session.commit()
    assert "Нова наредба" not in page_of(client, number)


# Its states


def test_where_registration_stands_is_decided_by_the_clock_and_by_the_seats():
    moment = now()
    event = Event(starts_at=moment + timedelta(days=1), ends_at=None, course="planned", takes_places=True)
    hall = Hall(capacity=10, taken=0, waiting=0)

    def standing(**words: Any) -> Registration:
        changed = Event(starts_at=event.starts_at, ends_at=None, course="planned", takes_places=True)
        for name, value in words.items():
            setattr(changed, name, value)
        return registration_of(changed, hall)

    assert standing() == Registration.OPEN
    assert standing(takes_places=False) == Registration.FREE
    assert standing(opens_at=moment + timedelta(minutes=1)) == Registration.LATER
    assert standing(opens_at=moment - timedelta(minutes=1)) == Registration.OPEN
    assert standing(closes_at=moment - timedelta(minutes=1)) == Registration.CLOSED
    assert standing(starts_at=moment - timedelta(minutes=1), ends_at=moment + timedelta(hours=1)) == Registration.CLOSED
    assert standing(ends_at=moment) == Registration.OVER
    assert standing(course="cancelled") == Registration.CANCELLED
    hall.taken = 10
    assert standing() == Registration.FULL
    hall.taken, hall.waiting = 8, 1
    assert standing() == Registration.FULL  # two seats are free, but a larger party waits for them
    assert standing(starts_at=moment + timedelta(hours=1)) == Registration.OPEN  # nothing is kept for the line any more


@pytest.mark.parametrize(
    ("capacity", "taken", "is_so"), [(60, 51, True), (60, 40, False), (8, 6, True), (None, 9, False)]
)
def test_people_are_told_to_hurry_when_few_seats_are_left(capacity, taken, is_so):
    assert is_nearly_full(Hall(capacity=capacity, taken=taken)) is is_so


def test_free_places_are_said_as_a_number_of_all(app, client):
    number = announced(app, 60)
    with app.app_context(), inside(town(ON)):
        ask_for_place(db.session.get_one(Event, number), guest(1, people=4, channel="phone"))
        db.session.commit()
    assert "Има свободни места" in page_of(client, number)
    assert "56 свободни места от 60" in page_of(client, number)


def test_before_registration_opens_the_page_says_when(app, client):
    opens = datetime(2030, 3, 4, 7, tzinfo=UTC)
    with time_machine.travel(opens - timedelta(days=2), tick=False) as clock:
        number = announced(app, opens_at=opens)
        page = page_of(client, number)
        assert "Записването отваря на 4 март" in page
        assert "понеделник, 4 март 2030 г., 9:00 ч." in page
        assert 'method="post"' not in page
        clock.move_to(opens + timedelta(seconds=1))
        assert 'method="post"' in page_of(client, number)  # the remembered answer of before is not given again


def test_without_registration_people_just_come(app, client):
    page = page_of(client, announced(app, takes_places=False))
    assert "Вход свободен" in page
    assert "Не е нужно да се записвате, просто елате." in page
    assert 'method="post"' not in page


def test_when_registration_is_closed_the_page_says_to_call(app, client):
    number = announced(app, closes_at=now() + timedelta(days=1))
    with time_machine.travel(now() + timedelta(days=2)):
        page = page_of(client, number)
    assert "Записването приключи" in page
    assert 'method="post"' not in page


def test_a_cancelled_event_says_why_and_takes_nobody(app, client):
    number = announced(app)
    changed(app, number, lambda event: cancel_event(event, "Залата е в ремонт."))
    page = page_of(client, number)
    assert page.index("Това събитие отпада.") < page.index("Залата е в ремонт.") < page.index("Кога и къде")
    assert 'method="post"' not in page
    assert "STATUS:CANCELLED" in client.get(f"{HOME}/sabitia/{number}.ics").text


def test_a_moved_event_says_the_old_time_and_the_new_one_with_the_reason(app, client):
    with time_machine.travel(datetime(2030, 3, 4, 7, tzinfo=UTC), tick=False):
        number = announced(app, ends_at=None)

        def put_off(event: Event) -> None:
            event.starts_at += timedelta(days=7)
            keep_event(event, 10, reason="Залата е заета.")

        changed(app, number, put_off)
        page = page_of(client, number)
        assert "Беше: събота, 9 март 2030 г., 9:00 ч." in page
        assert "Сега е: събота, 16 март 2030 г., 9:00 ч." in page
        assert "Залата е заета." in page
        data = data_of(client, number)
    assert data["eventStatus"] == "https://schema.org/EventRescheduled"
    assert data["previousStartDate"] == "2030-03-09T09:00:00+02:00"
    assert data["startDate"] == "2030-03-16T09:00:00+02:00"


def test_after_it_the_page_says_what_was_heard_and_gives_the_minutes(app, client):
    number = announced(app)

    def look_back(event: Event) -> None:
        add_file(event, "Протокол.pdf").role = "minutes"
        add_file(event, "Презентация.pdf")
        event.heard = "Искаме **повече** сянка. <script>alert(1)</script>"
        event.heard_html = render_markdown(event.heard)
        event.attendance, event.recording_url = 34, "https://zapis.example/1"

    changed(app, number, look_back)
    with time_machine.travel(now() + timedelta(days=6)):
        page = page_of(client, number)
    assert "<strong>повече</strong>" in page
    assert "<script" not in page
    assert "Участваха 34 души." in page
    assert 'href="https://zapis.example/1"' in page
    assert page.count("Протокол</a>") == page.count("Презентация</a>") == 1
    assert page.index("Протокол</a>") < page.index("Кога и къде") < page.index("Презентация</a>")


def test_a_withdrawn_event_leaves_its_title_and_the_reason(app, client):
    number = announced(app, body="Текстът, който си отиде.")
    changed(app, number, lambda event: withdraw(event, "Обявата беше грешна."))
    page = page_of(client, number, status=410)
    assert "Обявата беше грешна." in page
    assert "си отиде" not in page
    assert "STATUS:CANCELLED" in client.get(f"{HOME}/sabitia/{number}.ics").text


def test_a_draft_has_no_page_and_no_calendar_file(app, client):
    with app.app_context(), inside(town(ON)):
        draft = write(Event(title="Чернова", body="x", starts_at=now()))
        db.session.commit()
        number = draft.id
    assert client.get(f"{HOME}/sabitia/{number}").status_code == 404
    assert client.get(f"{HOME}/sabitia/{number}.ics").status_code == 404


# Elsewhere


def test_a_neighbour_shows_the_page_and_leads_to_the_owner_for_a_place(app, client):
    number = announced(app)
    with app.app_context():
        with inside(town(OFF)):
            enable(("events",))
            db.session.commit()
        with inside(town(ON)):
            share(db.session.get_one(Event, number), [town(OFF)])
            db.session.commit()
    page = page_of(client, number, home="/yambol")
    assert re.search(rf'href="/stara-zagora/sabitia/{number}/[^"]*#zapis"', page)
    assert 'method="post"' not in page
    assert 'class="actionbar"' not in page


def test_a_wrong_tail_leads_to_the_right_one(app, client):
    number = announced(app)
    answer = client.get(f"{HOME}/sabitia/{number}/drugo")
    assert answer.status_code == 301
    assert answer.location.endswith(f"/sabitia/{number}/kragla-masa")


def test_search_engines_learn_where_it_is_and_how_one_comes(app, client):
    words: dict[str, Any] = {"address": "бул. 1", "latitude": 42.4, "longitude": 25.6, "organisers": "JAM26"}
    data = data_of(client, announced(app, **words))
    assert data["@type"] == "Event"
    assert data["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    hall, online = data["location"]
    assert (hall["name"], hall["address"]["streetAddress"], hall["geo"]["latitude"]) == ("Зала 1", "бул. 1", 42.4)
    assert online == {"@type": "VirtualLocation", "url": data["url"]}
    assert [one["name"] for one in data["organizer"]] == ["Стара Загора", "Ямбол"]
    only = data_of(client, announced(app, room=""))
    assert only["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"


def test_an_event_with_much_around_it_costs_as_many_queries_as_a_bare_one(app, client):
    def cost(number: int) -> int:
        client.get(f"{HOME}/sabitia/{number}")
        app.extensions.pop("consult.kept", None)
        with count_queries(app) as queries:
            assert client.get(f"{HOME}/sabitia/{number}").status_code == 200
        return len(queries)

    with app.app_context(), inside(town(ON)):
        posts = [write(Post(title=f"Новина {number}", body="x")) for number in range(6)]
        for post in posts:
            publish(post)
        db.session.commit()
        numbers = [post.id for post in posts]
    bare, full = announced(app, about=numbers[:1]), announced(app, about=numbers, organisers="JAM26 SZR31")
    with app.app_context(), inside(town(ON)):
        event = db.session.get_one(Event, full)
        for number in range(8):
            ask_for_place(event, guest(number, channel="phone"))
            add_file(event, f"Файл {number}.pdf")
        db.session.commit()
    assert cost(full) == cost(bare)


def test_the_last_day_of_an_event_without_an_end_is_its_end():
    event = Event(starts_at=datetime(2026, 12, 3, 7, tzinfo=UTC), ends_at=None)
    assert event.over_at == datetime(2026, 12, 3, 21, 59, 59, tzinfo=UTC)
    assert Event(contact_until=date(2020, 7, 9), contact_person="x", contact_phone="1").person == ("", "")
