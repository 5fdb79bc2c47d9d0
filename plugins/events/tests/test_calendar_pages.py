"""The calendar: a month, the weekend, one kind or area, the table; the home pages and the calendars that follow it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from consult.db import db
from consult.modules import enable
from consult.publishing import share
from consult.settings import decide
from consult.tenancy import inside
from consult.testing.counting import count_queries
from consult.testing.factories import OFF, ON, town
from consult.testing.html import html_faults
from plugins.events.models import Event
from plugins.events.operations import cancel_event
from plugins.events.queries import weekend
from plugins.events.views.asked import FIRST_MONTH, LAST_MONTH
from tests.meetings import meet

CALENDAR = "/stara-zagora/sabitia"
WEDNESDAY = datetime(2026, 11, 25, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """A Wednesday in the last week of November."""
    with time_machine.travel(WEDNESDAY, tick=False) as traveller:
        yield traveller


def announced(app: Flask, day: datetime, code: str = ON, **words: Any) -> int:
    """An event of that moment; answers its number."""
    with app.app_context(), inside(town(code)):
        event = meet(10, day - WEDNESDAY, **words)
        db.session.commit()
        return event.id


def december(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=UTC)


def shown(client: FlaskClient, query: str = "") -> str:
    """The main part of the calendar."""
    answer = client.get(f"{CALENDAR}{query}")
    assert answer.status_code == 200
    assert not html_faults(answer.text)
    return answer.text.partition("<main")[2].partition("</main>")[0]


def titles(page: str) -> list[str]:
    """The events of the list in their order."""
    return re.findall(r"<h[34]><a [^>]*>([^<]+)</a>", page)


def test_without_a_word_in_the_address_it_is_this_month_in_the_order_of_the_days(app, client):
    for day, title in ((28, "Второ"), (26, "Първо"), (30, "Трето")):
        announced(app, datetime(2026, 11, day, 10, tzinfo=UTC), title=title)
    announced(app, december(1), title="Друг месец")
    page = shown(client)
    assert titles(page) == ["Първо", "Второ", "Трето"]
    assert re.search(r'role="status">3 ', page)


def test_an_event_belongs_to_the_month_that_it_is_in_sofia(app, client):
    announced(app, datetime(2026, 11, 30, 22, 30, tzinfo=UTC), title="След полунощ")
    assert titles(shown(client, "?mesets=2026-12")) == ["След полунощ"]
    assert titles(shown(client, "?mesets=2026-11")) == []


def test_an_event_that_goes_on_over_the_end_of_a_month_is_in_both(app, client):
    announced(app, datetime(2026, 11, 30, 10, tzinfo=UTC), title="Три дни", ends_at=december(2))
    assert titles(shown(client)) == titles(shown(client, "?mesets=2026-12")) == ["Три дни"]


def test_what_is_over_stands_below_what_is_coming(app, client, clock):
    announced(app, datetime(2026, 11, 26, 10, tzinfo=UTC), title="Минало")
    announced(app, datetime(2026, 11, 29, 10, tzinfo=UTC), title="Предстоящо")
    clock.move_to(datetime(2026, 11, 28, 10, tzinfo=UTC))
    page = shown(client)
    assert titles(page) == ["Предстоящо", "Минало"]
    assert page.index("Предстоящо") < page.index("Вече минаха") < page.index("Минало")


def test_the_months_beside_it_are_linked_and_keep_what_was_chosen(app, client):
    announced(app, december(3), area="Център")
    page = shown(client, "?mesets=2026-12&rayon=Център&izgled=mreja").replace("&amp;", "&")
    ways = dict(re.findall(r'rel="(prev|next)" href="([^"]+)"', page))
    assert "mesets" not in ways["prev"]  # it is the month that it is now, and has one address
    assert "mesets=2027-01" in ways["next"]
    assert all("izgled=mreja" in way and "rayon=" in way for way in ways.values())


def test_the_weekend_is_the_saturday_and_sunday_of_this_week(app, client):
    announced(app, datetime(2026, 11, 27, 10, tzinfo=UTC), title="Петък")
    announced(app, datetime(2026, 11, 28, 10, tzinfo=UTC), title="Събота")
    announced(app, datetime(2026, 11, 29, 20, tzinfo=UTC), title="Неделя вечер")
    announced(app, datetime(2026, 11, 30, 10, tzinfo=UTC), title="Понеделник")
    assert titles(shown(client, "?koga=uikend")) == ["Събота", "Неделя вечер"]
    sunday = datetime(2026, 11, 29).date()
    assert weekend(sunday) == (sunday - timedelta(days=1), sunday)  # on the Sunday it is still this one


def test_kind_and_area_choose_and_the_form_says_what_is_chosen(app, client):
    announced(app, december(3), title="Обсъждане", topic="obsazhdane", area="Център")
    announced(app, december(4), title="Обучение", topic="obuchenie", area="Център")
    announced(app, december(5), title="Другаде", topic="obsazhdane", area="Казански")
    page = shown(client, "?mesets=2026-12&vid=obsazhdane&rayon=Център")
    assert titles(page) == ["Обсъждане"]
    assert '<option value="obsazhdane" selected>' in page
    assert re.search(r"<details[^>]* open>", page)
    assert '<input type="hidden" name="mesets" value="2026-12">' in page
    assert len(titles(shown(client, "?mesets=2026-12&vid=&rayon="))) == 3  # an empty choice is all


@pytest.mark.parametrize(
    "query",
    [
        *("mesets=2026-13", "mesets=2026-00", "mesets=2026-1", "mesets=1999-12", "mesets=2101-01", "mesets=0000-01"),
        *("mesets=x", "vid=x", "rayon=x", "koga=x", "izgled=x", "mesets=٢٠٢٦-12"),
    ],
)
def test_what_there_is_not_is_not_found(app, client, query):
    assert client.get(f"{CALENDAR}?{query}").status_code == 404


def test_the_first_and_the_last_month_lead_no_further(app, client):
    first, last = shown(client, f"?mesets={FIRST_MONTH:%Y-%m}"), shown(client, f"?mesets={LAST_MONTH:%Y-%m}")
    assert ('rel="prev"' in first, 'rel="next"' in first) == (False, True)
    assert ('rel="prev"' in last, 'rel="next"' in last) == (True, False)
    assert shown(client, "?mesets=2100-12&izgled=mreja")


def test_a_month_without_events_says_so_and_leads_to_the_next_one(app, client):
    number = announced(app, december(10), title="Следващо", topic="kultura")
    announced(app, december(3), title="Друго", topic="drugo")
    page = shown(client, "?vid=kultura")
    assert "Следващото: Следващо, четвъртък, 10 декември 2026\xa0г., 12:00 – 14:00\xa0ч." in page
    assert f'href="{CALENDAR}/{number}/' in page
    assert "Следващото" not in shown(client, "?mesets=2027-01")


def test_the_table_names_each_day_in_full_and_begins_on_monday(app, client):
    number = announced(app, december(3), title="Обсъждане", ends_at=december(4))
    page = shown(client, "?mesets=2026-12&izgled=mreja")
    table = page.partition("<table")[2].partition("</table>")[0]
    assert re.findall(r'abbr="(\w+)"', table)[0] == "понеделник"
    assert "четвъртък, 3 декември 2026\xa0г." in table
    assert table.count(f"/sabitia/{number}/") == 2  # on each of its days
    assert "продължава:" in table
    assert table.count("<time") == 31
    assert titles(page) == ["Обсъждане"]  # the list says the same where the table has no room


def test_cancelled_and_moved_events_say_so_in_words(app, client):
    number = announced(app, december(3), title="Среща")
    with app.app_context(), inside(town(ON)):
        cancel_event(db.session.get_one(Event, number), "Ремонт")
        db.session.commit()
    assert "Отменено" in shown(client, "?mesets=2026-12")
    assert "Отменено: " in shown(client, "?mesets=2026-12&izgled=mreja").partition("</table>")[0]


def test_three_hundred_events_cost_as_many_queries_as_three(app, client):
    def cost(query: str) -> int:
        client.get(f"{CALENDAR}{query}")
        app.extensions.pop("consult.kept", None)
        with count_queries(app) as queries:
            assert client.get(f"{CALENDAR}{query}").status_code == 200
        return len(queries)

    ways = ("?mesets=2026-12", "?mesets=2026-12&izgled=mreja", "?koga=uikend")
    with app.app_context(), inside(town(ON)):
        for number in range(3):
            meet(10, timedelta(days=7 + number), area="Център")
        db.session.commit()
    few = [cost(way) for way in ways]
    with app.app_context(), inside(town(ON)):
        for number in range(297):
            meet(10, timedelta(days=3 + number % 25), area="Център")
        db.session.commit()
    assert [cost(way) for way in ways] == few
    assert len(titles(shown(client, "?mesets=2026-12"))) > 200


def test_the_home_page_shows_as_many_as_the_municipality_likes(app, client):
    for day in (3, 4, 5, 6, 7):
        announced(app, december(day), title=f"Събитие {day}")

    def card() -> list[str]:
        return titles(client.get("/stara-zagora/").text.partition('id="events-coming"')[2])

    assert card() == [f"Събитие {day}" for day in (3, 4, 5, 6)]
    for limit in (2, 0):
        with app.app_context(), inside(town(ON)):
            decide("events.on_home", limit)
            db.session.commit()
        assert len(card()) == limit


def test_the_region_shows_the_coming_seven_days_of_its_municipalities(app, client):
    announced(app, datetime(2026, 11, 27, 10, tzinfo=UTC), title="Скоро")
    announced(app, december(9), title="По-късно")
    page = client.get("/").text
    assert "Скоро" in page
    assert "По-късно" not in page


def test_a_neighbour_lists_what_is_shared_and_says_whose_it_is(app, client):
    number = announced(app, december(3), title="Обща среща")
    with app.app_context():
        with inside(town(OFF)):
            enable(("events",))
            db.session.commit()
        with inside(town(ON)):
            share(db.session.get_one(Event, number), [town(OFF)])
            db.session.commit()
    page = client.get("/yambol/sabitia?mesets=2026-12").text
    assert titles(page) == ["Обща среща"]
    assert "Община Стара Загора" in page.partition("<main")[2].partition("</main>")[0]


def test_the_calendars_of_town_and_region_bring_it_under_one_uid(app, client):
    number = announced(app, december(3), title="Обсъждане")
    for path in ("/stara-zagora/kalendar.ics", "/kalendar.ics", f"{CALENDAR}/{number}.ics"):
        answer = client.get(path)
        assert answer.mimetype == "text/calendar"
        assert answer.text.count(f"UID:event-{number}@") == 1
        assert "video.example" not in answer.text  # where it is shown online is for those who have a place
