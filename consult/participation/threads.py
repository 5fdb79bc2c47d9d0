"""The thread of a publication: one page of what people say, with the first replies to each, in one query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, bindparam, select, tuple_, union_all

from consult.db import db
from consult.participation.models import Contribution
from consult.tenancy import walled

K = TypeVar("K", bound=Contribution)

PER_PAGE = 20
REPLIES_SHOWN = 3
# lint: raw-table numbers only: the wall stands around the query that reads them, and here it would mislead SQLite
ANSWERS = Contribution.__table__.alias("answers")


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

    @property
    def values(self) -> dict[str, Any]:
        """What the query of such a page is asked with."""
        number, agreed = self.after or (None, None)
        first, last = self.replies_after + 1, self.replies_after + PER_PAGE
        return {"number": number, "agreed_by": agreed, "first_reply": first, "last_reply": last} | vars(self)

    @property
    def shape(self) -> Thread:
        """The same question without its values: pages of one shape share their query."""
        after = (0, 0) if self.after is not None else None
        part, stance = 0 if self.part_id is not None else None, "" if self.stance is not None else None
        return Thread(0, self.order, part, stance, True if self.is_answered is not None else None, after, self.is_from)


@dataclass(frozen=True)
class ThreadPage(Generic[K]):
    """One page of a thread: at most twenty, to each its first replies. ``next`` asks for the following page."""

    items: Sequence[K]
    replies: dict[int, Sequence[K]]
    next: Thread | None


def thread(kind: type[K], asked: Thread, limit: int = PER_PAGE) -> ThreadPage[K]:
    """A page of a thread with its replies in one query, whatever it holds: one index gives the order."""
    found = db.session.scalars(_query(kind, asked.shape), asked.values | {"most": limit + 1}).all()
    place = attrgetter(*_keys(asked))
    rows = sorted((one for one in found if one.reply_to_id is None), key=place, reverse=True)
    items, following = rows[:limit], None
    if len(rows) > limit:
        following = replace(asked, after=(items[-1].id, items[-1].agreed), is_from=False)
    return ThreadPage(items, _by_what_they_answer(found, asked), following)


def _keys(asked: Thread) -> tuple[str, ...]:
    return ("agreed", "id") if asked.order == "agreed" else ("id",)


def _by_what_they_answer(found: Sequence[K], asked: Thread) -> dict[int, Sequence[K]]:
    own = asked.after[0] if asked.is_from and asked.after is not None else None
    replies: dict[int, list[K]] = {}
    for one in sorted(found, key=attrgetter("reply_number")):
        is_skipped = one.reply_to_id == own and one.reply_number <= asked.replies_after
        if one.reply_to_id is not None and not is_skipped:
            replies.setdefault(one.reply_to_id, []).append(one)
    return {number: tuple(few) for number, few in replies.items()}


# ---- The query of a shape; its parameters are `Thread.values`


@lru_cache(maxsize=256)
def _query(kind: type[K], shape: Thread) -> Select[K]:
    """Built once: to prepare it takes SQLAlchemy as long as the database takes to answer it.

    The cut is made on the base table alone, before the kind's own columns are joined: where one consultation holds
    nearly all rows, PostgreSQL would otherwise join everything and sort. Without ``is_listed`` in the order, which is
    the same for all, it would walk the primary key through the rows of every other publication. SQLite takes the wrong
    index where the rows that are wanted are joined and not named by their numbers.
    """
    base = Contribution
    keys = tuple(getattr(base, name) for name in _keys(shape))
    below = select(base.id).where(*_conditions(shape), *_below(shape, keys))
    most = bindparam("most", type_=Integer())
    page = below.order_by(base.is_listed.desc(), *(key.desc() for key in keys)).limit(most).cte("page")
    few = [select(page.c.id), *_replies_wanted(shape, select(page.c.id))]
    wanted = union_all(*few).subquery("wanted")
    return walled(select(kind).where(base.id.in_(select(wanted.c.id))))


def _replies_wanted(shape: Thread, answered: Any) -> Iterator[Select[Any]]:
    """The first three replies to each, and to the one that has its permalink here twenty: they have no gaps."""
    its, place = ANSWERS.c.reply_to_id, ANSWERS.c.reply_number
    yield select(ANSWERS.c.id).where(its.in_(answered), place.between(1, REPLIES_SHOWN))
    if shape.is_from:
        few = place.between(bindparam("first_reply"), bindparam("last_reply"))
        yield select(ANSWERS.c.id).where(its == bindparam("number"), few)


def _conditions(shape: Thread) -> list[ColumnElement[bool]]:
    base = Contribution
    conditions = [base.publication_id == bindparam("publication_id"), base.is_listed.is_(True)]
    for name in ("part_id", "stance", "is_answered"):
        if getattr(shape, name) is not None:
            conditions.append(getattr(base, name) == bindparam(name))
    return conditions


def _below(shape: Thread, keys: tuple[Any, ...]) -> list[ColumnElement[bool]]:
    if shape.after is None:
        return []
    place: Any = tuple_(bindparam("agreed_by", type_=Integer()), bindparam("number", type_=Integer()))
    row: Any = tuple_(*keys)
    if len(keys) == 1:
        row, place = keys[0], bindparam("number")
    return [row <= place if shape.is_from else row < place]
