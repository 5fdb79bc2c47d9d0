"""Calendars (RFC 5545) of whatever plugins say happens: the feed of a place, one entry, an invitation in a letter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import icalendar
from flask import Response
from flask.typing import ResponseReturnValue
from icalendar import vCalAddress

from consult.contract import Calendar, CalendarEntry
from consult.i18n import gettext as _
from consult.i18n import language, say_list
from consult.registry import registry
from consult.text import slug
from consult.web.pages import Pages
from consult.web.places import place

ASKED_AGAIN = timedelta(hours=6)  # how often a calendar program should ask for a feed
METHODS = ("PUBLISH", "REQUEST", "CANCEL")
# A parameter cannot hold a straight quotation mark (RFC 5545, 3.2), and some programs read \ there as an escape.
NOT_IN_A_NAME = str.maketrans({'"': "”", "\\": "/"})
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")  # a line break apart, a text holds no control

pages = Pages("calendars", __name__)


@pages.get("/kalendar.ics", may="public", place="anywhere")
def feed() -> ResponseReturnValue:
    """What happens in this municipality, by all plugins that are on here; in the region, in all municipalities."""
    town = place().town
    calendars = _calendars_here() if town is not None else _calendars_of_region()
    whose = town.name(language()) if town is not None else _("Take part, South-East Region")
    what = say_list([str(calendar.title) for calendar, _entries in calendars])
    entries = [entry for _calendar, found in calendars for entry in found]
    return calendar_answer(": ".join(filter(None, (whose, what))), entries, "kalendar")


def render_calendar(
    title: str, entries: Sequence[CalendarEntry], method: str = "PUBLISH", attendee: tuple[str, str] | None = None
) -> bytes:
    """``entries`` as a file; the same entries are always the same bytes.

    ``title`` names a feed to which people subscribe; it is "" for one entry and in letters, which go into a calendar
    that has its name already. ``method`` is that of RFC 5546: "PUBLISH" invites nobody; "REQUEST" invites the
    ``attendee`` (name, address) or tells of a change; "CANCEL" takes back the entry, or this person's place where
    the entry itself is not cancelled. Both need the organiser's address, and a raised ``sequence`` after a change.
    """
    if method not in METHODS or (attendee is not None) != (method != "PUBLISH"):
        raise ValueError(f"{method} of RFC 5546 with the attendee {attendee!r}")
    calendar = icalendar.Calendar()
    for name, value in (("PRODID", "-//Consult//Calendar//BG"), ("VERSION", "2.0"), ("CALSCALE", "GREGORIAN")):
        calendar.add(name, value)
    calendar.add("METHOD", method)
    if title:
        _name_feed(calendar, title)
    for entry in sorted(entries, key=lambda entry: (entry.starts_at, entry.uid)):
        calendar.add_component(_event(entry, method, attendee))
    return calendar.to_ical()


def calendar_answer(title: str, entries: Sequence[CalendarEntry], file_name: str) -> Response:
    """The answer that gives ``entries`` to be kept as ``file_name``, in Latin letters, with ".ics" after it."""
    name = {"Content-Disposition": f'attachment; filename="{slug(file_name)}.ics"'}
    return Response(render_calendar(title, entries), headers=name, content_type="text/calendar; charset=utf-8")


def _calendars_here() -> list[tuple[Calendar, Sequence[CalendarEntry]]]:
    return [(one, one.entries()) for plugin in registry().on_here() for one in plugin.calendars]


def _calendars_of_region() -> list[tuple[Calendar, Sequence[CalendarEntry]]]:
    """Where each plugin is on, its own query asks: ``listed_in_region``."""
    found = [one for plugin in registry().plugins.values() for one in plugin.calendars]
    return [(one, one.region_entries()) for one in found if one.region_entries is not None]


def _name_feed(calendar: icalendar.Calendar, title: str) -> None:
    """Its name and how often to ask again, in the words of RFC 7986 and in those that programs knew before it."""
    for name in ("NAME", "X-WR-CALNAME"):
        calendar.add(name, _line(title))
    calendar.add("REFRESH-INTERVAL", ASKED_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", icalendar.vDuration(ASKED_AGAIN))


def _event(entry: CalendarEntry, method: str, attendee: tuple[str, str] | None) -> icalendar.Event:
    if method != "PUBLISH" and not entry.organiser_email:
        raise ValueError(f"{entry.uid}: RFC 5546 wants to know whose {method} it is")
    event = icalendar.Event()
    event.add("UID", _line(entry.uid))
    # Not the moment of asking: what has not changed stays the same file, and of two copies the newer one is known.
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        event.add(name, _whole_second(entry.changed_at))
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTART", _whole_second(entry.starts_at))
    if entry.ends_at is not None:
        event.add("DTEND", _whole_second(entry.ends_at))
    _say_status(event, entry, method)
    _describe(event, entry)
    if entry.organiser_email:
        event.add("ORGANIZER", _address(entry.organiser_name, entry.organiser_email), encode=False)
    if attendee is not None:
        event.add("ATTENDEE", _attendee(*attendee), encode=False)
    return event


def _say_status(event: icalendar.Event, entry: CalendarEntry, method: str) -> None:
    """RFC 5546, 3.2.5: a CANCEL that only takes one person's place back says no status."""
    if entry.is_cancelled:
        event.add("STATUS", "CANCELLED")
    elif method != "CANCEL":
        event.add("STATUS", "CONFIRMED")


def _describe(event: icalendar.Event, entry: CalendarEntry) -> None:
    event.add("SUMMARY", _line(entry.title))
    for name, words in (("LOCATION", _line(entry.place)), ("DESCRIPTION", _lines(entry.description))):
        if words:
            event.add(name, words)
    if entry.url:
        event.add("URL", quote(entry.url, safe="%/:?#[]@!$&'()*+,;=~"))
    if entry.latitude is not None and entry.longitude is not None:
        event.add("GEO", (round(entry.latitude, 6), round(entry.longitude, 6)))


def _attendee(name: str, email: str) -> vCalAddress:
    """Who has asked for a place has said yes already; no answer is wanted, as nobody would read it."""
    person = _address(name, email)
    person.params |= {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    return person


def _address(name: str, email: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{quote(email, safe='@+')}")
    if shown := _line(name).translate(NOT_IN_A_NAME):
        address.params["CN"] = shown
    return address


def _whole_second(moment: datetime) -> datetime:
    """In UTC, which is understood without a description of the summer time. A naive moment is a mistake."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {moment!r}")
    return moment.astimezone(UTC).replace(microsecond=0)


def _lines(text: str) -> str:
    return UNSEEN.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _line(text: str) -> str:
    return " ".join(_lines(text).split())
