"""The form of an event: what is typed is kept and given back, what is wrong is said beside its field."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.clock import SOFIA, local, now
from consult.db import db
from consult.journal import Entry
from consult.outbox.models import Letter
from consult.publishing import publish, write
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.events.models import Event, Place
from plugins.events.operations import ask_for_place
from plugins.news.models import Post
from tests.meetings import check_hall, guest, hall, meet
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
    with app.app_context(), inside(town(ON)):
        assert db.session.get_one(Event, event.id).about == [number]
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


# ------------------------------------------------------------------------------------- what a change leaves behind


def sent_as_it_stands(somebody: Visitor, number: int, **more: str) -> int:
    """The form of this event sent back with these changes; answers the status."""
    ticks = {"takes_places": "y", "spoken": "bg", "do": "save"}
    fields = as_it_stands(somebody, f"{DESK}/{number}") | ticks
    return somebody.send(f"{DESK}/{number}", fields | more).status_code


def text_question(key: str, label: str) -> dict[str, Any]:
    return {"key": key, "label": label, "kind": "text", "choices": [], "is_needed": False}


def test_a_start_with_seconds_is_no_other_time_when_the_form_is_saved(app):
    number, somebody = an_event(app, starts_at=BEGINS.astimezone(UTC) + timedelta(seconds=33)), visitor(app, "editor")
    assert sent_as_it_stands(somebody, number, room="Зала 2") == 303
    assert (only_event(app).course, only_event(app).room) == ("planned", "Зала 2")
    assert only_event(app).starts_at.second == 0


def test_a_replaced_question_keeps_its_answers_and_never_lends_them_to_the_new_one(app):
    number, somebody = an_event(app, questions=[text_question("q1", "Алергии?")]), visitor(app, "editor")
    with app.app_context(), inside(town(ON)):
        place = ask_for_place(db.session.get_one(Event, number), guest(1, channel="phone", answers={"q1": "ядки"})).id
        db.session.commit()
    assert sent_as_it_stands(somebody, number, q1_label="Ще паркирате ли?", q2_label="") == 303
    former = text_question("q1", "Алергии?") | {"is_former": True}
    assert only_event(app).questions == [text_question("q2", "Ще паркирате ли?"), former]
    page = somebody.get(f"{DESK}/{number}/mesta/{place}")
    assert "<dt>Алергии?</dt><dd>ядки</dd>" in page.text
    changed = next(form for form in forms(parse(page), f"{DESK}/{number}/mesta/{place}") if "q2" in form.fields)
    assert (changed.fields["q2"], "q1" in changed.fields) == ("", False), "the answer stands under no other question"
    assert somebody.send(f"{DESK}/{number}/mesta/{place}", changed.fields | {"q2": "да"}).status_code == 303
    with app.app_context(), inside(town(ON)):
        assert db.session.get_one(Place, place).answers == {"q1": "ядки", "q2": "да"}
    assert "Ще паркирате ли?,Алергии?\r\n" in somebody.send(f"{DESK}/{number}/spisak.csv", {}).text
    assert sent_as_it_stands(somebody, number, q1_label="Обяд?", q2_label="Алергии?") == 303
    assert [(one["key"], one["label"], "is_former" in one) for one in only_event(app).questions] == [
        ("q3", "Обяд?", False), ("q1", "Алергии?", False), ("q2", "Ще паркирате ли?", True),
    ]  # fmt: skip


def test_the_versions_say_every_particular_in_words_for_people(app):
    number, somebody = an_event(app), visitor(app, "editor")
    more = {
        "room": "Зала 2",
        "spoken": "tr",
        "organisers": "SZR31",
        "point": "42.5, 25.6",
        "most_people": "3",
        "q1_label": "Храна?",
        "q1_kind": "choice",
        "q1_choices": "да\nне",
        "q1_needed": "y",
    }
    assert sent_as_it_stands(somebody, number, contact_person="Мария Димова", **more) == 303
    page = text_of(parse(somebody.get(f"{DESK}/{number}/versii")))
    for said in ("Зала 2", "турски", "Стара Загора", "42.5, 25.6", "Храна? (да / не) *"):
        assert said in page, said
    titles = somebody.get(f"{DESK}/{number}/versii").text
    assert "Въпроси към записалите се" in titles
    assert "most_people" not in titles
    assert "Мария Димова" not in titles, "who answers is shown until a day, and a version stays"


def test_another_number_of_seats_is_in_the_journal(app):
    number, somebody = an_event(app, 5), visitor(app, "editor")
    assert sent_as_it_stands(somebody, number, capacity="9") == 303
    assert sent_as_it_stands(somebody, number, capacity="9") == 303
    with app.app_context(), inside(town(ON)):
        noted = db.session.scalars(select(Entry).where(Entry.what == "events.seats_set").order_by(Entry.id)).all()
        assert [(one.words.words or {})["seats"] for one in noted] == [5, 9]


@pytest.mark.parametrize("typed", ["01.12.2020 18:00", "2020-12-01T18:00"])
def test_what_people_expect_is_not_moved_into_the_past_by_a_slip_of_the_year(app, typed):
    number, somebody = an_event(app), visitor(app, "editor")
    assert sent_as_it_stands(somebody, number, starts_at=typed, ends_at="", reason="Грешка.") == 422
    assert local(only_event(app).starts_at) == BEGINS


def test_a_cancelled_event_keeps_its_time(app):
    number, somebody = an_event(app), visitor(app, "editor")
    assert somebody.send(f"{DESK}/{number}/otmeni", {"reason": "Няма ток."}).status_code == 303
    assert sent_as_it_stands(somebody, number, starts_at="01.12.2030 18:00", ends_at="", reason="Пак.") == 422
    assert sent_as_it_stands(somebody, number, room="Зала 2") == 303
    assert (local(only_event(app).starts_at), only_event(app).room) == (BEGINS, "Зала 2")


def test_who_cancels_is_told_who_has_to_be_called(app):
    number, somebody = an_event(app), visitor(app, "editor")
    assert "Никой няма място" in somebody.get(f"{DESK}/{number}/otmeni").text
    with app.app_context(), inside(town(ON)):
        ask_for_place(db.session.get_one(Event, number), guest(2, channel="phone", email=""))
        db.session.commit()
    assert "Никой няма място" not in somebody.get(f"{DESK}/{number}/otmeni").text
    with app.app_context(), inside(town(ON)):
        ask_for_place(db.session.get_one(Event, number), guest(1, channel="phone"))
        db.session.commit()
    page = text_of(parse(somebody.get(f"{DESK}/{number}/otmeni")))
    assert "1 човек ще получи писмо" in page
    assert "1 място е записано без имейл: обадете се на тези хора." in page
