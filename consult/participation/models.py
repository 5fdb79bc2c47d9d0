"""What is kept of a contribution: who handed in what, to which publication, where it stands; who agrees; the counts."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column

from consult.clock import now
from consult.db import Base
from consult.publishing.models import Shown
from consult.tenancy import Local

TEXT_MIN, TEXT_MAX = 10, 5000  # characters of what a person writes
NAME_MAX, ORGANISATION_MAX, HOME_MAX, REASON_MAX = 120, 160, 80, 600
SHOWN_BESIDE = ("name", "home", "organisation")  # what its author types of themselves, and everybody reads
REPLY = "reply"  # the stance of what is said to another contribution


class Standing(StrEnum):
    """Where a contribution stands; see ``standing`` for the ways from one to another."""

    UNCONFIRMED = "unconfirmed"  # sent by a guest who has not shown yet that the address is theirs
    HELD = "held"  # accepted, and waits for a moderator before it is shown
    PUBLISHED = "published"
    HIDDEN = "hidden"  # by a moderator, under a named rule
    WITHDRAWN = "withdrawn"  # by its author
    DISOWNED = "disowned"  # somebody else sent it in this person's name


class Consent(StrEnum):
    """How its author lets it be shown. Whatever the answer, the staff read and count it."""

    FULL = "full"
    NAMELESS = "nameless"
    NONE = "none"


class Contribution(Local, Base):
    """Anything that a person hands in and that deserves an answer. A plugin's kinds inherit from this.

    Its number is its public number. ``part_id`` is the part of the publication that it is about (0: the whole),
    ``stance`` a word of the kind; both stand here and not with the kind, so that a list reads one index. ``text`` is
    what may be shown now and ``text_html`` the same rendered; the versions keep every wording. ``is_listed``: it has a
    row in the thread, shown or as a tombstone. ``queued_at``: since when a moderator is waited for, and ``queued_for``
    why. Versions up to ``sealed_to`` are for moderators only.
    """

    __tablename__ = "contribution"
    __table_args__: Any = (
        UniqueConstraint("municipality_id", "id"),
        UniqueConstraint("publication_id", "fingerprint"),
        ForeignKeyConstraint(["municipality_id", "publication_id"], ["publication.municipality_id", "publication.id"]),
        ForeignKeyConstraint(["municipality_id", "reply_to_id"], ["contribution.municipality_id", "contribution.id"]),
        Index("ix_contribution_thread", "publication_id", "is_listed", "id"),
        Index("ix_contribution_agreed", "publication_id", "is_listed", "agreed", "id"),
        Index("ix_contribution_part", "publication_id", "is_listed", "part_id", "id"),
        Index("ix_contribution_part_agreed", "publication_id", "is_listed", "part_id", "agreed", "id"),
        Index("ix_contribution_part_stance", "publication_id", "is_listed", "part_id", "stance", "id"),
        Index("ix_contribution_stance", "publication_id", "is_listed", "stance", "id"),
        Index("ix_contribution_answered", "publication_id", "is_listed", "is_answered", "id"),
        Index("ix_contribution_replies", "reply_to_id", "reply_number"),
        Index("ix_contribution_queue", "municipality_id", "queued_at", "id"),
        Index(None, "person_id", "id"),
        CheckConstraint(
            "standing in ('unconfirmed', 'held', 'published', 'hidden', 'withdrawn', 'disowned')", "standing"
        ),
        CheckConstraint("consent in ('full', 'nameless', 'none')", "consent"),
        CheckConstraint("agreed >= 0 and replies >= 0", "counted"),
    )
    __mapper_args__: Any = {"polymorphic_on": "kind", "polymorphic_identity": "contribution"}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    publication_id: Mapped[int]
    reply_to_id: Mapped[int | None]
    reply_number: Mapped[int] = mapped_column(default=0)
    part_id: Mapped[int] = mapped_column(default=0)
    stance: Mapped[str] = mapped_column(String(10), default="")
    standing: Mapped[str] = mapped_column(String(12), default=Standing.UNCONFIRMED)
    is_listed: Mapped[bool] = mapped_column(default=False)
    is_answered: Mapped[bool] = mapped_column(default=False)
    agreed: Mapped[int] = mapped_column(default=0)
    replies: Mapped[int] = mapped_column(default=0)

    text: Mapped[str] = mapped_column(Text, default="")
    text_html: Mapped[str] = mapped_column(Text, default="")
    edition: Mapped[int] = mapped_column(default=1)
    sealed_to: Mapped[int] = mapped_column(default=0)

    channel: Mapped[str] = mapped_column(String(10), default="site")
    language: Mapped[str] = mapped_column(String(2), default="bg")
    name: Mapped[str] = mapped_column(String(NAME_MAX), default="")
    home: Mapped[str] = mapped_column(String(HOME_MAX), default="")
    organisation: Mapped[str] = mapped_column(String(ORGANISATION_MAX), default="")
    consent: Mapped[str] = mapped_column(String(8), default=Consent.FULL)
    email: Mapped[str] = mapped_column(String(254), default="")
    address_key: Mapped[str | None] = mapped_column(String(254))
    person_id: Mapped[int | None]
    salt: Mapped[str] = mapped_column(String(32), default="")  # what the key in the letter's link is made from
    fingerprint: Mapped[str | None] = mapped_column(String(32))  # of target, address and text: the same again is one

    file_key: Mapped[str | None] = mapped_column(String(80))
    file_name: Mapped[str] = mapped_column(String(120), default="")
    file_type: Mapped[str] = mapped_column(String(40), default="")
    file_size: Mapped[int] = mapped_column(default=0)

    received_at: Mapped[datetime] = mapped_column(default=now)
    accepted_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # when it was hidden, withdrawn or disowned
    rule: Mapped[str] = mapped_column(String(20), default="")  # one of ``policy.RULES``, where it was hidden or masked
    reason: Mapped[str] = mapped_column(String(REASON_MAX), default="")
    queued_at: Mapped[datetime | None]
    queued_for: Mapped[str] = mapped_column(String(20), default="")
    appealed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    @property
    def is_accepted(self) -> bool:
        """Whether it counts: it was sent by who is signed in, or its address was confirmed."""
        return self.accepted_at is not None

    @property
    def is_shown(self) -> bool:
        """Whether everybody may read its words; where not, its place in the thread says why (see ``absence``)."""
        return self.standing == Standing.PUBLISHED and self.consent != Consent.NONE

    @property
    def absence(self) -> str:
        """Why a tombstone stands in its place: "held", "hidden", "withdrawn", "disowned", "private"; "" if shown."""
        if self.is_shown:
            return ""
        return "private" if self.standing == Standing.PUBLISHED else str(self.standing)

    @property
    def shown_name(self) -> str:
        """Whose words these are, as everybody may see it; "" for who wants to stay nameless."""
        if not self.is_shown or self.consent == Consent.NAMELESS:
            return ""
        return self.organisation or self.name

    def particulars(self) -> dict[str, str]:
        """What a kind says besides the text, by its columns: kept in every version."""
        return {}

    def what_next(self) -> list[str]:
        """What happens next and by when, a sentence each, in the language that is being spoken."""
        return []


def its_contribution() -> Any:
    """The constraint of a kind's own table: its row and its contribution belong to one municipality."""
    return ForeignKeyConstraint(["municipality_id", "id"], ["contribution.municipality_id", "contribution.id"])


def contribution_columns() -> tuple[Any, Any]:
    """``id, municipality_id = contribution_columns()`` in a kind's class body; see ``publishing.kind_columns``."""
    number = column_property(mapped_column("id", primary_key=True), Contribution.id)
    municipality = column_property(mapped_column("municipality_id", nullable=False), Contribution.municipality_id)
    return number, municipality


class Tally(Shown, Base):
    """How many contributions of one stance there are to one part of a publication, counted when they are written.

    Every accepted one is shown or has a tombstone: ``accepted = shown + gone``, and the database keeps it so.
    """

    __tablename__ = "contribution_tally"
    __table_args__ = (
        PrimaryKeyConstraint("publication_id", "part_id", "stance"),
        ForeignKeyConstraint(["municipality_id", "publication_id"], ["publication.municipality_id", "publication.id"]),
        CheckConstraint("accepted = shown + gone and shown >= 0 and gone >= 0", "nothing_vanishes"),
    )

    publication_id: Mapped[int]
    part_id: Mapped[int]
    stance: Mapped[str] = mapped_column(String(10))
    accepted: Mapped[int] = mapped_column(default=0)
    shown: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)


class Agreement(Local, Base):
    """That one person agrees with one contribution. It is no vote."""

    __tablename__ = "contribution_agreement"
    __table_args__ = (
        PrimaryKeyConstraint("contribution_id", "person_id"),
        ForeignKeyConstraint(
            ["municipality_id", "contribution_id"], ["contribution.municipality_id", "contribution.id"]
        ),
        Index(None, "person_id"),
    )

    contribution_id: Mapped[int]
    person_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
