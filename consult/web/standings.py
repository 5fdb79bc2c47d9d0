"""The words for contributions: where one stands, why it waits, what was done about it; and its way, step by step."""

from __future__ import annotations

from dataclasses import dataclass

from consult.errors import Sentence
from consult.i18n import lazy_pgettext
from consult.participation import Act, Contribution, Standing

# Standing → the word, the colour of its tag and its drawing.
STANDINGS: dict[str, tuple[Sentence, str, str]] = {
    Standing.UNCONFIRMED: (lazy_pgettext("opinion", "Awaiting confirmation"), "soon", "mail"),
    Standing.HELD: (lazy_pgettext("opinion", "Awaiting review"), "soon", "clock"),
    Standing.PUBLISHED: (lazy_pgettext("opinion", "Published"), "open", "check"),
    Standing.HIDDEN: (lazy_pgettext("opinion", "Hidden"), "late", "eyeoff"),
    Standing.WITHDRAWN: (lazy_pgettext("opinion", "Withdrawn"), "", "no"),
    Standing.DISOWNED: (lazy_pgettext("opinion", "Removed, because somebody else had sent it"), "", "no"),
}
QUEUED_FOR: dict[str, Sentence] = {
    "identifiers": lazy_pgettext("opinion", "It seems to hold personal data"),
    "watched": lazy_pgettext("opinion", "What this author sends is read first"),
    "official": lazy_pgettext("opinion", "Its name may be taken for the municipality’s"),
    "before": lazy_pgettext("opinion", "All opinions are read before they are shown"),
    "report": lazy_pgettext("opinion", "Somebody reported it"),
    "appeal": lazy_pgettext("opinion", "Its author asks for a second person"),
}
ACTS: dict[str, Sentence] = {
    Act.PUBLISHED: lazy_pgettext("opinion", "Read and published"),
    Act.MASKED: lazy_pgettext("opinion", "Published with blacked out data"),
    Act.HIDDEN: lazy_pgettext("opinion", "Hidden"),
    Act.APPEALED: lazy_pgettext("opinion", "The author asked for a second person"),
    Act.UPHELD: lazy_pgettext("opinion", "A second person left it hidden"),
    Act.RESTORED: lazy_pgettext("opinion", "A second person showed it again"),
    Act.DISMISSED: lazy_pgettext("opinion", "Reports looked at, nothing had to be done"),
    Act.LOOKED: lazy_pgettext("opinion", "The sealed original was read"),
    Act.WITHDRAWN: lazy_pgettext("opinion", "Withdrawn by the author"),
    Act.DISOWNED: lazy_pgettext("opinion", "Somebody else had sent it"),
}


@dataclass(frozen=True)
class Step:
    """One step of a contribution's way; ``when`` is "done", "now" or "next"."""

    word: Sentence
    when: str


def trail_of(contribution: Contribution) -> list[Step]:
    """Received, read where it has to be, where it stands now."""
    standing = contribution.standing
    if standing == Standing.UNCONFIRMED:
        return _steps(
            "now", lazy_pgettext("opinion", "waits for your confirmation"), lazy_pgettext("opinion", "published")
        )
    received = Step(lazy_pgettext("opinion", "received"), "done")
    if standing == Standing.HELD:
        return [
            received,
            *_steps("now", lazy_pgettext("opinion", "a moderator reads it"), lazy_pgettext("opinion", "published")),
        ]
    if standing == Standing.PUBLISHED and contribution.is_answered:
        published = Step(lazy_pgettext("opinion", "published"), "done")
        return [received, published, Step(lazy_pgettext("opinion", "answered"), "now")]
    if standing == Standing.PUBLISHED:
        return [received, *_steps("now", lazy_pgettext("opinion", "published"), lazy_pgettext("opinion", "answer"))]
    ends: dict[str, Sentence] = {
        Standing.HIDDEN: lazy_pgettext("opinion", "hidden"),
        Standing.WITHDRAWN: lazy_pgettext("opinion", "withdrawn"),
        Standing.DISOWNED: lazy_pgettext("opinion", "removed"),
    }
    return [received, Step(ends[standing], "now")]


def _steps(first: str, *words: Sentence) -> list[Step]:
    """The first word as ``first``, those that follow as what is still to come."""
    return [Step(word, first if place == 0 else "next") for place, word in enumerate(words)]
