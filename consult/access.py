"""Who may do what: permissions declared by the core and the plugins, roles held in a municipality."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import current_app, g
from flask_login import current_user
from sqlalchemy import Select, bindparam, select

from consult.db import db
from consult.errors import Sentence
from consult.people import Membership, Person
from consult.tenancy import current_door, walled

ROLES = ("editor", "moderator", "admin")
PUBLIC = "public"  # the one permission that everybody has, signed in or not
SIGNED_IN = "signed-in"  # and the one that everybody with an account has, in every place


@dataclass(frozen=True)
class Permission:
    """Something that the named roles may do in their own municipality; "operator" is the installation's role."""

    name: str
    title: Sentence
    roles: tuple[str, ...]


def permissions() -> dict[str, Permission]:
    """All permissions by name."""
    declared: dict[str, Permission] = current_app.extensions["consult.permissions"]
    return declared


def reader() -> Person | None:
    """The person who is signed in, or None."""
    person: Any = current_user._get_current_object()  # itself: a proxy would look for it at each of its attributes
    return person if person is not None and person.is_authenticated else None


def may(permission: str) -> bool:
    """Whether whoever asks has ``permission`` in the municipality that we are in (or, as operator, outside of all)."""
    if permission == PUBLIC:
        return True
    if permission == SIGNED_IN:
        return reader() is not None
    role = role_here()
    return role is not None and role in permissions()[permission].roles


def role_here() -> str | None:
    """The role of whoever asks, read once per request from the database: a role taken away is gone at once."""
    if "role_here" not in g:
        g.role_here = _ask_role(reader())
    role: str | None = g.role_here
    return role


def _ask_role(person: Person | None) -> str | None:
    door = current_door()
    if person is None or door is None:
        return None
    if door.town is None:
        return "operator" if person.is_operator else None
    return db.session.scalar(_role_of(), {"person": person.id})


@cache
def _role_of() -> Select[str]:
    return walled(select(Membership.role).where(Membership.person_id == bindparam("person")))
