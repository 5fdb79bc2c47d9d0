"""What carries letters out of the house: a folder, or a mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import current_app

from consult.errors import ContractError

Transport = Callable[[EmailMessage], None]


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
