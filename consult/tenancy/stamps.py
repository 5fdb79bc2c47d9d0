"""Stamps: numbers that are raised when what a municipality's pages show has changed, and what is kept by them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from flask import current_app
from sqlalchemy import ForeignKey, event, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from consult.db import Base, db
from consult.tenancy.doors import here

T = TypeVar("T")


class ContentStamp(Base):
    """A number per municipality, raised whenever anything that its pages show has changed."""

    __tablename__ = "content_stamp"

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    value: Mapped[int] = mapped_column(default=1)


class ContentMoment(Base):
    """A moment at which a municipality's pages change by themselves: a schedule, a deadline."""

    __tablename__ = "content_moment"

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True, index=True)  # the region asks for the last of all of them


def remembered(key: str, make: Callable[[], T]) -> T:
    """What ``make`` answers about this municipality, remembered by this process until its stamp is raised."""
    memory: dict[tuple[int, str], tuple[int, T]] = current_app.extensions.setdefault("consult.remembered", {})
    town = here()
    found = memory.get((town.id, key))
    if found is None or found[0] != town.stamp:
        found = memory[town.id, key] = (town.stamp, make())
    return found[1]


def touch(*municipality_ids: int) -> None:
    """Says that the pages of these municipalities change; their stamps are raised when the transaction commits."""
    db.session().info.setdefault("touched", set()).update(municipality_ids)


def will_change(at: datetime, *municipality_ids: int) -> None:
    """Says that the pages of these municipalities change by themselves at the moment ``at``."""
    for municipality_id in municipality_ids:
        db.session.merge(ContentMoment(municipality_id=municipality_id, at=at))


@event.listens_for(Session, "before_commit")
def _raise_the_stamps(session: Session) -> None:
    """Hot rows: raised last and in the order of their ids, or sixteen writers wait for each other.

    The end of a savepoint is no commit: what was touched within waits for the end of the whole.
    """
    if session.in_nested_transaction():
        return
    touched = session.info.pop("touched", None)
    if not touched or not session.info.get("writing"):
        return
    session.flush()
    for municipality_id in sorted(touched):
        session.execute(
            update(ContentStamp)
            .where(ContentStamp.municipality_id == municipality_id)
            .values(value=ContentStamp.value + 1)
            .execution_options(synchronize_session=False)
        )


@event.listens_for(Session, "after_transaction_end")
def _forget_the_stamps(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("touched", None)
