"""Moderators: the queue and why each waits, what they decide, the second person, the public register and the rules."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from flask import Flask

from consult.clock import now, today
from consult.db import db
from consult.journal import Entry
from consult.participation import Act, acts_of, appeal, contribution_here, hide, withdraw_contribution
from consult.web.pace import limiter
from tests.asking import HOME, in_town
from tests.opinions import SAYS, accepted, check_counts, consult_people, opinions, person_id, receipt_path, say
from tests.pages import Visitor, parse, text_of, visitor

EGN = "Обадете ми се на 0888 123 456, ЕГН 6101057509."
MASKED = "Обадете ми се на [скрито: телефон], ЕГН [скрито: ЕГН]."
QUEUE = f"{HOME}/rabota/mnenia"


@pytest.fixture(autouse=True)
def fresh_limits(app: Flask) -> None:
    limiter.reset()


@pytest.fixture
def moderator(app: Flask) -> Visitor:
    return visitor(app, "moderator")


def opinion(app: Flask, text: str = SAYS, who: int = 1) -> int:
    with in_town(app):
        return accepted(consult_people().id, who, text).id


def words(answer: object) -> str:
    return text_of(parse(answer))  # type: ignore[arg-type]


def acts(app: Flask, number: int) -> list[str]:
    with in_town(app):
        found = contribution_here(number)
        assert found is not None
        check_counts(found.publication_id)
        return [act.act for act in acts_of(found)]


def test_anybody_reports_and_the_thanks_tell_nothing(app, moderator):
    number, guest = opinion(app), visitor(app)
    wrong = guest.send(f"{HOME}/mnenia/{number}/signal", {"rule": "izmisleno", "text": "Моите думи остават тук"})
    assert wrong.status_code == 422
    assert "Моите думи остават тук" in wrong.text
    sent = guest.send(f"{HOME}/mnenia/{number}/signal", {"rule": "obida", "text": "Обижда <b>ме</b>."})
    assert (sent.status_code, sent.location) == (303, f"{HOME}/mnenia/{number}/signal/priet")
    assert "Обижда" not in words(guest.get(sent.location))
    assert "Обижда <b>ме</b>." in words(moderator.get(f"{QUEUE}/{number}"))
    assert "Има сигнал за него" in words(moderator.get(QUEUE))


def test_one_network_may_not_fill_the_queue(app):
    number, guest = opinion(app), visitor(app)
    sent = [guest.send(f"{HOME}/mnenia/{number}/signal", {"rule": "spam"}).status_code for _turn in range(4)]
    assert sent == [303, 303, 303, 429]


def test_a_tombstone_cannot_be_reported_and_what_nobody_confirmed_is_not_there(app):
    with in_town(app):
        consultation = consult_people().id
        gone, waiting = accepted(consultation), say(consultation, 2)
        withdraw_contribution(gone)
        numbers = gone.id, waiting.id
    guest = visitor(app)
    assert [guest.get(f"{HOME}/mnenia/{number}/signal").status_code for number in numbers] == [410, 404]
    assert visitor(app, "moderator").get(f"{QUEUE}/{numbers[1]}").status_code == 404


def test_the_queue_is_oldest_first_by_pages_and_marks_what_identifies_somebody(app, moderator):
    start = now()
    with in_town(app):
        consultation = consult_people().id
        for turn in range(22):
            with time_machine.travel(start + timedelta(minutes=turn), tick=False):
                accepted(consultation, turn, EGN)
    page = moderator.get(QUEUE)
    assert page.text.index("№ 1<") < page.text.index("№ 2<")
    assert page.text.count("<blockquote") == 20
    assert '<mark><span class="vh">[ЕГН: </span>6101057509' in page.text
    following = page.text.partition("sled=")[2].partition('"')[0]
    assert moderator.get(f"{QUEUE}?sled={following}").text.count("<blockquote") == 2
    for nonsense in ("x", "20260101T000000.000000-0", "-1"):
        assert moderator.get(f"{QUEUE}?sled={nonsense}").status_code == 404


def test_the_page_today_says_how_many_wait_and_that_they_are_late(app, moderator):
    assert "чака преглед" not in words(moderator.get(f"{HOME}/rabota"))
    opinion(app, EGN)
    assert "Едно мнение чака преглед" in words(moderator.get(f"{HOME}/rabota"))
    assert "чака преглед" not in words(visitor(app, "editor").get(f"{HOME}/rabota")), "an editor does not moderate"
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        late = visitor(app, "moderator")
        assert "Просрочено: Едно мнение чака преглед" in words(late.get(f"{HOME}/rabota"))
        assert "чака повече от 24 часа" in words(late.get(f"{HOME}/rabota"))


def test_the_queue_says_of_each_whether_it_waits_longer_than_a_day(app):
    opinion(app, EGN)
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        with in_town(app):
            accepted(consult_people().id, 2, EGN)
        first, _number, rest = visitor(app, "moderator").get(QUEUE).text.partition("№ 1</span>")
        assert "Чака повече от 24 часа" in first
        assert "№ 2</span>" in rest
        assert "Чака повече от 24 часа" not in rest


def test_masks_are_proposed_and_other_words_are_refused(app, moderator):
    number = opinion(app, EGN)
    form = moderator.get(f"{QUEUE}/{number}/zakriy-danni").text
    assert MASKED in form
    sent = {"text": "Не ми се обаждайте, ЕГН [скрито: ЕГН].", "rule": "lichni", "edition": "1"}
    refused = moderator.send(f"{QUEUE}/{number}/zakriy-danni", sent)
    assert refused.status_code == 422
    assert "Не ми се обаждайте" in refused.text, "what was typed comes back"
    assert moderator.send(f"{QUEUE}/{number}/zakriy-danni", sent | {"text": MASKED}).status_code == 303
    assert acts(app, number) == [Act.MASKED]
    with in_town(app):
        path = HOME + receipt_path(opinions(1)[0])
    assert "6101057509" not in visitor(app).get(path).text


def test_hiding_needs_a_rule_and_a_reason_and_a_colleague_who_comes_later_reads_who_and_when(app, moderator):
    number = opinion(app)
    assert moderator.send(f"{QUEUE}/{number}/skriy", {"rule": "obida", "reason": " "}).status_code == 422
    empty = words(moderator.send(f"{QUEUE}/{number}/skriy"))
    assert empty.count("Изберете едно от правилата.") == 2, "above the form and beside the field"
    assert empty.count("Кажете с едно изречение защо.") == 2, "all that is missing is said at once"
    assert moderator.send(f"{QUEUE}/{number}/skriy", {"rule": "obida", "reason": "Обижда."}).status_code == 303
    late = visitor(app, "admin").send(f"{QUEUE}/{number}/skriy", {"rule": "spam", "reason": "Реклама."})
    assert late.status_code == 409
    assert "moderator Стара Загора" in words(late)
    assert visitor(app, "admin").send(f"{QUEUE}/{number}/publikuvay").status_code == 409
    assert acts(app, number) == [Act.HIDDEN]


def test_the_second_person_decides_and_never_the_first(app, moderator):
    number = opinion(app)
    moderator.send(f"{QUEUE}/{number}/skriy", {"rule": "obida", "reason": "Обижда."})
    with in_town(app):
        appeal(opinions(1)[0], "Не обиждам.")
    assert "По възражението решава втори човек" in words(moderator.get(f"{QUEUE}/{number}"))
    decision = {"decision": "show", "reason": "Не е обида."}
    assert moderator.send(f"{QUEUE}/{number}/vazrazhenie", decision).status_code == 403
    admin = visitor(app, "admin")
    assert admin.send(f"{QUEUE}/{number}/vazrazhenie", decision | {"reason": ""}).status_code == 422
    assert admin.send(f"{QUEUE}/{number}/vazrazhenie", decision).status_code == 303
    assert acts(app, number) == [Act.HIDDEN, Act.APPEALED, Act.RESTORED]
    done = words(admin.get(f"{QUEUE}/{number}"))
    assert "Скрито: Обида или заплаха" in done
    assert ".." not in done


def test_every_look_at_a_sealed_original_is_in_the_journal(app, moderator):
    number = opinion(app)
    with in_town(app):
        hide(opinions(1)[0], "obida", "Обижда.")
    assert SAYS not in moderator.get(f"{QUEUE}/{number}").text
    assert SAYS in moderator.send(f"{QUEUE}/{number}/original").text
    with in_town(app):
        entry = db.session.query(Entry).filter(Entry.what == "participation.looked").one()
        assert entry.by_id == person_id("moderator")
    assert acts(app, number) == [Act.HIDDEN, Act.LOOKED]


def test_reports_are_dismissed_once(app, moderator):
    number = opinion(app)
    visitor(app).send(f"{HOME}/mnenia/{number}/signal", {"rule": "tema"})
    assert moderator.send(f"{QUEUE}/{number}/ostavi").status_code == 303
    assert visitor(app, "admin").send(f"{QUEUE}/{number}/ostavi").status_code == 409
    assert "Няма чакащи мнения" in words(moderator.get(QUEUE))


def test_the_register_says_what_was_done_in_a_month_and_not_by_whom(app, moderator):
    number, guest = opinion(app), visitor(app)
    moderator.send(f"{QUEUE}/{number}/skriy", {"rule": "obida", "reason": '=1+1 "Обижда"'})
    page = words(guest.get(f"{HOME}/mnenia/registar"))
    assert "Обида или заплаха" in page
    assert "moderator" not in page
    table = guest.get(f"{HOME}/mnenia/registar.csv?mesets={today():%Y-%m}")
    rows = list(csv.reader(StringIO(table.text.removeprefix("\ufeff"))))
    assert rows[1][1:4] == [str(number), "Скрито", "Обида или заплаха"]
    assert not rows[1][4].startswith("=")
    assert "През този месец нищо не е скрито" in words(guest.get(f"{HOME}/mnenia/registar?mesets=2020-02"))
    for nonsense in ("2026-13", "x", "2026-1", "9999-12"):
        assert guest.get(f"{HOME}/mnenia/registar?mesets={nonsense}").status_code == 404


def test_the_rules_are_read_by_everybody(app):
    said = words(visitor(app).get(f"{HOME}/pravila"))
    assert "Мнение не се скрива, защото е остро" in said
    assert "Това не е гласуване" in said
