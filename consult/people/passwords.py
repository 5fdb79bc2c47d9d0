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


def is_its_password(stored: str | None, typed: str) -> bool:
    """Whether ``typed`` is the password of the hash ``stored``; without a hash it is not, and takes as long."""
    try:
        _hasher.verify(stored or _nobodys(), unicodedata.normalize("NFKC", typed[:PASSWORD_MAX]))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
