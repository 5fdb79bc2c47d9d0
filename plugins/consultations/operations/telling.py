"""What the clock tells: that a consultation which could be followed has opened, and that it closes in three days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from consult.api import now, operation, today
from plugins.consultations import notices
from plugins.consultations.models import Consultation
from plugins.consultations.queries import own_writable

CLOSING_TOLD_DAYS = 3  # before the last day, or fewer
OPENED_TOLD = timedelta(days=1)  # after that it is no news


def tell_due() -> None:
    """Every few minutes; the same is told once, however often this runs."""
    writable = list(own_writable())
    opened, closing = [one for one in writable if _just_opened(one)], [one for one in writable if _closes(one)]
    if opened or closing:
        _tell(opened, closing)


@operation
def _tell(opened: Sequence[Consultation], closing: Sequence[Consultation]) -> None:
    for one in opened:
        notices.tell_opened(one)
    for one in closing:
        notices.tell_closing(one)


def _just_opened(one: Consultation) -> bool:
    """Only what people could follow before it opened."""
    if one.opens_at is None or one.published_at is None or one.published_at >= one.opens_at:
        return False
    return one.opens_at > now() - OPENED_TOLD


def _closes(one: Consultation) -> bool:
    return one.last_day is not None and (one.last_day - today()).days <= CLOSING_TOLD_DAYS
