"""What is kept: the notices on the board."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String

from consult.api import Base, Local, Mapped, mapped_column

TEXT_MAX = 200  # characters


class Notice(Local, Base):
    """A line of text that hangs until ``ends_at``. ``publication_id``: the publication that it tells of, or None."""

    __tablename__ = "notices_notice"
    __table_args__ = (
        ForeignKeyConstraint(["municipality_id", "publication_id"], ["publication.municipality_id", "publication.id"]),
        Index(None, "municipality_id", "ends_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(TEXT_MAX))
    ends_at: Mapped[datetime]
    publication_id: Mapped[int | None]
