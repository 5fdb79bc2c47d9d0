"""Sign-ins: one for each device of a person, and the forms that were sent during them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from functools import cache

from sqlalchemy import ForeignKey, PrimaryKeyConstraint, Select, String, bindparam, select
from sqlalchemy.orm import Mapped, contains_eager, mapped_column, relationship

from consult.clock import now
from consult.db import Base, db, operation
from consult.people.addresses import email_key
from consult.people.passwords import is_its_password
from consult.people.persons import Person
from consult.people.tokens import end_tokens
from consult.tenancy import walled


class SignIn(Base):
    """One sign-in of one person on one device; ending it ends that session at once, wherever the cookie lies."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(lambda: Person)


class Submission(Base):
    """A form that a signed-in person has sent: the second arrival of the same key gets the first one's answer."""

    __tablename__ = "submission"
    __table_args__ = (PrimaryKeyConstraint("person_id", "key"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    location: Mapped[str] = mapped_column(String(2000))
    at: Mapped[datetime]


def find_by_password(email: str, password: str) -> int | None:
    """The id of the person whom address and password name, or None.

    Takes as long for an unknown address as for a wrong password, and holds no transaction meanwhile.
    """
    row = db.session.execute(
        select(Person.id, Person.password_hash, Person.is_disabled).where(Person.email_key == email_key(email))
    ).first()
    db.session.rollback()
    is_right = is_its_password(None if row is None or row.is_disabled else row.password_hash, password)
    return row.id if row is not None and is_right else None


@operation
def start_sign_in(person_id: int, key: str = "") -> str:
    """Begins a sign-in and answers its key, of which only the hash is kept: random, or ``key``, as hard to guess."""
    key = key or secrets.token_urlsafe(32)
    db.session.add(SignIn(person_id=person_id, key_hash=_key_hash(key), started_at=now()))
    return key


def find_sign_in(key: str) -> SignIn | None:
    """The running sign-in with this key, with its person, or None when it was ended or its person disabled."""
    return db.session.scalar(_running(), {"key_hash": _key_hash(key)})


@cache  # asked at every request of who is signed in; see ``walled``
def _running() -> Select[SignIn]:
    query = select(SignIn).join(SignIn.person).options(contains_eager(SignIn.person))
    its = SignIn.key_hash == bindparam("key_hash")
    return walled(query.where(its, SignIn.ended_at.is_(None), Person.is_disabled.is_(False)))


@operation
def end_sign_in(key: str) -> None:
    """Ends the sign-in with this key; a copy of its cookie is worth nothing from now on."""
    sign_in = find_sign_in(key)
    if sign_in is not None:
        sign_in.ended_at = now()


def running_sign_ins(person_id: int) -> list[SignIn]:
    """All sign-ins of a person that have not ended, the newest first."""
    mine = select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    return list(db.session.scalars(mine.order_by(SignIn.started_at.desc(), SignIn.id.desc())))


@operation
def end_one_of(person_id: int, sign_in_id: int) -> None:
    """Ends this sign-in if it is the person's; a number of somebody else's ends nothing."""
    for one in running_sign_ins(person_id):
        if one.id == sign_in_id:
            one.ended_at = now()


@operation
def end_others(person_id: int, key: str) -> None:
    """Ends all sign-ins of the person but the one with this key."""
    for one in running_sign_ins(person_id):
        if one.key_hash != _key_hash(key):
            one.ended_at = now()


@operation
def set_password(person_id: int, password_hash: str, key: str = "") -> None:
    """Gives the person a new password. Whoever got in before is out: all sign-ins end but the one with this key.

    So do all links that lie in the person's mailbox.
    """
    person = db.session.get_one(Person, person_id)
    person.password_hash = password_hash
    end_others(person_id, key)
    end_tokens(person.email_key)


def is_this_sign_in(sign_in: SignIn, key: str) -> bool:
    """Whether the row is the sign-in with this key."""
    return sign_in.key_hash == _key_hash(key)


def _key_hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
