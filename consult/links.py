"""Links: from any publication or contribution to any other, by a named relation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import ColumnElement, Index, String, UniqueConstraint, and_, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from consult.clock import now
from consult.db import Base, db, operation
from consult.errors import ContractError
from consult.journal import record, who_acts
from consult.participation import Contribution
from consult.publishing import Publication, ShownIn, shown_among
from consult.publishing.models import is_shown
from consult.tenancy import HERE, Local, WallBroken, here, touch

RELATIONS = ("discusses", "led_to", "reports_on")
KINDS = ("publication", "contribution")


class Relation(Local, Base):
    """That one thing ``discusses``, ``led_to`` or ``reports_on`` another; ``municipality_id`` is whose the first is.

    Read wherever the first is shown, where that is a publication; else by its municipality alone.
    """

    __tablename__ = "relation"
    __table_args__ = (
        UniqueConstraint(
            *("municipality_id", "from_kind", "from_id", "relation", "to_kind", "to_id"), name="uq_relation_once"
        ),
        Index(None, "from_kind", "from_id", "relation"),
        Index(None, "to_kind", "to_id", "relation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    from_kind: Mapped[str] = mapped_column(String(20))
    from_id: Mapped[int]
    relation: Mapped[str] = mapped_column(String(20))
    to_kind: Mapped[str] = mapped_column(String(20))
    to_id: Mapped[int]
    by_id: Mapped[int | None]
    made_at: Mapped[datetime] = mapped_column(default=now)

    @classmethod
    def may_be_read(cls, door: str) -> ColumnElement[bool]:
        if door not in ("town", "region"):
            return super().may_be_read(door)
        is_its = and_(cls.from_kind == "publication", is_shown(cls.from_id, door))
        return or_(cls.municipality_id == HERE, is_its) if door == "town" else is_its


@dataclass(frozen=True)
class End:
    """One end of a link: "publication" or "contribution", and the number of it."""

    kind: str
    id: int


Thing = Publication | Contribution | End


@operation
def link(one: Thing, relation: str, other: Thing) -> None:
    """Says that ``one`` "discusses", "led_to" or "reports_on" ``other``. Twice is once.

    Raises WallBroken where ``one`` is another municipality's, and ContractError for a relation that there is not.
    """
    its = _said(one, relation)
    end = end_of(other)
    if db.session.scalar(select(Relation.id).where(*its, *_to(end))) is not None:
        return
    begin = end_of(one)
    db.session.add(
        Relation(
            from_kind=begin.kind,
            from_id=begin.id,
            relation=relation,
            to_kind=end.kind,
            to_id=end.id,
            by_id=who_acts(),
        )
    )
    _note("linked", one, relation, end)


@operation
def unlink(one: Thing, relation: str, other: Thing) -> None:
    """Takes that back; nothing where it was not said."""
    its, end = _said(one, relation), end_of(other)
    if db.session.scalar(select(Relation.id).where(*its, *_to(end))) is not None:
        db.session.execute(delete(Relation).where(*its, *_to(end)))
        _note("unlinked", one, relation, end)


@operation
def link_exactly(one: Thing, relation: str, others: Iterable[Thing]) -> None:
    """Lets ``one`` have this relation to these others and to nothing else, in this order."""
    held, wanted = ends_of(one, relation), list(dict.fromkeys(end_of(other) for other in others))
    same = len([*takewhile(lambda pair: pair[0] == pair[1], zip(held, wanted, strict=False))])
    for end in held[same:]:
        unlink(one, relation, end)
    for end in wanted[same:]:
        link(one, relation, end)


def ends_of(one: Thing, relation: str) -> list[End]:
    """To what ``one`` has this relation, in the order in which that was said, whether or not people can read it."""
    begin = end_of(one)
    found = select(Relation.to_kind, Relation.to_id).where(
        Relation.from_kind == begin.kind, Relation.from_id == begin.id, Relation.relation == relation
    )
    return [End(row.to_kind, row.to_id) for row in db.session.execute(found.order_by(Relation.id))]


def linked(one: Thing, relation: str) -> Sequence[Publication]:
    """The publications to which ``one`` has this relation and that people can read here now; two queries."""
    return shown_among([end.id for end in ends_of(one, relation) if end.kind == "publication"])


def linking(other: Thing, relation: str) -> Sequence[Publication]:
    """The publications that have this relation to ``other`` and that people can read here now; two queries."""
    its = (Relation.from_kind == "publication", Relation.relation == relation, *_to(end_of(other)))
    return shown_among(db.session.scalars(select(Relation.from_id).where(*its).order_by(Relation.id)).all())


def end_of(thing: Thing) -> End:
    """The thing as an end of a link."""
    if isinstance(thing, End):
        if thing.kind not in KINDS:
            raise _unknown("kind", thing.kind, KINDS)
        return thing
    return End("contribution" if isinstance(thing, Contribution) else "publication", thing.id)


def _said(one: Thing, relation: str) -> tuple[ColumnElement[bool], ...]:
    """Which rows say of ``one`` that it has this relation, after it was looked whether we may say so."""
    if relation not in RELATIONS:
        raise _unknown("relation", relation, RELATIONS)
    if not isinstance(one, End) and one.municipality_id != here().id:
        raise WallBroken(f"{one.kind} {one.id} is another municipality's; what it links to is not said here")
    begin = end_of(one)
    is_own = Relation.municipality_id == here().id
    return is_own, Relation.from_kind == begin.kind, Relation.from_id == begin.id, Relation.relation == relation


def _to(end: End) -> tuple[ColumnElement[bool], ...]:
    return Relation.to_kind == end.kind, Relation.to_id == end.id


def _note(what: str, one: Thing, relation: str, end: End) -> None:
    """Writes the journal, and lets the pages be drawn anew on which either end stands."""
    begin = end_of(one)
    record(f"relation.{what}", one.kind, begin.id, {"relation": relation, "to": f"{end.kind} {end.id}"})
    ids = [thing.id for thing in (begin, end) if thing.kind == "publication"]
    touch(*db.session.scalars(select(ShownIn.town_id).where(ShownIn.publication_id.in_(ids))))


def _unknown(what: str, word: str, known: tuple[str, ...]) -> ContractError:
    return ContractError(
        f"no {what} of links is called {word!r}", "consult.links", "nobody would find it again", f"say one of {known}"
    )
