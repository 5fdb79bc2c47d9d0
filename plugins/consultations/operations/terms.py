"""The term of a consultation: set when it is published or scheduled, counted anew when a document is changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from consult.api import (
    Publication,
    announce,
    attachments_of,
    db,
    local,
    now,
    operation,
    record,
    setting,
    shown_towns,
    start_of_day,
    today,
    touch_shown,
    will_change,
)
from plugins.consultations import notices
from plugins.consultations.models import CLOSING_SOON_DAYS, DRAFT, Consultation, DraftVersion, Passage, Procedure, Trace
from plugins.consultations.policy import TERM_DOCUMENTS
from plugins.consultations.terms import Rule, Term, closes_at, extended, term_kept, term_of

HOURS_SAID = 48  # before the deadline: from then on pages say the hours


def rule_of(procedure: Procedure) -> Rule:
    """What the type of procedure asks of a term."""
    return Rule(procedure.days_legal, procedure.days_shortened, procedure.basis, procedure.is_normative)


def rule_for(consultation: Consultation) -> Rule:
    """The rule by which this term is counted: as it was when the term was set, whatever became of the type since."""
    if consultation.rule_days is None:
        return rule_of(db.session.get_one(Procedure, consultation.procedure_id))
    return Rule(consultation.rule_days, consultation.rule_shortened, consultation.basis, consultation.rule_normative)


def term(consultation: Consultation) -> Term | None:
    """The term with its arithmetic, or None before it is known when it opens.

    The last day that people were told stays, whatever the municipality decided about days off since.
    """
    opens_at = consultation.opens_at or consultation.published_at
    if opens_at is None:
        return None
    published_on, rule = local(opens_at).date(), rule_for(consultation)
    if consultation.counted_from is None or consultation.last_day is None:
        return term_of(published_on, consultation.days, rule, rolls_over())
    return term_kept(published_on, consultation.days, rule, consultation.counted_from, consultation.last_day)


def planned_term(consultation: Consultation, at: datetime | None = None) -> Term:
    """The term that it would get if it were published at this moment, or now."""
    rule = rule_of(db.session.get_one(Procedure, consultation.procedure_id))
    return term_of(local(_opening(consultation, at or now())).date(), consultation.days, rule, rolls_over())


def _opening(consultation: Consultation, published_at: datetime) -> datetime:
    """When it opens: as soon as it is published, but not before the day that was wished for."""
    if consultation.opens_on is not None:
        return max(published_at, start_of_day(consultation.opens_on))
    if consultation.rule_days is None and consultation.opens_at is not None:  # brought over with its own moment
        return max(published_at, consultation.opens_at)
    return published_at


def rolls_over() -> bool:
    """Whether a term that ends on a day off ends on the next working day here."""
    return bool(setting("consultations.rolls_over"))


@operation
def set_term(consultation: Consultation) -> None:
    """Sets when it opens and until when people may write, once it is known when it is published."""
    if consultation.published_at is None:
        return
    consultation.opens_at, consultation.counted_from = _opening(consultation, consultation.published_at), None
    procedure = db.session.get_one(Procedure, consultation.procedure_id)
    consultation.procedure_name, consultation.basis = procedure.name, procedure.basis
    consultation.rule_days, consultation.rule_shortened = procedure.days_legal, procedure.days_shortened
    consultation.rule_normative = procedure.is_normative
    _show_texts(consultation)
    counted = term(consultation)
    if counted is not None:
        _keep(consultation, counted)


def _show_texts(consultation: Consultation) -> None:
    """People read the act in force and the draft that opens; what was tried before stays with the staff.

    So to them no article has changed yet, and none was dropped.
    """
    its = select(DraftVersion).where(DraftVersion.consultation_id == consultation.id)
    for version in db.session.scalars(its):
        is_read = version.number in (0, consultation.version)
        version.opened_at = (version.opened_at or consultation.opens_at) if is_read else None
    passages = select(Passage).where(Passage.consultation_id == consultation.id)
    for passage in db.session.scalars(passages):
        passage.new_in, passage.changed_in, passage.moved_from = 0, 0, ""
        if passage.dropped_in:
            db.session.delete(passage)


@operation
def extend_term(consultation: Consultation, what: str, became: str = Trace.REPLACED) -> None:
    """A document changed while people write: the days are counted again from today, and all can read why.

    ``became`` is one of ``Trace``: what became of the document ``what``.
    """
    before = term(consultation)
    if before is None:
        return
    later = extended(before, today(), rolls_over())
    line = [f"{today():%d.%m.%Y}", what, f"{later.last_day:%d.%m.%Y}", *([became] if became else [])]
    consultation.replaced = "\n".join([*consultation.lines("replaced"), " | ".join(line)])
    _keep(consultation, later)
    words = {"what": what, "became": became, "last_day": later.last_day.isoformat()}
    record("consultations.term_extended", consultation.kind, consultation.id, words)
    touch_shown(consultation)
    notices.tell_extended(consultation, what, became)
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
    """A consultation that was just published has a term from now on, and its texts can be read."""
    if isinstance(publication, Consultation):
        set_term(publication)


def hear_scheduled(publication: Publication) -> None:
    """What will show itself has its term before it does: nobody waits for the clock's minute to write."""
    if isinstance(publication, Consultation):
        set_term(publication)


def hear_files_changed(publication: Publication, title: str, role: str, is_added: bool) -> None:
    """A document that people speak of gives them a new term; the report on their opinions starts the decision."""
    if not isinstance(publication, Consultation):
        return
    if role in TERM_DOCUMENTS and publication.takes_opinions:
        extend_term(publication, title, _became(publication, role, is_added))
    if role == "report":
        _note_report(publication, is_added)


def _became(consultation: Consultation, role: str, is_added: bool) -> str:
    """What the procedure asks for was there at the opening: the only document of such a role stands for another."""
    if not is_added:
        return Trace.REMOVED
    required = db.session.get_one(Procedure, consultation.procedure_id).documents
    is_only = len(attachments_of(consultation, role)) == 1
    return Trace.REPLACED if is_only and role in required and role != DRAFT else Trace.ADDED


def _note_report(consultation: Consultation, is_added: bool) -> None:
    """It is published when it is added after the last opinion; to take one of several away publishes nothing."""
    is_over = consultation.is_open and consultation.closes_at is not None and now() > consultation.closes_at
    if not attachments_of(consultation, "report"):
        consultation.reported_at = None
    elif is_added and is_over and consultation.reported_at is None:
        consultation.reported_at = now()
        notices.tell_reported(consultation)
