"""The staff's pages of events: the form, the places that are entered for people, called off, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.clock import SOFIA, local, now
from consult.db import db
from consult.outbox.models import Letter
from consult.publishing import publish, write
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.events.models import Event, Place, Standing
from plugins.events.operations import ask_for_place
from plugins.news.models import Post
from tests.meetings import check_hall, guest, hall, meet, places
from tests.one_event import bring_to_an_end
from tests.pages import Visitor, forms, parse, text_of, visitor

DESK = "/stara-zagora/rabota/sabitia"
BEGINS = (now() + timedelta(days=20)).astimezone(SOFIA).replace(hour=17, minute=30, second=0, microsecond=0)
TYPED = {
    "title": "Обсъждане на парка",
    "body": "Елате и кажете.",
    "topic": "obsazhdane",
    "starts_at": f"{BEGINS:%d.%m.%Y} 17:30",
    "do": "publish",
    "most_people": "4",
}


def sent(somebody: Visitor, **more: Any) -> Any:
    return somebody.send(f"{DESK}/novo", TYPED | more)


def only_event(app: Flask) -> Event:
    with app.app_context(), inside(town(ON)):
        event = db.session.scalars(select(Event)).one()
        db.session.expunge(event)
        return event


def an_event(app: Flask, seats: int | None = 3, **more: Any) -> int:
    with app.app_context(), inside(town(ON)):
        times = {"starts_at": BEGINS.astimezone(UTC), "ends_at": BEGINS.astimezone(UTC) + timedelta(hours=2)}
        number = meet(seats, **(times | more)).id
        db.session.commit()
        return number


def as_it_stands(somebody: Visitor, path: str) -> dict[str, str]:
    """The fields of the form of this page, as a browser would send them untouched."""
    fields = next(form.fields for form in forms(parse(somebody.get(path)), path) if "title" in form.fields)
    return {name: text for name, text in fields.items() if name not in ("_token", "_key")}


# ------------------------------------------------------------------------------------------------- the form


def test_everything_that_is_typed_is_kept_and_given_back(app):
    somebody = visitor(app, "editor")
    with app.app_context(), inside(town(ON)):
        post = write(Post(title="Паркът", body="Проектът."))
        publish(post)
        db.session.commit()
        number = post.id
    more = {
        "ends_at": f"{BEGINS:%Y-%m-%d}T19:00",
        "area": "Център",
        "room": "Малката зала",
        "building": "Читалище",
        "address": "ул. „Лозенградска“ 1",
        "directions": "Автобус 4",
        "accessibility": "Рампа",
        "spoken": "bg",
        "point": "42.4258, 25.6345",
        "online_url": "https://video.example/1",
        "agenda": "17:30 Регистрация | фоайето",
        "about": f"http://localhost/stara-zagora/en/novini/{number}/parkat",
        "organisers": "SZR31",
        "partners": "СОЮР",
        "contact_email": "park@primer.bg",
        "contact_phone": "042 000 000",
        "contact_person": "Мария Димова",
        "contact_until": "18.12.2030",
        "takes_places": "y",
        "capacity": "40",
        "q1_label": "Храна",
        "q1_kind": "choice",
        "q1_choices": "да\nне",
        "q1_needed": "y",
    }
    assert sent(somebody, **more).status_code == 303
    event = only_event(app)
    assert local(event.starts_at) == BEGINS
    assert (event.latitude, event.longitude) == (42.4258, 25.6345)
    assert event.about == [number]
    question = {"key": "q1", "label": "Храна", "kind": "choice", "choices": ["да", "не"], "is_needed": True}
    assert event.questions == [question]
    given_back = as_it_stands(somebody, f"{DESK}/{event.id}")
    for name, text in more.items():
        if name not in ("ends_at", "about", "contact_until", "takes_places", "q1_needed", "spoken", "organisers"):
            assert given_back[name].strip() == text, name
    assert given_back["about"].strip() == f"/novini/{number}"
    assert "Малката зала" in visitor(app).get(f"/stara-zagora/sabitia/{event.id}").text


def test_what_stands_in_the_form_may_be_sent_untouched_and_changes_nothing(app):
    number, somebody = an_event(app), visitor(app, "editor")
    fields = as_it_stands(somebody, f"{DESK}/{number}")
    answer = somebody.send(f"{DESK}/{number}", fields | {"takes_places": "y", "spoken": "bg", "do": "save"})
    assert answer.status_code == 303
    assert only_event(app).revision == 1
    assert only_event(app).sequence == 0


WRONG = (
    ("starts_at", "", "Кажете в кой ден и час."),
    ("starts_at", "утре", "Въведете ден и час"),
    ("ends_at", f"{BEGINS:%d.%m.%Y} 17:00", "Краят трябва да е след началото."),
    ("online_url", "javascript:alert(1)", "Въведете целия адрес"),
    ("online_url", "ftp://a.example", "Въведете целия адрес"),
    ("point", "142.5, 25", "Поставете две числа"),
    ("point", "тук", "Поставете две числа"),
    ("capacity", "0", "Въведете число от 1 до 10000."),
    ("capacity", "много", "Въведете число от 1 до 10000."),
    ("most_people", "21", "Въведете число от 1 до 20."),
    ("contact_email", "без знак", ""),
    ("contact_until", "31.02.2026", "Въведете ден"),
    ("about", "https://drugade.example/1", "Това не е наша страница"),
    ("about", "/rabota", "Това не е наша страница"),
    ("about", "/novini/999", "Това не е наша страница"),
        ("organisers", "XXX99", ""),
    ("spoken", "klingon", ""),
)


@pytest.mark.parametrize(("name", "typed", "sentence"), WRONG)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(app, name, typed, sentence):
    answer = sent(visitor(app, "editor"), takes_places="y", **{name: typed})
    assert answer.status_code == 422
    assert sentence in text_of(parse(answer))
    assert f'href="#{name}' in answer.text, "the summary leads to the field"
    assert "Обсъждане на парка" in answer.text
    with app.app_context(), inside(town(ON)):
        assert db.session.scalars(select(Event)).all() == []


def test_answers_without_a_question_ask_for_it(app):
    answer = sent(visitor(app, "editor"), q1_choices="да\nне")
    assert answer.status_code == 422
    assert 'href="#q1_label"' in answer.text


def test_a_question_with_one_answer_only_is_no_choice(app):
    answer = sent(visitor(app, "editor"), q2_label="Храна", q2_kind="choice", q2_choices="да")
    assert answer.status_code == 422
    assert "от два до двадесет" in answer.text


def test_the_preview_is_the_article_that_people_see_and_saves_nothing(app):
    answer = sent(visitor(app, "editor"), do="preview", room="Малката зала", agenda="17:30 Регистрация | фоайето")
    assert answer.status_code == 200
    page = text_of(parse(answer))
    assert "Преглед: нищо още не е запазено" in page or "нищо" in page
    assert "Регистрация" in page
    with app.app_context(), inside(town(ON)):
        assert db.session.scalars(select(Event)).all() == []


def test_another_time_of_a_published_event_asks_for_the_reason_and_tells_people(app):
    number, somebody = an_event(app), visitor(app, "editor")
    with app.app_context(), inside(town(ON)):
        ask_for_place(db.session.get_one(Event, number), guest(1, channel="phone"))
        db.session.commit()
    moved = {"starts_at": "01.12.2030 18:00", "ends_at": "", "takes_places": "y", "spoken": "bg", "do": "save"}
    fields = as_it_stands(somebody, f"{DESK}/{number}") | moved
    answer = somebody.send(f"{DESK}/{number}", fields)
    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    assert "01.12.2030" in answer.text or "2030-12-01" in answer.text
    assert somebody.send(f"{DESK}/{number}", fields | {"reason": "Залата е заета."}).status_code == 303
    with app.app_context(), inside(town(ON)):
        said = [letter.subject for letter in db.session.scalars(select(Letter)) if "changed" in letter.key]
        assert len(said) == 1


def test_fewer_places_than_are_taken_asks_whether_one_is_sure(app):
    number, somebody = an_event(app, 5), visitor(app, "editor")
    with app.app_context(), inside(town(ON)):
        for who in range(4):
            ask_for_place(db.session.get_one(Event, number), guest(who, channel="phone"))
        db.session.commit()
    assert 'name="is_sure"' not in somebody.get(f"{DESK}/{number}").text
    fields = as_it_stands(somebody, f"{DESK}/{number}") | {"takes_places": "y", "spoken": "bg", "capacity": "2"}
    answer = somebody.send(f"{DESK}/{number}", fields | {"do": "save"})
    assert answer.status_code == 422
    assert 'name="is_sure"' in answer.text
    assert somebody.send(f"{DESK}/{number}", fields | {"is_sure": "y", "do": "save"}).status_code == 303
    with app.app_context(), inside(town(ON)):
        assert (hall(number).capacity, hall(number).wanted, hall(number).taken) == (4, 2, 4)
        check_hall(number)


# ------------------------------------------------------------------------------------------------ the places

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
    assert isinstance(only_event(app).starts_at, datetime)
    with app.app_context(), inside(town(ON)):
        assert db.session.scalars(select(Place)).all() == []
