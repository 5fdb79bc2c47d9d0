"""Whether a consultation may be opened, and opening it; what was decided in the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from consult.api import (
    Conflict,
    Refused,
    attachments_of,
    change,
    db,
    lazy_pgettext,
    local,
    operation,
    pgettext,
    publish,
    record,
    render_markdown,
    restore,
    say_date,
    schedule,
    today,
)
from plugins.consultations import notices
from plugins.consultations.models import DRAFT, Consultation, Outcome, Procedure, this_second
from plugins.consultations.operations.terms import planned_term, rule_for, rule_of, set_term, term
from plugins.consultations.policy import DOCUMENTS
from plugins.consultations.queries import about_to_show
from plugins.consultations.terms import check_days, why_earliest_adoption

POINTS = 3  # of what changes, in the brief
STOPPED_BEFORE = timedelta(minutes=5)  # the clock comes each minute, and people read it at its moment without the clock


@dataclass(frozen=True)
class Step:
    """One thing that has to be there before people are asked. ``missing`` is the sentence for what is not, or None.

    ``page`` is where it is mended: "edit" (at the field ``name``), "text" or "files".
    """

    name: str
    title: Any
    page: str
    missing: Any = None


def steps(consultation: Consultation) -> Sequence[Step]:
    """Everything that the law, or people, ask of it before it opens, in the order of the task list."""
    return [*_brief(consultation), _text(consultation), *_documents(consultation), *_rest(consultation)]


def require_ready(consultation: Consultation) -> None:
    """Raises Refused with all that is missing, whichever way it would be shown to people."""
    missing = [str(step.missing) for step in steps(consultation) if step.missing]
    if missing:
        raise Refused(
            lazy_pgettext("consultations", "This cannot be opened yet. %(missing)s", missing=" ".join(missing))
        )


def _brief(consultation: Consultation) -> Iterator[Step]:
    points = len(consultation.lines("changes"))
    yield Step(
        "changes",
        lazy_pgettext("consultations", "What changes, in three points"),
        "edit",
        lazy_pgettext("consultations", "Say in three points what changes.") if points != POINTS else None,
    )
    yield Step(
        "affected",
        lazy_pgettext("consultations", "Who is affected"),
        "edit",
        lazy_pgettext("consultations", "Say who is affected.") if not consultation.affected.strip() else None,
    )
    yield Step(
        "ask",
        lazy_pgettext("consultations", "What we ask"),
        "edit",
        lazy_pgettext("consultations", "Say what you ask people.") if not consultation.ask.strip() else None,
    )


def _text(consultation: Consultation) -> Step:
    title = lazy_pgettext("consultations", "The draft by article")
    sentence = lazy_pgettext("consultations", "Add the text of the draft, so that people can speak of each article.")
    return Step("text", title, "text", sentence if not consultation.version else None)


def _documents(consultation: Consultation) -> Iterator[Step]:
    needed = [one for one in _procedure(consultation).documents if one in DOCUMENTS and one != DRAFT]
    there = {file.role for file in attachments_of(consultation)} if needed else set()
    for role in needed:
        sentence = lazy_pgettext("consultations", "Attach the document “%(role)s”.", role=DOCUMENTS[role])
        yield Step(role, DOCUMENTS[role], "files", sentence if role not in there else None)


def _rest(consultation: Consultation) -> Iterator[Step]:
    field, sentence = "days", None
    try:
        check_days(consultation.days, rule_of(_procedure(consultation)), consultation.short_reasons)
    except Refused as refused:
        field, sentence = refused.field or "days", refused.sentence
    yield Step(field, lazy_pgettext("consultations", "The days for opinions"), "edit", sentence)
    has_contact = consultation.contact_role and (consultation.contact_email or consultation.contact_phone)
    yield Step(
        "contact_role",
        lazy_pgettext("consultations", "Whom to ask"),
        "edit",
        None
        if has_contact
        else lazy_pgettext("consultations", "Say who answers questions, and an e-mail or telephone."),
    )


def _procedure(consultation: Consultation) -> Procedure:
    return db.session.get_one(Procedure, consultation.procedure_id)


@operation
def open_consultation(consultation: Consultation, at: datetime | None, promised: date | None) -> None:
    """Publishes it now, or lets it show itself at a moment; its term is set with that.

    ``promised`` is the last day that stood on the button. Raises Conflict if it would be another one by now, and
    Refused for what is not ready.
    """
    db.session.refresh(consultation, with_for_update={"key_share": True})
    require_ready(consultation)
    last_day = planned_term(consultation, at).last_day
    if promised != last_day:
        raise Conflict(
            lazy_pgettext(
                "consultations",
                "Meanwhile the last day has become %(day)s. Please look at it again and confirm.",
                day=say_date(last_day, year=True),
            )
        )
    if at is not None:
        schedule(consultation, at)
    else:
        publish(consultation)


def stop_unready() -> None:
    """Every minute: what is about to show itself and is not ready becomes a draft again, and its staff read why.

    Its documents cannot be taken away while it waits; but its type may ask for more since. Its number and the moment
    that was promised stay with it.
    """
    for one in about_to_show(STOPPED_BEFORE):
        missing = [step.name for step in steps(one) if step.missing]
        if missing:
            _stop(one, missing)


@operation
def _stop(consultation: Consultation, missing: Sequence[str]) -> None:
    db.session.refresh(consultation, with_for_update={"key_share": True})
    if consultation.state != "scheduled" or consultation.is_open:
        return
    restore(consultation)
    record("consultations.opening_stopped", consultation.kind, consultation.id, {"missing": list(missing)})


@operation
def keep_consultation(consultation: Consultation) -> None:
    """Brings the term in line with what the form says now; what waits to show itself has to stay ready.

    Raises Refused for days that the law does not allow, as soon as they are typed.
    """
    if consultation.is_open:
        return
    check_days(consultation.days, rule_of(_procedure(consultation)), consultation.short_reasons)
    if consultation.state == "scheduled":
        require_ready(consultation)
        set_term(consultation)


def decide(
    consultation: Consultation,
    seen_revision: int,
    outcome: str,
    decided_on: date | None,
    text: str,
    unreported_why: str = "",
) -> None:
    """Says what was decided, with its day and words in Markdown; an empty ``outcome`` takes it back.

    Before an ordinance is adopted the report on the opinions has to be published (чл. 26, ал. 5 ЗНА), or there is a
    reason that all can read. Raises Refused without both, for a day before the act could be adopted, with why, and for
    one that has not come; Conflict when somebody changed the consultation since ``seen_revision`` was shown.
    """
    words = {"outcome": outcome, "decided_on": decided_on if outcome else None, "unreported_why": unreported_why}
    _decide(consultation, seen_revision, {**words, "outcome_text": text, "outcome_html": render_markdown(text)})


@operation
def _decide(consultation: Consultation, seen_revision: int, words: Mapping[str, object]) -> None:
    db.session.refresh(consultation, with_for_update={"key_share": True})
    if words["outcome"] != Outcome.NONE:
        _require_after_term(consultation, words["decided_on"])
    why = ""
    if words["outcome"] == Outcome.ADOPTED and rule_for(consultation).is_normative:
        why = _why_unreported(consultation, words["decided_on"], str(words["unreported_why"]))
    change(consultation, seen_revision, {**words, "unreported_why": why})
    record("consultations.decided", consultation.kind, consultation.id, {"outcome": words["outcome"]})
    if words["outcome"] != Outcome.NONE:
        notices.tell_outcome(consultation)


def _why_unreported(consultation: Consultation, day: object, why: str) -> str:
    """ "" where the report came after the last opinion and no later than the decision; else the reason, in words.

    What was published in time stays so when it is replaced by a better one.
    """
    closed = consultation.closes_at
    added = [report.added_at for report in attachments_of(consultation, "report")]
    if consultation.reported_at is not None:
        added.append(consultation.reported_at)
    days = [local(moment).date() for moment in added if closed is None or moment > closed]
    is_in_time = isinstance(day, date) and any(reported_on <= day for reported_on in days)
    if is_in_time:
        return ""
    if not any(sign.isalpha() for sign in why):
        sentence = pgettext(
            "consultations",
            "The report on the opinions has to be published before the act is adopted (чл. 26, ал. 5 ЗНА). Attach it, "
            "or say here why it was not there. Everybody can read this.",
        )
        raise Refused(sentence, "unreported_why")
    return why


def _require_after_term(consultation: Consultation, day: object) -> None:
    counted = term(consultation) if consultation.is_open else None
    if counted is None or consultation.closes_at is None or consultation.closes_at >= this_second():
        raise Refused(pgettext("consultations", "People can still write. What was decided is said after the last day."))
    if not isinstance(day, date):
        raise Refused(pgettext("consultations", "Say on which day it was decided."), "decided_on")
    if day < counted.earliest_adoption:
        raise Refused(why_earliest_adoption(counted), "decided_on")
    if day > today():
        raise Refused(pgettext("consultations", "This day has not come yet."), "decided_on")
