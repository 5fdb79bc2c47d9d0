"""The thread of a draft: written by guests and people with an account, read by pages, found again, never lost."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from consult.clock import now
from consult.db import db, operation
from consult.outbox.models import Letter
from consult.participation import Contribution, confirm, counts_of, hide, withdraw_contribution
from consult.tenancy import inside
from consult.testing.counting import count_queries
from consult.testing.factories import ON, sign_in, town
from plugins.consultations.drafts.reading import read_draft
from plugins.consultations.models import Consultation, Opinion
from plugins.consultations.operations import keep_draft
from plugins.consultations.queries import passages_of
from tests.opinions import SAYS, accepted, check_counts, consult_people, opinions, receipt_path
from tests.pages import OURS

HERE = "/stara-zagora/konsultatsii"
DRAFT = """Чл. 13. Разрешение
(1) Дърво се премахва с разрешение на кмета.
(2) Не се изисква разрешение за плодни дървета.
Чл. 14. Засаждане
(1) За всяко дърво се засаждат три нови.
"""
FORM = {"part": "0", "stance": "change", "text": SAYS, "name": "Мария", "email": "m@test.example", "consent": "full"}


@operation
def a_draft(**more: Any) -> int:
    """An open consultation with two articles; answers its number."""
    one = consult_people(**more)
    keep_draft(one, read_draft(DRAFT).provisions, DRAFT)
    return one.id


@pytest.fixture
def number(app: Flask) -> int:
    with app.app_context(), inside(town(ON)):
        one = a_draft()
        db.session.commit()
        return one


def send(client: Any, number: int, **more: Any) -> Any:
    return client.post(f"{HERE}/{number}/mnenia", data=FORM | more, headers=OURS)


def letters_to(app: Flask, address: str) -> list[Letter]:
    with app.app_context(), inside(town(ON)):
        found = list(db.session.scalars(select(Letter).where(Letter.to == address).order_by(Letter.id)))
        db.session.expunge_all()
        return found


def test_a_guest_is_heard_when_the_letter_was_answered(app, client, number):
    answer = send(client, number)
    assert (answer.status_code, answer.location) == (303, f"{HERE}/{number}/mnenia/proverete#main")
    assert "Още няма мнения" in unescape(client.get(f"{HERE}/{number}/mnenia").text)
    with app.app_context(), inside(town(ON)):
        (kept,) = opinions(number)
        path = receipt_path(kept)
    assert path in letters_to(app, "m@test.example")[0].text
    assert client.post(f"/stara-zagora{path}/potvardi", headers=OURS).status_code == 303
    page = unescape(client.get(f"{HERE}/{number}/mnenia").text)
    assert SAYS in page
    assert "Мнения (1)" in page
    with app.app_context(), inside(town(ON)):
        check_counts(number)


def test_the_same_again_is_one_opinion_and_one_letter(app, client, number):
    first, second = send(client, number), send(client, number)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    with app.app_context(), inside(town(ON)):
        assert len(opinions(number)) == 1
    assert len(letters_to(app, "m@test.example")) == 1


def test_an_account_is_heard_at_once_and_led_to_the_receipt(app, number):
    client = sign_in(app, "resident").client
    page = client.get(f"{HERE}/{number}/mnenia").text
    token = re.search(r'name="_token" value="([^"]+)"', page)[1]  # type: ignore[index]
    answer = send(client, number, _token=token, _key="one")
    assert answer.status_code == 303
    assert "/moeto/" in answer.location
    assert SAYS in unescape(client.get(f"{HERE}/{number}/mnenia").text)


def test_an_opinion_belongs_to_the_article_and_paragraph_that_was_chosen(app, client, number):
    page = client.get(f"{HERE}/{number}/chl-13?al=art_13__para_2").text
    chosen = re.search(r'<option selected value="([^"]+)"', page)[1]  # type: ignore[index]
    assert chosen.endswith("/art_13__para_2")
    send(client, number, part=chosen, quote="разрешение за плодни")
    with app.app_context(), inside(town(ON)):
        (kept,) = opinions(number)
        assert (kept.eid, kept.label, kept.quote_exact) == (
            "art_13__para_2",
            "чл.\xa013, ал.\xa02",
            "разрешение за плодни",
        )
        confirm(kept)
        db.session.commit()
    assert "по чл.\xa013, ал.\xa02" in unescape(client.get(f"{HERE}/{number}/chl-13").text)
    assert SAYS not in unescape(client.get(f"{HERE}/{number}/chl-14").text)


def many(app: Flask, number: int, how_many: int, first: int = 1) -> None:
    with app.app_context(), inside(town(ON)):
        for who in range(first, first + how_many):
            accepted(number, who, f"{SAYS} Мнение {who}.", stance="for" if who % 3 == 0 else "change")
        db.session.commit()


def read_all(client: Any, url: str | None) -> list[int]:
    """The numbers of all opinions, page after page by the links themselves."""
    found: list[int] = []
    while url is not None:
        page = client.get(url).text
        found += [int(one) for one in re.findall(r'<li id="m(\d+)"', page)]
        following = re.search(r'<a class="btn btn--line" href="([^"]*sled=[^"]*)"', page)
        url = unescape(following[1]) if following else None
    return found


def test_pages_of_twenty_hold_every_opinion_once_in_every_order(app, client, number):
    many(app, number, 45)
    with app.app_context(), inside(town(ON)):
        rows = opinions(number)
        _agree(rows[7], 5)
        _agree(rows[30], 2)
        db.session.commit()
        newest = [one.id for one in reversed(rows)]
        agreed = sorted(newest, key=lambda one: (-{rows[7].id: 5, rows[30].id: 2}.get(one, 0), -one))
        support = [one.id for one in reversed(rows) if one.stance == "for"]
    assert read_all(client, f"{HERE}/{number}/mnenia") == newest
    assert read_all(client, f"{HERE}/{number}/mnenia?red=saglasni") == agreed
    assert read_all(client, f"{HERE}/{number}/mnenia?vid=for") == support
    assert "21 – 40 от 45" in unescape(client.get(f"{HERE}/{number}/mnenia?sled={newest[19]}&ot=21").text)


@operation
def _agree(opinion: Opinion, times: int) -> None:
    opinion.agreed = times


def test_a_permalink_opens_an_opinion_wherever_it_is(app, client, number):
    many(app, number, 30)
    with app.app_context(), inside(town(ON)):
        numbers = [one.id for one in opinions(number)]
    for one in (numbers[0], numbers[14], numbers[-1]):
        page = client.get(f"{HERE}/{number}/mnenia/{one}")
        assert page.status_code == 200
        assert re.search(r'<li id="m(\d+)"', page.text)[1] == str(one)  # type: ignore[index]
    assert client.get(f"{HERE}/{number}/mnenia/999999").status_code == 404


def test_three_replies_are_shown_and_the_rest_lie_behind_a_link(app, client, number):
    with app.app_context(), inside(town(ON)):
        parent = accepted(number, 1)
        replies = [accepted(number, who, f"{SAYS} Отговор {who}.", reply_to_id=parent.id) for who in range(2, 7)]
        db.session.commit()
        parent_id, numbers = parent.id, [one.id for one in replies]
    page = unescape(client.get(f"{HERE}/{number}/mnenia").text)
    assert [f"Отговор {who}." in page for who in range(2, 7)] == [True, True, True, False, False]
    assert "Още 2 отговора" in page
    whole = unescape(client.get(f"{HERE}/{number}/mnenia/{parent_id}").text)
    assert all(f"Отговор {who}." in whole for who in range(2, 7))
    answer = client.get(f"{HERE}/{number}/mnenia/{numbers[4]}")
    assert (answer.status_code, answer.location) == (301, f"{HERE}/{number}/mnenia/{parent_id}#m{numbers[4]}")


def test_a_tombstone_stays_in_place_and_keeps_the_replies(app, client, number):
    with app.app_context(), inside(town(ON)):
        hidden, taken = accepted(number, 1, "Кметът е лошо нещо, казано обидно."), accepted(number, 2)
        accepted(number, 3, "Отговорът към скритото остава тук.", reply_to_id=hidden.id)
        hide(hidden, "obida", "Нарича хората с обидни думи.")
        withdraw_contribution(taken)
        db.session.commit()
        whole = counts_of(number).everything
    page = unescape(client.get(f"{HERE}/{number}/mnenia").text)
    assert "казано обидно" not in page
    assert "Нарича хората с обидни думи." in page
    assert "оттеглено от автора" in page
    assert "Отговорът към скритото остава тук." in page
    assert (whole.accepted, whole.shown, whole.gone) == (3, 1, 2)
    assert page.count('class="cmt"') + page.count('class="gone"') == 2, "each opinion is shown or has a tombstone"


def test_what_was_written_before_the_deadline_and_sent_after_keeps_its_text(app, client, number):
    with app.app_context(), inside(town(ON)):
        closes = db.session.get_one(Consultation, number).closes_at
    assert closes is not None
    with time_machine.travel(closes, tick=False):
        assert send(client, number).status_code == 303, "the last second is on time"
    with time_machine.travel(closes + timedelta(seconds=1), tick=False):
        late = send(client, number, text="Закъснях с една секунда, но имам какво да кажа.")
    assert 400 <= late.status_code < 500
    assert "Закъснях с една секунда, но имам какво да кажа." in unescape(late.text)
    with app.app_context(), inside(town(ON)):
        assert [one.text for one in opinions(number)] == [SAYS]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"text": "а" * 5001}, "5001"),
        ({"text": "кратко"}, "поне 10"),
        ({"text": ""}, "Напишете"),
        ({"text": f"{SAYS}\x00"}, "невидим"),
        ({"stance": "maybe"}, "Изберете какво"),
        ({"stance": "reply"}, "Изберете какво"),
        ({"part": "999999"}, "Изберете част"),
        ({"part": "-1"}, "Изберете част"),
        ({"part": "1/няма"}, "Изберете част"),
        ({"consent": ""}, "публикува"),
        ({"consent": "всички"}, "публикува"),
        ({"email": "не е имейл"}, "имейл"),
        ({"name": ""}, "име"),
        ({"organisation": "Сдружение „Зелен двор“"}, "организация"),
    ],
)
def test_bad_input_gets_a_sentence_and_the_text_back(app, client, number, more, sentence):
    answer = send(client, number, **more)
    page = unescape(answer.text)
    assert 400 <= answer.status_code < 500
    assert sentence in page
    if not more.get("text", SAYS).endswith("\x00"):
        assert more.get("text", SAYS) in page
    with app.app_context(), inside(town(ON)):
        assert opinions(number) == []


@pytest.mark.parametrize(
    "text",
    [
        "Обърнат \u202eтекст\u202c и \u2066скрит\u2069 посока.",
        "З\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301алго върху буква.",
        "<script>alert(1)</script> и <b>удебелено</b> мнение",
        "Връзка https://example.com не се натиска.",
    ],
)
def test_strange_text_is_kept_byte_for_byte_and_shown_harmless(app, client, number, text):
    assert send(client, number, text=text).status_code == 303
    with app.app_context(), inside(town(ON)):
        (kept,) = opinions(number)
        assert kept.text == text
        confirm(kept)
        db.session.commit()
    page = client.get(f"{HERE}/{number}/mnenia").text
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "\u2066" not in page
    assert "\u0301" * 9 not in page
    assert 'href="https://example.com' not in page


def test_a_phone_number_waits_for_a_moderator_with_a_placeholder(app, client, number):
    with app.app_context(), inside(town(ON)):
        accepted(number, 1, "Обадете ми се на 0888 123 456, ще разкажа за липата.")
        db.session.commit()
    page = unescape(client.get(f"{HERE}/{number}/mnenia").text)
    assert "0888 123 456" not in page
    assert "чака" in page
    assert "Мнения (1)" in page


def test_a_page_costs_the_same_queries_however_many_opinions_there_are(app, client, number):
    many(app, number, 3)
    costs = []
    for more in (0, 60):
        many(app, number, more, first=100)
        client.get(f"{HERE}/{number}/mnenia?otdrugade=1")  # what is asked for once a stamp is asked for now
        with count_queries(app) as queries:
            client.get(f"{HERE}/{number}/mnenia")
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 8


def test_agreeing_is_one_a_person_and_is_taken_back(app, number):
    with app.app_context(), inside(town(ON)):
        opinion_id = accepted(number, 1).id
        db.session.commit()
    client = sign_in(app, "resident").client
    path = f"{HERE}/{number}/mnenia/{opinion_id}"
    token = re.search(r'name="_token" value="([^"]+)"', client.get(path).text)[1]  # type: ignore[index]
    for key in ("a", "b"):
        client.post(f"{path}/saglasni", data={"_token": token, "_key": key}, headers=OURS)
    assert agreed(app, opinion_id) == 1
    client.post(f"{path}/saglasni", data={"_token": token, "_key": "c", "ne": "1"}, headers=OURS)
    assert agreed(app, opinion_id) == 0
    assert app.test_client().post(f"{path}/saglasni", headers=OURS).status_code == 401


def agreed(app: Flask, opinion_id: int) -> int:
    with app.app_context(), inside(town(ON)):
        return db.session.get_one(Contribution, opinion_id).agreed


def test_a_preview_keeps_nothing(app, client, number):
    answer = send(client, number, pregled="1")
    assert answer.status_code == 200
    assert SAYS in unescape(answer.text)
    again = send(client, number, popravi="1")
    assert SAYS in unescape(again.text)
    with app.app_context(), inside(town(ON)):
        assert opinions(number) == []


def test_who_looks_before_sending_is_warned_of_what_identifies_somebody(client, number):
    warned = send(client, number, pregled="1", text="Моят номер е 7501020018, пишете ми.").text
    assert "Изглежда, че съдържа: ЕГН." in unescape(warned)
    assert "Изглежда, че съдържа" not in unescape(send(client, number, pregled="1").text)


def test_nobody_answers_an_opinion_of_another_consultation(app, client, number):
    with app.app_context(), inside(town(ON)):
        other = a_draft(title="Друга наредба")
        there = accepted(other, 1).id
        db.session.commit()
    form = {"text": SAYS, "name": "Иван", "email": "i@test.example", "consent": "full"}
    assert client.post(f"{HERE}/{number}/mnenia/{there}/otgovor", data=form, headers=OURS).status_code == 404


def test_before_the_opening_nothing_is_taken(app, client):
    with app.app_context(), inside(town(ON)):
        number = a_draft(opens_at=now() + timedelta(days=3), title="Предстояща")
        db.session.commit()
    answer = send(client, number)
    assert 400 <= answer.status_code < 500
    with app.app_context(), inside(town(ON)):
        assert opinions(number) == []


def test_what_was_said_of_a_dropped_article_is_found_by_itself(app, client, number):
    with app.app_context(), inside(town(ON)):
        first = passages_of(number)[0]
        said = accepted(number, 1, part_id=first.id)
        accepted(number, 2, "За целия проект имам друго какво да кажа.")
        shorter = DRAFT[DRAFT.index("Чл. 14") :]
        keep_draft(db.session.get_one(Consultation, number), read_draft(shorter).provisions, shorter)
        db.session.commit()
        assert first.dropped_in == 2
        part, one = first.id, said.id
    assert read_all(client, f"{HERE}/{number}/mnenia?chast={part}") == [one]
    assert client.get(f"{HERE}/{number}/mnenia?chast=няма").status_code == 404


def test_who_types_a_telephone_number_is_warned_once_before_it_is_sent(app, client, number):
    text = "Обадете ми се на 0888 123 456, ще разкажа за липата."
    warned = send(client, number, text=text)
    assert warned.status_code == 200
    assert text in unescape(warned.text)
    with app.app_context(), inside(town(ON)):
        assert opinions(number) == []
    assert send(client, number, text=text, vidyano="1").status_code == 303
    with app.app_context(), inside(town(ON)):
        assert [one.text for one in opinions(number)] == [text]
