"""A marked phrase as a W3C text quote: the words, and what stands around them; looked for again in another text."""

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


def still_stands(text: str, quote: Quote) -> bool:
    """Whether the phrase stands in another version of its text.

    It is known by all that stood around it; else by itself, if it stands there once; else, of several, by what stood
    on one side of it, if only one has that. A phrase of whole words is not found inside of longer ones.
    """
    exact = _whole_words(quote)
    places = [found.span() for found in re.finditer(exact, text)]
    if len(places) < 2:
        return bool(places)
    before, after = _pattern(quote.prefix.split()).pattern, _pattern(quote.suffix.split()).pattern
    if re.search(rf"{before}\s*{exact}\s*{after}", text):
        return True
    one_sided = {found.span("exact") for found in re.finditer(rf"{before}\s*(?P<exact>{exact})", text) if before}
    one_sided |= {found.span("exact") for found in re.finditer(rf"(?P<exact>{exact})\s*{after}", text) if after}
    return len(one_sided) == 1


def _whole_words(quote: Quote) -> str:
    """The pattern of the phrase; where it began or ended a word, so it must again."""
    pattern = _pattern(quote.exact.split()).pattern
    begins = not (quote.prefix[-1:].isalnum() and quote.exact[:1].isalnum())
    ends = not (quote.suffix[:1].isalnum() and quote.exact[-1:].isalnum())
    is_word_first, is_word_last = quote.exact[:1].isalnum(), quote.exact[-1:].isalnum()
    if begins and is_word_first:
        pattern = r"(?<!\w)" + pattern
    return pattern + r"(?!\w)" if ends and is_word_last else pattern


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, words)))


def _quote_at(text: str, start: int, end: int) -> Quote:
    return Quote(text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND])
