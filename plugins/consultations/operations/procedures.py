"""The types of procedures of a municipality: those that the law knows are there from the start."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from consult.api import db, operation
from plugins.consultations.models import Procedure
from plugins.consultations.policy import PROCEDURES


def procedures() -> Sequence[Procedure]:
    """All types of this municipality in their order, those that are offered no more included."""
    return db.session.scalars(select(Procedure).order_by(Procedure.position, Procedure.id)).all()


@operation
def add_usual_procedures() -> Sequence[Procedure]:
    """The types with which every municipality begins; where there are any, nothing happens."""
    known = procedures()
    if known:
        return known
    for position, usual in enumerate(PROCEDURES):
        key, name, days, shortened, is_normative, documents, follows, basis = usual
        db.session.add(
            Procedure(
                key=key,
                name=name,
                days_legal=days,
                days_shortened=shortened,
                is_normative=is_normative,
                documents=list(documents),
                follows="\n".join(step.strip().capitalize() for step in follows.split(";")),
                basis=basis,
                position=position,
            )
        )
    db.session.flush()
    return procedures()
