"""Passwords: how long they are and how they are kept."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from consult.db import db
from consult.errors import Refused
from consult.i18n import lazy_gettext as _
from consult.tenancy import Municipality

PASSWORD_MIN, PASSWORD_MAX = 15, 200  # characters; NIST SP 800-63B-4, 3.1.1, for a password that is the only factor
OWN_SIGNS_MIN = 6  # that must be left when words that anybody would try are taken out

# Words that stand in every list of tried passwords, in the letters of the two keyboards, and words of this place.
COMMON = (
    *("password", "parola", "парола", "letmein", "welcome", "admin", "administrator", "qwerty", "iloveyou", "dragon"),
    *("monkey", "football", "secret", "login", "test", "user", "bulgaria", "българия", "sofia", "софия", "levski"),
    *("левски", "cska", "цска", "обичамте", "obichamte", "тайна", "taina", "здравей", "zdravei", "şifre", "sifre"),
    *("obshtina", "община", "municipality", "belediye", "kmet", "кмет", "consult", "uchastvay", "участвай", "участие"),
    *("югоизточен", "регион", "region", "yugoiztochen", "2023", "2024", "2025", "2026", "2027", "2028", "gmail", "abv"),
)
ROWS = (  # of keys, and of the alphabets
    *("12345678901234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "1q2w3e4r5t6y7u8i9o"),
    *("явертъуиоп", "асдфгхйкл", "зьцжбнм", "абвгдежзийклмнопрстуфхцчшщъьюя", "уеишщксдзц", "ьяаожгтнвм"),
)
PART = 4  # signs in a row that are no longer chance

_hasher = PasswordHasher()


def check_password(typed: str, *own_words: str, field: str = "password") -> None:
    """Whether it may become a password: long enough, and not made of words that are tried first.

    NIST SP 800-63B-4, 3.1.1.2: a list of common, repeated and context words, and no rules on composition.
    ``own_words`` are the person's name and address. Raises Refused for the form's ``field``.
    """
    length = len(unicodedata.normalize("NFKC", typed))
    if length < PASSWORD_MIN:
        raise Refused(_("Take at least %(min)d characters; four or five words do.", min=PASSWORD_MIN), field)
    if length > PASSWORD_MAX:
        raise Refused(_("Please shorten this to %(max)d characters.", max=PASSWORD_MAX), field)
    if len(_what_is_own(typed, own_words)) < OWN_SIGNS_MIN:
        raise Refused(_("This is easy to guess. Take words that have nothing to do with you or with this site."), field)


def _what_is_own(typed: str, own_words: tuple[str, ...]) -> set[str]:
    """The signs that are left without known words and rows of keys; each once, so that repetition adds nothing."""
    names = db.session.execute(
        select(Municipality.name_bg, Municipality.name_en, Municipality.name_tr, Municipality.slug)
    )
    known = [*COMMON, *(name for row in names for name in row), *(re.split(r"[\W_]", " ".join(own_words)))]
    rest = _folded(typed)
    for word in sorted({_folded(word) for word in known if len(word) >= 3}, key=len, reverse=True):
        rest = rest.replace(word, " ")
    for row in ROWS:
        rest = re.sub("|".join(_parts(row) + _parts(row[::-1])), " ", rest)
    return set(rest) - {" "}


def _parts(row: str) -> list[str]:
    return [row[start : start + PART] for start in range(len(row) - PART + 1)]


def _folded(typed: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", typed).casefold())


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
