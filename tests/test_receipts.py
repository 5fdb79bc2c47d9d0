"""The receipt: what the key in a letter opens, what its author can do there, and what a stranger cannot."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from consult.clock import now
from consult.db import db
from consult.journal import acting
from consult.modules import disable
from consult.outbox.models import Letter
from consult.participation import appeal, confirm, decide_appeal, hide, mask_and_publish, publish_held
from consult.web.difference import difference
from consult.web.handed_in import masked_email
from consult.web.pace import limiter
from tests.asking import HOME, in_town
from tests.mail import letters
from tests.one_opinion import with_file
from tests.opinions import (
    SAYS,
    accepted,
    check_counts,
    consult_people,
    opinions,
    person_id,
    receipt_path,
    say,
    says,
    signed_in,
)
from tests.pages import Visitor, parse, text_of, visitor

GOLDEN = Path(__file__).with_name("golden")
IS_REWRITTEN = bool(os.environ.get("REWRITE_GOLDEN"))
OTHER = "Две млади фиданки не заменят една липа на четиридесет години."
EGN = "Обадете ми се на 0888 123 456, ЕГН 6101057509."


@pytest.fixture(autouse=True)
def fresh_limits(app: Flask) -> None:
    limiter.reset()


@pytest.fixture
def guest(app: Flask) -> Visitor:
    return visitor(app)


@pytest.fixture
def path(app: Flask) -> str:
    """The page of an opinion that waits to be confirmed."""
    with in_town(app):
        return HOME + receipt_path(say(consult_people().id))


def words(answer: object) -> str:
    return text_of(parse(answer))  # type: ignore[arg-type]


def test_the_letters_link_opens_a_page_whose_button_confirms(app, guest, path):
    (letter,) = letters(app)
    assert path.removeprefix(HOME) in letter.text
    page = guest.get(path)
    assert "Чака потвърждение" in words(page)
    assert "Ще се показва като: Гост 1" in words(page)
    assert "no-store" in page.headers["Cache-Control"]
    with in_town(app):
        assert not opinions(1)[0].is_accepted, "opening a link changes nothing"
    assert guest.send(f"{path}/potvardi").status_code == 303
    assert guest.send(f"{path}/potvardi").status_code == 303
    said = words(guest.get(path))
    assert "Получихме мнението ви" in said
    assert "Показва се като: Гост 1" in said
    assert "Публикувано" in said
    assert "Какво следва" in said
    assert SAYS in said
    assert len(letters(app)) == 2


def test_a_wrong_key_opens_nothing(app, guest, path):
    with in_town(app):
        other = receipt_path(say(consult_people().id, 2))
    number, strange = path.split("/")[-2], other.split("/")[-1]
    for wrong in (f"{path}x", f"{HOME}/moeto/{number}/{strange}", f"{HOME}/moeto/99999/{strange}", f"/yambol{other}"):
        for end in ("", "/promeni", "/ottegli", "/ne-sam-az", "/vazrazi", "/danni.json"):
            assert guest.get(wrong + end).status_code == 404, wrong + end
        assert guest.send(f"{wrong}/potvardi").status_code == 404


def test_who_comes_too_late_is_told_what_to_do(app, guest, path):
    with time_machine.travel(now() + timedelta(hours=73), tick=False):
        for answer in (guest.get(path), guest.send(f"{path}/potvardi")):
            assert answer.status_code == 410
            assert "Това не е потвърдено навреме" in words(answer)


def test_what_is_typed_comes_back_with_its_sentence_and_a_change_shows_its_difference(app, guest, path):
    guest.send(f"{path}/potvardi")
    short = guest.send(f"{path}/promeni", {"text": "Късо"})
    assert short.status_code == 422
    assert ">\nКъсо</textarea>" in short.text.replace("\r\n", "\n")
    assert "Напишете поне 10 знака" in words(short)
    assert guest.send(f"{path}/promeni", {"text": "а" * 5001}).status_code == 422
    assert guest.send(f"{path}/promeni", {"text": OTHER}).status_code == 303
    page = guest.get(path).text
    assert '<del><span class="vh">[отпада: </span>Три' in page
    assert '<ins><span class="vh">[добавено: </span>Две' in page


def test_changing_without_end_is_stopped(app, guest, path):
    guest.send(f"{path}/potvardi")
    answers = [guest.send(f"{path}/promeni", {"text": f"{SAYS} {turn}"}).status_code for turn in range(21)]
    assert answers == [303] * 20 + [429]


def test_taking_it_back_asks_once_and_leaves_no_words(app, guest, path):
    guest.send(f"{path}/potvardi")
    assert SAYS in words(guest.get(f"{path}/ottegli"))
    assert guest.send(f"{path}/ottegli").status_code == 303
    said = words(guest.get(path))
    assert "Оттеглено" in said
    assert SAYS not in said
    assert guest.send(f"{path}/ottegli").status_code == 303, "twice is once"


def test_who_did_not_write_it_removes_it_before_it_was_confirmed(app, guest, path):
    assert "Премахнато е" in words(guest.send(f"{path}/ne-sam-az"))
    assert guest.get(path).status_code == 410


def test_who_was_hidden_reads_why_and_objects_once(app, guest, path):
    guest.send(f"{path}/potvardi")
    with in_town(app):
        hide(opinions(1)[0], "obida", "Обижда съседите.")
    said = words(guest.get(path))
    assert "Обида или заплаха" in said
    assert "Обижда съседите." in said
    assert SAYS in said, "its author has to know what was hidden"
    assert "Гост 1" not in said, "it is shown under no name now"
    assert guest.send(f"{path}/vazrazi", {"text": "Не обиждам."}).status_code == 303
    assert guest.send(f"{path}/vazrazi", {"text": "Пак."}).status_code == 422
    assert "Сега го преглежда втори човек" in words(guest.get(path))


def test_the_author_takes_all_that_is_kept_along_and_no_secret(app, guest, path):
    guest.send(f"{path}/potvardi")
    guest.send(f"{path}/promeni", {"text": OTHER})
    kept = json.loads(guest.get(f"{path}/danni.json").text)
    assert [one["words"]["text"] for one in kept["versions"]] == [SAYS, OTHER]
    assert (kept["email"], kept["standing"], kept["stance"]) == ("g•••1@test.example", "published", "change")
    assert not {"salt", "fingerprint", "file_key"} & set(kept)


def test_the_page_says_where_we_write_and_whom_to_ask_and_whole_the_address_stands_nowhere(app, guest):
    with in_town(app):
        opinion = accepted(consult_people(office="Дирекция „Екология“").id)
        path = HOME + receipt_path(opinion)
    page = guest.get(path)
    said = words(page)
    assert "Пишем ви на g•••1@test.example" in said
    assert "Дирекция „Екология“" in said
    assert "mailto:uchastvay@stara-zagora.example" in page.text
    for end in ("", "/promeni", "/ottegli", "/ne-sam-az", "/danni.json"):
        assert "gost1" not in guest.get(path + end).text, end


@pytest.mark.parametrize(
    ("whole", "masked"),
    [
        ("galina.petrova@example.org", "g•••a@example.org"),
        ("gala@example.org", "g•••a@example.org"),
        ("ana@example.org", "a•••@example.org"),
        ("a@example.org", "•••@example.org"),
        ("", ""),
    ],
)
def test_a_masked_address_tells_its_owner_and_nobody_else(whole, masked):
    assert masked_email(whole) == masked


# ---- Where the module is switched off


@pytest.fixture
def off(app: Flask, guest: Visitor, path: str) -> str:
    """The receipt of what was confirmed before the module was switched off."""
    guest.send(f"{path}/potvardi")
    _switch_off(app)
    return path


def _switch_off(app: Flask) -> None:
    with in_town(app):
        disable(("consultations",))


def test_where_the_module_is_off_the_author_still_reads_it_and_takes_the_data_along(app, guest, off):
    page = guest.get(off)
    assert page.status_code == 200
    said = words(page)
    assert "Тази част от сайта сега е изключена" in said
    assert SAYS in said
    assert f"{off}/promeni" not in page.text
    assert "Какво следва" not in said, "nothing is promised that nobody here does now"
    assert f"{HOME}/konsultatsii" not in page.text, "what is off is linked from nowhere"
    assert json.loads(guest.get(f"{off}/danni.json").text)["text"] == SAYS
    assert guest.get(f"{HOME}/konsultatsii/1").status_code == 404
    assert guest.get(f"{HOME}/mnenia/1/signal").status_code == 404
    assert visitor(app, "moderator").get(f"{HOME}/rabota/mnenia/1").status_code == 404


def test_where_the_module_is_off_it_is_taken_back(app, guest, off):
    assert SAYS in words(guest.get(f"{off}/ottegli"))
    assert guest.send(f"{off}/ottegli").status_code == 303
    said = words(guest.get(off))
    assert SAYS not in said
    assert "сега е изключена" not in said, "there is nothing left to do about it"
    with in_town(app):
        assert opinions(1)[0].standing == "withdrawn"
        check_counts(1)


def test_where_the_module_is_off_who_did_not_write_it_removes_it(app, guest, path):
    _switch_off(app)
    page = guest.get(path)
    assert f"{path}/potvardi" not in page.text
    refused = guest.send(f"{path}/potvardi")
    assert (refused.status_code, "сега е изключена" in words(refused)) == (409, True)
    assert "Премахнато е" in words(guest.send(f"{path}/ne-sam-az"))
    with in_town(app):
        assert (opinions(1)[0].text, opinions(1)[0].email) == ("", "")


def test_where_the_module_is_off_nothing_is_changed_or_objected_to_and_what_was_typed_stays(app, guest, off):
    assert "сега е изключена" in words(guest.get(f"{off}/promeni"))
    refused = guest.send(f"{off}/promeni", {"text": OTHER})
    assert (refused.status_code, OTHER in words(refused)) == (409, True)
    with in_town(app):
        assert opinions(1)[0].text == SAYS
        hide(opinions(1)[0], "obida", "Обижда съседите.")
    assert f"{off}/vazrazi" not in guest.get(off).text
    refused = guest.send(f"{off}/vazrazi", {"text": "Не обиждам."})
    assert (refused.status_code, "Не обиждам." in words(refused)) == (409, True)
    with in_town(app):
        assert opinions(1)[0].appealed_at is None


def test_where_the_module_is_off_my_participation_still_holds_my_own(app):
    with in_town(app):
        say(consult_people().id, sender=signed_in())
        disable(("consultations",))
    mine = visitor(app, "resident")
    page = mine.get(f"{HOME}/moeto")
    assert SAYS in words(page)
    assert f"{HOME}/moeto/1" in page.text
    assert mine.get(f"{HOME}/moeto/1").status_code == 200
    assert visitor(app, "editor").get(f"{HOME}/moeto/1").status_code == 404


def test_my_participation_holds_what_was_sent_while_signed_in_by_pages(app):
    with in_town(app):
        number = consult_people().id
        for turn in range(22):
            say(number, text=f"{SAYS} {turn}", sender=signed_in())
        strange = accepted(number, 2).id
    mine = visitor(app, "resident")
    page = mine.get(f"{HOME}/moeto")
    assert words(page).count(SAYS) == 20
    assert words(mine.get(f"{HOME}/moeto?predi=3")).count(SAYS) == 2
    assert mine.get(f"{HOME}/moeto?predi=x").status_code == 404
    assert mine.get(f"{HOME}/moeto/1").status_code == 200
    assert mine.get(f"{HOME}/moeto/{strange}").status_code == 404
    assert visitor(app, "editor").get(f"{HOME}/moeto/1").status_code == 404


def test_the_file_beside_an_opinion_is_there_while_the_opinion_is_shown(app, guest):
    with in_town(app):
        opinion = with_file(consult_people().id)
        file = f"{HOME}/mnenia/{opinion.id}/fayl/{opinion.file_name}"
    answer = guest.get(file)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    with in_town(app):
        hide(opinions(1)[0], "lichni", "Има лични данни.")
    assert guest.get(file).status_code == 410
    held = visitor(app, "moderator").get(file)
    assert (held.status_code, held.headers["Cache-Control"]) == (200, "private, no-store")


def test_a_difference_holds_both_texts_whole():
    before, after = "една  липа\nстара", "две липи\n\nстара липа"
    pieces = difference(before, after)
    assert "".join(one.text for one in pieces if one.how != "added") == before
    assert "".join(one.text for one in pieces if one.how != "removed") == after
    assert difference(before, before)[0].how == "same"


# ---- The letters, word for word


@pytest.mark.parametrize("language", ["bg", "en", "tr"])
def test_the_letters_say_what_they_said_yesterday(app, language):
    with time_machine.travel(datetime(2026, 11, 25, 7, 14, tzinfo=UTC), tick=False), in_town(app):
        opinion = say(consult_people().id, text=EGN, sender=says(1, name="Мария", language=language))
        confirm(opinion)
        publish_held(opinion)
        mask_and_publish(opinion, EGN.replace("6101057509", "[скрито: ЕГН]"), 1, "lichni")
        with acting(person_id("moderator")):
            hide(opinion, "obida", "Обижда съседите.")
        appeal(opinion, "")
        decide_appeal(opinion, True, "Не е обида.")
        key = receipt_path(opinion).split("/")[-1]
        told = [f"{one.subject}\n\n{one.text}" for one in db.session.scalars(select(Letter).order_by(Letter.id))]
    said = "\n~~~~\n\n".join(told).replace(key, "KEY")
    golden = GOLDEN / f"contributions_{language}.txt"
    if IS_REWRITTEN:
        golden.write_text(said, "utf-8")
    assert said == golden.read_text("utf-8")
