"""Every change of a publication as a version with its author: the record never changes, its words can be blanked."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from consult.db import Base, db
from consult.journal import digest, who_acts
from consult.publishing.models import Publication
from consult.tenancy import Local


class PublicationVersion(Local, Base):
    """That a publication was given new words: when, by whom, and a digest of them. Never changed or deleted."""

    __tablename__ = "publication_version"
    __table_args__ = (
        UniqueConstraint("municipality_id", "id"),
        UniqueConstraint("publication_id", "number"),
        ForeignKeyConstraint(["municipality_id", "publication_id"], ["publication.municipality_id", "publication.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int]
    number: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))
    words: Mapped[VersionWords] = relationship(lambda: VersionWords, back_populates="version")


class VersionWords(Local, Base):
    """The words of a version. The database permits one change to them: blanking (GDPR art. 17)."""

    __tablename__ = "publication_version_words"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "version_id"], ["publication_version.municipality_id", "publication_version.id"]
        ),
    )

    version_id: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[str | None] = mapped_column(String(32))
    words: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[PublicationVersion] = relationship(lambda: PublicationVersion, back_populates="words")


def keep_version(publication: Publication) -> None:
    """Keeps the publication's words as they are now as version ``publication.revision``."""
    salt, words = secrets.token_hex(16), _all_words(publication)
    version = PublicationVersion(
        publication_id=publication.id,
        number=publication.revision,
        at=publication.changed_at,
        by_id=who_acts(),
        digest=digest(salt, words),
    )
    version.words = VersionWords(salt=salt, words=words)
    db.session.add(version)


def versions_of(
    publication: Publication, before: int | None = None, limit: int | None = None
) -> Sequence[PublicationVersion]:
    """The versions, newest first, with their words: all, or at most ``limit`` of those numbered below ``before``."""
    found = select(PublicationVersion).where(PublicationVersion.publication_id == publication.id)
    if before is not None:
        found = found.where(PublicationVersion.number < before)
    found = found.options(joinedload(PublicationVersion.words)).order_by(PublicationVersion.number.desc())
    return db.session.scalars(found.limit(limit)).all()


def translated_words(publication: Publication) -> dict[str, dict[str, str]]:
    """Language → title, lead and body of each informative translation."""
    return {one.language: {"title": one.title, "lead": one.lead, "body": one.body} for one in publication.translations}


def _all_words(publication: Publication) -> dict[str, Any]:
    said = {"title": publication.title, "short_title": publication.short_title, "lead": publication.lead}
    said |= {"body": publication.body, "office": publication.office, "topic": publication.topic or ""}
    said |= publication.particulars()
    translations = translated_words(publication)
    return said | {"translations": translations} if translations else said
