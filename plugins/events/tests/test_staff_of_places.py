"""The staff's pages of places: entered for people, changed, given back; called off, thanked for, on the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.db import db
from consult.outbox.models import Letter
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.events.models import Event, Standing
from plugins.events.operations import ask_for_place
from plugins.events.tests.test_staff_pages import DESK, an_event, only_event
from tests.meetings import check_hall, guest, hall, meet, places
from tests.one_event import bring_to_an_end
from tests.pages import parse, text_of, visitor

CALLED = {"name": "Иван Колев", "people": "1", "way": "zala", "channel": "phone"}


def test_a_place_for_who_calls_is_given_at_once_with_or_without_an_address(app):
    number, somebody = an_event(app), visitor(app, "editor")
    answer = somebody.send(f"{DESK}/{number}/mesta/novo", CALLED)
    assert answer.status_code == 303
    assert "Мястото е запазено. Код:" in text_of(parse(somebody.get(answer.location)))
    somebody.send(f"{DESK}/{number}/mesta/novo", CALLED | {"name": "Ана", "email": "ana@primer.bg", "people": "2"})
    with app.app_context(), inside(town(ON)):
        assert [place.standing for place in places(number)] == [Standing.GIVEN, Standing.GIVEN]
        assert [letter.to for letter in db.session.scalars(select(Letter))] == ["ana@primer.bg"]
        check_hall(number)


def test_in_a_full_hall_the_page_keeps_what_was_typed_and_offers_the_line(app):
    number, somebody = an_event(app, 1), visitor(app, "editor")
    assert 'name="waits"' not in somebody.get(f"{DESK}/{number}/mesta/novo").text
    somebody.send(f"{DESK}/{number}/mesta/novo", CALLED)
    answer = somebody.send(f"{DESK}/{number}/mesta/novo", CALLED | {"name": "Ана Петрова", "phone": "0888"})
    assert answer.status_code == 409
    assert "Ана Петрова" in answer.text
    assert 'name="waits"' in answer.text
    answer = somebody.send(f"{DESK}/{number}/mesta/novo", CALLED | {"name": "Ана Петрова", "waits": "y"})
    assert answer.status_code == 303
    assert "При чакащите, номер 1." in text_of(parse(somebody.get(answer.location)))


def test_the_same_address_twice_leads_to_the_place_that_it_has(app):
    number, somebody = an_event(app), visitor(app, "editor")
    first = somebody.send(f"{DESK}/{number}/mesta/novo", CALLED | {"email": "ana@primer.bg"})
    again = somebody.send(f"{DESK}/{number}/mesta/novo", CALLED | {"email": "ANA+x@primer.bg", "name": "Друга"})
    assert again.location == first.location
    assert "вече има място" in text_of(parse(somebody.get(again.location)))


def test_the_list_counts_searches_and_goes_on_after_fifty(app):
    number, somebody = an_event(app, None), visitor(app, "editor")
    with app.app_context(), inside(town(ON)):
        event = db.session.get_one(Event, number)
        for who in range(53):
            ask_for_place(event, guest(who, name=f"Човек {who:02}", channel="phone"))
        db.session.commit()
    page = somebody.get(f"{DESK}/{number}/mesta")
    assert "Записани (53)" in text_of(parse(page))
    assert page.text.count("Човек ") == 50
    following = next(one for one in parse(page).iter("a") if "sled=" in (one.get("href") or "")).get("href")
    rest = somebody.get(str(following))
    assert "Човек 52" in rest.text
    assert "Човек 49" not in rest.text
    found = somebody.get(f"{DESK}/{number}/mesta", query_string={"q": "ЧОВЕК 5"})
    assert found.text.count('scope="row"') == 3
    by_address = somebody.get(f"{DESK}/{number}/mesta", query_string={"q": "gost52@"})
    assert by_address.text.count('scope="row"') == 1
    assert "Никой не е намерен" in somebody.get(f"{DESK}/{number}/mesta", query_string={"q": "никой"}).text


@pytest.mark.parametrize("address", ["?vid=nyama", "?sled=-1", "?sled=99999999999999", "?q=%00", "?vid[]=x"])
def test_nonsense_in_the_address_shows_the_list(app, address):
    number = an_event(app)
    assert visitor(app, "editor").get(f"{DESK}/{number}/mesta{address}").status_code == 200


def test_a_place_is_changed_and_given_back_after_a_question(app):
    number, somebody = an_event(app), visitor(app, "editor")
    path = somebody.send(f"{DESK}/{number}/mesta/novo", CALLED).location
    assert somebody.send(path, {"people": "3", "way": "zala"}).status_code == 303
    assert somebody.send(path, {"people": "5", "way": "zala"}).status_code == 409, "there are three seats"
    question = somebody.get(f"{path}/otkazhi")
    assert "Иван Колев" in question.text
    with app.app_context(), inside(town(ON)):
        assert hall(number).taken == 3, "asking gives nothing back"
    assert somebody.send(f"{path}/otkazhi").status_code == 303
    with app.app_context(), inside(town(ON)):
        assert hall(number).taken == 0
        check_hall(number)


def test_a_place_of_another_event_is_not_found_under_this_one(app):
    number, other, somebody = an_event(app), an_event(app), visitor(app, "admin")
    place = somebody.send(f"{DESK}/{number}/mesta/novo", CALLED).location.rpartition("/")[2]
    for path in (f"mesta/{place}", f"mesta/{place}/otkazhi"):
        assert somebody.get(f"{DESK}/{other}/{path}").status_code == 404
    for path in (f"vhod/{place}/tuk", f"vhod/{place}/ne", f"mesta/{place}/otkazhi"):
        assert somebody.send(f"{DESK}/{other}/{path}").status_code == 404


# --------------------------------------------------------------------------------- called off, and afterwards


def test_calling_off_says_how_many_are_told_and_asks_why(app):
    number, somebody = an_event(app), visitor(app, "editor")
    somebody.send(f"{DESK}/{number}/mesta/novo", CALLED | {"email": "ana@primer.bg"})
    somebody.send(f"{DESK}/{number}/mesta/novo", CALLED)
    page = somebody.get(f"{DESK}/{number}/otmeni")
    assert "Отмени събитието и пиши на 1 човек" in text_of(parse(page)), "who gave no address gets no letter"
    assert somebody.send(f"{DESK}/{number}/otmeni", {"reason": " "}).status_code == 422
    assert not only_event(app).is_cancelled
    assert somebody.send(f"{DESK}/{number}/otmeni", {"reason": "Бурята."}).status_code == 303
    assert only_event(app).is_cancelled
    with app.app_context(), inside(town(ON)):
        assert len([one for one in db.session.scalars(select(Letter)) if "called off" in one.key]) == 1
    assert "Бурята." in visitor(app).get(f"/stara-zagora/sabitia/{number}", follow_redirects=True).text


@pytest.fixture
def over(app: Flask) -> int:
    """An event of yesterday for which two people had a place, one of them with an address."""
    with app.app_context(), inside(town(ON)):
        event = meet(5)
        ask_for_place(event, guest(1, channel="phone"))
        ask_for_place(event, guest(2, email="", channel="phone"))
        bring_to_an_end(event)
        db.session.commit()
        return event.id


def test_what_was_heard_is_cleaned_kept_and_shown(app, over):
    somebody = visitor(app, "editor")
    heard = "# Паркът\n\nПейки и **сянка**.<script>alert(1)</script>"
    typed = {"heard": heard, "recording_url": "https://video.example/2", "attendance": "37", "revision": "1"}
    assert somebody.send(f"{DESK}/{over}/sled", typed).status_code == 303
    event = only_event(app)
    assert event.attendance == 37
    assert "<strong>сянка</strong>" in event.heard_html
    assert "<script" not in event.heard_html
    page = visitor(app).get(f"/stara-zagora/sabitia/{over}", follow_redirects=True).text
    assert "сянка" in page
    assert "https://video.example/2" in page
    late = somebody.send(f"{DESK}/{over}/sled", typed | {"heard": "Друго."})
    assert late.status_code == 409, "somebody has written meanwhile"
    assert "Друго." in late.text
    assert "Пейки" in late.text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//video.example"])
def test_the_recording_is_an_ordinary_address(app, over, address):
    answer = visitor(app, "editor").send(f"{DESK}/{over}/sled", {"recording_url": address, "revision": "1"})
    assert answer.status_code == 422


def test_people_are_thanked_once_after_a_question(app, over):
    somebody = visitor(app, "editor")
    assert "Благодари на 1 човек" in text_of(parse(somebody.get(f"{DESK}/{over}/sled")))
    assert "Изпрати 1 писмо" in text_of(parse(somebody.get(f"{DESK}/{over}/sled/blagodari")))
    for _ in range(2):
        assert somebody.send(f"{DESK}/{over}/sled/blagodari").status_code == 303
    with app.app_context(), inside(town(ON)):
        assert len([one for one in db.session.scalars(select(Letter)) if "thanks" in one.key]) == 1
    assert "Няма на кого повече" in somebody.get(f"{DESK}/{over}/sled/blagodari").text


def test_nobody_is_thanked_before_the_end(app):
    number, somebody = an_event(app), visitor(app, "editor")
    somebody.send(f"{DESK}/{number}/mesta/novo", CALLED | {"email": "ana@primer.bg"})
    answer = somebody.send(f"{DESK}/{number}/sled/blagodari")
    assert answer.status_code == 422
    assert "когато събитието приключи" in answer.text


# -------------------------------------------------------------------------------------------------- the desk


def test_the_desk_says_what_waits(app, over):
    with app.app_context(), inside(town(ON)):
        event = meet(1, timedelta(hours=20), title="Утрешното")
        ask_for_place(event, guest(1, channel="phone"))
        full = meet(1, title="Пълното")
        ask_for_place(full, guest(1, channel="phone"))
        ask_for_place(full, guest(2, channel="phone"), waits=True)
        meet(None, timedelta(days=40), title="Далечното")
        db.session.commit()
    page = text_of(parse(visitor(app, "editor").get("/stara-zagora/rabota")))
    assert "Утрешното" in page
    assert "1 човек чака за място" in page
    assert "Кажете какво се чу: Кръгла маса" in page
    assert "Далечното" not in page
    moderators = text_of(parse(visitor(app, "moderator").get("/stara-zagora/rabota")))
    assert "Утрешното" in moderators
    assert "чака за място" not in moderators, "who may not see places is not told of them"
    assert "Кажете какво се чу" not in moderators


def test_the_list_of_events_leads_to_a_new_one_and_to_each(app):
    number = an_event(app)
    page = visitor(app, "editor").get(DESK).text
    assert f'href="{DESK}/novo"' in page
    assert f'href="{DESK}/{number}"' in page
