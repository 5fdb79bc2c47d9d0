"""Where else consultations show: home pages, the feed, calendars; what each says and what it costs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from consult.clock import now, today
from consult.db import db
from consult.publishing import withdraw
from consult.settings import decide
from consult.tenancy import inside
from consult.testing.counting import count_queries
from consult.testing.factories import ON, town
from plugins.consultations.models import Consultation
from plugins.consultations.operations import extend_term
from plugins.consultations.tests.one_consultation import HOME, changed, consulted
from tests.opinions import accepted

NUMBERS = count()


def ended(app: Flask, **words: Any) -> int:
    """A consultation that closed ten days ago."""
    number = consulted(app, **words)
    last_day = today() - timedelta(days=10)
    changed(app, number, opens_at=now() - timedelta(days=40), closes_at=now() - timedelta(days=10), last_day=last_day)
    return number


def anew(path: str) -> str:
    """The address in a spelling that no answer was kept for."""
    return f"{path}{'&' if '?' in path else '?'}{next(NUMBERS)}"


def card(client: FlaskClient, name: str, path: str = f"{HOME}/") -> str:
    """One card of a home page, its blanks made one; "" where it is not there."""
    page = client.get(anew(path)).text
    _, found, rest = page.partition(f'aria-labelledby="{name}"')
    return re.sub(r"\s+", " ", rest.partition("</section>")[0]) if found else ""


def feed(client: FlaskClient, query: str = "") -> list[tuple[str, str]]:
    """The ids and titles of the entries."""
    text = client.get(anew(f"{HOME}/konsultatsii.atom{query}")).text
    entries = re.findall(r"<entry>(.*?)</entry>", text, re.DOTALL)
    return [tuple(re.search(f"<{tag}>(.*?)</{tag}>", one).group(1) for tag in ("id", "title")) for one in entries]  # type: ignore[union-attr, misc]


def calendar(client: FlaskClient, path: str = f"{HOME}/kalendar.ics") -> dict[str, dict[str, str]]:
    """The entries by the beginnings of their UIDs."""
    text = client.get(anew(path)).text.replace("\r\n ", "")
    entries = [dict(line.partition(":")[::2] for line in one.splitlines()) for one in text.split("BEGIN:VEVENT")[1:]]
    return {entry["UID"].partition("@")[0]: entry for entry in entries if entry["UID"].startswith("consultation")}


def test_the_home_page_says_first_what_is_asked_now_until_when_and_how_many_have_spoken(app, client):
    later = consulted(app, days=30, title="Втора", short_title="Втора")
    number = consulted(app, days=4, title="Първа", short_title="Първа")
    with app.app_context(), inside(town(ON)):
        first = accepted(number, 1)
        accepted(number, 2, "И аз мисля така, и то отдавна.", reply_to_id=first.id)
        db.session.commit()
    page = card(client, "consultations-now")
    assert page.index(f"/konsultatsii/{number}/") < page.index(f"/konsultatsii/{later}/")
    assert "Остават 4 дни" in page
    assert "1 мнение" in page
    assert 'class="meter"' in page
    whole = client.get(f"{HOME}/").text
    assert whole.index("consultations-now") < whole.partition("<main")[2].find("news-latest") % len(whole)


def test_what_opens_later_stands_below_and_what_is_over_does_not(app, client):
    soon = consulted(app, days=30, title="Предстои", short_title="Предстои")
    changed(app, soon, opens_at=now() + timedelta(days=3), closes_at=now() + timedelta(days=3, hours=1))
    number, over = consulted(app), ended(app)
    page = card(client, "consultations-now")
    assert page.index(f"/konsultatsii/{number}/") < page.index(f"/konsultatsii/{soon}/")
    assert f"/konsultatsii/{over}/" not in page


def test_a_municipality_decides_how_many_stand_there(app, client):
    consulted(app)
    with app.app_context(), inside(town(ON)):
        decide("consultations.on_home", 0)
        db.session.commit()
    assert card(client, "consultations-now") == ""


def test_people_see_what_became_of_what_they_said(app, client):
    number = ended(app)
    assert card(client, "consultations-answered") == ""
    text = "Съветът прие **десет** промени."
    changed(app, number, outcome="adopted", decided_on=today(), outcome_text=text)
    page = card(client, "consultations-answered")
    assert "Съветът прие десет промени." in page
    assert "Приет" in page
    assert "Съветът прие десет промени." in card(client, "consultations-answered", "/")


def test_the_region_says_what_closes_within_a_week_and_where(app, client):
    consulted(app, days=20, title="Далечна", short_title="Далечна")
    number = consulted(app, days=3, title="Близка", short_title="Близка")
    page = card(client, "consultations-soon", "/")
    assert f"{HOME}/konsultatsii/{number}/" in page
    assert "Община Стара Загора" in page
    assert "0 мнения" in page
    assert "Далечна" not in page


def test_the_feed_tells_of_opening_closing_answers_and_the_decision_each_under_its_own_id(app, client):
    number = ended(app)
    assert [name.rpartition("/")[2] for name, _title in feed(client)] == ["closed", "opened"]
    changed(app, number, reported_at=now() - timedelta(days=2), outcome="adopted", decided_on=date(2026, 1, 1))
    changed(app, number, decided_on=(now() - timedelta(days=1)).date())
    entries = feed(client)
    assert [name.rpartition("/")[2] for name, _title in entries] == ["decided", "reported", "closed", "opened"]
    assert all(f"consultations.consultation/{number}/" in name for name, _title in entries)
    assert entries[0][1].startswith("Прието: ")
    assert feed(client, "?kategoria=okolna-sreda") == entries
    assert feed(client, "?kategoria=finansi") == []
    assert client.get(f"{HOME}/konsultatsii.atom?kategoria=nyama").status_code == 404


def test_the_last_day_and_the_sitting_stand_in_the_calendars_of_the_town_and_of_the_region(app, client):
    number = consulted(app, sitting_on=today() + timedelta(days=50), sitting="Редовно заседание")
    for path in (f"{HOME}/kalendar.ics", "/kalendar.ics"):
        found = calendar(client, path)
        assert set(found) == {f"consultation-{number}-last-day", f"consultation-{number}-sitting"}
    entry = found[f"consultation-{number}-last-day"]
    assert entry["SUMMARY"] == "Последен ден за мнения: Зелена система"
    assert entry["DTEND"].endswith(("215959Z", "205959Z"))  # the last second of the day in Sofia


def test_a_new_last_day_moves_the_entry_that_people_hold(app, client):
    number = consulted(app, days=10)
    with app.app_context(), inside(town(ON)):
        one = db.session.get_one(Consultation, number)
        before = calendar(client)[f"consultation-{number}-last-day"]
    changed(app, number, opens_at=now() - timedelta(days=5), counted_from=today() - timedelta(days=5))
    with app.app_context(), inside(town(ON)):
        one = db.session.get_one(Consultation, number)
        extend_term(one, "Версия 2")
        db.session.commit()
    after = calendar(client)[f"consultation-{number}-last-day"]
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert after["DTEND"] > before["DTEND"] or after["DTSTAMP"] >= before["DTSTAMP"]


def test_what_was_withdrawn_stands_nowhere(app, client):
    number = consulted(app, days=3)
    with app.app_context(), inside(town(ON)):
        withdraw(db.session.get_one(Consultation, number), "Сбъркан проект.")
        db.session.commit()
    assert card(client, "consultations-now") == card(client, "consultations-soon", "/") == ""
    assert feed(client) == []
    assert calendar(client) == {}


def test_every_outlet_costs_the_same_with_one_consultation_and_with_ten(app, client):
    paths = (f"{HOME}/", "/", f"{HOME}/konsultatsii.atom", f"{HOME}/kalendar.ics", "/kalendar.ics",
             f"{HOME}/konsultatsii.json")  # fmt: skip

    def costs() -> list[int]:
        found = []
        for path in paths:
            with count_queries(app) as queries:
                assert client.get(anew(path)).status_code == 200
            found.append(len(queries))
        return found

    def add(many: int) -> None:
        for _number in range(many):
            consulted(app, days=3)
            number = ended(app)
            changed(app, number, reported_at=now(), outcome="adopted", decided_on=today())

    add(2)
    costs()  # warms what is read once
    few = costs()
    add(6)
    costs()
    assert costs() == few
