"""Email addresses: which are taken, and which spellings of one are equal."""

from __future__ import annotations

import unicodedata


def email_key(email: str) -> str:
    """The form in which two spellings of one address are equal (SQLite's lower() knows ASCII only)."""
    return unicodedata.normalize("NFKC", email).strip().casefold()
