"""What is done with notices: put up, take down."""

from __future__ import annotations

from datetime import datetime

from consult.api import Refused, db, here, lazy_pgettext, now, operation, touch, will_change

from .models import Notice


@operation
def put_up(text: str, ends_at: datetime, publication_id: int | None = None) -> Notice:
    """Puts a notice on the board until ``ends_at``. Raises Refused for a moment that has passed."""
    if ends_at <= now():
        raise Refused(lazy_pgettext("notices", "This time has passed. Choose a later one."), "ends_at")
    notice = Notice(text=text, ends_at=ends_at, publication_id=publication_id)
    db.session.add(notice)
    will_change(ends_at, here().id)
    touch(here().id)
    return notice


@operation
def take_down(notice: Notice) -> None:
    """Takes a notice off the board; it is kept."""
    notice.ends_at = now()
    touch(here().id)
