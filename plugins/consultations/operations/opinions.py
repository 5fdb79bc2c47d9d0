"""What people hand in about a draft: an opinion on the whole or on one passage, a reply; every rule about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consult.api import KeptFile, Refused, Sender, check_words, db, lazy_pgettext, operation, receive, say_moment
from plugins.consultations.drafts.provisions import say_label
from plugins.consultations.drafts.quotes import make_quote
from plugins.consultations.models import (
    LABEL_MAX,
    PROPOSED_MAX,
    Consultation,
    Opinion,
    Passage,
    Phase,
    ProvisionRow,
    Stance,
)
from plugins.consultations.queries import provision_of, rows_of, version_of


@dataclass(frozen=True, kw_only=True)
class Saying:
    """What somebody wants to say. ``passage_id`` 0: of the whole draft; ``eid``: of one provision inside the passage.

    ``quote`` is a phrase marked in the passage, ``proposed`` the wording wanted for it. ``reply_to_id`` is the opinion
    that is answered; a reply has no stance and belongs to the passage of what it answers.
    """

    text: str
    stance: str = Stance.CHANGE
    passage_id: int = 0
    eid: str = ""
    quote: str = ""
    proposed: str = ""
    reply_to_id: int | None = None


def require_open(consultation: Consultation) -> None:
    """Raises Refused when people cannot write now, with the way that is still open to them."""
    if consultation.takes_opinions:
        return
    if consultation.phase == Phase.WITHDRAWN:
        raise Refused(lazy_pgettext("consultations", "This consultation was withdrawn. No opinions are taken."))
    if consultation.phase == Phase.UPCOMING:
        opens = say_moment(consultation.opens_at, full=False) if consultation.opens_at is not None else ""
        raise Refused(lazy_pgettext("consultations", "Opinions can be sent from %(moment)s on.", moment=opens))
    closed = say_moment(consultation.closes_at, full=False) if consultation.closes_at is not None else ""
    raise Refused(
        lazy_pgettext(
            "consultations",
            "Opinions closed at %(moment)s. Your text is below: copy it. You can still write to the municipality"
            " (%(contact)s) and speak at the council.",
            moment=closed,
            contact=", ".join(part for part in (consultation.contact_email, consultation.contact_phone) if part) or "–",
        )
    )


@operation
def send_opinion(consultation: Consultation, saying: Saying, sender: Sender, file: KeptFile | None = None) -> Opinion:
    """Takes in an opinion or a reply; from a guest it counts when the letter was answered (see ``receive``).

    Raises Refused after the deadline, for a stance or a passage that this consultation does not have, for a wording
    that cannot be kept.
    """
    require_open(consultation)
    opinion = Opinion(publication_id=consultation.id, version=consultation.version, text=saying.text)
    check_words(saying.proposed, "proposed")
    if len(saying.proposed) > PROPOSED_MAX:
        raise Refused(
            lazy_pgettext("consultations", "Please shorten this to %(max)d characters.", max=PROPOSED_MAX), "proposed"
        )
    if saying.reply_to_id is not None:
        _reply(opinion, consultation, saying.reply_to_id)
    else:
        _place(opinion, consultation, saying)
    return receive(opinion, sender, file)


def _reply(opinion: Opinion, consultation: Consultation, number: int) -> None:
    """One level deep: who answers a reply answers the opinion that it belongs to."""
    parent = db.session.get(Opinion, number)
    if parent is None or parent.publication_id != consultation.id or not parent.is_accepted:
        raise Refused(lazy_pgettext("consultations", "What you answer is not in this consultation."), "reply")
    if parent.reply_to_id is not None:
        parent = db.session.get_one(Opinion, parent.reply_to_id)
    if not parent.is_shown:
        raise Refused(lazy_pgettext("consultations", "What you answer is not shown any more."), "reply")
    opinion.reply_to_id, opinion.part_id = parent.id, parent.part_id


def _place(opinion: Opinion, consultation: Consultation, saying: Saying) -> None:
    if saying.stance not in {str(stance) for stance in Stance}:
        raise Refused(lazy_pgettext("consultations", "Choose what you want to say."), "stance")
    opinion.stance, opinion.proposed = saying.stance, saying.proposed
    if not saying.passage_id:
        return
    passage = db.session.get(Passage, saying.passage_id)
    if passage is None or passage.consultation_id != consultation.id or passage.dropped_in:
        raise Refused(lazy_pgettext("consultations", "Choose a part of this draft."), "part")
    opinion.part_id, opinion.eid, opinion.label = passage.id, passage.eid, passage.label
    version = version_of(consultation, consultation.version)
    rows = rows_of(version.id, passage.id) if version is not None else ()
    if saying.eid and saying.eid != passage.eid:
        _narrow(opinion, rows, saying.eid)
    if saying.quote.strip():
        _quote(opinion, rows, saying.quote)


def _narrow(opinion: Opinion, rows: Sequence[ProvisionRow], eid: str) -> None:
    chosen = next((row for row in rows if row.eid == eid), None)
    if chosen is None:
        raise Refused(lazy_pgettext("consultations", "Choose a part of this draft."), "part")
    opinion.eid, opinion.label = chosen.eid, say_label(provision_of(chosen))[:LABEL_MAX]


def _quote(opinion: Opinion, rows: Sequence[ProvisionRow], exact: str) -> None:
    """A phrase that does not stand in the passage is dropped in silence: the opinion is worth more than its mark."""
    text = "\n".join(part for row in rows for part in (row.heading, row.text) if part)
    found = make_quote(text, exact)
    if found is not None:
        opinion.quote_exact, opinion.quote_prefix, opinion.quote_suffix = found.exact, found.prefix, found.suffix
