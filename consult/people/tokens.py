"""Single-use tokens: the secret of a link in a letter, of which only the hash is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, ForeignKey, Index, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from consult.clock import now
from consult.db import Base, db, operation
from consult.errors import Refused
from consult.i18n import lazy_gettext as _

KEY_BYTES = 24  # 192 bits; ASVS 5.0 asks for 128


class Token(Base):
    """A link that does one thing once. ``subject`` says to whom or to what; ``town_id`` where, or None for anywhere."""

    __tablename__ = "token"
    __table_args__ = (Index(None, "purpose", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(254))
    town_id: Mapped[int | None] = mapped_column(ForeignKey("municipality.id"))
    made_at: Mapped[datetime]
    dies_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


@dataclass(frozen=True)
class HeldToken:
    """What a token says to who holds its key: whom or what it is about, and in which town it holds (None: anywhere)."""

    subject: str
    town_id: int | None
    dies_at: datetime


class TokenGone(Refused):
    """The key opens nothing: 404 where there never was such a token, 410 where it was used, died or was replaced."""

    def __init__(self, status: int) -> None:
        super().__init__(_("This link was used already, or its time is over."), status=status)


@operation
def make_token(purpose: str, subject: str, lives: timedelta, town_id: int | None = None) -> str:
    """Makes a token and answers its random key (192 bits, URL-safe), which nobody can learn from the database.

    Older ones of this purpose and subject die: only the newest letter holds a link that works.
    """
    end_tokens(subject, purpose)
    key, moment = secrets.token_urlsafe(KEY_BYTES), now()
    db.session.add(
        Token(
            key_hash=_hash(key),
            purpose=purpose,
            subject=subject,
            town_id=town_id,
            made_at=moment,
            dies_at=moment + lives,
        )
    )
    return key


def look_at_token(purpose: str, key: str) -> HeldToken:
    """What a live token says, for the page with the button; nothing changes. Raises TokenGone."""
    token = db.session.scalar(select(Token).where(Token.key_hash == _hash(key), Token.purpose == purpose))
    if token is None:
        raise TokenGone(404)
    if token.used_at is not None or token.dies_at <= now():
        raise TokenGone(410)
    return HeldToken(token.subject, token.town_id, token.dies_at)


@operation
def use_token(purpose: str, key: str) -> HeldToken:
    """What a live token says; from now on it is used, whoever else holds its key. Raises TokenGone.

    One statement decides: of two who press at the same moment one gets it.
    """
    held = look_at_token(purpose, key)
    live = (Token.key_hash == _hash(key), Token.used_at.is_(None), Token.dies_at > now())
    if _change(update(Token).where(*live).values(used_at=now())) != 1:
        raise TokenGone(410)
    return held


@operation
def end_tokens(subject: str, purpose: str | None = None) -> None:
    """Lets all live tokens of this subject die, or those of one purpose."""
    mine = [Token.subject == subject, Token.used_at.is_(None), Token.dies_at > now()]
    if purpose is not None:
        mine.append(Token.purpose == purpose)
    _change(update(Token).where(*mine).values(dies_at=now()))


def forget_tokens() -> int:
    """The clock's part, once a day."""
    deleted = delete_dead_tokens()
    db.session.commit()
    return deleted


@operation
def delete_dead_tokens() -> int:
    """Deletes the tokens whose time is over, used or not; answers how many. Nothing about a person stays of them."""
    return _change(delete(Token).where(Token.dies_at <= now()))


def _change(statement: Any) -> int:
    result: CursorResult[Any] = db.session.execute(statement.execution_options(synchronize_session=False))  # type: ignore[assignment]
    db.session.expire_all()
    return result.rowcount


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
