"""People: one account for the whole region, and their roles in municipalities."""

from __future__ import annotations

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import ForeignKey, PrimaryKeyConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from consult.clock import now
from consult.db import Base, db, operation
from consult.people.addresses import email_key
from consult.people.passwords import hash_password
from consult.tenancy import Local


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
def open_account(email: str, name: str, password_hash: str | None) -> Person:
    """The account of an address that was confirmed just now: the one that is there, as it is, or a new one."""
    person = find_person(email)
    if person is None:
        person = Person(email=email, email_key=email_key(email), name=name, password_hash=password_hash)
        person.created_at = now()
        db.session.add(person)
        db.session.flush()
    return person


@operation
def rename(person_id: int, name: str) -> None:
    """Gives the person another name; what was signed before keeps the name that it was signed with."""
    db.session.get_one(Person, person_id).name = name


def find_person(email: str) -> Person | None:
    """The person whose address this is, in any spelling, or None."""
    return db.session.scalar(select(Person).where(Person.email_key == email_key(email)))


@operation
def give_role(person: Person, role: str) -> Membership:
    """Gives the person a role in the municipality that we are in, in place of any other there."""
    held = db.session.scalar(select(Membership).where(Membership.person_id == person.id))
    if held is None:
        held = Membership(person_id=person.id, since=now())
        db.session.add(held)
    held.role = role
    return held
