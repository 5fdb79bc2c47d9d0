"""Which words a new wording added and removed, for marking them in a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from rapidfuzz.distance import Indel

from consult.participation import ContributionVersion, ContributionWords

WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True)
class Piece:
    """A run of words; ``how`` is "same", "added" or "removed"."""

    how: str
    text: str


@dataclass(frozen=True)
class Wording:
    """A version of a contribution against the one before it. ``pieces`` is None where the words are erased."""

    number: int
    at: datetime
    pieces: Sequence[Piece] | None


def difference(before: str, after: str) -> list[Piece]:
    """Both texts in one, word by word: what stayed, what was removed, what was added."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    pieces = []
    for step in Indel.opcodes(old, new):
        removed, added = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            pieces.append(Piece("same", removed))
            continue
        pieces += [Piece(how, text) for how, text in (("removed", removed), ("added", added)) if text]
    return pieces


def wordings(versions: Sequence[tuple[ContributionVersion, ContributionWords]]) -> list[Wording]:
    """Every version after the first with its difference, newest first."""
    told = [
        Wording(version.number, version.at, _pieces(before, words))
        for (_older, before), (version, words) in pairwise(versions)
    ]
    return told[::-1]


def _pieces(before: ContributionWords, after: ContributionWords) -> list[Piece] | None:
    if before.words is None or after.words is None:
        return None
    return difference(_said(before.words), _said(after.words))


def _said(words: dict[str, str]) -> str:
    """The text, and what the kind says besides."""
    return "\n\n".join(filter(None, (words["text"], *(value for name, value in words.items() if name != "text"))))
