"""The clock's part: every letter that is due is tried, and what became of it is noted."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from consult.clock import now
from consult.db import db, operation
from consult.outbox.carriers import Transport, transport_of
from consult.outbox.messages import message_of
from consult.outbox.models import Letter, masked
from consult.tenancy import through

log = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))  # after a failed try
HELD = timedelta(minutes=10)  # how long a worker may talk about one letter before another worker tries it


def deliver() -> int:
    """The clock's part: tries every letter that is due; answers how many left.

    No transaction is open while a mail server is talked to: on SQLite everybody who writes would wait for it.
    """
    transport, sent = transport_of(str(current_app.config["MAIL"])), 0
    with through("jobs"):
        while (letter := _take_next()) is not None:
            db.session.commit()
            error = _try(transport, letter)
            _note_outcome(letter.id, error)
            db.session.commit()
            sent += not error
    return sent


@operation
def _take_next() -> Letter | None:
    """The next letter that is due, out of the session; None when there is none. Workers share by SKIP LOCKED."""
    due = select(Letter).where(Letter.due_at <= now()).order_by(Letter.due_at, Letter.id).limit(1)
    letter = db.session.scalar(due.with_for_update(skip_locked=True))
    if letter is not None:
        letter.tries += 1
        letter.due_at = now() + HELD
        db.session.flush()
        db.session.expunge(letter)
    return letter


def _try(transport: Transport, letter: Letter) -> str:
    """Sends it; answers what went wrong, or nothing.

    Whatever it is: a letter that cannot be made must not hold up the others, and the email package answers some
    addresses with an IndexError.
    """
    try:
        transport(message_of(letter))
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        if letter.to:  # mail servers repeat the address, and neither the log nor the operator's page should hold it
            said = said.replace(letter.to, masked(letter.to))
        log.warning("letter %s did not leave: %s", letter.id, said)
        return said[:300]
    return ""


@operation
def _note_outcome(letter_id: int, error: str) -> None:
    letter = db.session.get_one(Letter, letter_id)
    letter.last_error = error
    if not error:
        letter.sent_at, letter.due_at = now(), None
    elif letter.tries <= len(PAUSES):
        letter.due_at = now() + PAUSES[letter.tries - 1]
    else:
        letter.given_up_at, letter.due_at = now(), None
