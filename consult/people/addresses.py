"""Email addresses: which can be written to, and which spellings of one are equal."""

from __future__ import annotations

import re
import unicodedata

from consult.errors import Refused
from consult.i18n import lazy_gettext as _

EMAIL_MAX = 254  # characters; RFC 5321, 4.5.3.1.3, less the angle brackets
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")  # RFC 5322, 3.2.3, dot-atom
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])")


def check_email(typed: str, field: str = "email") -> str:
    """The address as letters are sent to it: its domain in ASCII (IDNA, RFC 3490) and lower case.

    What stands before the @ must be ASCII. Cyrillic letters there are nearly always а, е, о typed on the wrong
    keyboard; and of two addresses that differ by more than the case of ASCII letters none may pass for the other.
    Raises Refused for the form's ``field``.
    """
    local, at, domain = unicodedata.normalize("NFKC", typed.strip()).partition("@")
    try:
        domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        domain = ""
    email = f"{local}@{domain}"
    is_well = at and _LOCAL.fullmatch(local) and len(local) <= 64 and _DOMAIN.fullmatch(domain)
    if not is_well or len(email) > EMAIL_MAX:
        raise Refused(_("Enter an email, for example name@example.com"), field)
    return email


def email_key(email: str) -> str:
    """The form in which two spellings of one address are equal (SQLite's lower() knows ASCII only)."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def address_key(email: str) -> str:
    """The form in which all addresses of one mailbox are equal: ``ana+events@x.bg`` is ``ana@x.bg``.

    For counting, where one person may not be many: letters in an hour, places at an event. Never for finding an
    account: at some hosts ``ana+events`` is somebody else's, and nobody may get in by being alike.
    """
    local, at, domain = email_key(email).rpartition("@")
    return local.partition("+")[0] + at + domain
