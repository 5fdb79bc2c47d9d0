"""What a moderator is shown of a contribution: its words with what identifies people marked, and why it waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from consult.db import db
from consult.errors import Sentence
from consult.identifiers import find_identifiers, say_kind
from consult.participation import RULES, Act, Contribution, acts_of, open_reports, who_hid
from consult.publishing import Publication, shown_among
from consult.text import harmless
from consult.web.compared import names_of
from consult.web.publications import page_of, page_of_contribution
from consult.web.standings import ACTS, QUEUED_FOR, STANDINGS


@dataclass(frozen=True)
class Marked:
    """A run of a text; ``kind`` says what identifies somebody there, or is ""."""

    text: str
    kind: Sentence


@dataclass(frozen=True)
class Waiting:
    """One entry of the queue."""

    contribution: Contribution
    title: str
    why: Sentence
    runs: Sequence[Marked]


@dataclass(frozen=True)
class Deed:
    """One act about a contribution: what, when, by whom ("" for its author), under which rule and why."""

    what: Sentence
    at: Any
    by: str
    rule: Sentence
    reason: str


def marked(text: str) -> list[Marked]:
    """The text in runs, with each find as a run of its own."""
    shown = harmless(text)
    runs, place = [], 0
    for find in find_identifiers(shown):
        runs += [Marked(shown[place : find.start], ""), Marked(shown[find.start : find.end], say_kind(find.kind))]
        place = find.end
    return [run for run in (*runs, Marked(shown[place:], "")) if run.text]


def listed(items: Sequence[Contribution]) -> list[Waiting]:
    """The entries of a page of the queue."""
    found = {one.id: one.title for one in map(_publication, items)}
    return [Waiting(one, found[one.publication_id], _why(one), marked(one.text)) for one in items]


def facts_of(contribution: Contribution) -> dict[str, Any]:
    """What every page about one contribution shows the staff."""
    publication, deeds = _publication(contribution), deeds_of(contribution)
    is_read = bool(shown_among([publication.id]))
    appealed = [one for one in acts_of(contribution) if one.act == Act.APPEALED]
    return {
        "one": contribution,
        "publication": publication,
        "publication_url": page_of(publication) if is_read else "",
        "thread_url": page_of_contribution(contribution) if is_read else "",
        "standing": STANDINGS[contribution.standing],
        "why": _why(contribution),
        "rule": RULES.get(contribution.rule, ""),
        "runs": marked(contribution.text),
        "particulars": [marked(value) for value in contribution.particulars().values() if value],
        "file_url": _file_url(contribution),
        "reports": [(RULES.get(one.rule, one.rule), harmless(one.text), one.at) for one in open_reports(contribution)],
        "deeds": deeds,
        "appeal_text": _reason_of(appealed[-1]) if appealed else "",
        "hidden_by": who_hid(contribution),
    }


def deeds_of(contribution: Contribution) -> list[Deed]:
    """All that was done about it, oldest first."""
    acts = acts_of(contribution)
    names = names_of({act.by_id for act in acts if act.by_id is not None})
    return [
        Deed(ACTS[act.act], act.at, names.get(act.by_id or 0, ""), RULES.get(act.rule, ""), _reason_of(act))
        for act in acts
    ]


def _publication(contribution: Contribution) -> Publication:
    return db.session.get_one(Publication, contribution.publication_id)


def _why(contribution: Contribution) -> Sentence:
    return QUEUED_FOR.get(contribution.queued_for, "")


def _reason_of(act: Any) -> str:
    return harmless((act.words.words or {}).get("reason", ""))


def _file_url(contribution: Contribution) -> str:
    if contribution.file_key is None:
        return ""
    return url_for("reporting.file", number=contribution.id, name=contribution.file_name)
