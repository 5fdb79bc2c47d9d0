"""Two versions of a draft side by side: what became of every article, and of every word in it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from rapidfuzz.distance import Indel

from plugins.consultations.drafts.matching import FOR_THE_NUMBER, WORDS_MAX, Change, Match, Matching, match
from plugins.consultations.drafts.provisions import Kind, Provision, Table, say_label, unit_of
from plugins.consultations.drafts.words import Piece, compare_words, count_changed, stretches

__all__ = ["Comparison", "PartChange", "Piece", "UnitChange", "compare", "compare_words"]

LIKE = 0.5  # from this share of common words on, two алинеи or points are one, whatever their numbers
PAIRS_MAX = 2_500  # of a longer stretch in which all changed only the numbers are compared


@dataclass(frozen=True)
class PartChange:
    """One provision of a unit (the unit's own words come first): its pieces, or the rows of its tables.

    ``eid`` is that of the new version, or of the old one for what is DROPPED. ``old_number`` differs from ``number``
    where it was renumbered. ``table`` is the new one, ``old_table`` the old one; both None where there is no table.
    """

    eid: str
    kind: Kind
    number: str
    old_number: str | None
    change: Change
    heading: tuple[Piece, ...]
    pieces: tuple[Piece, ...]
    table: Table | None = None
    old_table: Table | None = None


@dataclass(frozen=True)
class UnitChange:
    """What became of an article, § or appendix, or of what stands outside of them (a chapter's name, the preamble).

    ``label`` and ``heading`` are those of the new version, of the old one for what is DROPPED. ``old_label`` is None
    for what is NEW. ``is_reworded`` says of what MOVED whether its words changed too.
    """

    eid: str
    old_eid: str | None
    kind: Kind
    label: str
    old_label: str | None
    heading: str
    change: Change
    is_reworded: bool
    parts: tuple[PartChange, ...]

    @cached_property
    def words_changed(self) -> int:
        """How many words were added or removed."""
        return sum(count_changed(part.heading) + count_changed(part.pieces) for part in self.parts)


@dataclass(frozen=True)
class Comparison:
    """All units in reading order; what was dropped stands where it stood."""

    units: tuple[UnitChange, ...]

    @cached_property
    def changed(self) -> tuple[UnitChange, ...]:
        """Those of which not everything is the same: the list that comes first."""
        return tuple(unit for unit in self.units if unit.change is not Change.SAME)


def compare(old: Sequence[Provision], new: Sequence[Provision], matching: Matching | None = None) -> Comparison:
    """Compare two versions. ``matching`` is that of `match` or, where staff mended it, the mended one."""
    old_groups, new_groups = _groups(old), _groups(new)
    found = {one.eid: one for one in (matching or match(old, new)).matches}
    found |= {eid: _match_outer(eid, old_groups, new_groups) for eid in new_groups if eid not in found}
    units = [_compare_group(found[eid], old_groups, new_groups) for eid in new_groups]
    return Comparison(tuple(_with_dropped(units, old_groups)))


def _groups(provisions: Sequence[Provision]) -> dict[str, list[Provision]]:
    """The provisions by the unit in which they lie, in reading order; what lies in none is a group of its own."""
    found: dict[str, list[Provision]] = defaultdict(list)
    for provision in provisions:
        found[unit_of(provision.eid) or provision.eid].append(provision)
    return dict(found)


def _match_outer(eid: str, old: dict[str, list[Provision]], new: dict[str, list[Provision]]) -> Match:
    """Outside of the units the id is enough."""
    if eid not in old:
        return Match(eid, None, Change.NEW)
    before, after = old[eid][0], new[eid][0]
    is_reworded = [*before.heading.split(), "", *before.text.split()] != [
        *after.heading.split(),
        "",
        *after.text.split(),
    ]
    return Match(eid, eid, Change.CHANGED if is_reworded else Change.SAME, is_reworded)


def _compare_group(one: Match, old: dict[str, list[Provision]], new: dict[str, list[Provision]]) -> UnitChange:
    after = new[one.eid]
    before = old.get(one.old_eid, []) if one.old_eid else []
    parts = tuple(_compare_parts(before, after))
    head = after[0]
    old_label = say_label(before[0]) if before else None
    return UnitChange(
        one.eid, one.old_eid, head.kind, say_label(head), old_label, head.heading, one.change, one.is_reworded, parts
    )


def _with_dropped(units: list[UnitChange], old: dict[str, list[Provision]]) -> Iterator[UnitChange]:
    """What was dropped comes right after what stood before it."""
    kept = {unit.old_eid for unit in units}
    behind: dict[str | None, list[UnitChange]] = defaultdict(list)
    before: str | None = None
    for eid, group in old.items():
        if eid in kept:
            before = eid
        else:
            behind[before].append(_dropped(eid, group))
    yield from behind[None]
    for unit in units:
        yield unit
        if unit.old_eid:
            yield from behind[unit.old_eid]


def _dropped(eid: str, group: list[Provision]) -> UnitChange:
    label = say_label(group[0])
    parts = tuple(_compare_part(provision, None) for provision in group)
    return UnitChange(eid, eid, group[0].kind, label, label, group[0].heading, Change.DROPPED, False, parts)


def _compare_parts(old: list[Provision], new: list[Provision]) -> Iterator[PartChange]:
    """The provisions inside a unit: the head with the head, then by their words, and where these differ by number."""
    if not old:
        yield from (_compare_part(None, provision) for provision in new)
        return
    yield _compare_part(old[0], new[0])
    unit, old_unit = new[0].eid, old[0].eid
    old, new = old[1:], new[1:]
    for is_same, *ends in stretches([_says(one) for one in old], [_says(one) for one in new]):
        before, after = old[ends[0] : ends[1]], new[ends[2] : ends[3]]
        if is_same:
            yield from map(_compare_part, before, after)
        else:
            yield from _compare_changed(before, after, (len(old_unit), len(unit)))


def _says(provision: Provision) -> tuple[str, ...]:
    return (provision.kind, *provision.heading.split(), "", *provision.text.split())


def _compare_changed(old: list[Provision], new: list[Provision], roots: tuple[int, int]) -> Iterator[PartChange]:
    """A stretch in which all changed: in the new order, and what was dropped where it stood."""
    pairs = _pairs(old, new, roots)
    paired = set(pairs.values())
    left = deque(place for place in range(len(old)) if place not in paired)
    for place, provision in enumerate(new):
        before = pairs.get(place)
        while before is not None and left and left[0] < before:
            yield _compare_part(old[left.popleft()], None)
        yield _compare_part(None if before is None else old[before], provision)
    yield from (_compare_part(old[place], None) for place in left)


def _pairs(old: list[Provision], new: list[Provision], roots: tuple[int, int]) -> dict[int, int]:
    """Which place in ``new`` is which in ``old``: the most alike first, then by the number.

    ``roots`` are the lengths of the units' eids in the old and the new version; what comes behind is the number.
    """
    keys, old_keys = [one.eid[roots[1] :] for one in new], [one.eid[roots[0] :] for one in old]
    old_place = {key: place for place, key in enumerate(old_keys)}
    scored: list[tuple[float, int, int]] = []
    if len(old) * len(new) <= PAIRS_MAX:
        words, old_words = [_says(one)[:WORDS_MAX] for one in new], [_says(one)[:WORDS_MAX] for one in old]
        for place, before in product(range(len(new)), range(len(old))):
            like = Indel.normalized_similarity(old_words[before], words[place], score_cutoff=LIKE)
            if like >= LIKE and old[before].kind is new[place].kind:
                scored.append((-like - FOR_THE_NUMBER * (keys[place] == old_keys[before]), place, before))
    by_number = [(0.0, place, old_place[key]) for place, key in enumerate(keys) if key in old_place]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _, place, before in [*sorted(scored), *by_number]:
        if place not in found and before not in taken and old[before].kind is new[place].kind:
            found[place] = before
            taken.add(before)
    return found


def _compare_part(old: Provision | None, new: Provision | None) -> PartChange:
    one = new or old
    if one is None:
        raise ValueError("nothing to compare")
    heading = compare_words(old.heading if old else "", new.heading if new else "")
    pieces = compare_words(old.text if old else "", new.text if new else "")
    is_same = all(piece.kind == "same" for piece in (*heading, *pieces))
    change = Change.SAME if is_same else Change.CHANGED
    if old is None or new is None:
        change = Change.DROPPED if old else Change.NEW
    return PartChange(
        one.eid,
        one.kind,
        one.number,
        old.number if old else None,
        change,
        heading,
        pieces,
        new.table if new else None,
        old.table if old else None,
    )
