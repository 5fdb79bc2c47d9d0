"""Which article of a new version is which of the old one: by its id, its words and its place."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rapidfuzz.distance import Indel

from plugins.consultations.drafts.provisions import Kind, Provision, is_unit, unit_of

# Likeness is the share of words that two texts have in common and in one order, from 0 to 1. Below these numbers
# two articles are two articles; they were found by reading real ordinances beside their amended versions.
LIKE_UNDER_OTHER_NUMBER = 0.65
LIKE_UNDER_SAME_NUMBER = 0.40
# In doubt the one with the same number, or the same name, is meant.
FOR_THE_NUMBER = 0.08
FOR_THE_HEADING = 0.12
# So that 5,000 articles that are all alike take seconds and not days: how many words are looked at, how far around
# the expected place, and how many of the articles that share rare words.
WORDS_MAX = 2_000
NEIGHBOURS = 3
SHARERS = 4
RARE_IN = 6
RARE_WORDS = 40
WORD = re.compile(r"\w+|[^\w\s]")


class Change(StrEnum):
    """What became of an article."""

    SAME = "same"
    CHANGED = "changed"  # other words under the same number
    MOVED = "moved"  # another number, with the same words or others: see ``is_reworded``
    NEW = "new"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Match:
    """A unit of the new version: its ``eid``, that of the same unit in the old one or None, and what became of it."""

    eid: str
    old_eid: str | None
    change: Change
    is_reworded: bool = False


@dataclass(frozen=True)
class Matching:
    """The units of the new version in its order, and the eids of those of the old one that are no more."""

    matches: tuple[Match, ...]
    dropped: tuple[str, ...]

    @cached_property
    def by_eid(self) -> dict[str, Match]:
        """The matches by the eid in the new version."""
        return {match.eid: match for match in self.matches}


@dataclass(eq=False)
class Unit:
    """An article, § or appendix with all that lies in it."""

    eid: str
    kind: Kind
    heading: str
    place: int
    lines: list[str]

    @cached_property
    def words(self) -> list[str]:
        """Its words in small letters, its name among them; the first WORDS_MAX are enough to know it by."""
        found = [word.lower() for line in self.lines for word in WORD.findall(line[: WORDS_MAX * 12])]
        return found[:WORDS_MAX]

    @cached_property
    def whole(self) -> tuple[str, ...]:
        """Everything that it says, without blanks that say nothing."""
        return tuple(" ".join(line.split()) for line in self.lines)


def units_of(provisions: Sequence[Provision]) -> list[Unit]:
    """The units of a version in reading order."""
    found: dict[str, Unit] = {}
    for provision in provisions:
        if is_unit(provision):
            heading = " ".join(provision.heading.lower().split())
            found[provision.eid] = Unit(provision.eid, provision.kind, heading, len(found), [])
        if unit := found.get(unit_of(provision.eid) or ""):
            # The numbers inside count as words: who turns a point into an алинея changes the article.
            inner = "" if provision.eid == unit.eid else f"{provision.kind} {provision.number}"
            unit.lines += [inner, provision.heading, provision.text]
    return list(found.values())


def match(old: Sequence[Provision], new: Sequence[Provision]) -> Matching:
    """Find every article, § and appendix of ``new`` in ``old``.

    Same words first, the same number before another; then the most alike, each old one once; then those under the same
    number with the same name, or between the same neighbours, however new their words. Deterministic. Below the unit
    an id is enough.
    """
    matcher = _Matcher(units_of(old), units_of(new))
    matcher.match_same()
    matcher.match_alike()
    matcher.match_rewritten()
    return matcher.result()


class _Matcher:
    def __init__(self, old: list[Unit], new: list[Unit]) -> None:
        self.old, self.new = old, new
        self.old_by_eid = {unit.eid: unit for unit in old}
        self.found: dict[Unit, Unit] = {}  # new → old
        self.taken: set[Unit] = set()

    def pair(self, new: Unit, old: Unit) -> None:
        self.found[new] = old
        self.taken.add(old)

    def is_free(self, new: Unit, old: Unit | None) -> bool:
        return old is not None and old not in self.taken and new not in self.found and old.kind is new.kind

    def match_same(self) -> None:
        """Word for word the same: under the same number, else in the order of the text."""
        for unit in self.new:
            old = self.old_by_eid.get(unit.eid)
            if old and old.whole == unit.whole and old.kind is unit.kind:
                self.pair(unit, old)
        by_words: dict[tuple[Kind, tuple[str, ...]], deque[Unit]] = defaultdict(deque)
        for old in self.old:
            if old not in self.taken and any(old.words):
                by_words[old.kind, old.whole].append(old)
        for unit in self.new:
            if unit not in self.found and (waiting := by_words.get((unit.kind, unit.whole))):
                self.pair(unit, waiting.popleft())

    def match_alike(self) -> None:
        """The most alike first, so that an inserted article does not take the place of the next one."""
        scored = []
        for unit, old in self.candidates():
            least = LIKE_UNDER_SAME_NUMBER if unit.eid == old.eid else LIKE_UNDER_OTHER_NUMBER
            like = Indel.normalized_similarity(old.words, unit.words, score_cutoff=least)
            if like >= least:
                has_same_name = bool(unit.heading) and unit.heading == old.heading
                like += FOR_THE_NUMBER * (unit.eid == old.eid) + FOR_THE_HEADING * has_same_name
                scored.append((-like, unit.place, old.place))
        for _, new_place, old_place in sorted(scored):
            if self.is_free(self.new[new_place], self.old[old_place]):
                self.pair(self.new[new_place], self.old[old_place])

    def candidates(self) -> Iterator[tuple[Unit, Unit]]:
        """Pairs worth a look: the same number, about the same place, rare words in common. A bounded number each."""
        sharers = _Sharers([old for old in self.old if old not in self.taken])
        expected = 0
        for unit in self.new:
            if unit in self.found:
                expected = self.found[unit].place + 1
                continue
            around = self.old[max(0, expected - NEIGHBOURS) : expected + NEIGHBOURS + 1]
            pool = dict.fromkeys([*around, *sharers.of(unit)])
            if old := self.old_by_eid.get(unit.eid):
                pool[old] = None
            yield from ((unit, old) for old in pool if self.is_free(unit, old))
            expected += 1

    def match_rewritten(self) -> None:
        """Nothing in common but the number, and the name or both neighbours: the same article, written anew."""
        for unit in self.new:
            old = self.old_by_eid.get(unit.eid)
            if old is None or not self.is_free(unit, old):
                continue
            if (unit.heading and unit.heading == old.heading) or self.stands_between_the_same(unit, old):
                self.pair(unit, old)

    def stands_between_the_same(self, new: Unit, old: Unit) -> bool:
        return self.is_neighbour(new, old, -1) and self.is_neighbour(new, old, 1)

    def is_neighbour(self, new: Unit, old: Unit, step: int) -> bool:
        beside_new, beside_old = new.place + step, old.place + step
        is_new_inside, is_old_inside = 0 <= beside_new < len(self.new), 0 <= beside_old < len(self.old)
        if not (is_new_inside and is_old_inside):
            return is_new_inside == is_old_inside  # both stand at an end of the text
        return self.found.get(self.new[beside_new]) is self.old[beside_old]

    def result(self) -> Matching:
        return Matching(
            tuple(self.say(unit) for unit in self.new),
            tuple(old.eid for old in self.old if old not in self.taken),
        )

    def say(self, unit: Unit) -> Match:
        old = self.found.get(unit)
        if old is None:
            return Match(unit.eid, None, Change.NEW)
        is_reworded = old.whole != unit.whole
        if old.eid != unit.eid:
            return Match(unit.eid, old.eid, Change.MOVED, is_reworded)
        return Match(unit.eid, old.eid, Change.CHANGED if is_reworded else Change.SAME, is_reworded)


class _Sharers:
    """Finds the old units that share the rarest words with a new one."""

    def __init__(self, units: list[Unit]) -> None:
        self.where: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            for word in dict.fromkeys(unit.words):
                self.where[word].append(unit)
        self.where = {word: units for word, units in self.where.items() if len(units) <= RARE_IN}

    def of(self, unit: Unit) -> list[Unit]:
        """At most SHARERS units, those with the most rare words in common first."""
        rare = [word for word in dict.fromkeys(unit.words) if word in self.where]
        rare.sort(key=lambda word: len(self.where[word]))
        votes = Counter(other for word in rare[:RARE_WORDS] for other in self.where[word])
        return [other for other, _ in votes.most_common(SHARERS)]
