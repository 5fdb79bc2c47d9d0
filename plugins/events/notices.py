"""What is told: the letters about places. Each says one thing, asks for one action, and is kind about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from consult.api import (
    LetterFile,
    cut,
    force_locale,
    here,
    now,
    npgettext,
    pgettext,
    plain,
    say_moment,
    send_letter,
)
from plugins.events.entries import event_address, invitation, place_address, when_line
from plugins.events.models import Event, Place
from plugins.events.queries import line_number, say_code
from plugins.events.ticket import code_png

HEARD_MAX = 600  # characters of what was heard that a letter brings; all of it stands on the event's page


def tell_to_confirm(event: Event, place: Place) -> None:
    """A guest asked for a place, or for a place in the line: only who reads this letter can confirm it."""
    with force_locale(place.language):
        until = say_moment(place.until or now(), full=False)
        if place.standing == "waiting":
            subject = pgettext("events", "Confirm that you wait for a place: %(title)s", title=_title(event, place))
            kept = pgettext(
                "events",
                "All places are taken. To join the waiting list, open this page until %(moment)s and press the button:",
                moment=until,
            )
        else:
            subject = pgettext("events", "Confirm your place: %(title)s", title=_title(event, place))
            kept = pgettext(
                "events",
                "We keep a place for you until %(moment)s. To make it yours, open this page and press the button:",
                moment=until,
            )
        stranger = pgettext("events", "If you did not ask for this, you need not do anything: unconfirmed, it lapses.")
        _write(place, "confirm", subject, [kept, place_address(place), _facts(event, place), stranger])


def tell_again(event: Event, place: Place) -> None:
    """The same address asked once more, an hour later or longer: the link again, but once a day at most."""
    if now() - place.asked_at < timedelta(hours=1):
        return
    with force_locale(place.language):
        subject = pgettext("events", "You asked already: %(title)s", title=_title(event, place))
        sentence = pgettext(
            "events", "Somebody, perhaps you, asked once more with this address. How it stands with your place is here:"
        )
        stranger = pgettext("events", "If it was not you, you need not do anything: nothing has changed.")
        parts = [sentence, place_address(place), _facts(event, place), stranger]
        _write(place, f"again {now():%Y-%m-%d}", subject, parts)


def tell_given(event: Event, place: Place) -> None:
    """The place is theirs: the code, the calendar file, and the way to change it or to give it back."""
    with force_locale(place.language):
        subject = pgettext("events", "You are registered: %(title)s", title=_title(event, place))
        first = npgettext("events", "You have %(num)d place.", "You have %(num)d places.", place.people)
        calendar = pgettext("events", "The file with this letter puts the event into your calendar.")
        parts = [f"{first} {_code(place)}".strip(), _facts(event, place), _online(event, place), calendar]
        files = (invitation(event, place, "REQUEST"), *(() if place.is_online else (_code_picture(place),)))
        _write(place, "given", subject, [*parts, _change(place)], files)


def tell_waiting(event: Event, place: Place) -> None:
    """They are in the line: which, and what happens when a place frees up."""
    with force_locale(place.language):
        subject = pgettext("events", "You are on the waiting list: %(title)s", title=_title(event, place))
        number = pgettext("events", "You are number %(number)s on the waiting list.", number=line_number(place))
        promise = pgettext("events", "If a place frees up, we will write to you and keep it for you for a while.")
        leave = pgettext("events", "To change something or to leave the list: %(url)s", url=place_address(place))
        _write(place, "waiting", subject, [f"{number} {promise}", _facts(event, place), leave])


def tell_offered(event: Event, place: Place) -> None:
    """A place freed up and is kept for them."""
    with force_locale(place.language):
        subject = pgettext("events", "A place is free for you: %(title)s", title=_title(event, place))
        until = say_moment(place.until or now(), full=False)
        kept = pgettext(
            "events",
            "We keep it for you until %(moment)s. To take it, open this page and press the button:",
            moment=until,
        )
        if_not = pgettext(
            "events", "If you do not want it any more, give it back on the same page: somebody else waits."
        )
        _write(place, "offered", subject, [kept, place_address(place), _facts(event, place), if_not])


def tell_lapsed(event: Event, place: Place) -> None:
    """The offered place was not taken in time."""
    with force_locale(place.language):
        subject = pgettext("events", "Your place went to the next in line: %(title)s", title=_title(event, place))
        sentence = pgettext(
            "events", "The time for which we kept the place is over. If you still want to come, ask again:"
        )
        _write(place, "lapsed", subject, [sentence, place_address(place), _facts(event, place)])


def tell_changed(event: Event, place: Place) -> None:
    """The time or the room is another one."""
    with force_locale(place.language):
        subject = pgettext("events", "Changed: %(title)s", title=_title(event, place))
        first = pgettext("events", "The event is at another time or place. This is how it is now:")
        is_given = place.standing == "given"
        keeps = (
            pgettext("events", "Your place stays yours. If you cannot come now, please give it back.")
            if is_given
            else ""
        )
        parts = [first, _facts(event, place), _before(event), _reason(event.course_reason), keeps, _change(place)]
        files = (invitation(event, place, "REQUEST"),) if is_given else ()
        _write(place, f"changed {event.sequence}", subject, parts, files)


def tell_called_off(event: Event, place: Place, reason: str) -> None:
    """The event does not take place."""
    with force_locale(place.language):
        subject = pgettext("events", "Cancelled: %(title)s", title=_title(event, place))
        first = pgettext("events", "The event does not take place. You need not do anything.")
        files = (invitation(event, place, "CANCEL"),) if place.standing == "given" else ()
        _write(place, "called off", subject, [first, _reason(reason), _facts(event, place)], files)


def tell_cancelled(event: Event, place: Place, was_given: bool) -> None:
    """They gave the place back, or left the line; only what was given stands in a calendar.

    Of an event that is called off they have had the letter already, and there is nothing to ask for again.
    """
    if event.is_called_off:
        return
    with force_locale(place.language):
        subject = pgettext("events", "You are not registered any more: %(title)s", title=_title(event, place))
        thanks = pgettext("events", "Your place is free for somebody else now. Thank you for telling us.")
        address = event_address(event, place.language, here())
        once_more = pgettext("events", "If this was a mistake, ask for a place again: %(url)s", url=address)
        files = (invitation(event, place, "CANCEL"),) if was_given else ()
        _write(place, "cancelled", subject, [thanks, _facts(event, place), once_more], files)


def tell_reminder(event: Event, place: Place) -> None:
    """The event is near."""
    with force_locale(place.language):
        subject = pgettext("events", "Reminder: %(title)s", title=_title(event, place))
        first = pgettext("events", "We expect you. %(code)s", code=_code(place)).strip()
        if_not = pgettext("events", "If you cannot come, please give the place back, so that somebody else can:")
        parts = [first, _facts(event, place), _online(event, place), f"{if_not}\n{place_address(place)}"]
        # With the sequence: whoever was reminded of the old time is reminded of the new one too.
        _write(place, f"reminder {event.sequence}", subject, parts)


def tell_thanks(event: Event, place: Place) -> None:
    """After the event: what was heard, and where the minutes are."""
    with force_locale(place.language):
        subject = pgettext("events", "Thank you: %(title)s", title=_title(event, place))
        first = pgettext("events", "Thank you for taking part. What was heard, the minutes and the recording are here:")
        address = event_address(event, place.language, here())
        _write(place, "thanks", subject, [first, address, cut(plain(event.heard), HEARD_MAX)])


def _write(place: Place, what: str, subject: str, paragraphs: Sequence[str], files: Sequence[LetterFile] = ()) -> None:
    """One letter: greeting, paragraphs, signature. Its key holds the step, so each change is told exactly once."""
    hello = (
        pgettext("events", "Hello, %(name)s,", name=place.name) if _is_theirs(place) else pgettext("events", "Hello,")
    )
    signature = pgettext("events", "Municipality of %(town)s", town=here().name(place.language))
    if here().phone:
        signature += f"\n{here().phone}"
    body = "\n\n".join(part for part in (hello, *paragraphs, signature) if part)
    send_letter(f"events.place {place.id} {place.step} {what}", place.email, subject[:290], body + "\n", tuple(files))


def _is_theirs(place: Place) -> bool:
    """Whether who reads the letter has said that the name is theirs; else a stranger would write to any mailbox by it.

    An address that is not confirmed was typed by anybody, and so was the name: it may be an advertisement with a link.
    """
    return place.confirmed_at is not None


def _title(event: Event, place: Place) -> str:
    return event.words(place.language).short_title


def _facts(event: Event, place: Place) -> str:
    """The event in a few lines: title, time, room, how to get there."""
    lines = [event.words(place.language).title, when_line(event)]
    if place.is_online:
        lines.append(pgettext("events", "Online"))
    else:
        lines += [event.where(), event.directions]
    return "\n".join(line for line in lines if line)


def _before(event: Event) -> str:
    """When it was said to begin, where that has changed; no full stop, as a moment may end with one."""
    return pgettext("events", "Before: %(moment)s", moment=say_moment(event.moved_from)) if event.moved_from else ""


def _reason(reason: str) -> str:
    return pgettext("events", "Reason: %(reason)s", reason=reason) if reason else ""


def _code(place: Place) -> str:
    """Who takes part online passes no door."""
    return (
        ""
        if place.is_online
        else pgettext("events", "Show this code at the entrance: %(code)s", code=say_code(place.code))
    )


def _online(event: Event, place: Place) -> str:
    """The online room, for who has a place; at a meeting in both ways, for who comes to the hall too."""
    if not event.online_url:
        return ""
    if place.is_online:
        return pgettext("events", "The online room: %(url)s", url=event.online_url)
    return pgettext("events", "If you cannot come, you can take part online: %(url)s", url=event.online_url)


def _change(place: Place) -> str:
    return pgettext("events", "To change something or to give the place back: %(url)s", url=place_address(place))


def _code_picture(place: Place) -> LetterFile:
    return LetterFile(f"{place.code}.png", "image/png", code_png(here(), place))
