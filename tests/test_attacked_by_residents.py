"""What residents might try with what they hand in: slipping data past a moderator, being shown as they did not ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from consult.clock import now
from consult.db import db
from consult.errors import Refused
from consult.participation import (
    Consent,
    Standing,
    appeal,
    confirm,
    decide_appeal,
    edit,
    hide,
    mask_and_publish,
    publish_held,
    versions_of_contribution,
)
from consult.participation.policy import CONFIRM_WITHIN
from consult.tenancy import inside
from consult.testing.factories import ON, town
from tests.opinions import SAYS, accepted, check_counts, consult_people, letter_keys, say, says, texts

NUMBER = "7523169263"  # an ЕГН by its checksum; nobody's
NAMED = f"Моето ЕГН е {NUMBER}, пишете ми за дървото."


def test_what_was_taken_back_while_it_was_held_is_no_part_of_the_history_that_everybody_reads(app: Flask) -> None:
    with app.app_context(), inside(town(ON)):
        opinion = accepted(consult_people().id, text=NAMED)
        edit(opinion, SAYS)
        publish_held(opinion, 2)
        assert opinion.is_shown
        assert texts(versions_of_contribution(opinion)) == [SAYS]
        db.session.commit()


def test_what_was_shown_before_the_edit_that_was_held_stays_in_the_history(app: Flask) -> None:
    with app.app_context(), inside(town(ON)):
        opinion = accepted(consult_people().id)
        with time_machine.travel(now() + timedelta(minutes=5), tick=True):
            edit(opinion, f"{SAYS} Тел. 0888 123 456.")
            assert opinion.standing == Standing.HELD
            publish_held(opinion, 2)
        assert texts(versions_of_contribution(opinion)) == [SAYS, f"{SAYS} Тел. 0888 123 456."]
        db.session.commit()


def test_what_is_shown_again_brings_no_wording_back_that_nobody_read(app: Flask) -> None:
    with app.app_context(), inside(town(ON)):
        opinion = accepted(consult_people().id, text=NAMED)
        edit(opinion, SAYS)
        hide(opinion, "tema", "Не е за дърветата.")
        appeal(opinion, "")
        decide_appeal(opinion, True, "За дърветата е.")
        assert opinion.is_shown
        assert texts(versions_of_contribution(opinion)) == [SAYS]
        db.session.commit()


@pytest.mark.parametrize("field", ["name", "home", "organisation"])
def test_a_number_beside_the_words_waits_for_a_moderator_who_can_black_it_out_there(app: Flask, field: str) -> None:
    with app.app_context(), inside(town(ON)):
        about = consult_people().id
        opinion = say(about, sender=says(1, **{field: f"Ана {NUMBER}"}))
        confirm(opinion)
        assert (opinion.standing, opinion.queued_for) == (Standing.HELD, "identifiers")
        mask_and_publish(opinion, opinion.text, 1, "lichni")
        assert getattr(opinion, field) == "Ана [скрито: ЕГН]"
        assert (opinion.is_shown, opinion.text) == (True, SAYS)
        check_counts(about)
        db.session.commit()


def test_a_mask_that_is_longer_than_what_it_hides_still_fits(app: Flask) -> None:
    with app.app_context(), inside(town(ON)):
        opinion = say(consult_people().id, sender=says(1, home=f"{'я' * 69} {NUMBER}"))
        confirm(opinion)
        mask_and_publish(opinion, opinion.text, 1, "lichni")
        db.session.commit()
        assert NUMBER not in opinion.home


def test_the_same_words_sent_again_before_they_are_confirmed_are_shown_as_was_chosen_last(app: Flask) -> None:
    with app.app_context(), inside(town(ON)):
        about = consult_people().id
        first = say(about, proposed="Две липи.")
        second = say(about, sender=says(1, name="М.", consent=Consent.NAMELESS), proposed="Три липи.")
        assert (second.id, second.name, second.proposed) == (first.id, "М.", "Три липи.")
        assert letter_keys(first) == ["confirm"]
        confirm(first)
        assert first.shown_name == ""
        say(about, sender=says(1, name="Цялото Име"))
        assert (first.name, first.consent) == ("М.", Consent.NAMELESS)
        check_counts(about)
        db.session.commit()


def test_who_confirms_too_late_can_send_the_same_words_again(app: Flask) -> None:
    with app.app_context(), inside(town(ON)):
        about = consult_people().id
        first = say(about)
        with time_machine.travel(now() + CONFIRM_WITHIN + timedelta(minutes=1), tick=True):
            with pytest.raises(Refused):
                confirm(first)
            second = say(about)
            assert second.id != first.id
            confirm(second)
            assert second.is_shown
        check_counts(about)
        db.session.commit()


def test_a_name_that_may_be_taken_for_the_municipality_waits_for_a_moderator(app):
    with app.app_context(), inside(town(ON)):
        number = consult_people().id
        for who, name in enumerate(("Община Стара Загора", "КМЕТЪТ", "Belediye")):
            held = accepted(number, who, f"{SAYS} {who}", sender=says(who, name=name))
            assert (held.standing, held.queued_for) == ("held", "official"), name
        shown = accepted(number, 9, sender=says(9, name="Комет Петров"))
        db.session.commit()
        assert shown.is_shown
