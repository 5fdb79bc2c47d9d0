"""The list of consultations: what is open, coming and over, in which order, by area and page by page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from consult.api import db, now, today
from consult.tenancy import inside
from consult.testing.counting import count_queries
from consult.testing.factories import ON, town
from consult.testing.html import html_faults
from plugins.consultations.tests.one_consultation import changed, consulted
from tests.opinions import accepted, consult_people

LIST = "/stara-zagora/konsultatsii"


def listed(client, asked: str = "") -> list[str]:
    """The titles on a page of the list, in its order."""
    text = client.get(f"{LIST}{asked}").text
    assert not html_faults(text)
    return re.findall(r"<h2><a [^>]*>([^<]+)</a></h2>", text)


def closing_in(app, title: str, days: int, **more: Any) -> int:
    number = consulted(app, title=title, short_title="", **more)
    facts = {"last_day": today() + timedelta(days=days), "closes_at": now() + timedelta(days=days)}
    changed(app, number, **facts, opens_at=now() - timedelta(days=40))
    return number


def test_each_stands_where_it_belongs_and_the_open_ones_by_their_deadline(app, client):
    closing_in(app, "Късна", 20)
    closing_in(app, "Ранна", 2)
    closing_in(app, "Отдавна", -30)
    closing_in(app, "Наскоро", -3)
    decided = closing_in(app, "Решена", 10)
    changed(app, decided, outcome="adopted")
    coming = closing_in(app, "Предстояща", 60)
    changed(app, coming, opens_at=now() + timedelta(days=30))
    assert listed(client) == ["Ранна", "Късна"]
    assert listed(client, "?pokazhi=predstoyat") == ["Предстояща"]
    assert listed(client, "?pokazhi=priklyuchili") == ["Решена", "Наскоро", "Отдавна"]


def test_an_area_can_be_chosen_and_left(app, client):
    closing_in(app, "Дървета", 5)
    closing_in(app, "Пари", 5, topic="finansi")
    assert listed(client, "?kategoria=finansi") == ["Пари"]
    assert set(listed(client, "?kategoria=")) == {"Дървета", "Пари"}
    page = client.get(f"{LIST}?kategoria=kultura").text
    assert "Покажи всички области" in page


@pytest.mark.parametrize("asked", ["pokazhi=vsichki", "kategoria=nyama", "sled=x", "sled=20260101T000000.0-1&ot=0"])
def test_nonsense_is_not_found(client, asked):
    assert client.get(f"{LIST}?{asked}").status_code == 404


def test_an_empty_list_says_what_comes_next(app, client):
    assert "Когато общината пита за мнение" in client.get(LIST).text
    number = closing_in(app, "Стара", -5)
    empty = client.get(LIST).text
    assert "Последната: Стара" in empty
    coming = closing_in(app, "Нова", 60)
    changed(app, coming, opens_at=now() + timedelta(days=30))
    empty = client.get(LIST).text
    assert "Нова" in empty
    assert f"{LIST}/{number}" not in empty


def test_a_row_says_until_when_and_how_many_have_spoken(app, client):
    number = closing_in(app, "Дървета", 7)
    with app.app_context(), inside(town(ON)):
        accepted(number, 1)
        accepted(number, 2, reply_to_id=accepted(number, 3).id, stance="")
        db.session.commit()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", client.get(LIST).text))
    assert "Остават 7 дни" in words
    assert "2 мнения" in words


def test_twenty_a_page_none_twice_none_left_out_at_the_same_cost(app, client):
    with app.app_context(), inside(town(ON)):
        for number in range(45):
            consult_people(title=f"Проект {number:02}", short_title="")
        db.session.commit()
    seen: list[str] = []
    costs: list[int] = []
    asked: str | None = ""
    client.get(f"{LIST}?pokazhi=predstoyat")  # what is read once a process is read
    while asked is not None:
        with count_queries(app) as queries:
            page = client.get(f"{LIST}{asked}").text
        costs.append(len(queries))
        seen += re.findall(r"<h2><a [^>]*>([^<]+)</a></h2>", page)
        following = re.search(r'href="[^"]*(\?[^"]*sled=[^"]+)">Следващ', page)
        asked = str(following[1]).replace("&amp;", "&") if following else None
    assert sorted(seen) == [f"Проект {number:02}" for number in range(45)]
    assert len(costs) == 3
    assert max(costs) <= 7, costs
