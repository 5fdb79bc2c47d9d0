"""A letter as mail programs read it."""

from __future__ import annotations

from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from consult.outbox.models import Letter, LetterAttachment


class WholeWords(EmailPolicy):
    """Writes a long subject in other letters than Latin so that it is read with all its spaces (RFC 2047, 6.2).

    The email package's own folding drops a space that comes where one encoded word ends and the next begins.
    """

    def fold(self, name: str, value: Any) -> str:
        """One header as text, its lines ended as the generator asks."""
        if name.lower() == "list-unsubscribe":  # folded, an address longer than a line would be encoded as a word
            return f"{name}: {value}{self.linesep}"
        if name.lower() != "subject" or str(value).isascii():
            return str(super().fold(name, value))
        return f"{name}: {Header(str(value), 'utf-8', 75, name).encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same as bytes."""
        is_ours = name.lower() == "list-unsubscribe" or (name.lower() == "subject" and not str(value).isascii())
        return self.fold(name, value).encode("ascii") if is_ours else bytes(super().fold_binary(name, value))


def message_of(letter: Letter) -> EmailMessage:
    """The letter as RFC 5322 wants it: plain text, and an identity made from its key."""
    domain = urlsplit(str(current_app.config["ORIGIN"])).hostname or "localhost"
    message = EmailMessage(WholeWords())
    message["Message-ID"] = f"<{sha256(f'{letter.municipality_id} {letter.key}'.encode()).hexdigest()[:32]}@{domain}>"
    message["Date"] = format_datetime(letter.written_at)
    message["From"] = letter.sender or f"no-reply@{domain}"
    message["To"] = letter.to
    message["Subject"] = letter.subject
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
    message.set_content(letter.text)
    _attach(message, letter)
    return message


def _attach(message: EmailMessage, letter: Letter) -> None:
    """Files after the text. An invitation (RFC 6047) stands beside the text too: only there programs offer to take it.

    Content as bytes: the email package would change the line ends of a text, and iCalendar wants its own.
    """
    files = sorted(letter.attachments, key=lambda file: file.id)
    invitations = [file for file in files if _is_invitation(file)]
    for file in invitations:
        message.add_alternative(file.content, maintype="text", subtype="calendar", params=file.parameters)
    for file in files:
        maintype, _, subtype = file.media_type.partition("/")
        if file in invitations:  # once more as a file, under the name by which programs do not show it a second time
            message.add_attachment(file.content, maintype="application", subtype="ics", filename=file.name)
        else:
            message.add_attachment(
                file.content, maintype=maintype, subtype=subtype, filename=file.name, params=file.parameters
            )


def _is_invitation(file: LetterAttachment) -> bool:
    return file.media_type.lower() == "text/calendar" and "method" in file.parameters
