"""What is kept of a publication: its words, its state, and the towns that show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    exists,
    or_,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from consult.clock import now
from consult.db import Base, Moment
from consult.tenancy import HERE, Local

TITLE_MAX, SHORT_TITLE_MAX, LEAD_MAX, BODY_MAX, REASON_MAX = 300, 80, 600, 50_000, 600  # characters


NOW = bindparam("wall_now", callable_=now, type_=Moment())  # asked anew at each execution, as HERE is


class State(StrEnum):
    """Where a publication stands; ``scheduled`` shows itself at its time whether or not the worker is there."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"


class ShownIn(Local, Base):
    """One town that shows one publication, the owner included. ``municipality_id`` is the owner.

    ``open_at``: from when the address answers there (None: not yet). ``listed_at``: the moment by which lists
    are ordered (None: in no list). Kind and topic stand here again so that a list reads one index.
    """

    __tablename__ = "shown_in"
    __table_args__ = (
        PrimaryKeyConstraint("town_id", "publication_id"),
        ForeignKeyConstraint(["municipality_id", "publication_id"], ["publication.municipality_id", "publication.id"]),
        ForeignKeyConstraint(["town_id"], ["municipality.id"], name="fk_shown_in_town_id"),
        Index("ix_shown_in_list", "town_id", "kind", "listed_at", "publication_id"),
        Index("ix_shown_in_topic", "town_id", "kind", "topic", "listed_at", "publication_id"),
        Index("ix_shown_in_region", "kind", "listed_at", "publication_id"),
        Index("ix_shown_in_owner", "municipality_id", "publication_id"),
    )

    town_id: Mapped[int]
    publication_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str | None] = mapped_column(String(60))
    open_at: Mapped[datetime | None]
    listed_at: Mapped[datetime | None]

    @classmethod
    def may_be_read(cls, door: str) -> ColumnElement[bool]:
        if door == "town":
            return or_(cls.town_id == HERE, cls.municipality_id == HERE)
        return cls.open_at <= NOW if door == "region" else super().may_be_read(door)


class Shown(Local):
    """Rows that are read wherever their publication is shown, and changed only by its owner.

    ``shown_by`` names the column that holds the publication's id.
    """

    shown_by: ClassVar[str] = "publication_id"

    @classmethod
    def may_be_read(cls, door: str) -> ColumnElement[bool]:
        if door in ("town", "region"):
            return is_shown(getattr(cls, cls.shown_by), door)
        return super().may_be_read(door)


def is_shown(number: Any, door: str) -> ColumnElement[bool]:
    """Whether the publication of this number may be read through the door "town" or "region", for the wall."""
    shown_in = ShownIn.__table__.alias("wall")
    its = shown_in.c.publication_id == number
    if door == "region":
        return exists().where(its, shown_in.c.open_at <= NOW)
    is_own = shown_in.c.municipality_id == HERE
    return exists().where(its, shown_in.c.town_id == HERE, or_(is_own, shown_in.c.open_at <= NOW))


@dataclass(frozen=True)
class Words:
    """What a publication says in one language; ``language`` is the one it is really in."""

    language: str
    title: str
    short_title: str
    lead: str
    body: str
    body_html: str
    is_translation: bool = False


class Publication(Shown, Base):
    """Anything a municipality says. A plugin's kinds inherit from this (joined tables; see ``kind_columns``)."""

    __tablename__ = "publication"
    __table_args__: Any = (
        UniqueConstraint("municipality_id", "id"),
        Index(None, "municipality_id", "kind", "id", "state"),
        CheckConstraint("state in ('draft', 'scheduled', 'published', 'archived', 'withdrawn')", "state"),
        CheckConstraint("(state in ('draft')) = (published_at is null)", "published_has_moment"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at is not null)", "withdrawn_has_moment"),
    )
    __mapper_args__: Any = {"polymorphic_on": "kind", "polymorphic_identity": "publication"}
    shown_by = "id"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12), default=State.DRAFT)
    topic: Mapped[str | None] = mapped_column(String(60))
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    short_title: Mapped[str] = mapped_column(String(SHORT_TITLE_MAX), default="")
    lead: Mapped[str] = mapped_column(String(LEAD_MAX), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    office: Mapped[str] = mapped_column(String(120), default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    published_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(REASON_MAX), default="")
    by_id: Mapped[int | None]

    translations: Mapped[list[PublicationTranslation]] = relationship(
        lambda: PublicationTranslation, lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def is_open(self) -> bool:
        """Whether people may read it now: its moment has come, and it was not withdrawn."""
        return self.published_at is not None and self.published_at <= now() and self.state != State.WITHDRAWN

    @property
    def is_amended(self) -> bool:
        """Whether it was changed after people could read it."""
        return self.published_at is not None and self.changed_at > self.published_at

    def particulars(self) -> dict[str, str]:
        """What a kind says besides the words of any publication, by the fields of its form: kept in every version."""
        return {}

    def require_detachable(self, role: str, others: int) -> None:
        """Raises Refused when a file of this role cannot be taken away now; ``others`` of its role would be left."""

    def words(self, language: str = "bg") -> Words:
        """Its words in ``language`` where there is an informative translation, else in Bulgarian."""
        for one in self.translations if language != "bg" else ():
            if one.language == language:
                return Words(language, one.title, one.title, one.lead, one.body, one.body_html, is_translation=True)
        short = self.short_title or self.title
        return Words("bg", self.title, short, self.lead, self.body, self.body_html)


class PublicationTranslation(Shown, Base):
    """An informative translation; the official text stays the Bulgarian one."""

    __tablename__ = "publication_translation"
    __table_args__ = (
        PrimaryKeyConstraint("publication_id", "language"),
        ForeignKeyConstraint(["municipality_id", "publication_id"], ["publication.municipality_id", "publication.id"]),
    )

    publication_id: Mapped[int]
    language: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(TITLE_MAX))
    lead: Mapped[str] = mapped_column(String(LEAD_MAX), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")


def its_publication() -> Any:
    """The constraint of a kind's own table: its row and its publication belong to one municipality."""
    return ForeignKeyConstraint(["municipality_id", "id"], ["publication.municipality_id", "publication.id"])


def kind_columns() -> tuple[Any, Any]:
    """``id, municipality_id = kind_columns()`` in a kind's class body.

    Both columns stand in the kind's own table too: with the municipality in the base table alone, a bulk
    update of the kind becomes an unjoined UPDATE … FROM that changes the neighbour's rows.
    """
    number = column_property(mapped_column("id", primary_key=True), Publication.id)
    municipality = column_property(mapped_column("municipality_id", nullable=False), Publication.municipality_id)
    return number, municipality
