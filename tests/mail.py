"""A real mail server for tests, and what lies in the outbox."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select

from consult.db import db
from consult.outbox import Letter, LetterFile, deliver, send
from consult.tenancy import inside, through
from consult.testing.factories import ON, town


class Sink:
    """A real mail server: keeps what it takes, and says ``answer`` to every letter."""

    def __init__(self, takes_seconds: float = 0) -> None:
        self.letters: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.tried: Counter[str] = Counter()
        self.answer = "250 OK"
        self.takes_seconds = takes_seconds

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.tried[message["Message-ID"]] += 1
        time.sleep(self.takes_seconds)
        if self.answer.startswith("250"):
            self.letters.append(message)
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return self.answer


@contextmanager
def mail_server(sink: Sink) -> Iterator[str]:
    """A mail server that hands everything to ``sink``; answers its address for the setting MAIL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        server.stop()


def write(
    app: Flask,
    *keys: str,
    code: str = ON,
    subject: str = "Нещо ново",
    to: str = "somebody@test.example",
    files: tuple[LetterFile, ...] = (),
) -> None:
    """Writes letters of a town."""
    with app.app_context(), inside(town(code)):
        for key in keys:
            send(key, to, subject, "Добър ден,\n\nима нещо ново.\n", files)
        db.session.commit()


def letters(app: Flask) -> list[Letter]:
    """All letters of the installation, the oldest first."""
    with app.app_context(), through("jobs"):
        found = list(db.session.scalars(select(Letter).order_by(Letter.id)))
        db.session.expunge_all()
        return found


def deliver_all(app: Flask) -> int:
    """Does what the worker does each minute; answers how many letters left."""
    with app.app_context():
        return deliver()
