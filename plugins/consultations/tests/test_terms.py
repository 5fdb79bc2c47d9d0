"""The date engine, held to what happened: who counted right, who was a day early, and what a court said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from consult.api import Refused, force_locale
from plugins.consultations.models import Consultation
from plugins.consultations.terms import (
    Rule,
    Term,
    check_days,
    check_rule,
    closes_at,
    earliest_adoption,
    extended,
    is_working_day,
    last_day,
    next_working_day,
    term_of,
    why_days,
    why_earliest_adoption,
    why_last_day,
    why_open_until,
)

ORDINANCE = Rule(30, 14, "чл. 26, ал. 4 ЗНА", is_normative=True)
BUDGET = Rule(7, None, "чл. 84, ал. 6 ЗПФ")
Speaking = Callable[[str], AbstractContextManager[None]]
SECOND = timedelta(seconds=1)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


# ---- The real cases


def test_haskovo_adopted_its_ordinance_a_day_early():
    end = last_day(date(2011, 3, 11), 14)
    assert end == date(2011, 3, 25)
    adopted = date(2011, 3, 25)
    assert earliest_adoption(end) == adopted + timedelta(days=1)


@pytest.mark.parametrize(
    ("published", "end"),
    [
        (date(2018, 12, 11), date(2019, 1, 10)),  # Бургас, over a new year
        (date(2024, 3, 28), date(2024, 4, 27)),  # Дългопол
        (date(2019, 3, 19), date(2019, 4, 18)),  # Девин
    ],
)
def test_those_who_counted_right_agree_with_us(published: date, end: date):
    assert last_day(published, 30) == end
    assert term_of(published, 30, ORDINANCE).earliest_adoption == end + timedelta(days=1)


@pytest.mark.parametrize(
    ("opened", "closed", "days"),
    [
        (date(2022, 4, 22), date(2022, 5, 21), 30),
        (date(2022, 5, 27), date(2022, 6, 25), 30),
        (date(2025, 12, 4), date(2026, 1, 2), 30),
        (date(2025, 11, 10), date(2025, 11, 23), 14),
    ],
)
def test_four_consultations_of_sofia_end_a_day_short(opened: date, closed: date, days: int):
    assert last_day(opened, days) - closed == timedelta(days=1)


@pytest.mark.parametrize(
    ("published", "days", "end"),
    [
        (date(2024, 2, 15), 14, date(2024, 2, 29)),
        (date(2024, 1, 30), 30, date(2024, 2, 29)),
        (date(2024, 2, 29), 365, date(2025, 2, 28)),
        (date(2023, 2, 15), 14, date(2023, 3, 1)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
    ],
)
def test_leap_years_and_new_years_are_days_like_others(published: date, days: int, end: date):
    assert last_day(published, days) == end


@given(DAYS, st.integers(min_value=1, max_value=365))
def test_between_publication_and_adoption_lie_exactly_the_days_of_the_term(published: date, days: int):
    term = term_of(published, days, ORDINANCE)
    assert (term.earliest_adoption - published).days - 1 == days
    assert (closes_at(term.last_day) + SECOND).astimezone(UTC) > closes_at(published)


# ---- Days off


@pytest.mark.parametrize(
    ("counted", "moved"),
    [
        (date(2026, 4, 10), date(2026, 4, 14)),  # Good Friday to the Tuesday after Orthodox Easter
        (date(2026, 4, 13), date(2026, 4, 14)),  # Easter Monday
        (date(2025, 4, 18), date(2025, 4, 22)),
        (date(2026, 12, 24), date(2026, 12, 29)),  # the second day of Christmas is a Saturday, so Monday is off too
        (date(2027, 1, 1), date(2027, 1, 4)),  # New Year's Day, a Friday
        (date(2026, 11, 28), date(2026, 11, 30)),  # a Saturday
        (date(2026, 11, 29), date(2026, 11, 30)),  # a Sunday
        (date(2026, 11, 30), date(2026, 11, 30)),  # a Monday
        (date(2026, 3, 3), date(2026, 3, 4)),
    ],
)
def test_an_end_on_a_day_off_moves_to_the_next_working_day(counted: date, moved: date):
    assert next_working_day(counted) == moved
    term = term_of(counted - timedelta(days=30), 30, ORDINANCE, rolls_over=True)
    assert (term.counted_last_day, term.last_day) == (counted, moved)
    assert term.earliest_adoption == moved + timedelta(days=1)


def test_an_end_stays_where_it_is_if_the_municipality_has_not_decided_otherwise():
    term = term_of(date(2026, 3, 14), 30, ORDINANCE)
    assert not is_working_day(term.last_day)
    assert term.last_day == term.counted_last_day == date(2026, 4, 13)


@given(DAYS, st.integers(min_value=1, max_value=365))
def test_moving_never_shortens_and_ends_on_a_working_day(published: date, days: int):
    term = term_of(published, days, ORDINANCE, rolls_over=True)
    assert term.last_day >= term.counted_last_day == last_day(published, days)
    assert is_working_day(term.last_day)


# ---- The second of the deadline


@pytest.mark.parametrize(
    ("day", "last_second"),
    [
        (date(2026, 12, 18), utc(2026, 12, 18, 21, 59, 59)),
        (date(2026, 7, 18), utc(2026, 7, 18, 20, 59, 59)),
        (date(2026, 3, 28), utc(2026, 3, 28, 21, 59, 59)),
        (date(2026, 3, 29), utc(2026, 3, 29, 20, 59, 59)),  # the clocks went forward
        (date(2026, 10, 24), utc(2026, 10, 24, 20, 59, 59)),
        (date(2026, 10, 25), utc(2026, 10, 25, 21, 59, 59)),  # the clocks went back
    ],
)
def test_opinions_are_on_time_until_the_last_second_in_sofia(day: date, last_second: datetime):
    assert closes_at(day) == last_second
    one = Consultation(outcome="", opens_at=last_second - timedelta(days=30), closes_at=closes_at(day), last_day=day)
    for later, phase in ((0 * SECOND, "closing"), (SECOND - timedelta(microseconds=1), "closing"), (SECOND, "working")):
        with time_machine.travel(last_second + later, tick=False):
            assert one.phase == phase


# ---- A replaced document


def test_a_replaced_document_lets_the_days_be_counted_again():
    term = term_of(date(2026, 11, 2), 30, ORDINANCE)
    longer = extended(term, date(2026, 11, 20))
    assert (term.last_day, longer.last_day) == (date(2026, 12, 2), date(2026, 12, 20))
    assert (longer.published_on, longer.counted_from, longer.is_extended) == (
        term.published_on,
        date(2026, 11, 20),
        True,
    )
    assert extended(longer, date(2026, 12, 20)).last_day == date(2027, 1, 19)


def test_a_replacement_on_the_day_of_publication_changes_nothing():
    term = term_of(date(2026, 11, 2), 30, ORDINANCE)
    assert extended(term, date(2026, 11, 2)) is term


def test_a_replacement_never_ends_the_term_earlier():
    term = term_of(date(2026, 3, 11), 30, ORDINANCE, rolls_over=True)
    assert term.last_day == date(2026, 4, 14)
    assert extended(term, date(2026, 3, 12), rolls_over=False).last_day == date(2026, 4, 14)


def test_after_the_term_a_document_is_no_longer_replaced():
    term = term_of(date(2026, 11, 2), 30, ORDINANCE)
    with pytest.raises(Refused, match="open a new consultation"):
        extended(term, date(2026, 12, 3))


@given(DAYS, st.integers(1, 365), st.integers(-10, 365), st.booleans(), st.booleans())
def test_an_extension_gives_all_days_again_and_takes_none(
    published: date, days: int, later: int, first: bool, then: bool
):
    term = term_of(published, days, ORDINANCE, rolls_over=first)
    replaced = published + timedelta(days=min(later, days))
    longer = extended(term, replaced, rolls_over=then)
    assert longer.last_day >= max(term.last_day, replaced + timedelta(days=days))


# ---- How many days


@pytest.mark.parametrize(("days", "reasons"), [(30, ""), (365, ""), (29, "Срокът по проекта изтича."), (14, "Авария")])
def test_enough_days_are_taken_and_fewer_with_reasons(days: int, reasons: str):
    check_days(days, ORDINANCE, reasons)


@pytest.mark.parametrize(
    ("days", "rule", "reasons", "field", "says"),
    [
        (29, ORDINANCE, "", "short_reasons", "under 30 days needs a reason"),
        (14, ORDINANCE, " \n…- ", "short_reasons", "чл. 26, ал. 4 ЗНА"),
        (13, ORDINANCE, "Спешно", "days", "Even with reasons"),
        (0, ORDINANCE, "Спешно", "days", "under 14 days"),
        (-30, ORDINANCE, "Спешно", "days", "under 14 days"),
        (366, ORDINANCE, "", "days", "at most 365 days"),
        (6, BUDGET, "Спешно", "days", "cannot be under 7 days"),
        (0, Rule(0, None, "наредба"), "", "days", "cannot be under 1 day "),
        (13, replace(ORDINANCE, days_shortened=3), "Спешно", "days", "under 14 days"),
        (29, Rule(20, None, "наредба", is_normative=True), "Спешно", "days", "under 30 days"),
    ],
)
def test_too_few_or_too_many_days_are_refused_with_the_rule(days: int, rule: Rule, reasons: str, field: str, says: str):
    with pytest.raises(Refused, match=says) as refusal:
        check_days(days, rule, reasons)
    assert refusal.value.field == field


@pytest.mark.parametrize("rule", [ORDINANCE, BUDGET, Rule(1, None, "–"), Rule(20, 10, "–"), Rule(45, 14, "–", True)])
def test_a_rule_that_makes_sense_is_taken(rule: Rule):
    check_rule(rule)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Rule(0, None, "–"), "days_legal"),
        (Rule(366, None, "–"), "days_legal"),
        (Rule(29, 14, "–", True), "days_legal"),
        (Rule(30, 13, "–", True), "days_shortened"),
        (Rule(30, 30, "–"), "days_shortened"),
        (Rule(30, 0, "–"), "days_shortened"),
    ],
)
def test_a_rule_below_the_law_is_refused_beside_its_field(rule: Rule, field: str):
    with pytest.raises(Refused) as refusal:
        check_rule(rule)
    assert refusal.value.field == field


# ---- Why


@pytest.fixture
def speaking() -> Speaking:
    """The real catalogues, and nothing else of the house."""
    speaker = Flask("speaker")
    speaker.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(__file__).parents[3] / "translations")
    Babel(speaker, default_locale="bg")

    @contextmanager
    def speak(language: str) -> Iterator[None]:
        with speaker.test_request_context("/"), force_locale(language):
            yield

    return speak


def in_bulgarian(speaking: Speaking, why: Callable[[Term], str], term: Term) -> str:
    with speaking("bg"):
        return why(term).replace("\u00a0", " ")


def test_the_last_day_is_explained_with_the_rule_and_the_sum(speaking: Speaking):
    term = term_of(date(2018, 12, 11), 30, ORDINANCE)
    assert in_bulgarian(speaking, why_last_day, term) == (
        "Правилото изисква срок не по-кратък от 30 дни (чл. 26, ал. 4 ЗНА). Тук срокът е 30 дни. "
        "Денят на публикуването, 11 декември 2018 г., не се брои (чл. 60, ал. 5 ГПК): "
        "първият ден е 12 декември 2018 г. "
        "11 декември 2018 г. + 30 дни = 10 януари 2019 г."
    )


def test_what_moved_the_end_is_said_with_both_days(speaking: Speaking):
    rolled = in_bulgarian(speaking, why_last_day, term_of(date(2026, 3, 14), 30, ORDINANCE, rolls_over=True))
    assert rolled.endswith(
        "14 март 2026 г. + 30 дни = 13 април 2026 г. Този ден е неприсъствен (официален празник), затова "
        "срокът изтича в първия следващ присъствен ден, 14 април 2026 г. (чл. 60, ал. 6 ГПК)."
    )
    stayed = in_bulgarian(speaking, why_last_day, term_of(date(2026, 10, 30), 30, ORDINANCE))
    assert "29 ноември 2026 г. Този ден е неприсъствен (неделя); в тази община" in stayed


def test_a_short_term_and_an_extended_one_say_so(speaking: Speaking):
    term = extended(term_of(date(2026, 11, 2), 14, ORDINANCE), date(2026, 11, 10))
    words = in_bulgarian(speaking, why_last_day, term)
    assert "с посочени мотиви – не по-кратък от 14 дни (чл. 26, ал. 4 ЗНА)" in words
    assert "На 10 ноември 2026 г. документите са променени" in words
    assert words.endswith("10 ноември 2026 г. + 14 дни = 24 ноември 2026 г.")


def test_the_earliest_adoption_tells_of_the_day_that_cost_an_ordinance(speaking: Speaking):
    term = term_of(date(2011, 3, 11), 14, ORDINANCE)
    words = in_bulgarian(speaking, why_earliest_adoption, term)
    assert "25 март 2011 г. + 1 ден = 26 март 2011 г." in words
    assert "Решение № 367/09.06.2011 г." in words
    budget = in_bulgarian(speaking, why_earliest_adoption, term_of(date(2026, 11, 2), 7, BUDGET))
    assert "ЗНА" not in budget


@pytest.mark.parametrize("language", ["bg", "en", "tr"])
def test_every_answer_quotes_a_rule_and_real_days_in_every_language(speaking: Speaking, language: str):
    term: Term = term_of(date(2026, 3, 14), 30, ORDINANCE, rolls_over=True)
    with speaking(language):
        for why in (why_last_day, why_earliest_adoption, why_open_until):
            assert "ГПК" in why(term)
            assert "2026" in why(term)
            assert "%(" not in why(term)
        assert "чл. 26, ал. 4 ЗНА" in why_days(term)
        assert "23:59:59" in why_open_until(term)
        assert ".." not in why_last_day(extended(term, date(2026, 3, 20)))
