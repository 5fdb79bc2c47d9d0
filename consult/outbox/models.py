"""Letters and the files that they bring along, as they lie in the database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.db import Base
from consult.tenancy import Local, current_door

_NAME = re.compile(r"[^\x00-\x1f\x7f/\\\"]{1,200}")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,60}")  # RFC 6838, 4.2


@dataclass(frozen=True)
class LetterFile:
    """A file that a letter brings along; ``parameters`` are those of its MIME type, such as ``charset``.

    Raises ValueError where a name or a type could not stand in a header.
    """

    name: str
    media_type: str
    content: bytes
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        words = (*self.media_type.split("/", 1), *self.parameters, *self.parameters.values())
        is_container = words[0].lower() in ("multipart", "message")
        if is_container or "/" not in self.media_type or not all(_WORD.fullmatch(word) for word in words):
            raise ValueError(f"no media type: {self.media_type!r} {dict(self.parameters)!r}")
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"no name of a file: {self.name!r}")


def _sender() -> int | None:
    """The municipality that we are in. At the addresses of the region there is none: the installation writes."""
    door = current_door()
    return door.town.id if door is not None and door.town is not None else None


class Letter(Local, Base):
    """A letter: waiting (``due_at``), sent (``sent_at``), or given up (``given_up_at``).

    From a municipality, or from the installation itself (``municipality_id`` None): then only the doors "jobs" and
    "operator" lead to it, and no town ever sees it.
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("municipality_id", "key"),
        UniqueConstraint("municipality_id", "id"),
    )

    doors = frozenset({"jobs", "operator"})

    municipality_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"), default=_sender)  # type: ignore[assignment]
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    to: Mapped[str] = mapped_column(String(254))
    sender: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # None: nothing more is tried
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(300), default="")
    unsubscribe: Mapped[str | None] = mapped_column(String(400))  # an address for the header of RFC 8058
    attachments: Mapped[list[LetterAttachment]] = relationship(
        lambda: LetterAttachment,
        cascade="all, delete-orphan",
        lazy="selectin",  # a worker takes the letter out of the session, where nothing can be read any more
    )


_OF_NO_TOWN = Letter.municipality_id.is_(None)
# Where the municipality is empty, the unique constraint sees no two keys as equal.
Index("ix_letter_of_no_town", Letter.key, unique=True, sqlite_where=_OF_NO_TOWN, postgresql_where=_OF_NO_TOWN)


class LetterAttachment(Local, Base):
    """A file that a municipality's letter brings along; it goes when the letter's words go."""

    __tablename__ = "letter_attachment"
    __table_args__ = (
        ForeignKeyConstraint(["municipality_id", "letter_id"], ["letter.municipality_id", "letter.id"]),
        Index(None, "municipality_id", "letter_id"),
    )

    doors = frozenset({"jobs", "operator"})

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    content: Mapped[bytes]


def masked(address: str) -> str:
    """``к***@primer.bg``: enough to recognise an address that one knows, and too little to write to."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***{at}{domain}"
