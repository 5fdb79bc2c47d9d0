"""The provisions of a draft while it is read: where the next one hangs, what its id is, whether its number fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from consult.api import lazy_pgettext, slug
from plugins.consultations.drafts.numerals import follows, is_first, key_of
from plugins.consultations.drafts.provisions import (
    MARKS,
    PROVISIONS_MAX,
    UNITS,
    Kind,
    Provision,
    Table,
    too_many,
)

NEAR = 60  # characters of a line by which a person finds it
TITLE_KEY_MAX = 40
# Who has a higher rank ends who has a lower or the same. A point 1.1 stands between a point and a letter.
RANKS = {
    Kind.PART: 0.0,
    Kind.TITLE: 0.0,
    Kind.CHAPTER: 1.0,
    Kind.SECTION: 2.0,
    Kind.ARTICLE: 3.0,
    Kind.CLAUSE: 3.0,
    Kind.PARAGRAPH: 4.0,
    Kind.POINT: 5.0,
    Kind.LETTER: 6.0,
    Kind.TEXT: 7.0,
    Kind.TABLE: 7.0,
}
OUTER = {Kind.PART, Kind.CHAPTER, Kind.SECTION, Kind.TITLE}
THROUGHOUT = {Kind.PART, Kind.CHAPTER, Kind.ARTICLE, Kind.CLAUSE, Kind.APPENDIX}  # numbered through the whole act
NUMBERED_ANEW = {Kind.CHAPTER, Kind.CLAUSE}  # may begin with 1 again under another дял or another title


@dataclass(frozen=True)
class Remark:
    """What was not understood: the ``line`` (from 1), words ``near`` it, and a lazy ``sentence`` for the person."""

    line: int
    near: str
    sentence: Any


@dataclass(eq=False)
class Node:
    """A provision that may still grow."""

    kind: Kind
    number: str
    line: int
    near: str
    parent: Node | None
    eid: str = ""
    heading: str = ""
    pieces: list[str] = field(default_factory=list)
    table: Table | None = None
    counts: dict[Kind, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Its own words."""
        return "".join(self.pieces)

    @text.setter
    def text(self, words: str) -> None:
        self.pieces = [words] if words else []

    def grow(self, words: str) -> None:
        """More words, at a cost that does not depend on how many there are."""
        self.pieces.append(words)

    @property
    def last_sign(self) -> str:
        """The last character of its words."""
        return self.pieces[-1][-1:] if self.pieces else ""

    @property
    def is_wordless(self) -> bool:
        """Whether it has no words of its own and nothing stands in it."""
        return not (self.pieces or self.counts)

    def freeze(self) -> Provision:
        """The provision as it is now."""
        parent = self.parent.eid if self.parent else None
        return Provision(self.eid, self.kind, self.number, self.heading, self.text, parent, self.table)


class Tree:
    """The provisions read so far, and the open ones: ``path`` leads from the outermost to the innermost."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.path: list[Node] = []
        self.remarks: list[Remark] = []
        self._taken: dict[str, int] = {}
        self._last: dict[tuple[Kind, str], Node] = {}
        self._outside: dict[Kind, int] = {}  # how many texts and tables belong to nobody

    @property
    def top(self) -> Node | None:
        """The innermost open provision."""
        return self.path[-1] if self.path else None

    @property
    def unit(self) -> Node | None:
        """The innermost open article, § or appendix."""
        return next((node for node in reversed(self.path) if node.kind in UNITS), None)

    @property
    def appendix(self) -> Node | None:
        """The open appendix; in it a чл. 1 is that of a specimen contract, not of the act."""
        return next((node for node in self.path if node.kind is Kind.APPENDIX), None)

    def holder(self) -> Node | None:
        """To whom words without a number belong: the open алинея, else the unit, else the chapter."""
        at_home = {*UNITS, Kind.PARAGRAPH, *OUTER}
        return next((node for node in reversed(self.path) if node.kind in at_home), None)

    def say(self, node: Node, sentence: Any) -> None:
        """Remember a remark about ``node``."""
        self.remarks.append(Remark(node.line, node.near, sentence))

    def last_of(self, kind: Kind) -> Node | None:
        """The last article or § of the act itself, outside of appendices."""
        return self._last.get((kind, ""))

    def add(self, kind: Kind, number: str, line: int, near: str) -> Node:
        """A new provision where its kind belongs, its number checked. Raises Refused for one too many."""
        self._close(kind, number)
        return self._append(kind, number, line, near, self.top)

    def add_inside(self, holder: Node | None, kind: Kind, line: int, near: str) -> Node:
        """A new TEXT or TABLE that belongs to ``holder``, which stays open and ends what is deeper."""
        while self.path and self.path[-1] is not holder:
            self.path.pop()
        return self._append(kind, "", line, near, holder)

    def leave_appendix(self) -> None:
        """The act goes on after an appendix that stood in its middle."""
        while self.appendix:
            self.path.pop()

    def freeze(self) -> tuple[Provision, ...]:
        """All provisions in reading order."""
        return tuple(node.freeze() for node in self.nodes)

    def _close(self, kind: Kind, number: str) -> None:
        if kind is Kind.APPENDIX:
            self.path.clear()
        floor = self.appendix
        rank = rank_of(kind, number)
        while self.path and self.path[-1] is not floor and rank_of(self.path[-1].kind, self.path[-1].number) >= rank:
            self.path.pop()

    def _append(self, kind: Kind, number: str, line: int, near: str, parent: Node | None) -> Node:
        if len(self.nodes) >= PROVISIONS_MAX:
            raise too_many()
        node = Node(kind, " ".join(number.split()), line, near[:NEAR], parent)
        counts = parent.counts if parent else self._outside
        counts[kind] = counts.get(kind, 0) + 1
        if number:
            self._check_number(node)
        node.eid = self._eid_of(node)
        self.nodes.append(node)
        if kind not in (Kind.TEXT, Kind.TABLE):
            self.path.append(node)
        return node

    # ---- numbers

    def _check_number(self, node: Node) -> None:
        scope = self._scope_of(node)
        before = self._last.get((node.kind, scope))
        self._last[node.kind, scope] = node
        if before is None:
            if not is_first(node.number.rpartition(".")[2]):
                self.say(node, _begins_with(node.number))
        elif key_of(before.number) == key_of(node.number) and not self._begins_anew(node, before):
            self.say(node, _twice(node.number))
        elif not follows(_last_part(before), _last_part(node)) and not self._begins_anew(node, before):
            self.say(node, _jump(before.number, node.number))

    def _begins_anew(self, node: Node, before: Node) -> bool:
        return node.kind in NUMBERED_ANEW and is_first(node.number) and node.parent is not before.parent

    def _scope_of(self, node: Node) -> str:
        if node.kind in THROUGHOUT:
            appendix = self.appendix
            return appendix.eid if appendix else ""
        # Points 1.1 and 1.2 are counted apart from 1 and 2.
        depth = node.number.count(".")
        return f"{node.parent.eid if node.parent else ''} {depth}"

    # ---- ids

    def _eid_of(self, node: Node) -> str:
        names = list(self._names_for(node))
        name = next((name for name in names if name not in self._taken), None)
        if name is None:
            self._taken[names[0]] += 1
            name = f"{names[0]}-x{self._taken[names[0]]}"
        self._taken[name] = 1
        return name

    def _names_for(self, node: Node) -> Iterable[str]:
        """The names that the provision may have, the best first."""
        parent = f"{node.parent.eid}__" if node.parent else ""
        key = self._key_of(node)
        own = f"{MARKS[node.kind]}_{key}" if key else MARKS[node.kind]
        if node.kind in THROUGHOUT or node.kind is Kind.TITLE:
            appendix = self.appendix
            yield f"{appendix.eid}__{own}" if appendix else own
        if node.kind not in THROUGHOUT or node.kind in NUMBERED_ANEW:
            yield parent + own

    def _key_of(self, node: Node) -> str:
        if node.kind in (Kind.TEXT, Kind.TABLE):
            return str((node.parent.counts if node.parent else self._outside)[node.kind])
        if node.kind is Kind.TITLE:
            return slug(node.near, TITLE_KEY_MAX)
        return key_of(node.number)


def rank_of(kind: Kind, number: str) -> float:
    """How deep a provision stands; more is deeper."""
    return RANKS.get(kind, 3.0) + (number.rstrip(".").count(".") / 10 if kind is Kind.POINT else 0)


def _last_part(node: Node) -> str:
    return node.number.rpartition(".")[2] if node.kind is Kind.POINT else node.number


def _begins_with(number: str) -> Any:
    return lazy_pgettext(
        "consultations", "The numbering here begins with %(number)s. Is something missing before it?", number=number
    )


def _twice(number: str) -> Any:
    return lazy_pgettext("consultations", "The number %(number)s stands here a second time.", number=number)


def _jump(before: str, number: str) -> Any:
    return lazy_pgettext(
        "consultations",
        "After %(before)s comes %(number)s. Is something missing, or is the order different?",
        before=before,
        number=number,
    )
