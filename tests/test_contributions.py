"""Contributions: taken in once, confirmed, edited, withdrawn, hidden and shown again; what the database refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from consult.clock import now
from consult.db import db
from consult.errors import Conflict, Refused
from consult.journal import acting
from consult.participation import (
    Act,
    Standing,
    acts_of,
    agree,
    agreed_with,
    appeal,
    confirm,
    counts_of,
    decide_appeal,
    dismiss_reports,
    disown,
    edit,
    everything_said,
    forget_unconfirmed,
    hide,
    look_at_original,
    mask_and_publish,
    may_edit,
    open_reports,
    original_of,
    publish_held,
    queue,
    report,
    stop_agreeing,
    versions_of_contribution,
    withdraw_contribution,
)
from consult.publishing import withdraw
from consult.settings import decide
from consult.tenancy import inside, open_towns
from consult.testing.factories import ON, town
from plugins.consultations.models import Consultation
from tests.asking import in_town
from tests.opinions import (
    SAYS,
    accepted,
    check_counts,
    consult_people,
    letter_keys,
    opinions,
    person_id,
    say,
    says,
    signed_in,
    texts,
)
from tests.together import all_at_once

OTHER = "Нека посадим повече дървета по улиците."
EGN = "Моето ЕГН е 6101057509, обадете ми се."


@pytest.fixture
def asked(app: Flask) -> Iterator[Consultation]:
    """An open consultation, in a session of its town; at the end the counts must hold."""
    with app.app_context(), inside(town(ON)):
        one = consult_people()
        db.session.commit()
        number = one.id
        yield one
        db.session.commit()
    with app.app_context(), inside(town(ON)):
        check_counts(number)


# ---- Coming in


def test_what_a_guest_sends_counts_when_the_letter_was_answered(asked):
    opinion = say(asked.id)
    assert (opinion.standing, opinion.is_listed, opinion.is_shown) == (Standing.UNCONFIRMED, False, False)
    assert counts_of(asked.id).everything.accepted == 0
    confirm(opinion)
    confirm(opinion)
    assert (opinion.standing, opinion.is_listed, opinion.is_shown) == (Standing.PUBLISHED, True, True)
    assert counts_of(asked.id).of(0, "change").shown == 1
    assert letter_keys(opinion) == ["confirm", "received"]


def test_what_an_account_sends_counts_at_once(asked):
    opinion = say(asked.id, sender=signed_in())
    assert opinion.standing == Standing.PUBLISHED
    assert letter_keys(opinion) == ["received"]


def test_the_same_again_is_one_opinion_and_one_letter(asked):
    first, again = say(asked.id), say(asked.id)
    assert first.id == again.id
    confirm(first)
    assert say(asked.id).id == first.id
    assert letter_keys(first) == ["confirm", "received"]
    assert say(asked.id, stance="for").id != first.id
    assert say(asked.id, who=2).id != first.id
    assert len(opinions(asked.id)) == 3


def test_twenty_equal_opinions_at_the_same_moment_are_one_with_one_letter(app, asked):
    number = asked.id

    def send(turn: int, is_again: bool = False) -> int:
        with app.app_context(), inside(town(ON)):
            try:
                opinion = say(number)
                db.session.commit()
                return opinion.id
            except IntegrityError:  # its twin was quicker; a request is carried out again, once
                db.session.rollback()
                assert not is_again
        return send(turn, is_again=True)

    assert len(set(all_at_once(send, 20))) == 1
    db.session.rollback()  # look at what is there now
    (opinion,) = opinions(number)
    assert letter_keys(opinion) == ["confirm"]


@pytest.mark.parametrize("words", ["", "  \n  ", "Не искам", "а" * 5001, "Ноември\x00 Декември", "\ud800 половин знак"])
def test_words_that_cannot_be_kept_are_refused_and_nothing_is_left(asked, words):
    with pytest.raises(Refused):
        say(asked.id, text=words)
    db.session.rollback()
    assert opinions(asked.id) == []


@pytest.mark.parametrize(
    "words", ["Три липи <script>alert(1)</script>", "\u202eобърнато мнение за дърветата", "а" * 5000]
)
def test_words_that_try_to_deceive_are_kept_as_sent_and_shown_harmless(asked, words):
    opinion = say(asked.id, text=words)
    assert opinion.text == words
    assert "<script" not in opinion.text_html
    assert "\u202e" not in opinion.text_html


def test_a_name_is_needed_and_fits_on_one_line(asked):
    for name in ("", " ", "Ред\nРед", "а" * 121):
        with pytest.raises(Refused, match=r"."):
            say(asked.id, sender=says(1, name=name))
        db.session.rollback()


def test_what_was_withdrawn_takes_in_no_more(asked):
    opinion = say(asked.id)
    withdraw(asked, "Има грешка.")
    with pytest.raises(Refused):
        confirm(opinion)


def test_who_confirms_too_late_is_told_so_and_the_words_are_forgotten(asked):
    opinion = say(asked.id)
    db.session.commit()
    with time_machine.travel(now() + timedelta(hours=72, minutes=1), tick=False):
        with pytest.raises(Refused) as refused:
            confirm(opinion)
        assert refused.value.status == 410
        db.session.rollback()
        number, publication = opinion.id, asked.id
        forget_unconfirmed(list(open_towns()))
        with inside(town(ON)):
            (left,) = opinions(publication)
            assert left.id == number
            assert (left.text, left.name, left.email, left.address_key) == ("", "", "", None)
            assert left.erased_at is not None


def test_what_waits_less_than_three_days_is_not_forgotten(asked):
    say(asked.id)
    db.session.commit()
    publication = asked.id
    with time_machine.travel(now() + timedelta(hours=71, minutes=59), tick=False):
        forget_unconfirmed(list(open_towns()))
        with inside(town(ON)):
            assert opinions(publication)[0].text == SAYS


# ---- Read before it is shown


def test_what_seems_to_name_somebody_waits_and_has_its_place_in_the_thread(asked):
    opinion = accepted(asked.id, text=EGN)
    assert (opinion.standing, opinion.is_listed, opinion.absence) == (Standing.HELD, True, "held")
    assert [one.id for one in queue()] == [opinion.id]
    publish_held(opinion, seen_edition=1)
    assert opinion.is_shown
    assert queue() == []
    with pytest.raises(Conflict):
        publish_held(opinion)


def test_a_municipality_may_read_all_before_they_are_shown(app):
    with in_town(app):
        decide("participation.moderated", "before")
    with in_town(app):
        opinion = accepted(consult_people().id)
        assert (opinion.standing, opinion.queued_for) == (Standing.HELD, "before")
        publish_held(opinion)
        edit(opinion, OTHER)
        assert opinion.standing == Standing.HELD, "new words were read by nobody"


def test_a_moderator_publishes_only_the_words_that_were_read(asked):
    opinion = accepted(asked.id, text=EGN)
    edit(opinion, f"{EGN} И още нещо.")
    db.session.commit()
    for deed in (lambda: publish_held(opinion, 1), lambda: mask_and_publish(opinion, "x", 1, "lichni")):
        with pytest.raises(Conflict):
            deed()
        db.session.rollback()


MASKS = [
    ("Моето ЕГН е [скрито: ЕГН], обадете ми се.", True),
    ("Моето ЕГН е [скрито].", True),
    ("Моето ЕГН е [скрито", False),
    ("[скрито: лични данни]", True),
    ("Моето ЕГН е [скрито: ЕГН], не ми се обаждайте.", False),
    ("Моето ЕГН е, обадете ми се.", False),
    ("Моето [скрито: ЕГН] обадете [скрито]", True),
    ("[аз мисля обратното, и това е моето мнение за всичко тук]", False),
    ("Моето ЕГН е 6101057509, обадете ми се.[скрито]", False),  # the mask stands for nothing
    (EGN, False),
]


@pytest.mark.parametrize(("words", "is_fair"), MASKS)
def test_masks_replace_words_and_put_none_in_the_authors_mouth(asked, words, is_fair):
    opinion = accepted(asked.id, text=EGN)
    if is_fair:
        mask_and_publish(opinion, words, 1, "lichni")
        assert (opinion.text, opinion.is_shown, opinion.sealed_to) == (words, True, 1)
        assert original_of(opinion) == EGN
        assert [version.number for version, _words in versions_of_contribution(opinion)] == [2]
        assert letter_keys(opinion) == ["confirm", "received", "masked 1"]
    else:
        with pytest.raises(Refused):
            mask_and_publish(opinion, words, 1, "lichni")
        db.session.rollback()
        assert opinion.text == EGN


# ---- Its author


def test_words_may_be_changed_for_half_an_hour_until_somebody_answers_or_agrees(asked):
    opinion = accepted(asked.id)
    edit(opinion, OTHER)
    edit(opinion, OTHER)
    assert (opinion.text, opinion.edition) == (OTHER, 2)
    assert texts(versions_of_contribution(opinion)) == [SAYS, OTHER]
    agree(opinion, person_id())
    assert not may_edit(opinion)
    with pytest.raises(Refused):
        edit(opinion, SAYS)
    db.session.rollback()
    other = accepted(asked.id, who=2)
    accepted(asked.id, who=3, text=OTHER, reply_to_id=other.id)
    assert not may_edit(other)
    late = accepted(asked.id, who=4)
    with time_machine.travel(now() + timedelta(minutes=30, seconds=1), tick=False):
        assert not may_edit(late)


def test_agreeing_is_counted_once_a_person_and_may_be_taken_back(asked):
    opinion, person = accepted(asked.id), person_id()
    agree(opinion, person)
    agree(opinion, person)
    assert (opinion.agreed, agreed_with([opinion.id], person)) == (1, {opinion.id})
    stop_agreeing(opinion, person)
    stop_agreeing(opinion, person)
    assert (opinion.agreed, agreed_with([opinion.id], person)) == (0, set())
    own = say(asked.id, sender=signed_in())
    with pytest.raises(Refused):
        agree(own, person)


@pytest.mark.parametrize("ends", [withdraw_contribution, disown])
def test_what_its_author_ends_leaves_a_tombstone_and_its_replies(asked, ends):
    opinion = accepted(asked.id)
    reply = accepted(asked.id, who=2, text=OTHER, reply_to_id=opinion.id)
    ends(opinion)
    ends(opinion)
    assert (opinion.is_listed, opinion.is_shown, opinion.text, opinion.shown_name) == (True, False, "", "")
    assert opinion.absence in ("withdrawn", "disowned")
    assert reply.is_shown
    count = counts_of(asked.id).everything
    assert (count.accepted, count.shown, count.gone) == (2, 1, 1)
    assert versions_of_contribution(opinion) == []
    assert texts(everything_said(opinion)) == [SAYS]
    with pytest.raises(Refused):
        agree(opinion, person_id())


def test_who_changes_their_mind_may_say_it_again(asked):
    opinion = accepted(asked.id)
    withdraw_contribution(opinion)
    assert say(asked.id).id != opinion.id


def test_what_was_not_confirmed_is_erased_by_who_did_not_write_it(asked):
    opinion = say(asked.id)
    disown(opinion)
    assert (opinion.text, opinion.email, opinion.is_listed) == ("", "", False)
    with pytest.raises(Refused):
        confirm(opinion)


# ---- Moderators


def test_a_report_waits_for_a_moderator_and_hides_nothing(asked):
    opinion = accepted(asked.id)
    report(opinion, "obida", "Обижда съседите ми.", None)
    report(opinion, "spam", "", person_id())
    assert (opinion.is_shown, len(open_reports(opinion)), [one.id for one in queue()]) == (True, 2, [opinion.id])
    dismiss_reports(opinion)
    assert (list(open_reports(opinion)), list(queue())) == ([], [])
    with pytest.raises(Conflict):
        dismiss_reports(opinion)
    with pytest.raises(Refused):
        report(opinion, "izmislено", "", None)


def test_hiding_names_a_rule_and_a_reason_and_the_words_are_sealed(asked):
    opinion = accepted(asked.id)
    db.session.commit()
    for rule, reason in (("obida", " "), ("nyama", "Обижда."), ("obida", "а" * 601)):
        with pytest.raises(Refused):
            hide(opinion, rule, reason)
        db.session.rollback()
    hide(opinion, "obida", "Обижда.")
    assert (opinion.text, opinion.absence, opinion.rule) == ("", "hidden", "obida")
    assert look_at_original(opinion) == SAYS
    assert [act.act for act in acts_of(opinion)] == [Act.HIDDEN, Act.LOOKED]
    with pytest.raises(Conflict):
        hide(opinion, "obida", "Обижда.")


def test_an_appeal_is_made_once_and_decided_by_a_second_person(asked):
    opinion, first = accepted(asked.id), person_id("moderator")
    with acting(first):
        hide(opinion, "obida", "Обижда.")
    appeal(opinion, "Никого не обиждам.")
    with pytest.raises(Refused):
        appeal(opinion, "Пак питам.")
    with acting(first), pytest.raises(Refused):
        decide_appeal(opinion, True, "Размислих.")
    with acting(person_id("admin")):
        decide_appeal(opinion, True, "Не е обида.")
    assert (opinion.text, opinion.is_shown, opinion.rule) == (SAYS, True, "")
    with pytest.raises(Conflict):
        decide_appeal(opinion, False, "Все пак.")
    hide(opinion, "spam", "Реклама.")
    assert letter_keys(opinion)[-3:] == ["hidden 1", "decided 3", "hidden 4"], "each is told, the second one too"


def test_what_was_blacked_out_stays_so_when_it_is_shown_again(asked):
    opinion = accepted(asked.id, text=EGN)
    mask_and_publish(opinion, "Моето ЕГН е [скрито: ЕГН], обадете ми се.", 1, "lichni")
    hide(opinion, "tema", "Друга тема.")
    appeal(opinion, "")
    decide_appeal(opinion, True, "По темата е.")
    assert "6101057509" not in opinion.text
    assert not any("6101057509" in (text or "") for text in texts(versions_of_contribution(opinion)))


def test_a_watched_author_is_read_first_and_never_refused(asked):
    hide(accepted(asked.id), "spam", "Реклама.", watches_author=True)
    again = accepted(asked.id, text=OTHER)
    assert (again.standing, again.queued_for) == (Standing.HELD, "watched")
