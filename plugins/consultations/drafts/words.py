"""What was added to a text and what was removed, in whole words."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel

# A word or a sign, with the blanks before it: so the words of the new text, put together, are the new text itself.
TOKEN = re.compile(r"\s*(?:\w+(?:[-'’]\w+)*|[^\w\s])")
SENTENCE = re.compile(r".+?(?:[.;:!?\n]|$)", re.DOTALL)
CELLS_MAX = 400_000_000  # words times words: the comparison keeps one bit for each, 50 MB
CRUMB_MAX = 3  # characters: what stays the same between two changes and is no longer than this is not worth a stop

Kind = Literal["same", "added", "removed"]
Stretch = tuple[bool, int, int, int, int]  # is it the same; from and to in the old and in the new words


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is in both texts, only in the new one, or only in the old one."""

    kind: Kind
    text: str


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts as one: the pieces that are not removed give ``new``, character for character.

    The pieces that are not added give ``old`` but for its blanks. Blanks alone are no change. What was removed stands
    before what came in its place. Texts of far above a hundred thousand words are compared by sentences.
    """
    if old.split() == new.split():
        return (Piece("same", new),) if new else ()
    first, then = _tokens(old), _tokens(new)
    if len(first) * len(then) > CELLS_MAX:
        first, then = SENTENCE.findall(old), SENTENCE.findall(new)
    if len(first) * len(then) > CELLS_MAX:
        first, then = [old], [new]
    return tuple(_pieces(first, then))


def count_changed(pieces: Sequence[Piece]) -> int:
    """How many words were added or removed."""
    return sum(len(piece.text.split()) for piece in pieces if piece.kind != "same")


def _tokens(text: str) -> list[str]:
    tokens: list[str] = TOKEN.findall(text)
    tail = text[sum(map(len, tokens)) :]  # blanks at the very end
    if tail and tokens:
        tokens[-1] += tail
    return tokens


def stretches(
    old: Sequence[Hashable], new: Sequence[Hashable], is_crumb: Callable[[int, int], bool] = lambda start, end: False
) -> Iterator[Stretch]:
    """What is the same in two sequences and what is not, in turns.

    What is the same between two changes belongs to them if ``is_crumb`` says so of its start and end in ``new``.
    """
    changed: Stretch | None = None  # the change that may still grow
    steps = list(Indel.opcodes(old, new))
    for place, step in enumerate(steps):
        here = (step.src_start, step.src_end, step.dest_start, step.dest_end)
        is_between = changed is not None and place < len(steps) - 1
        if step.tag == "equal" and not (is_between and is_crumb(step.dest_start, step.dest_end)):
            if changed:
                yield changed
            changed = None
            yield (True, *here)
        else:
            changed = (False, changed[1], here[1], changed[3], here[3]) if changed else (False, *here)
    if changed:
        yield changed


def _stretches_of_words(old: list[str], new: list[str]) -> Iterator[Stretch]:
    def is_crumb(start: int, end: int) -> bool:
        return end - start <= CRUMB_MAX and len("".join(new[start:end]).strip()) <= CRUMB_MAX

    return stretches([token.strip() for token in old], [token.strip() for token in new], is_crumb)


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for is_same, old_start, old_end, new_start, new_end in _stretches_of_words(old, new):
        added = "".join(new[new_start:new_end])
        if is_same:
            yield Piece("same", added)
            continue
        if removed := "".join(old[old_start:old_end]):
            # Without a blank the removed word would stick to the one that is read after it.
            follows = new[new_start][:1] if new_start < len(new) else ""
            is_stuck = removed[-1].isalnum() and follows.isalnum()
            yield Piece("removed", f"{removed} " if is_stuck else removed)
        if added:
            yield Piece("added", added)
