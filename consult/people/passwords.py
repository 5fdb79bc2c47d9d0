"""Passwords: how long they are and how they are kept."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PASSWORD_MIN, PASSWORD_MAX = 15, 200  # characters; NIST SP 800-63B-4, 3.1.1, for a password that is the only factor

_hasher = PasswordHasher()


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
