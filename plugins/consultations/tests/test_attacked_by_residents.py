"""What residents might send to a draft's pages at the wrong time, or with addresses made up."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.clock import now
from consult.db import db
from consult.outbox.models import Letter
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.consultations.queries import passages_of
from plugins.consultations.tests.one_consultation import DRAFT, HOME, changed, consulted
from tests.opinions import SAYS, accepted, opinions
from tests.pages import OURS

FORM = {"part": "0", "stance": "change", "text": SAYS, "name": "Мария", "email": "m@test.example", "consent": "full"}


def test_what_is_sent_to_a_withdrawn_consultation_is_given_back_with_a_sentence(
    app: Flask, client: FlaskClient
) -> None:
    number = consulted(app, DRAFT)
    changed(app, number, state="withdrawn", withdrawn_at=now(), withdrawn_reason="Сгрешен проект.")
    answer = client.post(f"{HOME}/konsultatsii/{number}/mnenia", data=FORM, headers=OURS)
    assert answer.status_code == 422
    assert "Тази консултация е оттеглена" in answer.text
    assert SAYS in answer.text


@pytest.mark.parametrize("typed", ["0", "-1", "abc", "", "99999999999999999999"])
def test_a_made_up_place_in_the_list_is_no_page(app: Flask, client: FlaskClient, typed: str) -> None:
    number = consulted(app, DRAFT)
    assert client.get(f"{HOME}/konsultatsii/{number}/mnenia", query_string={"ot": typed}).status_code == 404


VICTIM = {"email": "zhertva@test.example", "name": "Жертва"}


@pytest.mark.parametrize("attack", [{"part": "999999"}, {}], ids=["what is refused", "the same again and again"])
def test_nobody_is_silenced_by_what_others_send_with_their_address(
    app: Flask, client: FlaskClient, attack: dict[str, str]
) -> None:
    number = consulted(app, DRAFT)
    path = f"{HOME}/konsultatsii/{number}/mnenia"
    answers = [client.post(path, data=FORM | VICTIM | attack, headers=OURS).status_code for _time in range(12)]
    assert set(answers) == {422 if attack else 303}, "it tells nothing of the mailbox"
    said = "Живея срещу парка и искам да остане."
    assert client.post(path, data=FORM | VICTIM | {"text": said}, headers=OURS).status_code == 303
    with app.app_context(), inside(town(ON)):
        assert said in [one.text for one in opinions(number)]


def test_a_mailbox_that_had_its_letters_gets_no_more_and_nothing_is_kept(app: Flask, client: FlaskClient) -> None:
    number = consulted(app, DRAFT)
    path = f"{HOME}/konsultatsii/{number}/mnenia"
    for turn in range(12):
        sent = client.post(path, data=FORM | VICTIM | {"text": f"{SAYS} Писмо {turn}."}, headers=OURS)
        assert (sent.status_code, sent.location) == (303, f"{path}/proverete#main")
    with app.app_context(), inside(town(ON)):
        assert len(opinions(number)) == 10
        assert db.session.query(Letter).filter_by(to=VICTIM["email"]).count() == 10


def test_everything_typed_comes_back_when_it_comes_too_late(app: Flask, client: FlaskClient) -> None:
    number = consulted(app, DRAFT)
    changed(app, number, closes_at=now() - timedelta(seconds=1))
    typed = {"text": "Три са малко за двора.", "quote": "три нови дървета", "proposed": "пет нови дървета"}
    late = unescape(client.post(f"{HOME}/konsultatsii/{number}/mnenia", data=FORM | typed, headers=OURS).text)
    assert all(f">{words}</textarea>" in late for words in typed.values())
    wrong = client.post(f"{HOME}/konsultatsii/{number}/mnenia", data=FORM | typed | {"stance": "zz"}, headers=OURS)
    assert wrong.status_code == 422
    assert "Изберете какво искате да кажете" not in unescape(wrong.text), "of a form that is not there"
    assert "Текстът ви е по-долу" in unescape(wrong.text)


def article(app: Flask, number: int, label: str) -> int:
    with app.app_context(), inside(town(ON)):
        return next(one.id for one in passages_of(number) if one.label.endswith(label))


def test_the_way_out_of_a_filter_that_finds_nothing_leads_somewhere(app: Flask, client: FlaskClient) -> None:
    number = consulted(app, DRAFT)
    for prefix, path in ((HOME, "mnenia"), (f"{HOME}/en", "mnenia"), (HOME, "chl-1")):
        page = client.get(f"{prefix}/konsultatsii/{number}/{path}?vid=ask&otg=da").text
        way = re.search(r'class="empty".*?<a class="btn" href="([^"]+)"', page, re.DOTALL)
        assert way is not None
        assert way[1] == f"{prefix}/konsultatsii/{number}/{path}#mnenia"
        assert client.get(way[1]).status_code == 200


def test_a_mistake_of_one_changes_nothing_that_others_read(app: Flask, client: FlaskClient) -> None:
    number = consulted(app, DRAFT)
    path, part = f"{HOME}/konsultatsii/{number}/mnenia", str(article(app, number, "1"))
    with app.app_context(), inside(town(ON)):
        accepted(number, 1)
        db.session.commit()
    wrong = client.post(f"{path}?chast={part}", data=FORM | {"part": part, "text": "кратко"}, headers=OURS)
    assert wrong.status_code == 422
    assert "mnenia.csv" in client.get(f"{path}?chast={part}").text
    with app.app_context(), inside(town(ON)):
        accepted(number, 2, part_id=int(part))
        db.session.commit()
    filtered = client.get(f"{path}?chast={part}").text
    assert f'name="chast" value="{part}"' in filtered, "and the filter stays with the article"


def test_after_a_mistake_the_next_page_is_still_of_the_article(app: Flask, client: FlaskClient) -> None:
    number = consulted(app, DRAFT)
    part = article(app, number, "1")
    with app.app_context(), inside(town(ON)):
        for who in range(22):
            accepted(number, who, f"{SAYS} Мнение {who}.", part_id=part)
        db.session.commit()
    data = FORM | {"part": str(part), "text": "кратко"}
    pages = [
        client.post(f"{HOME}/konsultatsii/{number}/mnenia", data=data, headers=OURS).text,
        client.get(f"{HOME}/konsultatsii/{number}/chl-1").text,
    ]
    following = [re.search(r'<a class="btn btn--line" href="([^"]*sled=[^"]*)"', page) for page in pages]
    assert following[0] is not None
    assert following[1] is not None
    assert following[0][1] == following[1][1]
    assert f"/konsultatsii/{number}/chl-1?" in following[0][1]
