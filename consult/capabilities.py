"""Capabilities: keys in the addresses of letters that let whoever holds the letter do one thing, without an account.

A key is made from the installation's secret and never kept, so a copy of the database opens nothing.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from hashlib import sha256

from flask import current_app


def capability(purpose: str, *parts: object) -> str:
    """The key for ``purpose`` and what ``parts`` name: a word of small letters and digits, 130 bits.

    A part that is changed in the database (a salt) makes every key that was given out before worthless.
    """
    named = "\x1f".join((purpose, *(str(part) for part in parts)))
    digest = hmac.new(current_app.config["SECRET_KEY"].encode(), f"capability\x1f{named}".encode(), sha256).digest()
    return "k" + b32encode(digest).decode()[:26].lower()  # a word in an address begins with a letter


def holds(key: str, purpose: str, *parts: object) -> bool:
    """Whether ``key`` is that capability; the time it takes tells nothing of how much of it was right."""
    return hmac.compare_digest(key.encode(), capability(purpose, *parts).encode())
