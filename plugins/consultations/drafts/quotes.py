"""A marked phrase as a W3C text quote: the words, and what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass

AROUND = 32  # characters kept before and after the phrase, by which one of several is known
EXACT_MAX = 1_000  # characters


@dataclass(frozen=True)
class Quote:
    """A TextQuoteSelector (W3C Web Annotation Data Model, 4.2.4): the phrase and what stands around it."""

    exact: str
    prefix: str
    suffix: str


def make_quote(text: str, exact: str) -> Quote | None:
    """The first place of the phrase ``exact`` in ``text``, as it stands there; None where it does not, or is empty.

    Blanks are all alike, because a browser gives a marked phrase with other blanks than those of the source.
    """
    words = exact.split()
    if not words or len(exact) > EXACT_MAX:
        return None
    found = _pattern(words).search(text)
    return _quote_at(text, *found.span()) if found else None


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, words)))


def _quote_at(text: str, start: int, end: int) -> Quote:
    return Quote(text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND])
