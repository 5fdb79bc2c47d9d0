"""What is asked of consultations: their versions and passages, and which are open, coming or over."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from consult.api import db
from plugins.consultations.drafts.provisions import Kind, Provision
from plugins.consultations.models import Consultation, DraftVersion, Passage, ProvisionRow


def version_of(consultation: Consultation, number: int) -> DraftVersion | None:
    """The version of this number: 0 is the act in force."""
    its = (DraftVersion.consultation_id == consultation.id, DraftVersion.number == number)
    return db.session.scalar(select(DraftVersion).where(*its))


def versions_of(consultation: Consultation) -> Sequence[DraftVersion]:
    """All versions, the act in force first."""
    its = select(DraftVersion).where(DraftVersion.consultation_id == consultation.id)
    return db.session.scalars(its.order_by(DraftVersion.number)).all()


def rows_of(version_id: int, passage_id: int | None = None) -> Sequence[ProvisionRow]:
    """The provisions of a version in reading order, or those of one passage."""
    its = select(ProvisionRow).where(ProvisionRow.version_id == version_id)
    if passage_id is not None:
        its = its.where(ProvisionRow.passage_id == passage_id)
    return db.session.scalars(its.order_by(ProvisionRow.position)).all()


def provisions_of(version_id: int) -> tuple[Provision, ...]:
    """The provisions of a version as the engine of drafts takes them."""
    return tuple(provision_of(row) for row in rows_of(version_id))


def provision_of(row: ProvisionRow) -> Provision:
    """A row as the engine of drafts takes it."""
    table = tuple(tuple(cells) for cells in row.table) if row.table is not None else None
    return Provision(row.eid, Kind(row.kind), row.number, row.heading, row.text, row.parent, table)


def passages_of(consultation_id: int) -> Sequence[Passage]:
    """The articles that people may speak of, in reading order; those that a version dropped come last."""
    its = select(Passage).where(Passage.consultation_id == consultation_id)
    return db.session.scalars(its.order_by(Passage.dropped_in > 0, Passage.position, Passage.id)).all()


def passage_by_slug(consultation_id: int, slug: str) -> Passage | None:
    """The passage whose article has this address now."""
    its = (Passage.consultation_id == consultation_id, Passage.slug == slug, Passage.dropped_in == 0)
    return db.session.scalar(select(Passage).where(*its))
