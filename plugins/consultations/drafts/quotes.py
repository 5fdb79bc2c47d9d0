"""A marked phrase as a W3C text quote, and how it is found again in a text that was reworded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from plugins.consultations.drafts.words import stretches

AROUND = 32  # characters kept before and after the phrase, by which one of several is known
EXACT_MAX = 1_000  # characters
# Of 100. Three changed letters in forty still pass; a sentence about something else in the same words does not.
SCORE_MIN = 80
FUZZY_MIN = 12  # characters; a shorter phrase is like too many others and is found only as it was
OCCURRENCES_MAX = 50
WORD = re.compile(r"\S+")
TEXT_MAX = 200_000  # characters in which a reworded phrase is looked for


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


def find_quote(text: str, quote: Quote) -> tuple[int, int] | None:
    """Where the phrase stands in ``text`` now, from and to; None where it is gone.

    As it was, it is found anywhere, and of several places the one with the most alike surroundings is taken. Moved and
    reworded it is found if it is SCORE_MIN of 100 alike (rapidfuzz, partial ratio), in whole words.
    """
    words = quote.exact.split()
    if not words:
        return None
    places = [found.span() for found, _ in zip(_pattern(words).finditer(text), range(OCCURRENCES_MAX), strict=False)]
    if places:
        return max(places, key=lambda place: (_likeness_around(text, place, quote), -place[0]))
    if not FUZZY_MIN <= len(quote.exact) <= len(text) <= TEXT_MAX:
        return None
    found = fuzz.partial_ratio_alignment(quote.exact, text, score_cutoff=SCORE_MIN)
    return _without_others(text, quote, *_to_words(text, found.dest_start, found.dest_end)) if found else None


def _pattern(words: list[str]) -> re.Pattern[str]:
    return re.compile(r"\s+".join(map(re.escape, words)))


def _quote_at(text: str, start: int, end: int) -> Quote:
    return Quote(text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND])


def _likeness_around(text: str, place: tuple[int, int], quote: Quote) -> float:
    here = _quote_at(text, *place)
    return fuzz.ratio(here.prefix, quote.prefix) + fuzz.ratio(here.suffix, quote.suffix)


def _to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The nearest place that begins and ends with whole words, without blanks at its ends."""
    start, end = _edge(text, start), _edge(text, end)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _without_others(text: str, quote: Quote, start: int, end: int) -> tuple[int, int]:
    """The place without words before and after the phrase that came in only because they made it long enough."""
    words = list(WORD.finditer(text, start, end))
    turns = list(stretches(quote.exact.split(), [word[0] for word in words]))
    is_known = [is_same or old_end > old_start for is_same, old_start, old_end, _, _ in turns]
    if not any(is_same for is_same, *_ in turns):
        return start, end
    first = 0 if is_known[0] else turns[0][4]
    last = len(words) if is_known[-1] else turns[-1][3]
    return words[first].start(), words[last - 1].end()


def _edge(text: str, place: int) -> int:
    """The nearer end of the word in which ``place`` lies; the place itself between words."""
    before = after = place
    while 0 < before < len(text) and text[before].isalnum() and text[before - 1].isalnum():
        before -= 1
    while 0 < after < len(text) and text[after].isalnum() and text[after - 1].isalnum():
        after += 1
    return before if place - before <= after - place else after
