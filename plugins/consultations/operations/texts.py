"""A text that the staff add: what may be added when, and that nobody adds one to a text that they have not seen."""

from __future__ import annotations

from collections.abc import Sequence

from consult.api import Conflict, Refused, db, lazy_pgettext, operation, say_date, today
from plugins.consultations.drafts.matching import Matching
from plugins.consultations.drafts.provisions import Provision
from plugins.consultations.models import Consultation, DraftVersion, Phase, Source
from plugins.consultations.operations.drafts import keep_draft
from plugins.consultations.operations.terms import rolls_over, term
from plugins.consultations.queries import count_versions
from plugins.consultations.terms import Term, extended


def require_addable(consultation: Consultation, source: str) -> None:
    """Raises Refused for a text that may not be added now: a new draft when nobody can write of it any more."""
    phase = consultation.phase
    if phase == Phase.WITHDRAWN:
        raise Refused(lazy_pgettext("consultations", "This was withdrawn. What was said then stays as it is."))
    if source == Source.DRAFT and consultation.is_open and phase not in (Phase.UPCOMING, Phase.OPEN, Phase.CLOSING):
        sentence = lazy_pgettext(
            "consultations",
            "Opinions are closed, so the draft can no longer be replaced. You can add the adopted text.",
        )
        raise Refused(sentence, "source")
    counted = term(consultation) if consultation.is_open else None
    if source == Source.ADOPTED and (counted is None or counted.last_day >= today()):
        day = say_date(counted.earliest_adoption, year=True) if counted is not None else "–"
        sentence = lazy_pgettext("consultations", "The act may be adopted from %(day)s at the earliest.", day=day)
        raise Refused(sentence, "source")


def extended_by(consultation: Consultation, source: str) -> Term | None:
    """The longer term that this text would give people, or None where it gives none."""
    counted = term(consultation)
    if source != Source.DRAFT or not consultation.takes_opinions or not consultation.version or counted is None:
        return None
    return extended(counted, today(), rolls_over())


@operation
def add_text(
    consultation: Consultation,
    seen: int,
    provisions: Sequence[Provision],
    text: str,
    source: str,
    title: str = "",
    note: str = "",
    matching: Matching | None = None,
) -> DraftVersion:
    """Keeps the text as a new version; see ``keep_draft``. ``seen`` is how many texts there were on the page.

    Raises Conflict when somebody added another one meanwhile, and Refused for what ``require_addable`` refuses.
    """
    db.session.refresh(consultation, with_for_update={"key_share": True})
    if count_versions(consultation) != seen:
        sentence = lazy_pgettext("consultations", "Somebody else has added a text meanwhile. Both are below.")
        raise Conflict(sentence)
    require_addable(consultation, source)
    return keep_draft(consultation, provisions, text, Source(source), title, note, matching)
