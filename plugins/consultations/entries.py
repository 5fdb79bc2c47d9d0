"""A consultation in people's calendars and in feeds: its last day, the sitting, what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from urllib.parse import urlsplit

from flask import current_app

from consult.api import (
    CalendarEntry,
    FeedEntry,
    Town,
    address_of,
    end_of_day,
    feed_entry,
    from_local,
    language,
    pgettext,
    say_date,
    start_of_day,
)
from plugins.consultations.models import Consultation, Outcome

PAGE = "consultations.consultation_with_tail"


def calendar_entries(consultation: Consultation, owner: Town) -> Iterator[CalendarEntry]:
    """The last day on which people may write, and the sitting at which the council decides; each takes the whole day.

    Each has one UID for good; a new last day raises the sequence, so that programs move what they hold.
    """
    words, host = consultation.words(language()), urlsplit(str(current_app.config["ORIGIN"])).hostname
    url = address_of(owner, language(), PAGE, number=consultation.id, tail=consultation.slug)
    moved_at = start_of_day(consultation.counted_from) if consultation.counted_from else consultation.changed_at
    said = {"title": words.short_title}
    days = (
        ("last-day", consultation.last_day, pgettext("consultations", "Last day for opinions: %(title)s", **said), ""),
        (
            *("sitting", consultation.sitting_on, pgettext("consultations", "Council decides: %(title)s", **said)),
            consultation.sitting,
        ),
    )
    for name, day, title, place in days:
        if day is None:
            continue
        yield CalendarEntry(
            uid=f"consultation-{consultation.id}-{name}@{host}",
            title=title,
            starts_at=start_of_day(day),
            ends_at=end_of_day(day),
            place=place,
            description=words.lead,
            url=url,
            sequence=consultation.revision + len(consultation.lines("replaced")),
            changed_at=max(consultation.changed_at, moved_at),
            organiser_name=owner.name(language()),
            organiser_email=owner.email or f"no-reply@{host}",
        )


def opened(consultation: Consultation) -> FeedEntry:
    """That people may write from now on."""
    until = consultation.last_day
    says = (
        pgettext("consultations", "Open for opinions until %(date)s", date=say_date(until, year=True)) if until else ""
    )
    return _entry(consultation, "opened", consultation.opens_at, says)


def closed(consultation: Consultation) -> FeedEntry:
    """That the term is over."""
    return _entry(consultation, "closed", consultation.closes_at, pgettext("consultations", "Opinions are closed"))


def reported(consultation: Consultation) -> FeedEntry:
    """That opinions were answered."""
    says = pgettext("consultations", "The report on opinions is published")
    return _entry(consultation, "reported", consultation.reported_at, says)


def decided(consultation: Consultation) -> FeedEntry:
    """What was decided in the end."""
    is_adopted = consultation.outcome == Outcome.ADOPTED
    says = (
        pgettext("consultations", "Adopted in the end")
        if is_adopted
        else pgettext("consultations", "Not adopted in the end")
    )
    entry = _entry(consultation, "decided", _noon(consultation.decided_on), says)
    return replace(entry, html=consultation.outcome_html or entry.html)


def _noon(day: date | None) -> datetime | None:
    return from_local(datetime.combine(day, time(12))) if day is not None else None


def _entry(consultation: Consultation, what: str, moment: datetime | None, says: str) -> FeedEntry:
    """The consultation as an entry of the feed that says ``what`` happened to it; its id never changes."""
    whole = feed_entry(consultation, PAGE)
    at = moment or whole.published_at
    title = f"{says}: {whole.title}" if says else whole.title
    return replace(whole, id=f"{whole.id}/{what}", title=title, published_at=at, changed_at=at)
