"""Opening a consultation: what must be there, whichever way it is shown; its term, and what became of it in the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from consult.clock import local, now, start_of_day, today
from consult.db import db
from consult.errors import Conflict, Refused
from consult.journal import Entry
from consult.publishing import attachments_of, change, detach, publish_due, restore, schedule
from consult.settings import decide as decide_setting
from consult.subscriptions.models import SubscriptionNotice
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.consultations.models import Consultation, DraftVersion
from plugins.consultations.operations import (
    change_procedure,
    decide,
    keep_consultation,
    open_consultation,
    planned_term,
    require_ready,
    rule_for,
    steps,
    tell_due,
    term,
)
from plugins.consultations.queries import PROCEDURE_COLUMNS, mark_of
from plugins.consultations.terms import next_working_day
from tests.pages import parse, text_of, visitor
from tests.ready_consultations import DESK, add_document, opened, procedure_of, ready, unready

NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def here_on(app: Flask) -> Iterator[Flask]:
    with app.app_context(), inside(town(ON)):
        yield app
        db.session.rollback()


def missing(one: Consultation) -> list[str]:
    return [step.name for step in steps(one) if step.missing]


def notices_of(one: Consultation) -> list[str]:
    found = select(SubscriptionNotice.key).where(SubscriptionNotice.subject_id == one.id)
    return sorted(db.session.scalars(found.order_by(SubscriptionNotice.id)))


# ---- What must be there


def test_nothing_is_missing_when_everything_is_there(here_on):
    assert missing(ready()) == []


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({"changes": "Една\nДве"}, ["changes"]),
        ({"changes": "1\n2\n3\n4"}, ["changes"]),
        ({"affected": " "}, ["affected"]),
        ({"ask": ""}, ["ask"]),
        ({"contact_role": ""}, ["contact_role"]),
        ({"contact_email": "", "contact_phone": ""}, ["contact_role"]),
        ({"days": 20}, ["short_reasons"]),
        ({"days": 13, "short_reasons": "Спешно е."}, ["days"]),
    ],
)
def test_each_thing_that_is_missing_is_named(here_on, more, names):
    one = ready(**more)
    assert missing(one) == names
    with pytest.raises(Refused):
        require_ready(one)
    with pytest.raises(Refused):
        open_consultation(one, None, planned_term(one).last_day)
    assert not one.is_open


def test_a_shorter_term_with_reasons_is_taken(here_on):
    assert missing(ready(days=14, short_reasons="Срокът по проекта изтича.")) == []


def test_the_text_and_the_documents_of_the_procedure_have_to_be_there(here_on):
    one = unready()
    assert missing(one) == ["text", "reasons"]
    add_document(one, "assessment", "Оценка.pdf")
    assert missing(one) == ["text", "reasons"]
    add_document(one, "reasons", "Мотиви.pdf")
    assert missing(one) == ["text"]


def test_what_waits_to_show_itself_has_to_stay_ready(here_on):
    one = opened(at=now() + timedelta(days=2))
    db.session.commit()
    change(one, one.revision, {"affected": ""})
    with pytest.raises(Refused):
        keep_consultation(one)


# ---- The term


def test_opening_sets_the_term_and_the_rule_by_which_it_is_counted(here_on):
    with time_machine.travel(NOON, tick=False):
        one = opened()
        assert (one.opens_at, one.last_day) == (NOON, date(2026, 12, 23))
        assert (one.rule_days, one.rule_shortened, one.rule_normative) == (30, 14, True)
        assert one.takes_opinions
        version = db.session.scalars(select(DraftVersion)).one()
        assert version.opened_at == NOON


def test_the_button_promises_a_day_and_another_one_is_asked_about_again(here_on):
    one = ready()
    promised = planned_term(one).last_day
    change(one, one.revision, {"days": 31})
    with pytest.raises(Conflict):
        open_consultation(one, None, promised)


def test_a_wished_day_opens_it_later_and_people_can_read_it_before(here_on):
    with time_machine.travel(NOON, tick=False):
        one = opened(opens_on=date(2026, 12, 1))
        assert one.is_open
        assert (one.phase, one.last_day) == ("upcoming", date(2026, 12, 31))
        assert one.opens_at == datetime(2026, 11, 30, 22, 0, tzinfo=UTC)  # midnight in Sofia
        db.session.commit()
    with time_machine.travel(datetime(2026, 11, 30, 22, 5, tzinfo=UTC), tick=False):
        assert one.takes_opinions
        tell_due()
        db.session.commit()
        tell_due()
        assert notices_of(one) == ["opened"]


def test_what_is_scheduled_has_its_term_before_the_clock_comes_by(here_on):
    with time_machine.travel(NOON, tick=False):
        one = opened(at=NOON + timedelta(days=7))
        assert not one.is_open
        assert one.last_day == date(2026, 12, 30)
        db.session.commit()
    with time_machine.travel(NOON + timedelta(days=7, seconds=1), tick=False):
        assert one.state == "scheduled"
        assert one.takes_opinions
        number = one.id
        db.session.commit()
    with time_machine.travel(NOON + timedelta(days=7, minutes=1), tick=False):
        assert publish_due([town(ON)]) == 1
    one = db.session.get_one(Consultation, number)
    assert (one.state, one.last_day) == ("published", date(2026, 12, 30))


def test_another_time_gives_another_term_earlier_or_later(here_on):
    with time_machine.travel(NOON, tick=False):
        one = opened(at=NOON + timedelta(days=9))
        schedule(one, NOON + timedelta(days=7))
        assert one.last_day == date(2026, 12, 30)
        restore(one)
        open_consultation(one, None, date(2026, 12, 23))
        assert one.last_day == date(2026, 12, 23)


def test_a_change_of_the_type_does_not_move_what_is_open(here_on):
    one = opened(days=20, short_reasons="Спешно.")
    db.session.commit()
    before = (one.last_day, rule_for(one))
    procedure = procedure_of()
    words = {name: getattr(procedure, name) for name in PROCEDURE_COLUMNS}
    change_procedure(procedure, mark_of(procedure), {**words, "days_legal": 60, "days_shortened": 45})
    db.session.commit()
    assert (one.last_day, rule_for(one)) == before
    assert rule_for(ready()).days_legal == 60


# ---- Replaced documents


@pytest.mark.parametrize("rolls", [True, False])
def test_another_answer_about_days_off_moves_no_last_day_that_people_were_told(here_on, rolls):
    """30 days from Thursday 26 November 2026 end on Saturday 26 December; the first working day is the 29th."""
    decide_setting("consultations.rolls_over", rolls)
    with time_machine.travel(NOON + timedelta(days=3)):
        one = opened()
    told = date(2026, 12, 29) if rolls else date(2026, 12, 26)
    decide_setting("consultations.rolls_over", not rolls)
    for one_document in (False, True):
        if one_document:
            with time_machine.travel(NOON + timedelta(days=8)):
                add_document(one, "reasons", "Мотиви 2.pdf")
        counted = term(one)
        assert counted is not None
        assert counted.last_day == one.last_day
        assert one_document or counted.last_day == told


def test_a_document_replaced_while_people_write_gives_them_all_days_again_with_a_trace(here_on):
    with time_machine.travel(NOON, tick=False):
        one = opened()
        db.session.commit()
    with time_machine.travel(NOON + timedelta(days=10), tick=False):
        detach(attachments_of(one, "reasons")[0])
        add_document(one, "reasons", "Нови мотиви.pdf")
        db.session.commit()
        assert one.last_day == date(2027, 1, 4)  # the 2nd is a Saturday
        assert one.lines("replaced") == [
            "03.12.2026 | Мотиви | 04.01.2027 | премахнат",
            "03.12.2026 | Нови мотиви | 04.01.2027",
        ]
        assert len(notices_of(one)) == 2
        assert db.session.scalars(select(Entry).where(Entry.what == "consultations.term_extended")).all()


@pytest.mark.parametrize("role", ["file", "minutes", "report"])
def test_a_file_that_people_do_not_speak_of_moves_nothing(here_on, role):
    one = opened()
    before = one.last_day
    with time_machine.travel(now() + timedelta(days=3)):
        add_document(one, role, "Файл.pdf")
    assert (one.last_day, one.replaced) == (before, "")


def test_a_document_before_the_opening_and_after_the_last_day_moves_nothing(here_on):
    one = ready()
    add_document(one, "draft", "Проект.pdf")
    assert one.replaced == ""
    open_consultation(one, None, planned_term(one).last_day)
    before = one.last_day
    db.session.commit()
    with time_machine.travel(now() + timedelta(days=40)):
        add_document(one, "draft", "Проект 2.pdf")
        assert (one.last_day, one.replaced) == (before, "")


# ---- The end


def test_the_report_starts_the_decision_and_without_it_it_is_taken_back(here_on):
    one = opened()
    db.session.commit()
    with time_machine.travel(now() + timedelta(days=40)):
        assert one.phase == "working"
        report = add_document(one, "report", "Справка.pdf")
        assert one.phase == "deciding"
        assert "reported" in notices_of(one)
        detach(report)
        assert one.phase == "working"


def test_nothing_is_decided_before_the_day_after_the_last_one(here_on):
    one = opened()
    db.session.commit()
    with pytest.raises(Refused):
        decide(one, one.revision, "adopted", today(), "")
    with time_machine.travel(now() + timedelta(days=40)):
        counted = term(one)
        assert counted is not None
        with pytest.raises(Refused) as refused:
            decide(one, one.revision, "adopted", counted.last_day, "")
        assert "Решение №\xa0367" in str(refused.value)
        for wrong in (None, today() + timedelta(days=1)):
            with pytest.raises(Refused):
                decide(one, one.revision, "adopted", wrong, "")
        with time_machine.travel(start_of_day(counted.earliest_adoption)):
            add_document(one, "report", "Справка.pdf")
        decide(one, one.revision, "adopted", counted.earliest_adoption, "Приета с **три** промени.")
        assert one.phase == "concluded"
        assert "<strong>три</strong>" in one.outcome_html
        assert any(key.startswith("outcome adopted") for key in notices_of(one))
        with pytest.raises(Conflict):
            decide(one, 1, "not_adopted", counted.earliest_adoption, "")
        decide(one, one.revision, "", counted.earliest_adoption, "")
        assert (one.phase, one.decided_on) == ("deciding", None)


def test_those_who_follow_are_told_once_that_three_days_are_left(here_on):
    one = opened()
    db.session.commit()
    last_day = one.last_day or today()
    for before, told in ((4, []), (3, [f"closing {last_day}"]), (2, [f"closing {last_day}"])):
        with time_machine.travel(start_of_day(last_day - timedelta(days=before)) + timedelta(hours=9)):
            tell_due()
            db.session.commit()
        assert notices_of(one) == told


# ---- The pages


def a_ready_one(app: Flask) -> int:
    with app.app_context(), inside(town(ON)):
        number = ready().id
        db.session.commit()
        return number


def kept(app: Flask, number: int) -> Consultation:
    with app.app_context(), inside(town(ON)):
        one = db.session.get_one(Consultation, number)
        db.session.expunge(one)
        return one


def test_the_task_list_says_what_is_missing_and_leads_there(app):
    with app.app_context(), inside(town(ON)):
        number = unready(ask="").id
        db.session.commit()
    page = visitor(app, "editor").get(f"{DESK}/{number}/gotova")
    assert "Липсват 3 неща" in text_of(parse(page))
    for url in (f"{DESK}/{number}#ask", f"{DESK}/{number}/tekst", f"{DESK}/{number}/faylove"):
        assert f'href="{url}"' in page.text
    assert "Отвори" not in text_of(parse(page)).split("Дните")[-1]


def test_the_button_says_until_when_and_opens(app):
    number, somebody = a_ready_one(app), visitor(app, "editor")
    with time_machine.travel(datetime(2026, 12, 5, 10, 0, tzinfo=UTC)):
        page = somebody.get(f"{DESK}/{number}/otvori?publish_at=").text
        assert "Публикувай и отвори за мнения до 4 януари 2027" in page.replace("\xa0", " ")
        assert kept(app, number).state == "draft"
        answer = somebody.send(f"{DESK}/{number}/otvori", {"publish_at": "", "promised": "2027-01-04"})
        assert answer.status_code == 303
    one = kept(app, number)
    assert (one.state, one.last_day) == ("published", date(2027, 1, 4))


def test_an_old_button_is_refused_and_shows_the_new_day(app):
    number, somebody = a_ready_one(app), visitor(app, "editor")
    for promised in ("2020-01-01", "", "вчера"):
        answer = somebody.send(f"{DESK}/{number}/otvori", {"publish_at": "", "promised": promised})
        assert answer.status_code == 409
        assert kept(app, number).state == "draft"


@pytest.mark.parametrize("at", ["2020-01-01T10:00", "утре", "2027-03-28T03:30"])
def test_a_wrong_time_is_refused_beside_its_field(app, at):
    number, somebody = a_ready_one(app), visitor(app, "editor")
    answer = somebody.send(f"{DESK}/{number}/otvori", {"publish_at": at, "promised": "2020-01-31"})
    assert answer.status_code in (409, 422)
    assert somebody.get(f"{DESK}/{number}/otvori?publish_at={at}").status_code in (200, 422)
    assert kept(app, number).state == "draft"


def test_it_is_scheduled_with_its_last_day_on_the_page(app):
    number, somebody = a_ready_one(app), visitor(app, "editor")
    at = (local(now()) + timedelta(days=3)).replace(hour=9, minute=0)
    last_day = next_working_day(at.date() + timedelta(days=30))
    page = somebody.get(f"{DESK}/{number}/otvori?publish_at={at:%Y-%m-%dT%H:%M}").text
    assert "Насрочи" in page
    words = {"publish_at": f"{at:%Y-%m-%dT%H:%M}", "promised": last_day.isoformat()}
    assert somebody.send(f"{DESK}/{number}/otvori", words).status_code == 303
    one = kept(app, number)
    assert (one.state, one.last_day) == ("scheduled", last_day)


def test_nothing_is_opened_past_the_question_by_a_request_of_ones_own(app):
    with app.app_context(), inside(town(ON)):
        number = unready().id
        db.session.commit()
        promised = planned_term(db.session.get_one(Consultation, number)).last_day.isoformat()
    somebody = visitor(app, "editor")
    answer = somebody.send(f"{DESK}/{number}/otvori", {"publish_at": "", "promised": promised})
    assert answer.status_code == 422
    assert "Прикачете" in answer.text
    assert kept(app, number).state == "draft"


def test_the_outcome_is_said_on_its_page_with_what_is_wrong_beside_the_field(app):
    with app.app_context(), inside(town(ON)):
        number = opened().id
        db.session.commit()
    somebody, path = visitor(app, "editor"), f"{DESK}/{number}/ishod"
    words = {"outcome": "adopted", "decided_on": "2020-01-01", "outcome_text": "Приета.", "revision": "1"}
    assert somebody.send(path, words).status_code == 422
    with time_machine.travel(now() + timedelta(days=40)):
        somebody = visitor(app, "editor")
        early = somebody.send(path, words)
        assert early.status_code == 422
        assert "Приета." in early.text
        assert 'id="decided_on-error"' in early.text
        day = today().isoformat()
        words |= {"unreported_why": "Няма постъпили мнения."}
        other = somebody.send(path, words | {"decided_on": day, "revision": "7"})
        assert other.status_code == 409
        assert "Приета." in other.text
        assert somebody.send(path, words | {"decided_on": day}).status_code == 303
        assert somebody.send(path, words | {"outcome": "maybe", "decided_on": day}).status_code == 422
    assert kept(app, number).outcome == "adopted"
