"""Pace: how often something may be done, by whom; all limits of the site are counted here."""

from __future__ import annotations

from hashlib import sha256

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse

from consult.clock import now
from consult.errors import Refused
from consult.i18n import ngettext

limiter = Limiter(get_remote_address, default_limits=[], headers_enabled=False)


def network() -> str:
    """The address in the network that this request comes from; a whole household or office may stand behind one."""
    return get_remote_address()


def require_pace(what: str, *limits: tuple[str, str]) -> None:
    """Counts one more ``what`` ("events.register"), or raises Refused (429) with a sentence that says when again.

    Each limit is how often ("3 per hour") and by what it is counted: `network()`, or `address_key(email)` so that one
    mailbox is one. What is refused is not counted. Counts live in this process, or in the store that
    ``RATELIMIT_STORAGE_URI`` names; their keys are hashed, because they hold addresses and may be of any length.
    """
    counted = [(parse(often), _hashed(what, key)) for often, key in limits]
    for item, key in counted:
        if not limiter.limiter.test(item, key):
            raise _too_fast(item, key)
    for item, key in counted:
        limiter.limiter.hit(item, key)


def is_in_pace(what: str, *limits: tuple[str, str]) -> bool:
    """The same without words, for where nothing may be told: whether it was in pace, and then it is counted."""
    try:
        require_pace(what, *limits)
    except Refused:
        return False
    return True


def _too_fast(item: RateLimitItem, key: str) -> Refused:
    seconds = limiter.limiter.get_window_stats(item, key).reset_time - now().timestamp()
    minutes = max(1, round(seconds / 60 + 0.5))
    return Refused(
        ngettext(
            "This was done too often. Try again in one minute.",
            "This was done too often. Try again in %(num)d minutes.",
            minutes,
        ),
        status=429,
    )


def _hashed(what: str, key: str) -> str:
    return sha256(f"{what} {key}".encode(errors="replace")).hexdigest()
