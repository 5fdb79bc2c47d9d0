"""What was decided stands on a report about the opinions, or on a reason that everybody can read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from consult.clock import end_of_day, now, start_of_day
from consult.db import db, operation
from consult.errors import Refused
from consult.publishing import detach
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.consultations.drafts.reading import read_draft
from plugins.consultations.models import Consultation
from plugins.consultations.operations import decide, keep_draft
from tests.pages import parse, text_of, visitor
from tests.ready_consultations import DESK, TEXT, add_document, opened

WHY = "Справката се подписва от кмета, който беше в болница."


@pytest.fixture
def closed(app: Flask) -> Iterator[Consultation]:
    """A consultation on the day after its last one."""
    with app.app_context(), inside(town(ON)):
        one = opened()
        db.session.commit()
        with time_machine.travel(end_of_day(last_day(one)) + timedelta(hours=10)):
            yield one
            db.session.rollback()


def last_day(one: Consultation) -> date:
    assert one.last_day is not None
    return one.last_day


def earliest(one: Consultation) -> date:
    """The first day on which it may be decided."""
    return last_day(one) + timedelta(days=1)


@pytest.mark.parametrize("why", ["", "   ", "–––", "12 34"])
def test_no_ordinance_is_adopted_without_the_report_and_without_a_reason(closed, why):
    with pytest.raises(Refused) as refused:
        decide(closed, closed.revision, "adopted", earliest(closed), "Край.", why)
    assert refused.value.field == "unreported_why"
    assert "чл. 26, ал. 5" in str(refused.value).replace("\xa0", " ")
    assert closed.outcome == ""


@operation
def bind_by_no_ordinance(one: Consultation) -> None:
    one.rule_normative = False
    db.session.flush()


def test_what_is_not_adopted_or_no_ordinance_needs_no_report_by_this_law(closed):
    decide(closed, closed.revision, "not_adopted", earliest(closed), "Не е приета.")
    assert closed.phase == "concluded"
    decide(closed, closed.revision, "", None, "")
    bind_by_no_ordinance(closed)
    decide(closed, closed.revision, "adopted", earliest(closed), "Бюджетът е приет.")
    assert (closed.phase, closed.unreported_why) == ("concluded", "")


def test_a_report_from_before_the_last_opinion_is_none(closed):
    with time_machine.travel(end_of_day(last_day(closed)) - timedelta(hours=3)):
        add_document(closed, "report", "Ранна справка.pdf")
    with pytest.raises(Refused):
        decide(closed, closed.revision, "adopted", earliest(closed), "Приета.")


def test_the_report_is_enough_and_so_is_a_reason(closed):
    decide(closed, closed.revision, "adopted", earliest(closed), "Приета.", WHY)
    assert (closed.phase, closed.unreported_why) == ("concluded", WHY)
    decide(closed, closed.revision, "", None, "")
    add_document(closed, "report", "Справка.pdf")
    decide(closed, closed.revision, "adopted", earliest(closed), "Приета.")
    assert (closed.phase, closed.unreported_why) == ("concluded", "")


def test_a_report_that_came_after_the_decision_needs_the_reason_all_the_same(closed):
    with time_machine.travel(start_of_day(earliest(closed) + timedelta(days=3))):
        add_document(closed, "report", "Справка.pdf")
        with pytest.raises(Refused):
            decide(closed, closed.revision, "adopted", earliest(closed), "Приета.")
        decide(closed, closed.revision, "adopted", earliest(closed) + timedelta(days=3), "Приета.")


def test_the_report_on_which_it_was_decided_cannot_be_taken_away_but_replaced(closed):
    report = add_document(closed, "report", "Справка.pdf")
    decide(closed, closed.revision, "adopted", earliest(closed), "Приета.")
    with pytest.raises(Refused):
        detach(report)
    add_document(closed, "report", "Поправена справка.pdf")
    detach(report)
    assert closed.reported_at is not None


def test_a_report_that_was_replaced_by_a_better_one_stays_in_time(closed):
    report = add_document(closed, "report", "Справка.pdf")
    decide(closed, closed.revision, "adopted", earliest(closed), "Приета.")
    with time_machine.travel(start_of_day(earliest(closed) + timedelta(days=5))):
        add_document(closed, "report", "Поправена справка.pdf")
        detach(report)
        decide(closed, closed.revision, "adopted", earliest(closed), "Приета, без печатната грешка.")
    assert closed.unreported_why == ""


def test_the_staff_are_told_and_everybody_reads_the_reason(app, client):
    with app.app_context(), inside(town(ON)):
        one = opened()
        db.session.commit()
        number, day = one.id, earliest(one)
    path = f"{DESK}/{number}/ishod"
    words = {"outcome": "adopted", "decided_on": day.isoformat(), "outcome_text": "Приета.", "revision": "1"}
    with time_machine.travel(start_of_day(day) + timedelta(hours=9)):
        somebody = visitor(app, "editor")
        page = text_of(parse(somebody.get(path))).replace("\xa0", " ")
        assert "Законът иска да е публикувана преди приемането" in page
        assert "само с причина, която всички могат да прочетат" in page
        refused = somebody.send(path, words)
        assert refused.status_code == 422
        assert 'id="unreported_why-error"' in refused.text
        assert somebody.send(path, words | {"unreported_why": WHY}).status_code == 303
        public = f"/stara-zagora/konsultatsii/{number}"
        assert f"Няма справка за мненията. Защо: {WHY}" in text_of(parse(client.get(public)))
    with time_machine.travel(now() + timedelta(days=50)):
        with app.app_context(), inside(town(ON)):
            add_document(db.session.get_one(Consultation, number), "report", "Справка.pdf")
            db.session.commit()
        assert "Справката за мненията е публикувана след решението. Защо:" in text_of(parse(client.get(public)))


def test_nobody_puts_another_draft_in_the_place_of_the_one_that_people_spoke_of(closed):
    with pytest.raises(Refused, match="нова консултация"):
        keep_draft(closed, read_draft(TEXT).provisions, TEXT)
    db.session.rollback()
    assert closed.version == 1


def test_taking_one_of_two_early_reports_away_publishes_nothing(closed):
    with time_machine.travel(end_of_day(last_day(closed)) - timedelta(hours=3)):
        early = [add_document(closed, "report", f"Справка {number}.pdf") for number in (1, 2)]
    detach(early[0])
    assert closed.reported_at is None
