"""The date engine: until when people may speak, when the act may be adopted at the earliest, and why on these days."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from holidays import country_holidays

from consult.api import (
    Refused,
    end_of_day,
    npgettext,
    pgettext,
    say_date,
    say_weekday,
)

ONE_DAY = timedelta(days=1)
LONGEST = 365  # days; beyond that somebody mistyped
ORDINARY_BY_LAW = 30  # чл. 26, ал. 4 ЗНА: days for the draft of a normative act
SHORTENED_BY_LAW = 14  # the same, in exceptional cases, with the reasons stated
SATURDAY = 5


@dataclass(frozen=True)
class Rule:
    """What a procedure type asks of a term: days at least, days at least when reasons are stated, and by which law.

    ``days_shortened`` is None where the law knows no shorter term. A ``is_normative`` rule is bound by чл. 26 ЗНА:
    whatever a municipality wrote down for itself, 30 days, and with reasons 14, are the least.
    """

    days_legal: int
    days_shortened: int | None
    basis: str
    is_normative: bool = False

    @property
    def ordinary(self) -> int:
        """The days below which reasons must be stated, or which are the least of all."""
        return max(self.days_legal, ORDINARY_BY_LAW) if self.is_normative else self.days_legal

    @property
    def least(self) -> int:
        """The days below which no term may be."""
        if self.days_shortened is None:
            return max(self.ordinary, 1)
        return max(self.days_shortened, SHORTENED_BY_LAW if self.is_normative else 1)


@dataclass(frozen=True)
class Term:
    """A term with its arithmetic. All days are days in Sofia.

    ``counted_from`` is the day that is not counted: of publication, or of the last replacement of a document.
    ``counted_last_day`` is ``counted_from`` and ``days``; ``last_day`` may lie later, for a day off or because an
    extension never shortens.
    """

    published_on: date
    days: int
    rule: Rule
    counted_from: date
    counted_last_day: date
    last_day: date

    @property
    def earliest_adoption(self) -> date:
        """The first day on which the act may be adopted."""
        return earliest_adoption(self.last_day)

    @property
    def is_extended(self) -> bool:
        """Whether a document was changed after the opening, so that the days were counted again."""
        return self.counted_from != self.published_on


# ---- Dates


def last_day(published_on: date, days: int) -> date:
    """The last day of a term of ``days``: the day of publication is not counted (чл. 60, ал. 5 ГПК)."""
    return published_on + timedelta(days=days)


def earliest_adoption(last_day: date) -> date:
    """The day after the last one: a term runs to the end of its last day (чл. 60, ал. 5 ГПК)."""
    return last_day + ONE_DAY


def next_working_day(day: date) -> date:
    """``day`` itself, or if it is a day off the first working day after it (чл. 60, ал. 6 ГПК)."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def is_working_day(day: date) -> bool:
    """Whether ``day`` is neither a Saturday, a Sunday nor an official holiday (чл. 154 КТ), Easter with them.

    Days that the government swaps for one year only are not known here.
    """
    return day.weekday() < SATURDAY and day not in _holidays(day.year)


@cache
def _holidays(year: int) -> Container[date]:
    return frozenset(country_holidays("BG", years=year))


def closes_at(last_day: date) -> datetime:
    """23:59:59 in Sofia of the last day, in UTC: the last second in which an opinion is on time."""
    return end_of_day(last_day)


def term_of(published_on: date, days: int, rule: Rule, rolls_over: bool = False) -> Term:
    """The term of what is published on a day; ``rolls_over`` moves an end on a day off to the next working day."""
    return _counted(published_on, published_on, days, rule, rolls_over)


def term_kept(published_on: date, days: int, rule: Rule, counted_from: date, ends_on: date) -> Term:
    """A term as it was set once: counted from a day, and ending on the day that people were told."""
    return Term(published_on, days, rule, counted_from, last_day(counted_from, days), ends_on)


def extended(term: Term, replaced_on: date, rolls_over: bool = False) -> Term:
    """The term after a document was replaced: counted again from that day, and never earlier than it was.

    Raises `Refused` if the term is over by then: people who cannot answer must not be given a new text.
    """
    if replaced_on > term.last_day:
        sentence = pgettext(
            "consultations",
            "The term ended on %(day)s, so a document can no longer be replaced. Please open a new consultation.",
            day=_day(term.last_day),
        )
        raise Refused(sentence)
    again = _counted(term.published_on, replaced_on, term.days, term.rule, rolls_over)
    return again if again.last_day >= term.last_day and replaced_on > term.counted_from else term


def _counted(published_on: date, counted_from: date, days: int, rule: Rule, rolls_over: bool) -> Term:
    counted = last_day(counted_from, days)
    end = next_working_day(counted) if rolls_over else counted
    return Term(published_on, days, rule, counted_from, counted_last_day=counted, last_day=end)


# ---- How many days may be given


def check_rule(rule: Rule) -> None:
    """Raise `Refused` if the days of a procedure type make no sense, or are fewer than чл. 26, ал. 4 ЗНА allows."""
    if not max(1, rule.ordinary) <= rule.days_legal <= LONGEST:
        sentence = pgettext(
            "consultations",
            "The term must be between %(least)s and %(most)s.",
            least=_days(max(1, rule.ordinary)),
            most=_days(LONGEST),
        )
        raise Refused(sentence, "days_legal")
    least = SHORTENED_BY_LAW if rule.is_normative else 1
    if rule.days_shortened is not None and not least <= rule.days_shortened < rule.days_legal:
        sentence = pgettext(
            "consultations",
            "The shortened term must be at least %(least)s, and shorter than the ordinary one. Leave it empty if the "
            "law knows none.",
            least=_days(least),
        )
        raise Refused(sentence, "days_shortened")


def check_days(days: int, rule: Rule, reasons: str) -> None:
    """Raise `Refused` if a term of ``days`` is longer than a year, too short, or short without stated ``reasons``."""
    if days > LONGEST:
        sentence = pgettext("consultations", "The term is at most %(most)s. Please give fewer.", most=_days(LONGEST))
        raise Refused(sentence, "days")
    if days < rule.least:
        raise Refused(_say_too_short(rule), "days")
    if days < rule.ordinary and not any(sign.isalpha() for sign in reasons):
        sentence = pgettext(
            "consultations",
            "A term under %(ordinary)s needs a reason that everybody can read (%(basis)s). Please write it here.",
            ordinary=_days(rule.ordinary),
            basis=rule.basis,
        )
        raise Refused(sentence, "short_reasons")


def _say_too_short(rule: Rule) -> str:
    least = _days(rule.least)
    if rule.least < rule.ordinary:
        return pgettext(
            "consultations",
            "Even with reasons the term cannot be under %(least)s (%(basis)s). Please give people more days.",
            least=least,
            basis=rule.basis,
        )
    return pgettext(
        "consultations",
        "The term cannot be under %(least)s (%(basis)s). Please give people more days.",
        least=least,
        basis=rule.basis,
    )


# ---- Why: one paragraph for each day, which a court can read


def why_last_day(term: Term) -> str:
    """Why the term ends on its last day: the rule, the day that is not counted, the sum, and what moved the end."""
    parts = [_say_rule(term), _say_start(term), _say_sum(term)]
    if term.last_day != term.counted_last_day:
        parts.append(_say_rolled(term))
    elif not is_working_day(term.last_day):
        parts.append(
            pgettext(
                "consultations",
                "This is a day off (%(reason)s), and here the end of a term is not moved for that.",
                reason=_say_day_off(term.last_day),
            )
        )
    return " ".join(parts)


def why_earliest_adoption(term: Term) -> str:
    """Why the act may not be adopted before the day after the last one, and what adopting it a day early has led to."""
    runs = pgettext(
        "consultations",
        "The term runs to the end of its last day, %(last)s (чл. 60, ал. 5 ГПК), and the act may be adopted only after "
        "it: %(last)s + 1 day = %(earliest)s.",
        last=_day(term.last_day),
        earliest=_day(term.earliest_adoption),
    )
    if not term.rule.is_normative:
        return runs
    report = pgettext(
        "consultations",
        "Before that, the report on the proposals received has to be published (чл. 26, ал. 5 ЗНА). An amendment to an "
        "ordinance of Haskovo that was published on %(published)s with 14 days and adopted on the last of them, "
        "%(adopted)s, one day early, was annulled by the court (Решение № 367/09.06.2011).",
        published=_day(date(2011, 3, 11)),
        adopted=_day(date(2011, 3, 25)),
    )
    return f"{runs} {report}"


def why_open_until(term: Term) -> str:
    """Why opinions are taken until 23:59:59 of the last day and not a second longer."""
    return pgettext(
        "consultations",
        "The last day counts to its end (чл. 60, ал. 5 ГПК), so opinions are taken on %(last)s until 23:59:59 on the "
        "clocks of Sofia. What arrives at 0:00:00 on %(next)s or later is late, even if it was begun before. The "
        "moment that counts is the one at which it reaches the platform.",
        last=_day(term.last_day),
        next=_day(term.last_day + ONE_DAY),
    )


def why_days(term: Term) -> str:
    """Why the term has so many days: what the law asks for at least, and whether this is the ordinary term."""
    return _say_rule(term)


def _say_rule(term: Term) -> str:
    rule, given = term.rule, _days(term.days)
    if term.days < rule.ordinary:
        return pgettext(
            "consultations",
            "The rule asks for at least %(ordinary)s, and in exceptional cases, with the reasons stated, for at least "
            "%(least)s (%(basis)s). Here %(given)s are given, and the reasons are published.",
            ordinary=_days(rule.ordinary),
            least=_days(rule.least),
            basis=rule.basis,
            given=given,
        )
    return pgettext(
        "consultations",
        "The rule asks for at least %(ordinary)s (%(basis)s). Here the term is %(given)s.",
        ordinary=_days(rule.ordinary),
        basis=rule.basis,
        given=given,
    )


def _say_start(term: Term) -> str:
    first = _day(term.counted_from + ONE_DAY)
    if term.is_extended:
        return pgettext(
            "consultations",
            "The drafts were published on %(published)s. On %(replaced)s the documents were changed, so "
            "the term is counted again from that day, which itself is not counted (чл. 60, ал. 5 ГПК): the first "
            "day is %(first)s.",
            published=_day(term.published_on),
            replaced=_day(term.counted_from),
            first=first,
        )
    return pgettext(
        "consultations",
        "The day of publication, %(published)s, is not counted (чл. 60, ал. 5 ГПК): the first day is %(first)s.",
        published=_day(term.published_on),
        first=first,
    )


def _say_sum(term: Term) -> str:
    return pgettext(
        "consultations",
        "%(start)s + %(given)s = %(end)s.",
        start=_day(term.counted_from),
        given=_days(term.days),
        end=_day(term.counted_last_day),
    )


def _say_rolled(term: Term) -> str:
    return pgettext(
        "consultations",
        "This is a day off (%(reason)s), so the term ends on the next working day, %(last)s (чл. 60, ал. 6 ГПК).",
        reason=_say_day_off(term.counted_last_day),
        last=_day(term.last_day),
    )


def _day(day: date) -> str:
    return say_date(day, year=True)


def _days(days: int) -> str:
    return npgettext("consultations", "%(num)d day", "%(num)d days", days)


def _say_day_off(day: date) -> str:
    return say_weekday(day) if day.weekday() >= SATURDAY else pgettext("consultations", "an official holiday")
