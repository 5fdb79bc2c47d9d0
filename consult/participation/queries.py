"""What is asked of contributions: one, its wordings, the queue, the register of a month, what a person handed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import joinedload, selectin_polymorphic

from consult.db import db
from consult.modules import is_on
from consult.participation.models import Contribution
from consult.participation.records import Act, ContributionVersion, ContributionWords, ModerationAct, Report
from consult.participation.threads import PER_PAGE

IN_REGISTER = (Act.HIDDEN, Act.MASKED, Act.RESTORED, Act.UPHELD)


def contribution_here(number: int) -> Contribution | None:
    """The contribution of this number in this municipality, if its kind's module is on."""
    return db.session.scalar(_whole(select(Contribution).where(Contribution.id == number), kinds_on()))


def contribution_kept(number: int) -> Contribution | None:
    """The same, its kind's module on or off: for its author, who may have and take back what is kept of them.

    A municipality that switches a module off keeps the data all the same (GDPR art. 15 and 17).
    """
    return db.session.scalar(_whole(select(Contribution).where(Contribution.id == number), _kinds()))


def kinds_on() -> list[str]:
    """The kinds of contributions whose plugins are installed and on here."""
    return [kind for kind in _kinds() if is_on(kind.split(".")[0])]


def _kinds() -> list[str]:
    """The kinds whose plugins are installed."""
    return [str(kind) for kind in Contribution.__mapper__.polymorphic_map if kind != "contribution"]


def _whole(asked: Select[Any], among: list[str]) -> Select[Any]:
    """With the columns of each kind, a query a kind, and without other kinds than these."""
    kinds = [mapper.class_ for mapper in Contribution.__mapper__.self_and_descendants][1:]
    return asked.where(Contribution.kind.in_(among)).options(selectin_polymorphic(Contribution, kinds))


def versions_of_contribution(
    contribution: Contribution, limit: int = 20
) -> list[tuple[ContributionVersion, ContributionWords]]:
    """The newest wordings that everybody may compare, oldest first: those that were not sealed."""
    found = (
        select(ContributionVersion, ContributionWords)
        .join(ContributionWords, ContributionWords.version_id == ContributionVersion.id)
        .where(ContributionVersion.contribution_id == contribution.id)
        .where(ContributionVersion.number > contribution.sealed_to)
        .order_by(ContributionVersion.number.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.session.execute(found)][::-1]


def queue(after: tuple[datetime, int] | None = None, limit: int = PER_PAGE) -> Sequence[Contribution]:
    """What waits for a moderator here, oldest first."""
    asked = _whole(select(Contribution).where(Contribution.queued_at.is_not(None)), kinds_on())
    if after is not None:
        asked = asked.where(tuple_(Contribution.queued_at, Contribution.id) > tuple_(*after))
    return db.session.scalars(asked.order_by(Contribution.queued_at, Contribution.id).limit(limit)).all()


def waiting() -> tuple[int, datetime | None]:
    """How many contributions wait for a moderator here, at most a hundred counted, and since when the oldest does."""
    conditions = (Contribution.queued_at.is_not(None), Contribution.kind.in_(kinds_on()))
    asked = select(Contribution.queued_at).where(*conditions).order_by(Contribution.queued_at, Contribution.id)
    found = db.session.scalars(asked.limit(100)).all()
    return len(found), next(iter(found), None)


def open_reports(contribution: Contribution) -> Sequence[Report]:
    """The reports that no moderator has settled yet, oldest first."""
    mine = select(Report).where(Report.contribution_id == contribution.id, Report.settled_at.is_(None))
    return db.session.scalars(mine.order_by(Report.id)).all()


def everything_said(contribution: Contribution) -> list[tuple[ContributionVersion, ContributionWords]]:
    """All wordings, the sealed ones too, oldest first: for its author, who may have what is kept (GDPR art. 15)."""
    found = (
        select(ContributionVersion, ContributionWords)
        .join(ContributionWords, ContributionWords.version_id == ContributionVersion.id)
        .where(ContributionVersion.contribution_id == contribution.id)
        .order_by(ContributionVersion.number)
    )
    return [(row[0], row[1]) for row in db.session.execute(found)]


def acts_of(contribution: Contribution) -> Sequence[ModerationAct]:
    """All that was done about it, oldest first."""
    mine = select(ModerationAct).where(ModerationAct.contribution_id == contribution.id)
    return db.session.scalars(mine.options(joinedload(ModerationAct.words)).order_by(ModerationAct.id)).all()


def register(since: datetime, until: datetime) -> Sequence[tuple[ModerationAct, Contribution]]:
    """What was hidden, masked and shown again between two moments, oldest first: the public register of a month."""
    found = (
        select(ModerationAct, Contribution)
        .join(Contribution, Contribution.id == ModerationAct.contribution_id)
        .where(ModerationAct.at >= since, ModerationAct.at < until, ModerationAct.act.in_(IN_REGISTER))
        .where(Contribution.kind.in_(kinds_on()))
        .options(joinedload(ModerationAct.words))
        .order_by(ModerationAct.at, ModerationAct.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(found)]


def register_begins() -> datetime | None:
    """When the first of what stands in the register was done here, or None."""
    return db.session.scalar(select(func.min(ModerationAct.at)).where(ModerationAct.act.in_(IN_REGISTER)))


def mine(person_id: int, before: int | None = None, limit: int = PER_PAGE) -> Sequence[Contribution]:
    """What a person has handed in here, newest first, also where the module is off now."""
    own = _whole(select(Contribution).where(Contribution.person_id == person_id), _kinds())
    if before is not None:
        own = own.where(Contribution.id < before)
    return db.session.scalars(own.order_by(Contribution.id.desc()).limit(limit)).all()
