"""Fills a town of the demonstration with meetings and the people who come, through the operations the staff use."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from consult.api import (
    SOFIA,
    Publication,
    Town,
    change,
    db,
    here,
    now,
    open_towns,
    operation,
    publish,
    render_markdown,
    share,
    withdraw,
    write,
)
from plugins.events.demo_content import MEETINGS, Meeting
from plugins.events.models import Event
from plugins.events.operations import Asking, Full, ask_for_place, cancel_event, keep_event

PUBLISHED_BEFORE = timedelta(days=12)  # how long before today what is coming was announced; what is over, before it


def fill(town: Town) -> None:
    """Adds the meetings of ``town``; the caller is inside it and commits."""
    for meeting in MEETINGS:
        if meeting.town == town.code:
            _hold(meeting, now().astimezone(SOFIA))


def _hold(meeting: Meeting, today: datetime) -> None:
    event = _written(meeting, today)
    capacity = meeting.registration.capacity if meeting.registration else None
    keep_event(event, capacity)
    if meeting.fate == "draft":
        return
    share(event, [town for town in open_towns() if town.code in meeting.shared_with and town.id != here().id])
    publish(event, on=min(today, event.starts_at) - PUBLISHED_BEFORE)
    _seat(event, meeting)
    if meeting.fate == "cancelled":
        cancel_event(event, meeting.reason)
    elif meeting.fate == "withdrawn":
        withdraw(event, meeting.reason)
    elif meeting.fate == "moved":
        _put_off(event, meeting, capacity)


def _written(meeting: Meeting, today: datetime) -> Event:
    begins = meeting.begins(today)
    event = Event(
        title=meeting.title,
        short_title=meeting.short_title,
        lead=meeting.lead,
        body=meeting.body,
        office=meeting.office,
        topic=meeting.kind,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=meeting.minutes) if meeting.minutes else None,
        attendance=meeting.attendance,
        heard=meeting.heard,
        heard_html=render_markdown(meeting.heard),
        about=_numbers_of(meeting.discusses),
        **meeting.words,
        **_registration(meeting, today),
    )
    translations = {
        language: {"title": one.title, "lead": one.lead, "body": one.body}
        for language, one in meeting.translations.items()
    }
    write(event, translations)
    return event


def _registration(meeting: Meeting, today: datetime) -> dict[str, object]:
    asked = meeting.registration
    if asked is None:
        return {}
    opens = today + timedelta(days=asked.opens_in) if asked.opens_in is not None else None
    closes = today + timedelta(days=asked.closes_in) if asked.closes_in is not None else None
    return {
        "takes_places": True,
        "most_people": asked.most_people,
        "opens_at": opens.replace(hour=9, minute=0, second=0, microsecond=0) if opens else None,
        "closes_at": closes.replace(hour=17, minute=0, second=0, microsecond=0) if closes else None,
        "questions": list(asked.questions),
    }


def _numbers_of(titles: tuple[str, ...]) -> list[int]:
    """What of this was published here before; nothing where the module that publishes it is not installed."""
    if not titles:
        return []
    found = select(Publication.id).where(Publication.municipality_id == here().id, Publication.title.in_(titles))
    return list(db.session.scalars(found.order_by(Publication.id)))


def _seat(event: Event, meeting: Meeting) -> None:
    for number, guest in enumerate(meeting.guests):
        email = f"guest{event.id}-{number}@mail.example"
        asking = Asking(name=guest.name, email=email, people=guest.people, is_online=guest.is_online, channel="phone")
        try:
            ask_for_place(event, asking)
        except Full:
            ask_for_place(event, asking, waits=True)


@operation
def _put_off(event: Event, meeting: Meeting, capacity: int | None) -> None:
    by = timedelta(days=meeting.moved_by)
    ends_at = event.ends_at + by if event.ends_at else None
    words = {"body": event.body, "starts_at": event.starts_at + by, "ends_at": ends_at}
    change(event, event.revision, words)
    keep_event(event, capacity, reason=meeting.reason)
