"""An event as people's calendars keep it, when it takes place in words, and the addresses that letters carry."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from flask import current_app

from consult.api import (
    CalendarEntry,
    LetterFile,
    Town,
    address_of,
    capability,
    here,
    local,
    plain,
    render_calendar,
    say_moment,
    say_range,
)
from plugins.events.models import Event, Place

PURPOSE = "events.place"  # of the key in a letter's link


def place_key(place: Place) -> str:
    """The key that opens the page of this place."""
    return capability(PURPOSE, place.id, place.salt)


def place_address(place: Place) -> str:
    """The page on which who holds the letter confirms, changes and gives back."""
    values = {"number": place.event_id, "place_number": place.id, "key": place_key(place)}
    return address_of(here(), place.language, "events.place", **values)


def event_address(event: Event, language: str, owner: Town) -> str:
    """The page of an event of ``owner``."""
    return address_of(owner, language, "events.event_with_tail", number=event.id, tail=event.slug)


def when(event: Event) -> str:
    """„четвъртък, 3 декември 2026 г., 17:30 – 19:30 ч.“, in the language that is being spoken."""
    begins = say_moment(event.starts_at)
    if event.ends_at is None:
        return begins
    if local(event.starts_at).date() == local(event.ends_at).date():
        hours = say_range(event.starts_at, event.ends_at).rpartition(", ")[2]
        return f"{begins.rpartition(', ')[0]}, {hours}"
    return f"{begins} – {say_moment(event.ends_at)}"


def when_line(event: Event) -> str:
    """The same at the beginning of a line."""
    words = when(event)
    return words[:1].upper() + words[1:]


def entry_of(event: Event, language: str, owner: Town) -> CalendarEntry:
    """The event of ``owner`` as calendars keep it: one UID for good, by which a change and a cancellation find it."""
    words = event.words(language)
    host = urlsplit(str(current_app.config["ORIGIN"])).hostname
    return CalendarEntry(
        uid=f"event-{event.id}@{host}",
        title=words.title,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        place=event.where(),
        description=words.lead or plain(words.body)[:600],
        url=event_address(event, language, owner),
        sequence=event.sequence,
        changed_at=max(event.changed_at, event.course_at or event.changed_at),
        is_cancelled=event.is_called_off,
        latitude=event.latitude,
        longitude=event.longitude,
        organiser_name=owner.name(language),
        organiser_email=owner.email or f"no-reply@{host}",
    )


def invitation(event: Event, place: Place, method: str) -> LetterFile:
    """RFC 5546: REQUEST puts it into the calendar or changes it there, CANCEL takes it out, by the same UID.

    The sequence rises with each change of the event and with each of this place, so that no program takes a letter
    for an old one. Who takes part online finds the online room where others find the hall.
    """
    entry = entry_of(event, place.language, here())
    entry = replace(entry, sequence=event.sequence * 1000 + place.step)
    if place.is_online and method == "REQUEST":
        entry = replace(entry, place=event.online_url)
    content = render_calendar("", [entry], method=method, attendee=(place.name, place.email))
    return LetterFile("event.ics", "text/calendar", content, {"method": method, "charset": "utf-8"})
