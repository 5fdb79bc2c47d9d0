"""The text of a draft as pages show it: compared with another version or by itself, by chapters, with its opinions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from cachetools import LRUCache

from consult.api import Counts, pgettext, read_number
from plugins.consultations.drafts.comparing import Comparison, UnitChange, compare
from plugins.consultations.drafts.matching import Change
from plugins.consultations.drafts.provisions import UNITS, Kind
from plugins.consultations.models import DraftVersion, Passage, Source
from plugins.consultations.queries import provisions_of
from plugins.consultations.wording import title_of_unit

UNITS_MAX = 60  # of a longer text one chapter is shown at a time
REMEMBERED = 32  # comparisons, each of up to some megabytes
PARTING = {Kind.PART, Kind.CHAPTER, Kind.TITLE}
_comparisons: LRUCache[object, Comparison] = LRUCache(REMEMBERED)
_one_at_a_time = Lock()


def comparison_of(old: DraftVersion | None, new: DraftVersion) -> Comparison:
    """What became of ``old`` in ``new``; without ``old`` the new text by itself. Versions never change: remembered."""
    base = old or new
    key = (base.id, base.made_at, new.id, new.made_at, new.title)
    with _one_at_a_time:
        found = _comparisons.get(key)
    if found is None:
        provisions = provisions_of(new.id)
        found = compare(provisions if base is new else provisions_of(base.id), provisions)
        with _one_at_a_time:
            _comparisons[key] = found
    return found


@dataclass(frozen=True)
class Chapter:
    """A stretch of the text under one heading. ``opinions`` counts those to its articles."""

    number: int
    units: tuple[UnitChange, ...]
    opinions: int

    @property
    def anchor(self) -> str:
        """Its identity on the page."""
        return f"gl-{self.number}"

    @cached_property
    def title(self) -> str:
        """What the contents call it; "" for what stands before the first heading."""
        headings = [unit for unit in self.units if unit.kind in PARTING]
        return ". ".join(part for one in headings for part in (title_of_unit(one), one.heading) if part)


@dataclass(frozen=True)
class DraftText:
    """A version to read. ``base`` is what it is compared with, or None; ``chosen`` the only chapter that is shown."""

    version: DraftVersion
    base: DraftVersion | None
    chapters: tuple[Chapter, ...]
    passages: Mapping[str, Passage]
    dropped: Sequence[Passage]
    chosen: Chapter | None

    @property
    def shown(self) -> Sequence[Chapter]:
        """The chapters on this page."""
        return self.chapters if self.chosen is None else (self.chosen,)

    @property
    def following(self) -> Chapter | None:
        """The chapter after the one that is shown."""
        if self.chosen is None or self.chosen.number >= len(self.chapters):
            return None
        return self.chapters[self.chosen.number]

    @cached_property
    def articles(self) -> int:
        """How many articles, paragraphs of closing provisions and appendices there are."""
        return len(self.passages)

    @cached_property
    def named(self) -> list[Chapter]:
        """The chapters that the contents list."""
        return [chapter for chapter in self.chapters if chapter.title]

    @cached_property
    def has_headings(self) -> bool:
        """Whether articles stand below headings of chapters."""
        return bool(self.named)

    def passage(self, unit: UnitChange) -> Passage | None:
        """To what opinions of this unit belong; None for a heading and for what was dropped."""
        return None if unit.change is Change.DROPPED else self.passages.get(unit.eid)

    def since(self, passage: Passage) -> list[tuple[str, int]]:
        """What became of an article since the draft that opened, each with the version that brought it, or 0."""
        return what_became_of(passage, self.version.number)


def what_became_of(passage: Passage, version: int) -> list[tuple[str, int]]:
    """What became of a passage up to ``version``, since the draft that opened: see `DraftText.since`."""
    found = []
    if passage.new_in > 1:
        sentence = pgettext("consultations", "New in version %(number)s", number=passage.new_in)
        found.append((sentence, passage.new_in))
    if passage.changed_in > 1:
        sentence = pgettext("consultations", "Changed in version %(number)s", number=passage.changed_in)
        found.append((sentence, passage.changed_in))
    if passage.moved_from and version > 1:
        found.append((pgettext("consultations", "Moved, it was %(article)s", article=passage.moved_from), 0))
    return found


def text_of(
    version: DraftVersion, base: DraftVersion | None, passages: Sequence[Passage], counts: Counts, chapter: str
) -> DraftText | None:
    """The text of ``version`` with its changes since ``base``; None where there is no such ``chapter`` (a number)."""
    alive = {one.eid: one for one in passages if not one.dropped_in}
    chapters = _chapters(comparison_of(base, version), alive, counts)
    chosen = None
    if sum(unit.kind in UNITS for one in chapters for unit in one.units) > UNITS_MAX and len(chapters) > 1:
        number = read_number(chapter or "1") or 0
        if not 1 <= number <= len(chapters):
            return None
        chosen = chapters[number - 1]
    return DraftText(version, base, chapters, alive, [one for one in passages if one.dropped_in], chosen)


def _chapters(comparison: Comparison, passages: Mapping[str, Passage], counts: Counts) -> tuple[Chapter, ...]:
    """The text in stretches; a дял and the глава right below it begin one together."""
    stretches: list[list[UnitChange]] = []
    for unit in comparison.units:
        begins = unit.kind in PARTING and unit.change is not Change.DROPPED
        if not stretches or (begins and any(one.kind not in PARTING for one in stretches[-1])):
            stretches.append([])
        stretches[-1].append(unit)
    return tuple(_chapter(number, units, passages, counts) for number, units in enumerate(stretches, 1))


def _chapter(number: int, units: list[UnitChange], passages: Mapping[str, Passage], counts: Counts) -> Chapter:
    its = [passages[unit.eid].id for unit in units if unit.change is not Change.DROPPED and unit.eid in passages]
    return Chapter(number, tuple(units), sum(counts.of(part_id=one).accepted for one in its))


def base_of(versions: Sequence[DraftVersion], version: DraftVersion, asked: str | None) -> DraftVersion | None:
    """With what ``version`` is compared: the one ``asked`` for by number, else the act in force, else the draft before.

    Raises LookupError where there is no such version.
    """
    others = [one for one in versions if one.number < version.number and one.source != Source.ADOPTED]
    if asked is None:
        return next((one for one in others if one.number == 0), others[-1] if others else None)
    number = read_version(asked)
    found = next((one for one in others if one.number == number), None)
    if found is None:
        raise LookupError(asked)
    return found


def read_version(typed: str) -> int | None:
    """The number of a version that stands in an address: 0 is the act in force."""
    return 0 if typed == "0" else read_number(typed)
