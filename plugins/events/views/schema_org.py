"""An event in the words of schema.org, for search engines and for the programs that read pages aloud."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from consult.api import Town, address_of, cut, here, json_ld, language, local, owner_of, plain
from plugins.events.models import Course, Event

STATUS = {Course.PLANNED: "EventScheduled", Course.MOVED: "EventRescheduled", Course.CANCELLED: "EventCancelled"}
OF_ARTICLES = ("headline", "datePublished", "dateModified", "publisher")


def said_to_programs(event: Event, organisers: Sequence[Town]) -> dict[str, Any]:
    """The event as schema.org's Event. The address of the meeting online is for those who have a place, so not here."""
    data = json_ld(event, "Event", "events.event_with_tail")
    data = {name: value for name, value in data.items() if name not in OF_ARTICLES}
    words = event.words(language())
    data |= {
        "name": words.title,
        "description": words.lead or cut(plain(words.body), 200) or words.title,
        "startDate": _moment(event.starts_at),
        "eventStatus": f"https://schema.org/{STATUS[Course(event.course)]}",
        "eventAttendanceMode": f"https://schema.org/{_mode(event)}",
        "location": _locations(event, data["url"]),
        "organizer": [_organiser(town) for town in organisers],
        "isAccessibleForFree": True,
    }
    if event.ends_at is not None:
        data["endDate"] = _moment(event.ends_at)
    if event.course == Course.MOVED and event.moved_from is not None:
        data["previousStartDate"] = _moment(event.moved_from)
    return data


def _moment(moment: datetime) -> str:
    return local(moment).isoformat(timespec="seconds")


def _mode(event: Event) -> str:
    if not event.online_url:
        return "OfflineEventAttendanceMode"
    return "MixedEventAttendanceMode" if event.has_room else "OnlineEventAttendanceMode"


def _locations(event: Event, page: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if event.has_room:
        town = (owner_of(event) or here()).name(language())
        street = {"streetAddress": event.address} if event.address else {}
        address = {"@type": "PostalAddress", **street, "addressLocality": town, "addressCountry": "BG"}
        name = ", ".join(part for part in (event.room, event.building) if part) or event.address or town
        found.append({"@type": "Place", "name": name, "address": address} | _point(event))
    if event.online_url:
        found.append({"@type": "VirtualLocation", "url": page})
    return found


def _point(event: Event) -> dict[str, Any]:
    if event.latitude is None or event.longitude is None:
        return {}
    return {"geo": {"@type": "GeoCoordinates", "latitude": event.latitude, "longitude": event.longitude}}


def _organiser(town: Town) -> dict[str, str]:
    name = town.name(language())
    return {"@type": "GovernmentOrganization", "name": name, "url": address_of(town, language(), "home.home")}
