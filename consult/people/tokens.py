"""Single-use tokens: the secret of a link in a letter, of which only the hash is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base


class Token(Base):
    """A link that does one thing once. ``subject`` says to whom or to what; ``town_id`` where, or None for anywhere."""

    __tablename__ = "token"
    __table_args__ = (Index(None, "purpose", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(254))
    town_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    made_at: Mapped[datetime]
    dies_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
