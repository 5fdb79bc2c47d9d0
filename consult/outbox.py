"""The outbox: letters written in the same transaction as what they tell of, and what becomes of them.

Promise: a letter whose transaction was committed leaves at least once, and under a Message-ID that never changes,
so that a mail server or a reader can see that a second copy is the same letter.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from consult.clock import now
from consult.db import Base, db, operation
from consult.errors import ContractError
from consult.tenancy import Local, here, through

log = logging.getLogger(__name__)

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720, 1440))  # after a failed try
HELD = timedelta(minutes=10)  # how long a worker may talk about one letter before another worker tries it

Transport = Callable[[EmailMessage], None]


class Letter(Local, Base):
    """A letter from a municipality: waiting (``due_at``), sent (``sent_at``), or given up (neither)."""

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("municipality_id", "key"),)

    doors = frozenset({"jobs", "operator"})

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
    last_error: Mapped[str] = mapped_column(String(300), default="")


@operation
def send(key: str, to: str, subject: str, text: str) -> None:
    """Writes a letter from this municipality. The same ``key`` a second time is the same letter: nothing happens."""
    if not to or db.session.scalar(select(Letter.id).where(Letter.key == key)) is not None:
        return
    moment = now()
    db.session.add(
        Letter(key=key, to=to, sender=here().email, subject=subject, text=text, written_at=moment, due_at=moment)
    )


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
        log.warning("letter %s did not leave: %s", letter.id, error)
        return f"{type(error).__name__}: {error}"[:300]
    return ""


@operation
def _note_outcome(letter_id: int, error: str) -> None:
    letter = db.session.get_one(Letter, letter_id)
    letter.last_error = error
    if not error:
        letter.sent_at, letter.due_at = now(), None
    else:
        letter.due_at = now() + PAUSES[letter.tries - 1] if letter.tries <= len(PAUSES) else None


def message_of(letter: Letter) -> EmailMessage:
    """The letter as RFC 5322 wants it: plain text, and an identity made from its key."""
    domain = urlsplit(str(current_app.config["ORIGIN"])).hostname or "localhost"
    message = EmailMessage()
    message["Message-ID"] = f"<{sha256(f'{letter.municipality_id} {letter.key}'.encode()).hexdigest()[:32]}@{domain}>"
    message["Date"] = format_datetime(letter.written_at)
    message["From"] = letter.sender or f"no-reply@{domain}"
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
    message.set_content(letter.text)
    return message


def transport_of(url: str) -> Transport:
    """What carries letters: ``file:`` (a folder beside the database) or ``smtp://`` / ``smtps://user:pass@host:port``."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return _into_files
    if parts.scheme not in ("smtp", "smtps"):
        raise ContractError(
            f"nothing carries letters by {parts.scheme!r}",
            "the setting MAIL (CONSULT_MAIL, or mail in consult.toml)",
            "letters would wait for ever",
            'use "file:", "smtp://host:port" or "smtps://user:password@host:port"',
        )
    host, port = parts.hostname or "localhost", parts.port or (465 if parts.scheme == "smtps" else 25)

    def by_smtp(message: EmailMessage) -> None:
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=20, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=20)
        with server:
            if parts.scheme == "smtp" and parts.username:
                server.starttls(context=context)  # a password never travels in the clear
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)

    return by_smtp


def _into_files(message: EmailMessage) -> None:
    folder = Path(current_app.config["INSTANCE"]) / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").split("@")[0]
    (folder / f"{name}.eml").write_bytes(message.as_bytes())
