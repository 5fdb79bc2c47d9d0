"""Phrases that opinions mark: looked for again when a version changes the words in which they stood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import or_, select

from consult.api import db
from plugins.consultations.drafts.quotes import Quote, still_stands
from plugins.consultations.models import Consultation, Opinion, Passage, ProvisionRow

AT_ONCE = 500  # quotes held in memory


def look_for_quotes(consultation: Consultation, number: int, rows: Iterable[ProvisionRow]) -> None:
    """Notes of each marked phrase in what version ``number`` changed or dropped whether it still stands.

    ``rows`` are the provisions of that version. Asked once when the version is kept, so that no page has to.
    """
    its = (Passage.consultation_id == consultation.id, or_(Passage.changed_in == number, Passage.dropped_in == number))
    changed = set(db.session.scalars(select(Passage.id).where(*its)))
    if not changed:
        return
    texts: dict[int | None, list[ProvisionRow]] = defaultdict(list)
    for row in rows:
        texts[row.passage_id].append(row)
    for opinion in _quoting(consultation):
        if opinion.part_id in changed:
            quote = Quote(opinion.quote_exact, opinion.quote_prefix, opinion.quote_suffix)
            stands = still_stands(text_of_passage(texts[opinion.part_id]), quote)
            opinion.quote_dropped_in = 0 if stands else opinion.quote_dropped_in or number


def text_of_passage(rows: Sequence[ProvisionRow]) -> str:
    """The words in which a phrase of this passage is marked."""
    return "\n".join(part for row in rows for part in (row.heading, row.text) if part)


def _quoting(consultation: Consultation) -> Iterator[Opinion]:
    """Every opinion on this draft that marks a phrase, unconfirmed ones too: a walk along one index, some at a time."""
    its = (Opinion.publication_id == consultation.id, Opinion.quote_exact != "")
    for is_listed in (True, False):
        walk = select(Opinion).where(*its, Opinion.is_listed.is_(is_listed)).order_by(Opinion.id).limit(AT_ONCE)
        last = 0
        while batch := db.session.scalars(walk.where(Opinion.id > last)).all():
            yield from batch
            last = batch[-1].id
            db.session.flush()
