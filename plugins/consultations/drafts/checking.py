"""A draft before it is kept: its articles as they were read, what was not understood, and which is which of before."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consult.api import Refused, lazy_pgettext
from plugins.consultations.drafts.matching import Change, Match, Matching, match, units_of
from plugins.consultations.drafts.provisions import Provision, is_unit, say_label, unit_of
from plugins.consultations.drafts.reading import ReadDraft
from plugins.consultations.drafts.tree import Remark

CHOICES_MAX = 20_000  # of all lists on the page together; beyond that nobody chooses by hand
NEW, AS_FOUND = "-", ""  # wishes: it is new; it is what was found


@dataclass(frozen=True)
class CheckedArticle:
    """An article, § or appendix (or what stands outside of any) with all that lies in it.

    ``became`` is one of ``Change``, or empty where nothing is compared; ``before`` the label in the version before.
    """

    eid: str
    label: str
    heading: str
    provisions: tuple[Provision, ...]
    remarks: tuple[Remark, ...]
    became: str = ""
    before: str = ""
    can_be_mended: bool = False


@dataclass(frozen=True)
class CheckedDraft:
    """All of it. ``choices`` are the articles of the version before that one of the new may be (eid, label)."""

    articles: tuple[CheckedArticle, ...]
    matching: Matching | None
    choices: tuple[tuple[str, str], ...]
    dropped: tuple[str, ...]

    def count(self, became: str) -> int:
        """How many articles became this."""
        return sum(1 for article in self.articles if article.became == became)

    @property
    def remarked(self) -> int:
        """How many places were not understood."""
        return sum(len(article.remarks) for article in self.articles)


def check_draft(draft: ReadDraft, old: Sequence[Provision], wishes: Mapping[str, str]) -> CheckedDraft:
    """The draft article by article, matched to the ``old`` version if there is one.

    ``wishes`` are the staff's mends: by the eid in the new version the eid in the old one, or NEW. Raises Refused for
    a wish that cannot be.
    """
    matching = mend(match(old, draft.provisions), wishes, old, draft.provisions) if old else None
    labels = {one.eid: say_label(one) for one in old if is_unit(one)}
    same = {one.old_eid for one in matching.matches if one.change is Change.SAME} if matching else set()
    choices = tuple((eid, label) for eid, label in labels.items() if eid not in same)
    others = len(matching.matches) - len(same) if matching else 0
    can_mend = bool(choices) and len(choices) * others <= CHOICES_MAX
    articles = _articles(draft, matching.by_eid if matching else {}, labels, can_mend)
    dropped = tuple(labels[eid] for eid in matching.dropped) if matching else ()
    return CheckedDraft(articles, matching, choices if can_mend else (), dropped)


def _articles(
    draft: ReadDraft, found: Mapping[str, Match], labels: Mapping[str, str], can_mend: bool
) -> tuple[CheckedArticle, ...]:
    groups = _groups(draft.provisions)
    starts = [draft.lines[place] for place, _group in groups]
    remarks: dict[int, list[Remark]] = {}
    for remark in draft.remarks:
        remarks.setdefault(max(0, bisect_right(starts, remark.line) - 1), []).append(remark)
    articles = []
    for number, (_place, group) in enumerate(groups):
        first = group[0]
        one = found.get(first.eid)
        articles.append(
            CheckedArticle(
                first.eid,
                say_label(first),
                first.heading,
                tuple(group),
                tuple(remarks.get(number, ())),
                str(one.change) if one else "",
                labels.get(one.old_eid or "", "") if one else "",
                can_mend and one is not None and one.change is not Change.SAME,
            )
        )
    return tuple(articles)


def _groups(provisions: Sequence[Provision]) -> list[tuple[int, list[Provision]]]:
    """The provisions by article, with the place of the first; what lies in no article is a group of its own."""
    groups: list[tuple[int, list[Provision]]] = []
    for place, provision in enumerate(provisions):
        unit = unit_of(provision.eid)
        if groups and unit is not None and unit == groups[-1][1][0].eid:
            groups[-1][1].append(provision)
        else:
            groups.append((place, [provision]))
    return groups


def mend(matching: Matching, wishes: Mapping[str, str], old: Sequence[Provision], new: Sequence[Provision]) -> Matching:
    """The matching with the wishes of a person put through; what was found there before gives way.

    Wishes for articles that are no more say nothing. Raises Refused for an old article that is not there, or that two
    articles should be.
    """
    wished = {one.eid: wishes[one.eid] for one in matching.matches if wishes.get(one.eid)}
    if not wished:
        return matching
    before, after = {unit.eid: unit for unit in units_of(old)}, {unit.eid: unit for unit in units_of(new)}
    taken = Counter(eid for eid in wished.values() if eid != NEW)
    if any(eid not in before or times > 1 for eid, times in taken.items()):
        sentence = lazy_pgettext(
            "consultations", "One article of the version before can be only one article of this one. Choose again."
        )
        raise Refused(sentence)
    matches = []
    for one in matching.matches:
        old_eid = wished.get(one.eid) or (one.old_eid if one.old_eid not in taken else None)
        if old_eid is None or old_eid == NEW:
            matches.append(Match(one.eid, None, Change.NEW))
            continue
        is_reworded = before[old_eid].whole != after[one.eid].whole
        change = Change.MOVED if old_eid != one.eid else Change.CHANGED if is_reworded else Change.SAME
        matches.append(Match(one.eid, old_eid, change, is_reworded))
    kept = {one.old_eid for one in matches}
    return Matching(tuple(matches), tuple(eid for eid in before if eid not in kept))
