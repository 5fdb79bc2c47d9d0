"""What is asked of notices in more than one place."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from consult.api import db, now

from .models import Notice

ON_THE_BOARD = 50


def hanging(limit: int = ON_THE_BOARD) -> Sequence[Notice]:
    """The notices that hold now, those that end first on top."""
    holding = select(Notice).where(Notice.ends_at > now()).order_by(Notice.ends_at, Notice.id)
    return db.session.scalars(holding.limit(limit)).all()


def count() -> int:
    """How many notices this municipality keeps, those that have ended included."""
    return db.session.scalar(select(func.count()).select_from(Notice)) or 0
