"""What is asked of publications: lists by keyset, one by its number, the newest few, a town's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, tuple_
from sqlalchemy.orm import lazyload

from consult.clock import now
from consult.db import db
from consult.modules import AllowedPlugin, EnabledPlugin, is_on
from consult.publishing.models import Publication, ShownIn, State
from consult.settings import setting
from consult.tenancy import Municipality, here, walled

K = TypeVar("K", bound=Publication)
PER_PAGE = 20


@dataclass(frozen=True)
class Cursor:
    """The last item of the page before: the next page begins below it, however many have come in on top."""

    listed_at: datetime
    publication_id: int
    position: int  # of the first item of the next page, counted from 1: for people, not for the database


@dataclass(frozen=True)
class Listing(Generic[K]):
    """One page of a list. ``next`` is None on the last one; ``total`` counts the whole list."""

    items: Sequence[K]
    first: int
    total: int
    next: Cursor | None
    size: int = PER_PAGE

    @property
    def page_number(self) -> int:
        """Which page this is, counted from 1: for the title, not for the database."""
        return (self.first - 1) // self.size + 1

    @property
    def last(self) -> int:
        """The position of the last item of this page."""
        return self.first + len(self.items) - 1


def listing(kind: type[K], topic: str | None = None, after: Cursor | None = None, limit: int = PER_PAGE) -> Listing[K]:
    """Published items of ``kind`` here, newest first: two queries and one for translations, whatever it holds."""
    listed = _listed(kind, topic)
    total = db.session.scalar(select(func.count()).select_from(ShownIn).where(*listed)) or 0
    if after is not None:
        # One upper bound, because SQLite begins in the index at one only and asks the others of every newer row.
        until = min(now(), after.listed_at)
        below = tuple_(ShownIn.listed_at, ShownIn.publication_id) < tuple_(after.listed_at, after.publication_id)
        listed = [*_listed(kind, topic, until), below]
    rows = db.session.execute(_newest(limit + 1, kind, listed)).all()
    first = after.position if after else 1
    following = None
    if len(rows) > limit:
        last = rows[limit - 1]
        following = Cursor(last.listed_at, last.publication_id, first + limit)
    return Listing([row[0] for row in rows[:limit]], first, total, following, limit)


def recent(kind: type[K], limit: int, topic: str | None = None, but: int | None = None) -> Sequence[K]:
    """The newest ``limit`` published items of ``kind`` here, without the one numbered ``but``."""
    listed = _listed(kind, topic)
    if but is not None:
        listed.append(ShownIn.publication_id != but)
    return db.session.scalars(_newest(limit, kind, listed)).all()


def shown(kind: type[K], number: int) -> K | None:
    """What the address of ``number`` shows here: published, archived, or withdrawn (its tombstone); else None.

    Its translations are asked for when a page is written in their language: most are read in Bulgarian.
    """
    query = _shown(kind, bool(setting("publishing.accepts_shared")))
    return db.session.scalar(query, {"number": number, "town": here().id, "moment": now()})


@cache
def _shown(kind: type[K], accepts_shared: bool) -> Select[K]:
    its = and_(ShownIn.publication_id == kind.id, ShownIn.town_id == bindparam("town"))
    query = select(kind).options(lazyload(kind.translations)).join(ShownIn, its)
    query = query.where(kind.id == bindparam("number"), ShownIn.open_at <= bindparam("moment"))
    return walled(query if accepts_shared else query.where(ShownIn.municipality_id == bindparam("town")))


def shown_among(numbers: Sequence[int]) -> Sequence[Publication]:
    """Those of these publications, of whatever kind, that people can read here now, in the order of ``numbers``."""
    if not numbers:
        return ()
    found = (
        select(Publication)
        .join(ShownIn, and_(ShownIn.publication_id == Publication.id, ShownIn.town_id == here().id))
        .where(Publication.id.in_(numbers), Publication.kind.in_(kinds_here()), Publication.withdrawn_at.is_(None))
        .where(ShownIn.open_at <= now(), *_accepted())
    )
    by_number = {one.id: one for one in db.session.scalars(found)}
    return [by_number[number] for number in numbers if number in by_number]


def own(kind: type[K], states: tuple[State, ...], after: int | None = None, limit: int = 50) -> Sequence[K]:
    """This municipality's own items of ``kind`` in any of ``states`` for its staff, newest number first."""
    base = Publication  # by its own columns: the kind's copies of them would let the index go and sort everything
    mine = select(kind).where(base.municipality_id == here().id, base.kind == _identity(kind), base.state.in_(states))
    if after is not None:
        mine = mine.where(base.id < after)
    return db.session.scalars(mine.order_by(base.id.desc()).limit(limit)).all()


def kinds_here() -> list[str]:
    """The kinds of the plugins that are installed and on here, for queries about publications of any kind.

    A query that does not name them breaks at the first row of a plugin that was taken out of the installation.
    """
    kinds = [str(kind) for kind in Publication.__mapper__.polymorphic_map]
    return [kind for kind in kinds if is_on(kind.split(".")[0])]


def listed_here(kind: type[K]) -> Select[K]:
    """All that lists of ``kind`` show here now, without order or limit: a plugin adds its own, as events by start."""
    return select(kind).join(ShownIn, ShownIn.publication_id == kind.id).where(*_listed(kind, None))


def listed_in_region(kind: type[K], plugin: str) -> Select[K]:
    """All of ``kind`` of all open towns where ``plugin`` is on, as `listed_here`; through the door "region"."""
    is_open = ShownIn.municipality_id.in_(select(Municipality.id).where(Municipality.is_open))
    listed = [*_listed_in_region(kind, plugin), is_open]
    return select(kind).join(ShownIn, ShownIn.publication_id == kind.id).where(*listed)


def in_region(kind: type[K], plugin: str, limit: int) -> Sequence[K]:
    """The newest published items of ``kind`` of all towns where ``plugin`` is on; through the door "region"."""
    return db.session.scalars(_newest(limit, kind, _listed_in_region(kind, plugin))).all()


def _listed_in_region(kind: type[Publication], plugin: str) -> list[ColumnElement[bool]]:
    on = (
        select(EnabledPlugin.municipality_id)
        .join(
            AllowedPlugin,
            and_(
                AllowedPlugin.municipality_id == EnabledPlugin.municipality_id,
                AllowedPlugin.plugin == EnabledPlugin.plugin,
            ),
        )
        .where(EnabledPlugin.plugin == plugin)
    )
    listed = [ShownIn.kind == _identity(kind), ShownIn.listed_at <= now()]
    return [*listed, ShownIn.town_id == ShownIn.municipality_id, ShownIn.municipality_id.in_(on)]


def _listed(kind: type[Publication], topic: str | None, until: datetime | None = None) -> list[ColumnElement[bool]]:
    until = until or now()
    conditions = [ShownIn.town_id == here().id, ShownIn.kind == _identity(kind), ShownIn.listed_at <= until]
    if topic is not None:
        conditions.append(ShownIn.topic == topic)
    return [*conditions, *_accepted()]


def _accepted() -> list[ColumnElement[bool]]:
    """A municipality may decide to show only what it says itself."""
    return [] if setting("publishing.accepts_shared") else [ShownIn.municipality_id == here().id]


def _newest(limit: int, kind: type[K], listed: list[ColumnElement[bool]]) -> Select[K, datetime | None, int]:
    """The list is cut before anything is joined: PostgreSQL thinks that few rows pass the walls, and would join all."""
    order = (ShownIn.listed_at.desc(), ShownIn.publication_id.desc())
    cut = select(ShownIn.listed_at, ShownIn.publication_id).where(*listed).order_by(*order).limit(limit).subquery()
    newest = select(kind, cut.c.listed_at, cut.c.publication_id).join(cut, cut.c.publication_id == kind.id)
    return newest.order_by(cut.c.listed_at.desc(), cut.c.publication_id.desc())


def _identity(kind: type[Publication]) -> str:
    return str(kind.__mapper__.polymorphic_identity)


def shown_towns(publication: Publication) -> list[int]:
    """The ids of the towns that show it, its owner included."""
    return list(db.session.scalars(select(ShownIn.town_id).where(ShownIn.publication_id == publication.id)))


def towns_of(publication: Publication) -> list[str]:
    """The codes of the other towns that show it."""
    return list(
        db.session.scalars(
            select(Municipality.code)
            .join(ShownIn, ShownIn.town_id == Municipality.id)
            .where(ShownIn.publication_id == publication.id, ShownIn.town_id != publication.municipality_id)
            .order_by(Municipality.code)
        )
    )


def count_own(kind: type[Publication]) -> int:
    """How many items of ``kind`` this municipality keeps, drafts and withdrawn ones included."""
    return db.session.scalar(select(func.count()).select_from(kind).where(kind.municipality_id == here().id)) or 0
