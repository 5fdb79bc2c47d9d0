"""Writing a letter: in the same transaction as what it tells of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, bindparam, select

from consult.clock import now
from consult.db import db, operation
from consult.outbox.models import Letter, LetterAttachment, LetterFile
from consult.tenancy import current_door, here, walled


@operation
def send(
    key: str, to: str, subject: str, text: str, attachments: Sequence[LetterFile] = (), unsubscribe: str = ""
) -> None:
    """Writes a letter from this municipality. The same ``key`` a second time is the same letter: nothing happens.

    Through the door "jobs", where there is no municipality, the installation itself writes, and without files.
    A file of the type text/calendar with the parameter ``method`` ("REQUEST", "CANCEL"; RFC 6047) is also shown by
    mail programs as an invitation. ``unsubscribe`` is the address at which a POST ends such letters (RFC 8058).
    """
    door = current_door()
    town = None if door is not None and door.kind == "jobs" else here()
    asked = {"town": town.id if town else None, "key": key}
    if not to or db.session.scalar(_written(town is not None), asked) is not None:
        return
    moment, sender = now(), town.email if town else ""
    letter = Letter(key=key, to=to, sender=sender, subject=subject, text=text, written_at=moment, due_at=moment)
    letter.unsubscribe = unsubscribe or None
    letter.attachments = [
        LetterAttachment(
            name=file.name, media_type=file.media_type, parameters=dict(file.parameters), content=file.content
        )
        for file in attachments
    ]
    db.session.add(letter)


@cache
def _written(is_of_a_town: bool) -> Select[int]:
    own = Letter.municipality_id == bindparam("town") if is_of_a_town else Letter.municipality_id.is_(None)
    query = select(Letter.id).where(own, Letter.key == bindparam("key"))
    return walled(query) if is_of_a_town else query
