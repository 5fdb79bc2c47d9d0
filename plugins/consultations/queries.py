"""What is asked of consultations: their versions and passages, and which are open, coming or over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import defer

from consult.api import Contribution, Cursor, Listing, Tally, db, here, listed_here, listed_in_region, now, today
from plugins.consultations.drafts.provisions import Kind, Provision
from plugins.consultations.models import (
    Consultation,
    DraftVersion,
    Opinion,
    Outcome,
    Passage,
    Procedure,
    ProvisionRow,
    Stance,
    this_second,
)

AT_ONCE = 100  # consultations held in memory


def version_of(consultation: Consultation, number: int) -> DraftVersion | None:
    """The version of this number: 0 is the act in force."""
    its = (DraftVersion.consultation_id == consultation.id, DraftVersion.number == number)
    return db.session.scalar(select(DraftVersion).where(*its))


def versions_of(consultation: Consultation) -> Sequence[DraftVersion]:
    """All versions, the act in force first, without their texts: the provisions say the same."""
    its = select(DraftVersion).where(DraftVersion.consultation_id == consultation.id).options(defer(DraftVersion.text))
    return db.session.scalars(its.order_by(DraftVersion.number)).all()


def shown_versions(consultation: Consultation) -> Sequence[DraftVersion]:
    """Those that people may read: what the staff tried before the opening is theirs."""
    return [one for one in versions_of(consultation) if one.opened_at is not None]


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


def count_versions(consultation: Consultation) -> int:
    """How many texts it has, the act in force among them."""
    its = DraftVersion.consultation_id == consultation.id
    return db.session.scalar(select(func.count()).select_from(DraftVersion).where(its)) or 0


def own_writable(until: datetime | None = None) -> Iterator[Consultation]:
    """This municipality's own on which people can write now, those that close first before the others; all of them.

    Only those that close no later than ``until``. They are read some at a time, each page after the last of the other.
    """
    row = (Consultation.closes_at, Consultation.id)
    walk = _own_undecided().where(Consultation.opens_at <= now(), Consultation.closes_at >= this_second())
    if until is not None:
        walk = walk.where(Consultation.closes_at <= until)
    page = db.session.scalars(walk.order_by(*row).limit(AT_ONCE)).all()
    while page:
        yield from page
        behind = tuple_(*row) > tuple_(page[-1].closes_at, page[-1].id)
        page = db.session.scalars(walk.where(behind).order_by(*row).limit(AT_ONCE)).all()


def own_unreported(limit: int) -> tuple[Sequence[Consultation], int]:
    """Those that are closed, without a decision and without a report on opinions: the oldest, and how many in all."""
    closed = _own_undecided().where(Consultation.closes_at < this_second(), Consultation.reported_at.is_(None))
    first = db.session.scalars(closed.order_by(Consultation.closes_at, Consultation.id).limit(limit)).all()
    if len(first) < limit:
        return first, len(first)
    return first, db.session.scalar(closed.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def _own_undecided() -> Select[Consultation]:
    """This municipality's own that people may read and that are not decided yet."""
    read = Consultation.published_at <= now(), Consultation.withdrawn_at.is_(None)
    mine = select(Consultation).where(Consultation.municipality_id == here().id, *read)
    return mine.where(Consultation.outcome == Outcome.NONE)


def own_unopened(limit: int = 20) -> Sequence[Consultation]:
    """Those that nobody can read yet, the newest first."""
    unread = or_(Consultation.published_at.is_(None), Consultation.published_at > now())
    mine = select(Consultation).where(Consultation.municipality_id == here().id, unread)
    return db.session.scalars(mine.order_by(Consultation.id.desc()).limit(limit)).all()


def about_to_show(within: timedelta) -> Sequence[Consultation]:
    """This municipality's own that show themselves this soon, and that nobody can read yet."""
    its = (Consultation.municipality_id == here().id, Consultation.state == "scheduled")
    soon = Consultation.published_at.between(now(), now() + within)
    return db.session.scalars(select(Consultation).where(*its, soon).order_by(Consultation.id)).all()


# ---- Types of procedures


def procedures() -> Sequence[Procedure]:
    """All types of this municipality in their order, those that are offered no more included."""
    return db.session.scalars(select(Procedure).order_by(Procedure.position, Procedure.id)).all()


def offered_procedures(consultation: Consultation | None) -> Sequence[Procedure]:
    """The types to choose from: those that are offered, and the one that this consultation has."""
    own = consultation.procedure_id if consultation is not None else None
    return [procedure for procedure in procedures() if procedure.is_offered or procedure.id == own]


PROCEDURE_COLUMNS = (
    "name", "basis", "days_legal", "days_shortened", "is_normative", "documents", "follows", "is_offered",
)  # fmt: skip


def mark_of(procedure: Procedure) -> str:
    """A mark of all that a type says now; it changes with any of it."""
    return sha256(repr([getattr(procedure, name) for name in PROCEDURE_COLUMNS]).encode()).hexdigest()[:12]


# ---- Lists of consultations


def consultations_here(which: str, topic: str | None, after: Cursor | None, limit: int = 20) -> Listing[Consultation]:
    """One page of the consultations that are "open", "upcoming" or "closed" here: two queries and the translations.

    Those that close first come first, the upcoming ones by their opening, the closed ones newest first.
    """
    wanted = _standing(listed_here(Consultation), which)
    if topic is not None:
        wanted = wanted.where(Consultation.topic == topic)
    total = db.session.scalar(wanted.with_only_columns(func.count())) or 0
    moment = Consultation.opens_at if which == "upcoming" else Consultation.closes_at
    keys = (moment, Consultation.id)
    if after is not None:
        row, bound = tuple_(*keys), tuple_(after.listed_at, after.publication_id)
        wanted = wanted.where(row < bound if which == "closed" else row > bound)
    ordered = wanted.order_by(*(key.desc() for key in keys)) if which == "closed" else wanted.order_by(*keys)
    rows = db.session.scalars(ordered.limit(limit + 1)).all()
    first, following = after.position if after is not None else 1, None
    if len(rows) > limit:
        last = rows[limit - 1]
        at = last.opens_at if which == "upcoming" else last.closes_at
        following = Cursor(at or now(), last.id, first + limit)
    return Listing(rows[:limit], first, total, following, limit)


def _standing(listed: Select[Consultation], which: str) -> Select[Consultation]:
    """By the same moments as ``Consultation.phase``."""
    moment, is_decided = now(), Consultation.outcome != Outcome.NONE
    if which == "closed":
        return listed.where(or_(is_decided, Consultation.closes_at < this_second()))
    undecided = listed.where(~is_decided)
    if which == "upcoming":
        return undecided.where(Consultation.opens_at > moment)
    return undecided.where(Consultation.opens_at <= moment, Consultation.closes_at >= this_second())


def opinions_to(consultations: Sequence[Consultation]) -> dict[int, int]:
    """How many opinions each of these was given, by its number; replies are not counted. One query."""
    if not consultations:
        return {}
    its = Tally.publication_id.in_([one.id for one in consultations])
    counted = select(Tally.publication_id, func.sum(Tally.accepted)).where(its, Tally.stance.in_(list(Stance)))
    return {row[0]: int(row[1]) for row in db.session.execute(counted.group_by(Tally.publication_id))}


# ---- Outlets


def asked_here(limit: int) -> Sequence[Consultation]:
    """What people are asked now, the nearest deadline first; then what they will be asked."""
    return db.session.scalars(_asked(listed_here(Consultation)).limit(limit)).all()


def closing_in_region(limit: int, until: datetime) -> Sequence[Consultation]:
    """What is open in any municipality and closes before ``until``, the nearest deadline first."""
    asked = _asked(listed_in_region(Consultation, "consultations"))
    closing = asked.where(Consultation.opens_at <= now(), Consultation.closes_at < until)
    return db.session.scalars(closing.limit(limit)).all()


def _asked(listed: Select[Consultation]) -> Select[Consultation]:
    moment = now()
    asked = listed.where(Consultation.outcome == Outcome.NONE, Consultation.closes_at >= this_second())
    return asked.order_by(Consultation.opens_at > moment, Consultation.closes_at, Consultation.id)


def answered_here(limit: int) -> Sequence[Consultation]:
    """Those after which people were answered: what was decided, or the report on opinions; the newest first."""
    return db.session.scalars(_answered(listed_here(Consultation)).limit(limit)).all()


def answered_in_region(limit: int) -> Sequence[Consultation]:
    """The same of all municipalities."""
    return db.session.scalars(_answered(listed_in_region(Consultation, "consultations")).limit(limit)).all()


def _answered(listed: Select[Consultation]) -> Select[Consultation]:
    is_answered = or_(Consultation.outcome != Outcome.NONE, Consultation.reported_at <= now())
    return listed.where(is_answered).order_by(Consultation.closes_at.desc(), Consultation.id.desc())


def newest_by(column: Any, until: datetime | date, topic: str | None, limit: int) -> Sequence[Consultation]:
    """Those to which something happened (``column``: its moment or day) last before ``until``, the newest first."""
    happened = listed_here(Consultation).where(column <= until)
    if topic is not None:
        happened = happened.where(Consultation.topic == topic)
    return db.session.scalars(happened.order_by(column.desc(), Consultation.id.desc()).limit(limit)).all()


def for_calendars() -> Sequence[Consultation]:
    """What a calendar that is subscribed to shows: last days and sittings from sixty days back on."""
    return db.session.scalars(_of_the_year(listed_here(Consultation))).all()


def for_calendars_of_region() -> Sequence[Consultation]:
    """The same of all municipalities."""
    return db.session.scalars(_of_the_year(listed_in_region(Consultation, "consultations"))).all()


def _of_the_year(listed: Select[Consultation]) -> Select[Consultation]:
    day = today() - timedelta(days=60)
    is_near = or_(Consultation.last_day >= day, Consultation.sitting_on >= day)
    return listed.where(is_near).order_by(Consultation.last_day, Consultation.id).limit(500)


# ---- Open data


def consultations_after(number: int, limit: int) -> Sequence[Consultation]:
    """The next consultations that lists here show, by their numbers."""
    following = listed_here(Consultation).where(Consultation.id > number)
    return db.session.scalars(following.order_by(Consultation.id).limit(limit)).all()


def accepted_after(consultation_id: int, is_listed: bool, number: int, limit: int) -> Sequence[Opinion]:
    """The next opinions (or replies, where not ``is_listed``) that count, by their numbers: a walk along one index."""
    base = Contribution
    its = (base.publication_id == consultation_id, base.is_listed.is_(is_listed), base.id > number)
    cut = select(base.id).where(*its).order_by(base.id).limit(limit).subquery()
    following = select(Opinion).join(cut, cut.c.id == Opinion.id).order_by(cut.c.id)
    return db.session.scalars(following).all()
