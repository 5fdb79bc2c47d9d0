"""What is kept of following: who wants to be told of one thing, and notices on their way to them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from consult.clock import now
from consult.db import Base
from consult.tenancy import Local

LIVES = timedelta(days=7)  # within which a guest has to confirm


class Subscription(Local, Base):
    """One mailbox that follows one thing, the ``subject``. Who stops is deleted, so nothing of them is kept.

    Without ``confirmed_at`` a guest has asked and not pressed the button in the letter: nobody is told anything yet.
    The subject is the number of a publication; what it says is not known on this floor.
    """

    doors = frozenset({"jobs"})

    __tablename__ = "subscription"
    __table_args__ = (
        ForeignKeyConstraint(["municipality_id", "subject_id"], ["publication.municipality_id", "publication.id"]),
        UniqueConstraint("municipality_id", "subject_id", "address_key"),
        Index(None, "municipality_id", "address_key"),
        Index(None, "municipality_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int]
    address_key: Mapped[str] = mapped_column(String(254))
    email: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(2), default="bg")
    salt: Mapped[str] = mapped_column(String(32))  # what the keys in its letters are made from
    asked_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]


class SubscriptionNotice(Local, Base):
    """Something to be told to all who follow a subject; the clock makes letters of it, some at a time.

    ``words`` are subject line and text by language, empty once all are told. The row stays, so that the same ``key``
    is never told twice. ``reached_id`` is the last subscription that has its letter. With ``is_last`` nothing more
    will come, and who followed is forgotten when the letters are written.
    """

    __tablename__ = "subscription_notice"
    __table_args__ = (
        ForeignKeyConstraint(["municipality_id", "subject_id"], ["publication.municipality_id", "publication.id"]),
        UniqueConstraint("municipality_id", "subject_id", "key"),
        Index(None, "municipality_id", "done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(120))
    words: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    is_last: Mapped[bool] = mapped_column(default=False)
    told_at: Mapped[datetime] = mapped_column(default=now)
    reached_id: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
