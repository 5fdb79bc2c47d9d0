"""People: one account for the whole region, their roles in municipalities, and each of their sign-ins."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_login import UserMixin
from sqlalchemy import ForeignKey, PrimaryKeyConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.clock import now
from consult.db import Base, db, operation
from consult.tenancy import Local

PASSWORD_MIN, PASSWORD_MAX = 15, 200  # characters; NIST SP 800-63B-4, 3.1.1, for a password that is the only factor

_hasher = PasswordHasher()


class Person(UserMixin, Base):
    """Somebody with an account. Not a row of any municipality: what a town sees of a person is what it did there."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_operator: Mapped[bool] = mapped_column(default=False)
    is_disabled: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    sign_in_key: str = ""  # of this session; no column: the database keeps only its hash, in SignIn

    def get_id(self) -> str:
        """What Flask-Login writes into the cookie: the key of the sign-in, not the number of the person."""
        return self.sign_in_key


class Membership(Local, Base):
    """A person's role in one municipality: "editor", "moderator" or "admin"."""

    __tablename__ = "membership"
    __table_args__ = (PrimaryKeyConstraint("municipality_id", "person_id"),)

    doors = frozenset({"operator"})

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(20))
    since: Mapped[datetime]


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


def email_key(email: str) -> str:
    """The form in which two spellings of one address are equal (SQLite's lower() knows ASCII only)."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


@operation
def add_person(email: str, name: str, password: str | None = None, is_operator: bool = False) -> Person:
    """Adds a person, or gives the existing one of that address the new name and password; an operator stays one."""
    person = db.session.scalar(select(Person).where(Person.email_key == email_key(email)))
    if person is None:
        person = Person(email=email.strip(), email_key=email_key(email), created_at=now())
        db.session.add(person)
    person.name, person.is_operator = name, is_operator or bool(person.is_operator)
    if password is not None:
        person.password_hash = hash_password(password)
    db.session.flush()
    return person


@operation
def give_role(person: Person, role: str) -> Membership:
    """Gives the person a role in the municipality that we are in, in place of any other there."""
    held = db.session.scalar(select(Membership).where(Membership.person_id == person.id))
    if held is None:
        held = Membership(person_id=person.id, since=now())
        db.session.add(held)
    held.role = role
    return held


def hash_password(password: str) -> str:
    """argon2id over the NFKC form, so that one password typed on two keyboards is one password."""
    return _hasher.hash(unicodedata.normalize("NFKC", password))


@cache
def _nobodys() -> str:
    """A hash that no password has; made at its first use, because it is slow by design."""
    return hash_password(secrets.token_hex(16))


def find_by_password(email: str, password: str) -> int | None:
    """The id of the person whom address and password name, or None.

    Takes as long for an unknown address as for a wrong password, and holds no transaction meanwhile.
    """
    row = db.session.execute(
        select(Person.id, Person.password_hash, Person.is_disabled).where(Person.email_key == email_key(email))
    ).first()
    db.session.rollback()
    nobodys = _nobodys()
    stored = row.password_hash if row and row.password_hash and not row.is_disabled else nobodys
    try:
        _hasher.verify(stored, unicodedata.normalize("NFKC", password[:PASSWORD_MAX]))
    except (VerificationError, InvalidHashError):
        return None
    return row.id if row and stored != nobodys else None


@operation
def start_sign_in(person_id: int) -> str:
    """Begins a sign-in and answers its random key, of which only the hash is kept."""
    key = secrets.token_urlsafe(32)
    db.session.add(SignIn(person_id=person_id, key_hash=_key_hash(key), started_at=now()))
    return key


def find_sign_in(key: str) -> SignIn | None:
    """The running sign-in with this key, or None when it was ended or its person disabled."""
    return db.session.scalar(
        select(SignIn)
        .join(SignIn.person)
        .where(SignIn.key_hash == _key_hash(key), SignIn.ended_at.is_(None), Person.is_disabled.is_(False))
    )


@operation
def end_sign_in(key: str) -> None:
    """Ends the sign-in with this key; a copy of its cookie is worth nothing from now on."""
    sign_in = find_sign_in(key)
    if sign_in is not None:
        sign_in.ended_at = now()


def _key_hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
