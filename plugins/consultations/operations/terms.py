"""The term of a consultation: set when it is published, counted anew when a document is replaced."""

from __future__ import annotations

from datetime import timedelta

from consult.api import (
    Publication,
    announce,
    db,
    local,
    now,
    operation,
    record,
    setting,
    shown_towns,
    today,
    will_change,
)
from plugins.consultations.models import CLOSING_SOON_DAYS, Consultation, Procedure
from plugins.consultations.terms import Rule, Term, closes_at, extended, term_of

HOURS_SAID = 48  # before the deadline: from then on pages say the hours


def rule_of(procedure: Procedure) -> Rule:
    """What the type of procedure asks of a term."""
    return Rule(procedure.days_legal, procedure.days_shortened, procedure.basis, procedure.is_normative)


def term(consultation: Consultation) -> Term | None:
    """The term with its arithmetic, or None before it is known when it opens."""
    opens_at = consultation.opens_at or consultation.published_at
    if opens_at is None:
        return None
    rule = rule_of(db.session.get_one(Procedure, consultation.procedure_id))
    counted = term_of(local(opens_at).date(), consultation.days, rule, rolls_over())
    if consultation.counted_from is not None and consultation.counted_from != counted.published_on:
        counted = extended(counted, consultation.counted_from, rolls_over())
    return counted


def rolls_over() -> bool:
    """Whether a term that ends on a day off ends on the next working day here."""
    return bool(setting("consultations.rolls_over"))


@operation
def set_term(consultation: Consultation) -> None:
    """Sets when it opens and until when people may write, once it is known when it is published."""
    if consultation.published_at is None:
        return
    consultation.opens_at = max(consultation.opens_at or consultation.published_at, consultation.published_at)
    counted = term(consultation)
    if counted is not None:
        _keep(consultation, counted)


@operation
def extend_term(consultation: Consultation, what: str) -> None:
    """A document was replaced while people write: the days are counted again from today, and all can read why."""
    before = term(consultation)
    if before is None:
        return
    later = extended(before, today(), rolls_over())
    line = f"{today():%d.%m.%Y} | {what} | {later.last_day:%d.%m.%Y}"
    consultation.replaced = "\n".join([*consultation.lines("replaced"), line])
    _keep(consultation, later)
    words = {"what": what, "last_day": later.last_day.isoformat()}
    record("consultations.term_extended", consultation.kind, consultation.id, words)
    announce("consultations.extended", consultation=consultation)


def _keep(consultation: Consultation, counted: Term) -> None:
    consultation.counted_from, consultation.last_day = counted.counted_from, counted.last_day
    consultation.closes_at = closes_at(counted.last_day)
    towns = shown_towns(consultation)
    moments = [consultation.opens_at or now(), consultation.closes_at + timedelta(seconds=1)]
    moments += [consultation.closes_at - timedelta(hours=hours) for hours in range(HOURS_SAID + 1)]
    moments.append(closes_at(counted.last_day - timedelta(days=CLOSING_SOON_DAYS + 1)))
    for moment in moments:
        if moment > now():
            will_change(moment, *towns)


def hear_published(publication: Publication) -> None:
    """A consultation that was just published has a term from now on."""
    if isinstance(publication, Consultation):
        set_term(publication)
