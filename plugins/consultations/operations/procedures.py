"""The types of procedures of a municipality: those that the law knows, and what its admins make of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from consult.api import Conflict, Refused, db, here, lazy_pgettext, operation, record, slug, touch
from plugins.consultations.models import Procedure
from plugins.consultations.policy import PROCEDURES
from plugins.consultations.queries import mark_of, procedures
from plugins.consultations.terms import Rule, check_rule

KEY_MAX = 40


@operation
def add_usual_procedures() -> Sequence[Procedure]:
    """The types with which every municipality begins; where there are any, nothing happens.

    Two who come at once make them once: the second one's rows are refused, and it sees those of the first.
    """
    known = procedures()
    if known:
        return known
    try:
        with db.session.begin_nested():
            db.session.add_all(_usual(position, usual) for position, usual in enumerate(PROCEDURES))
    except IntegrityError:
        return procedures()
    return procedures()


def _usual(position: int, usual: Sequence[object]) -> Procedure:
    key, name, days, shortened, is_normative, documents, follows, basis = usual
    return Procedure(
        key=key,
        name=name,
        days_legal=days,
        days_shortened=shortened,
        is_normative=is_normative,
        documents=list(documents),  # type: ignore[call-overload]
        follows="\n".join(step.strip().capitalize() for step in str(follows).split(";")),
        basis=basis,
        position=position,
    )


@operation
def add_procedure(words: Mapping[str, object]) -> Procedure:
    """A type of the municipality's own. Raises Refused for days that the law does not allow, and for a name twice."""
    name = str(words["name"])
    key = slug(name, KEY_MAX)
    if db.session.scalar(select(Procedure.id).where((Procedure.key == key) | (Procedure.name == name))) is not None:
        raise _twice()
    added = Procedure(key=key, position=len(procedures()), **words)
    check_rule(_rule(added))
    try:
        with db.session.begin_nested():
            db.session.add(added)
    except IntegrityError:
        raise _twice() from None
    _note("consultations.procedure_added", added)
    return added


@operation
def change_procedure(procedure: Procedure, seen: str, words: Mapping[str, object]) -> None:
    """Gives the type other words. What is open keeps the rule by which its term was set.

    Raises Conflict when it no longer says what it said when ``seen`` was its mark (``queries.mark_of``), and Refused
    for days that the law does not allow and for the name of another type.
    """
    db.session.refresh(procedure, with_for_update=True)
    if seen != mark_of(procedure):
        raise Conflict(lazy_pgettext("consultations", "Somebody else has changed this type meanwhile. Both are below."))
    name = words.get("name", procedure.name)
    if db.session.scalar(select(Procedure.id).where(Procedure.name == name, Procedure.id != procedure.id)) is not None:
        raise _twice()
    for column, value in words.items():
        setattr(procedure, column, value)
    check_rule(_rule(procedure))
    _note("consultations.procedure_changed", procedure)


def _rule(procedure: Procedure) -> Rule:
    return Rule(procedure.days_legal, procedure.days_shortened, procedure.basis, procedure.is_normative)


def _twice() -> Refused:
    return Refused(lazy_pgettext("consultations", "There is a type of this name already."), "name")


def _note(what: str, procedure: Procedure) -> None:
    db.session.flush()
    words = {"name": procedure.name, "days": procedure.days_legal, "shortened": procedure.days_shortened}
    record(what, "consultations.procedure", procedure.id, words)
    touch(here().id)
