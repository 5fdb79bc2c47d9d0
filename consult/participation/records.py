"""The records of contributions: every wording, every act of a moderator, every report. They only grow.

The rows hold ids and salted digests, and the database refuses to change or delete them; the words lie apart, where it
permits one change: that they become empty (GDPR art. 17).
"""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.clock import now
from consult.db import Base, db
from consult.journal import digest, who_acts
from consult.participation.models import Contribution
from consult.tenancy import Local


class ContributionVersion(Local, Base):
    """That a contribution was given this wording: when, by whom, and a digest of it."""

    __tablename__ = "contribution_version"
    __table_args__ = (
        UniqueConstraint("municipality_id", "id"),
        UniqueConstraint("contribution_id", "number"),
        ForeignKeyConstraint(
            ["municipality_id", "contribution_id"], ["contribution.municipality_id", "contribution.id"]
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int]
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))
    words: Mapped[ContributionWords] = relationship(lambda: ContributionWords, back_populates="version")


class ContributionWords(Local, Base):
    """The words of a version: its text and what its kind says besides."""

    __tablename__ = "contribution_version_words"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "version_id"], ["contribution_version.municipality_id", "contribution_version.id"]
        ),
    )

    version_id: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[str | None] = mapped_column(String(32))
    words: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[ContributionVersion] = relationship(lambda: ContributionVersion, back_populates="words")


class Act(StrEnum):
    """What was done about a contribution by its author or a moderator."""

    PUBLISHED = "published"
    MASKED = "masked"
    HIDDEN = "hidden"
    APPEALED = "appealed"
    UPHELD = "upheld"  # it stays hidden, a second person says
    RESTORED = "restored"
    DISMISSED = "dismissed"  # reports that needed nothing to be done
    LOOKED = "looked"  # at a sealed original
    WITHDRAWN = "withdrawn"
    DISOWNED = "disowned"


class ModerationAct(Local, Base):
    """One such act; ``rule`` is one of ``policy.RULES``."""

    __tablename__ = "moderation_act"
    __table_args__ = (
        UniqueConstraint("municipality_id", "id"),
        ForeignKeyConstraint(
            ["municipality_id", "contribution_id"], ["contribution.municipality_id", "contribution.id"]
        ),
        Index(None, "municipality_id", "at", "id"),
        Index(None, "contribution_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    act: Mapped[str] = mapped_column(String(12))
    rule: Mapped[str] = mapped_column(String(20), default="")
    by_id: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))
    words: Mapped[ModerationWords] = relationship(lambda: ModerationWords, back_populates="act_row")


class ModerationWords(Local, Base):
    """The words of an act: the reason, or what the author says to it."""

    __tablename__ = "moderation_act_words"
    __table_args__ = (
        ForeignKeyConstraint(["municipality_id", "act_id"], ["moderation_act.municipality_id", "moderation_act.id"]),
    )

    act_id: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[str | None] = mapped_column(String(32))
    words: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    act_row: Mapped[ModerationAct] = relationship(lambda: ModerationAct, back_populates="words")


class Report(Local, Base):
    """That somebody thinks a contribution breaks a rule. ``settled_at``: a moderator has looked."""

    __tablename__ = "contribution_report"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "contribution_id"], ["contribution.municipality_id", "contribution.id"]
        ),
        Index(None, "contribution_id", "settled_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)
    rule: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(600), default="")
    person_id: Mapped[int | None]
    settled_at: Mapped[datetime | None]


class WatchedAuthor(Local, Base):
    """An address whose contributions are read by a moderator before they are shown. Nobody is kept from speaking."""

    __tablename__ = "watched_author"
    __table_args__ = (UniqueConstraint("municipality_id", "address_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_key: Mapped[str] = mapped_column(String(254))
    since: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None]


def keep_wording(contribution: Contribution) -> None:
    """Keeps what the contribution says now as version ``edition``."""
    salt, said = secrets.token_hex(16), {"text": contribution.text, **contribution.particulars()}
    version = ContributionVersion(
        contribution_id=contribution.id, number=contribution.edition, by_id=who_acts(), digest=digest(salt, said)
    )
    version.words = ContributionWords(salt=salt, words=said)
    db.session.add(version)


def note_act(contribution: Contribution, act: Act, rule: str = "", reason: str = "") -> None:
    """Keeps that ``act`` was done to the contribution, now, by whoever acts."""
    salt, said = secrets.token_hex(16), {"reason": reason, "edition": contribution.edition}
    row = ModerationAct(
        contribution_id=contribution.id, act=act, rule=rule, by_id=who_acts(), digest=digest(salt, said)
    )
    row.words = ModerationWords(salt=salt, words=said)
    db.session.add(row)
