"""The shapes of one invented consultation and of what people say in it, before the operations make rows of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

ProcedureType = Literal["ordinance", "general_act", "budget", "debt", "strategy"]
Stance = Literal["change", "for", "against", "ask"]
Consent = Literal["full", "nameless", "none"]
Fate = Literal["", "withdrawn", "hidden", "masked", "held"]
Verdict = Literal["", "accepted", "partly", "rejected", "noted", "answered"]


class Translation(NamedTuple):
    """An informative translation of the title and the lead; the Bulgarian text stays the official one."""

    title: str
    lead: str


class Reasons(NamedTuple):
    """The reasons for the draft under the five headings of Закон за нормативните актове, чл. 28, ал. 2."""

    causes: str
    aims: str
    means: str
    results: str
    eu_law: str


class Ways(NamedTuple):
    """How one may respond besides the form on the page; ``counter`` is a place with its hours."""

    email: str
    postal_address: str
    counter: str
    online: bool = True


class Version(NamedTuple):
    """The draft as it stood from ``day`` on (0: the opening); ``note`` says why it was replaced."""

    text: str
    day: int = 0
    note: str = ""


class Outcome(NamedTuple):
    """How it ended; ``changes`` are what is different because of people, each with the provision it concerns."""

    words: str
    sitting: str
    decision: str
    adopted_text: str
    changes: tuple[str, ...]


class Reply(NamedTuple):
    """An answer of another person to an opinion; ``day`` is counted from the opening."""

    name: str
    day: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """One opinion. ``key`` is unique in its consultation and never shown.

    ``article`` is the id of the provision ("art_14"; None: the whole draft) in the draft of number ``version``, and
    ``quote`` stands there to the letter. ``masks`` are the parts of ``text`` a moderator has covered, ``fate_reason``
    the reason given for hiding or withdrawing. ``verdict`` and ``answer`` are the municipality's own words.
    """

    key: str
    day: int
    name: str
    stance: Stance
    text: str
    town: str = ""
    article: str | None = None
    version: int = 1
    proposed: str = ""
    quote: str = ""
    organisation: str = ""
    consent: Consent = "full"
    agreed: int = 0
    fate: Fate = ""
    fate_reason: str = ""
    masks: tuple[str, ...] = ()
    replies: tuple[Reply, ...] = ()
    verdict: Verdict = ""
    answer: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """One consultation. ``opens_in`` is in days from today (negative: it is open since), ``term`` in days.

    ``discussed_at`` are titles of events of the same municipality; ``act_in_force`` is empty where there is none.
    """

    town: str
    procedure: ProcedureType
    act_type: str
    title: str
    short_title: str
    lead: str
    changes: tuple[str, str, str]
    affected: str
    ask: str
    policy_area: str
    legal_basis: str
    mover: str
    unit: str
    contact_role: str
    ways: Ways
    questions: tuple[str, ...]
    promise: str
    council_sitting: str
    reasons: Reasons
    opens_in: int
    term: int
    versions: tuple[Version, ...]
    opinions: tuple[Said, ...] = ()
    act_in_force: str = ""
    act_in_force_title: str = ""
    short_term_reason: str = ""
    discussed_at: tuple[str, ...] = ()
    outcome: Outcome | None = None
    translations: Mapping[str, Translation] = field(default_factory=dict)
