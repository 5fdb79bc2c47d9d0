"""What those who follow a consultation are told: it opened, there is more time, it closes soon, what came of it."""

from __future__ import annotations

from collections.abc import Callable

from consult.api import address_of, here, pgettext, plain, say_date, tell_followers
from plugins.consultations.models import Consultation, Outcome, Trace


def tell_opened(consultation: Consultation) -> None:
    """People can write from now on; told of what could be followed before it opened."""
    _tell(
        consultation,
        "opened",
        lambda title: pgettext("consultations", "Open for opinions: %(title)s", title=title),
        lambda: pgettext(
            "consultations", "You can send your opinion until the end of %(day)s.", day=_last(consultation)
        ),
    )


def tell_extended(consultation: Consultation, what: str, became: str) -> None:
    """A document was replaced, added or removed (one of ``Trace``), so the days are counted again."""
    _tell(
        consultation,
        f"extended {consultation.last_day} {len(consultation.lines('replaced'))}",
        lambda title: pgettext("consultations", "A document was changed: %(title)s", title=title),
        lambda: _say_extended(became, what, _last(consultation)),
    )


def _say_extended(became: str, what: str, day: str) -> str:
    if became == Trace.REMOVED:
        return pgettext(
            "consultations",
            "“%(what)s” was removed, so the days are counted again. You can write until the end of %(day)s.",
            what=what,
            day=day,
        )
    if became == Trace.ADDED:
        return pgettext(
            "consultations",
            "“%(what)s” was added, so the days are counted again. You can write until the end of %(day)s.",
            what=what,
            day=day,
        )
    return pgettext(
        "consultations",
        "A document was replaced by “%(what)s”, so the days are counted again. You can write until the end of %(day)s.",
        what=what,
        day=day,
    )


def tell_closing(consultation: Consultation) -> None:
    """The last days: once for each last day."""
    _tell(
        consultation,
        f"closing {consultation.last_day}",
        lambda title: pgettext("consultations", "Closes soon: %(title)s", title=title),
        lambda: pgettext("consultations", "The last day for opinions is %(day)s, to its end.", day=_last(consultation)),
    )


def tell_reported(consultation: Consultation) -> None:
    """The report on the opinions is published."""
    _tell(
        consultation,
        "reported",
        lambda title: pgettext("consultations", "The report on opinions is published: %(title)s", title=title),
        lambda: pgettext("consultations", "What the municipality answers to each opinion is among the documents."),
    )


def tell_outcome(consultation: Consultation) -> None:
    """What was decided in the end."""
    _tell(
        consultation,
        f"outcome {consultation.outcome} {consultation.decided_on}",
        lambda title: pgettext("consultations", "What was decided: %(title)s", title=title),
        lambda: "\n\n".join(part for part in (_decided(consultation), plain(consultation.outcome_text)) if part),
    )


def _decided(consultation: Consultation) -> str:
    day = say_date(consultation.decided_on, year=True) if consultation.decided_on is not None else ""
    if consultation.outcome == Outcome.ADOPTED:
        return pgettext("consultations", "The act was adopted on %(day)s.", day=day)
    return pgettext("consultations", "The act was not adopted (%(day)s).", day=day)


def _last(consultation: Consultation) -> str:
    return say_date(consultation.last_day, year=True) if consultation.last_day is not None else ""


def _tell(consultation: Consultation, key: str, subject: Callable[[str], str], says: Callable[[], str]) -> None:
    def text(language: str) -> str:
        address = address_of(here(), language, "consultations.consultation", number=consultation.id)
        return f"{consultation.words(language).title}\n\n{says()}\n\n{address}"

    tell_followers(
        consultation.id,
        key,
        lambda language: subject(consultation.short_title or consultation.words(language).title),
        text,
    )
