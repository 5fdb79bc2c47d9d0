"""What is told: the letters about places, and the event as people's calendars keep it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

from flask import current_app

from consult.api import (
    CalendarEntry,
    LetterFile,
    Town,
    address_of,
    capability,
    force_locale,
    here,
    local,
    now,
    plain,
    render_calendar,
    say_moment,
    say_range,
    send_letter,
)
from consult.api import npgettext as plural
from consult.api import pgettext as said
from plugins.events.models import Event, Place
from plugins.events.queries import line_number, say_code
from plugins.events.ticket import code_png

PURPOSE = "events.place"  # of the key in a letter's link


def place_key(place: Place) -> str:
    """The key that opens the page of this place."""
    return capability(PURPOSE, place.id, place.salt)


def place_address(place: Place) -> str:
    """The page on which who holds the letter confirms, changes and gives back."""
    values = {"number": place.event_id, "place_number": place.id, "key": place_key(place)}
    return address_of(here(), place.language, "events.place", **values)


def event_address(event: Event, language: str) -> str:
    """The page of an event of the municipality that we are in."""
    return address_of(here(), language, "events.event_with_tail", number=event.id, tail=event.slug)


def when(event: Event) -> str:
    """„четвъртък, 3 декември 2026 г., 17:30 ч. – 19:30 ч.“, in the language that is being spoken."""
    begins = say_moment(event.starts_at)
    if event.ends_at is None:
        return begins
    if local(event.starts_at).date() == local(event.ends_at).date():
        hours = say_range(event.starts_at, event.ends_at).rpartition(", ")[2]
        return f"{begins.rpartition(', ')[0]}, {hours}"
    return f"{begins} – {say_moment(event.ends_at)}"


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
        url=address_of(owner, language, "events.event_with_tail", number=event.id, tail=event.slug),
        sequence=event.sequence,
        changed_at=max(event.changed_at, event.course_at or event.changed_at),
        is_cancelled=event.is_cancelled or event.withdrawn_at is not None,
        latitude=event.latitude,
        longitude=event.longitude,
        organiser_name=owner.name(language),
        organiser_email=owner.email or f"no-reply@{host}",
    )


def tell_to_confirm(event: Event, place: Place) -> None:
    """A guest asked for a place, or for a place in the line: only who reads this letter can confirm it."""
    with force_locale(place.language):
        until = say_moment(place.until or now(), full=False)
        if place.standing == "waiting":
            subject = said("events", "Confirm that you wait for a place: %(title)s", title=_title(event, place))
            kept = said(
                "events", "All places are taken. Confirm until %(moment)s to join the waiting list:", moment=until
            )
        else:
            subject = said("events", "Confirm your place: %(title)s", title=_title(event, place))
            kept = said("events", "Your place is kept until %(moment)s. To make it yours, open this page and press"
                        " the button “Confirm”:", moment=until)  # fmt: skip
        stranger = said("events", "If you did not ask for this, do nothing: without your confirmation it lapses.")
        _write(place, "confirm", subject, [kept, place_address(place), _facts(event, place), stranger])


def tell_again(event: Event, place: Place) -> None:
    """The same address asked once more, an hour later or longer: the link again, but once a day at most."""
    if now() - place.asked_at < timedelta(hours=1):
        return
    with force_locale(place.language):
        subject = said("events", "Your place: %(title)s", title=_title(event, place))
        sentence = said(
            "events", "Somebody asked again for a place with this address. You have one already; here it is:"
        )
        _write(place, f"again {now():%Y-%m-%d}", subject, [sentence, place_address(place), _facts(event, place)])


def tell_given(event: Event, place: Place) -> None:
    """The place is theirs: the code, the calendar file, and the way to change it or to give it back."""
    with force_locale(place.language):
        subject = said("events", "You are registered: %(title)s", title=_title(event, place))
        first = plural("events", "You have %(num)d place.", "You have %(num)d places.", place.people)
        code = said("events", "Show this code at the entrance: %(code)s", code=say_code(place.code))
        parts = [first, _facts(event, place), "" if place.is_online else code, _online(event), _change(place)]
        files = (invitation(event, place, "REQUEST"), *(() if place.is_online else (_code_picture(place),)))
        _write(place, "given", subject, parts, files)


def tell_waiting(event: Event, place: Place) -> None:
    """They are in the line: which, and what happens when a place frees up."""
    with force_locale(place.language):
        subject = said("events", "You are on the waiting list: %(title)s", title=_title(event, place))
        number = said("events", "You are number %(number)s in the line.", number=line_number(place))
        promise = said("events", "If a place frees up, we will write to you and keep it for you for a while.")
        _write(place, "waiting", subject, [number, promise, _facts(event, place), _change(place)])


def tell_offered(event: Event, place: Place) -> None:
    """A place freed up and is kept for them."""
    with force_locale(place.language):
        subject = said("events", "A place is free for you: %(title)s", title=_title(event, place))
        until = say_moment(place.until or now())
        kept = said(
            "events", "We keep it for you until %(moment)s. Open this page and take it, or give it back:", moment=until
        )
        _write(place, "offered", subject, [kept, place_address(place), _facts(event, place)])


def tell_lapsed(event: Event, place: Place) -> None:
    """The offered place was not taken in time."""
    with force_locale(place.language):
        subject = said("events", "Your place went to the next in line: %(title)s", title=_title(event, place))
        sentence = said("events", "The time for which we kept the place is over. You can join the line again here:")
        _write(place, "lapsed", subject, [sentence, place_address(place), _facts(event, place)])


def tell_changed(event: Event, place: Place) -> None:
    """The time or the room is another one."""
    with force_locale(place.language):
        subject = said("events", "Changed: %(title)s", title=_title(event, place))
        first = said("events", "The event is at another time or place. This is how it is now:")
        reason = said("events", "Reason: %(reason)s", reason=event.course_reason) if event.course_reason else ""
        files = (invitation(event, place, "REQUEST"),) if place.standing == "given" else ()
        _write(
            place, f"changed {event.sequence}", subject, [first, _facts(event, place), reason, _change(place)], files
        )


def tell_called_off(event: Event, place: Place, reason: str) -> None:
    """The event does not take place."""
    with force_locale(place.language):
        subject = said("events", "Cancelled: %(title)s", title=_title(event, place))
        first = said("events", "The event does not take place. You need not do anything.")
        why = said("events", "Reason: %(reason)s", reason=reason)
        _write(place, "called off", subject, [first, why, _facts(event, place)], (invitation(event, place, "CANCEL"),))


def tell_cancelled(event: Event, place: Place) -> None:
    """They gave the place back, or left the line."""
    with force_locale(place.language):
        subject = said("events", "Your place is given back: %(title)s", title=_title(event, place))
        thanks = said("events", "Thank you for telling us: somebody else can come.")
        once_more = said(
            "events",
            "If this was a mistake, ask for a place again: %(url)s",
            url=entry_of(event, place.language, here()).url,
        )
        _write(
            place,
            "cancelled",
            subject,
            [thanks, _facts(event, place), once_more],
            (invitation(event, place, "CANCEL"),),
        )


def tell_reminder(event: Event, place: Place) -> None:
    """The event is near."""
    with force_locale(place.language):
        subject = said("events", "Reminder: %(title)s", title=_title(event, place))
        code = (
            ""
            if place.is_online
            else said("events", "Show this code at the entrance: %(code)s", code=say_code(place.code))
        )
        if_not = said("events", "If you cannot come, please give the place back: somebody else waits for it.")
        # With the sequence: whoever was reminded of the old time is reminded of the new one too.
        told = f"reminder {event.sequence}"
        _write(place, told, subject, [_facts(event, place), code, _online(event), if_not, _change(place)])


def tell_thanks(event: Event, place: Place) -> None:
    """After the event: what was heard, and where the minutes are."""
    with force_locale(place.language):
        subject = said("events", "Thank you: %(title)s", title=_title(event, place))
        first = said("events", "Thank you for taking part. What was heard, the minutes and the recording are here:")
        _write(place, "thanks", subject, [first, event_address(event, place.language), plain(event.heard)])


def _write(place: Place, what: str, subject: str, paragraphs: Sequence[str], files: Sequence[LetterFile] = ()) -> None:
    """One letter: greeting, paragraphs, signature. Its key holds the step, so each change is told exactly once."""
    hello = said("events", "Hello, %(name)s,", name=place.name)
    signature = said("events", "Municipality of %(town)s", town=here().name(place.language))
    if here().phone:
        signature += f"\n{here().phone}"
    body = "\n\n".join(part for part in (hello, *paragraphs, signature) if part)
    send_letter(f"events.place {place.id} {place.step} {what}", place.email, subject[:290], body + "\n", tuple(files))


def _title(event: Event, place: Place) -> str:
    return event.words(place.language).short_title


def _facts(event: Event, place: Place) -> str:
    """The event in a few lines: title, time, room, how to get there."""
    lines = [event.words(place.language).title, when(event)]
    if place.is_online:
        lines.append(said("events", "Online"))
    else:
        lines += [event.where(), event.directions]
    return "\n".join(line for line in lines if line)


def _online(event: Event) -> str:
    return said("events", "Online: %(url)s", url=event.online_url) if event.online_url else ""


def _change(place: Place) -> str:
    return said("events", "To change something or to give the place back: %(url)s", url=place_address(place))


def invitation(event: Event, place: Place, method: str) -> LetterFile:
    """RFC 5546: REQUEST puts it into the calendar or changes it there, CANCEL takes it out, by the same UID."""
    entry = entry_of(event, place.language, here())
    # Rises with each change of the event and with each of this place, so that no program takes a letter for an old one.
    sequence = event.sequence * 1000 + place.step
    entry = replace(entry, sequence=sequence)
    content = render_calendar(entry.title, [entry], method=method, attendee=(place.name, place.email))
    return LetterFile("event.ics", "text/calendar", content, {"method": method, "charset": "utf-8"})


def _code_picture(place: Place) -> LetterFile:
    return LetterFile(f"{place.code}.png", "image/png", code_png(here(), place))
