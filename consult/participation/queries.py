"""What is asked of contributions: a page of a thread, its replies, the queue, the register of a month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, select, tuple_, union_all
from sqlalchemy.orm import joinedload, selectin_polymorphic

from consult.db import db
from consult.modules import is_on
from consult.participation.models import Contribution
from consult.participation.records import Act, ContributionVersion, ContributionWords, ModerationAct, Report

K = TypeVar("K", bound=Contribution)

PER_PAGE = 20
REPLIES_SHOWN = 3
# lint: raw-table numbers only: the wall stands around the query that reads them, and here it would mislead SQLite
ANSWERS = Contribution.__table__.alias("answers")
IN_REGISTER = (Act.HIDDEN, Act.MASKED, Act.RESTORED, Act.UPHELD)


@dataclass(frozen=True)
class Thread:
    """Which contributions to a publication are wanted, in which order, and from where on.

    ``order``: "new" (newest first) or "agreed" (most agreed first). ``part_id``, ``stance`` and ``is_answered`` leave
    only those; None asks for all. ``after`` is the last one of the page before: its number and its count of agreements.
    ``is_from`` begins with that one itself, for its permalink: with twenty of its replies after ``replies_after``.
    """

    publication_id: int
    order: str = "new"
    part_id: int | None = None
    stance: str | None = None
    is_answered: bool | None = None
    after: tuple[int, int] | None = None
    is_from: bool = False
    replies_after: int = 0


@dataclass(frozen=True)
class ThreadPage(Generic[K]):
    """One page of a thread: at most twenty, to each its first replies. ``next`` asks for the following page."""

    items: Sequence[K]
    replies: dict[int, Sequence[K]]
    next: Thread | None


def thread(kind: type[K], asked: Thread, limit: int = PER_PAGE) -> ThreadPage[K]:
    """A page of a thread with its replies in one query, whatever it holds: one index gives the order and is cut there.

    The cut is made on the base table alone, before the kind's own columns are joined: where one consultation holds
    nearly all rows, PostgreSQL would otherwise join everything and sort. Without ``is_listed`` in the order, which is
    the same for all, it would walk the primary key through the rows of every other publication. SQLite takes the wrong
    index where the rows that are wanted are joined and not named by their numbers.
    """
    base = Contribution
    keys = (base.agreed, base.id) if asked.order == "agreed" else (base.id,)
    below = select(base.id).where(*_conditions(asked), *_below(asked, keys))
    page = below.order_by(base.is_listed.desc(), *(key.desc() for key in keys)).limit(limit + 1).cte("page")
    few = [select(page.c.id), *_replies_wanted(asked, select(page.c.id))]
    wanted = union_all(*few).subquery("wanted")
    found = db.session.scalars(select(kind).where(base.id.in_(select(wanted.c.id)))).all()
    place = attrgetter(*(key.key for key in keys))
    rows = sorted((one for one in found if one.reply_to_id is None), key=place, reverse=True)
    items, following = rows[:limit], None
    if len(rows) > limit:
        following = replace(asked, after=(items[-1].id, items[-1].agreed), is_from=False)
    return ThreadPage(items, _by_what_they_answer(found, asked), following)


def _replies_wanted(asked: Thread, answered: Any) -> Iterator[Select[Any]]:
    """The first three replies to each, and to the one that has its permalink here twenty: they have no gaps."""
    its, number = ANSWERS.c.reply_to_id, ANSWERS.c.reply_number
    yield select(ANSWERS.c.id).where(its.in_(answered), number.between(1, REPLIES_SHOWN))
    if asked.is_from and asked.after is not None:
        skipped = asked.replies_after
        yield select(ANSWERS.c.id).where(its == asked.after[0], number.between(skipped + 1, skipped + PER_PAGE))


def _by_what_they_answer(found: Sequence[K], asked: Thread) -> dict[int, Sequence[K]]:
    own = asked.after[0] if asked.is_from and asked.after is not None else None
    replies: dict[int, list[K]] = {}
    for one in sorted(found, key=attrgetter("reply_number")):
        is_skipped = one.reply_to_id == own and one.reply_number <= asked.replies_after
        if one.reply_to_id is not None and not is_skipped:
            replies.setdefault(one.reply_to_id, []).append(one)
    return {number: tuple(few) for number, few in replies.items()}


def _conditions(asked: Thread) -> list[ColumnElement[bool]]:
    base = Contribution
    conditions = [base.publication_id == asked.publication_id, base.is_listed.is_(True)]
    if asked.part_id is not None:
        conditions.append(base.part_id == asked.part_id)
    if asked.stance is not None:
        conditions.append(base.stance == asked.stance)
    if asked.is_answered is not None:
        conditions.append(base.is_answered.is_(asked.is_answered))
    return conditions


def _below(asked: Thread, keys: tuple[Any, ...]) -> list[ColumnElement[bool]]:
    if asked.after is None:
        return []
    number, agreed = asked.after
    place = (agreed, number) if len(keys) == 2 else (number,)
    row = tuple_(*keys) if len(keys) == 2 else keys[0]
    bound = tuple_(*place) if len(keys) == 2 else number
    return [row <= bound if asked.is_from else row < bound]


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
