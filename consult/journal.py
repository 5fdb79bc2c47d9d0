"""The journal: what happened to publications and contributions, written in the same transaction, never changed."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.clock import now
from consult.db import Base, db
from consult.tenancy import Local

_who_acts: ContextVar[int | None] = ContextVar("who_acts", default=None)


class Entry(Local, Base):
    """One thing that happened. The database refuses to change or delete it; it holds ids and a digest, no words."""

    __tablename__ = "journal_entry"
    __table_args__ = (
        UniqueConstraint("municipality_id", "id"),
        Index(None, "municipality_id", "subject_kind", "subject_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    by_id: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(64))
    # The class itself and not its name: a plugin may have a class of that name too.
    words: Mapped[EntryWords] = relationship(lambda: EntryWords, back_populates="entry")


class EntryWords(Local, Base):
    """The words of an entry, apart from it: erasure blanks them, and the record still stands (GDPR art. 17)."""

    __tablename__ = "journal_entry_words"
    __table_args__ = (
        ForeignKeyConstraint(["municipality_id", "entry_id"], ["journal_entry.municipality_id", "journal_entry.id"]),
    )

    entry_id: Mapped[int] = mapped_column(primary_key=True)
    salt: Mapped[str | None] = mapped_column(String(32))
    words: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    entry: Mapped[Entry] = relationship(lambda: Entry, back_populates="words")


def record(what: str, subject_kind: str, subject_id: int, words: Mapping[str, Any] | None = None) -> None:
    """Writes that ``what`` ("publication.published") happened to the subject, now, by whoever acts.

    ``words`` are JSON values that may one day have to be erased: titles, reasons, names.
    """
    salt = secrets.token_hex(16)
    said = dict(words or {})
    entry = Entry(
        at=now(),
        what=what,
        subject_kind=subject_kind,
        subject_id=subject_id,
        by_id=_who_acts.get(),
        digest=digest(salt, said),
    )
    entry.words = EntryWords(salt=salt, words=said)
    db.session.add(entry)


def digest(salt: str, words: Mapping[str, Any]) -> str:
    """SHA-256 over the salt and the words as JSON with sorted keys: binds the words without telling them."""
    canonical = json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{salt}\n{canonical}".encode()).hexdigest()


def who_acts() -> int | None:
    """The id of the person whose doing this is; None for the clock and the command line."""
    return _who_acts.get()


@contextmanager
def acting(person_id: int | None) -> Iterator[None]:
    """Everything recorded in the block is the doing of this person."""
    token = _who_acts.set(person_id)
    try:
        yield
    finally:
        _who_acts.reset(token)
