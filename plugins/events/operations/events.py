"""What is done with a whole event: its calendars kept true, cancelled, reminded of, thanked for, forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from consult.api import (
    End,
    Publication,
    Refused,
    announce,
    db,
    here,
    lazy_pgettext,
    link_exactly,
    local,
    now,
    operation,
    record,
    setting,
    shown_towns,
    touch_shown,
    will_change,
)
from plugins.events import notices
from plugins.events.models import Course, Event, Hall, Place, Standing
from plugins.events.operations.halls import hold_hall, set_capacity
from plugins.events.operations.places import OVER, cancel_place
from plugins.events.queries import hall_of, places_alive, places_known

WORKING_HOURS = range(8, 17)  # of the municipalities, on the clocks of Sofia, from Monday to Friday


@operation
def keep_event(event: Event, capacity: int | None, is_sure: bool = False, reason: str = "") -> None:
    """Brings seats, calendars and people in line with what the event says now; after every change of its words.

    Raises Refused for an end before the start, for fewer seats than are taken (see ``set_capacity``), for another time
    of an event that people know of without a ``reason``, and for one that has passed or of what is cancelled.
    """
    _count_in_minutes(event)
    _require_order(event)
    _require_ahead(event)
    event.is_outside_hours = is_outside_hours(event.starts_at)
    event.is_hybrid = bool(event.online_url) and event.has_room
    if not event.is_past:
        event.erased_at = None  # whoever comes to it at its new time is forgotten in due time too
    link_exactly(event, "discusses", [End("publication", number) for number in event.about])
    if event.takes_places:
        _keep_seats(event, capacity, is_sure)
    moments = (event.opens_at, event.closes_at, event.last_call_at, event.starts_at, event.over_at)
    for moment in moments:
        if moment is not None and moment > now():
            will_change(moment, *shown_towns(event))
    if event.told and not event.is_called_off and not event.is_past:
        _tell_of_change(event, reason)
    touch_shown(event)


def _count_in_minutes(event: Event) -> None:
    """Forms show no seconds: an event that began at some would count as moved as soon as its form is saved."""
    for name in ("starts_at", "ends_at", "opens_at", "closes_at"):
        moment = getattr(event, name)
        if moment is not None:
            setattr(event, name, moment.replace(second=0, microsecond=0))


def _keep_seats(event: Event, capacity: int | None, is_sure: bool) -> None:
    hall = hall_of(event.id)
    is_new, wanted = hall is None, hall.wanted if hall is not None else None
    set_capacity(event, capacity, is_sure)
    if is_new or wanted != capacity:  # no version says it: the seats are no words of the event
        record("events.seats_set", event.kind, event.id, {"seats": capacity})


def _require_order(event: Event) -> None:
    if event.ends_at is not None and event.ends_at <= event.starts_at:
        raise Refused(lazy_pgettext("events", "The end has to be after the start."), "ends_at")
    closes_at = event.closes_at or event.ends_at or event.starts_at
    if event.takes_places and event.opens_at is not None and event.opens_at >= closes_at:
        raise Refused(lazy_pgettext("events", "Registration has to open before it closes."), "opens_at")


def _require_ahead(event: Event) -> None:
    """What people know of and expect is moved neither into the past (a slip of the year) nor after it was cancelled."""
    if not event.told or event.starts_at.isoformat() == event.told["start"]:
        return
    if event.is_cancelled:
        raise Refused(lazy_pgettext("events", "A cancelled event keeps its time. Announce a new one."), "starts_at")
    if event.is_past and datetime.fromisoformat(event.told["start"]) > now():
        raise Refused(lazy_pgettext("events", "This time has passed. People expect the event later."), "starts_at")


def is_outside_hours(moment: datetime) -> bool:
    """Whether people who work can come without asking for leave: after hours, or at the weekend."""
    hour = local(moment)
    return hour.weekday() >= 5 or hour.hour not in WORKING_HOURS


def whereabouts(event: Event) -> dict[str, str]:
    """What stands in people's calendars: when and where."""
    ends = event.ends_at.isoformat() if event.ends_at else ""
    online = "online" if event.online_url else ""
    return {"start": event.starts_at.isoformat(), "end": ends, "where": event.where(), "online": online}


def _tell_of_change(event: Event, reason: str) -> None:
    said = whereabouts(event)
    if said == event.told:
        return
    is_moved = said["start"] != event.told["start"]
    if is_moved and not reason.strip():
        raise Refused(lazy_pgettext("events", "Say why the time changes; people will read it."), "reason")
    if is_moved:
        event.moved_from = datetime.fromisoformat(event.told["start"])
        event.course, event.course_reason, event.course_at = Course.MOVED, reason.strip(), now()
        event.reminded_at = None
        _shorten_waits(event)
        record("events.moved", event.kind, event.id, {"reason": event.course_reason, "from": event.told["start"]})
    event.told, event.sequence = said, event.sequence + 1
    db.session.flush()
    for place in places_known(event.id):
        notices.tell_changed(event, place)
    announce("events.changed", event=event)


def _shorten_waits(event: Event) -> None:
    """Nothing is kept past a start that has come nearer; what is offered, not past the last call."""
    for place in places_alive(event.id):
        if place.until is not None:
            latest = event.last_call_at if place.standing == Standing.OFFERED else event.starts_at
            place.until = min(place.until, max(latest, now()))


@operation
def note_published(event: Event) -> None:
    """From now on people know when and where; a change is told to those who hold a place."""
    event.told = whereabouts(event)


@operation
def cancel_event(event: Event, reason: str) -> None:
    """Calls the event off. Its page stays and says why; everybody who holds a place or waits gets a letter.

    Raises Refused without a reason, and for an event that is over. Twice is once.
    """
    db.session.refresh(event, with_for_update={"key_share": True})
    if event.is_past:
        raise Refused(OVER)
    if not reason.strip():
        raise Refused(lazy_pgettext("events", "Say why it is cancelled; people will read it."), "reason")
    if event.is_cancelled:
        return
    event.course, event.course_reason, event.course_at = Course.CANCELLED, reason.strip(), now()
    event.sequence += 1
    record("events.cancelled", event.kind, event.id, {"reason": event.course_reason})
    db.session.flush()
    _call_off(event, event.course_reason)
    announce("events.cancelled", event=event)
    touch_shown(event)


def hear_published(publication: Publication) -> None:
    """Listens to ``publishing.published``."""
    if isinstance(publication, Event):
        note_published(publication)


def hear_withdrawn(publication: Publication, reason: str) -> None:
    """Listens to ``publishing.withdrawn``: whoever holds a place is told that there is nothing to come to."""
    if isinstance(publication, Event) and not publication.is_past and not publication.is_cancelled:
        publication.sequence += 1
        _call_off(publication, reason)


def _call_off(event: Event, reason: str) -> None:
    db.session.get(Hall, event.id, with_for_update=True)  # whoever is being given a place just now is told too
    for place in places_known(event.id):
        notices.tell_called_off(event, place, reason)


def remind_due() -> None:
    """The clock's part: who has a place at an event of the coming hours is reminded, once."""
    hours = int(setting("events.remind_hours"))
    soon = select(Event.id).where(Event.municipality_id == here().id, Event.reminded_at.is_(None))
    soon = soon.where(Event.starts_at > now(), Event.starts_at <= now() + timedelta(hours=hours))
    for event_id in sorted(db.session.scalars(soon.where(Event.takes_places.is_(True))).all()) if hours else ():
        _remind(event_id)


@operation
def _remind(event_id: int) -> None:
    event = db.session.get_one(Event, event_id, with_for_update={"key_share": True}, populate_existing=True)
    if event.reminded_at is not None or event.is_cancelled or not event.is_open:
        return
    event.reminded_at = now()
    for place in places_known(event.id):
        if place.standing == Standing.GIVEN and place.asked_at < now() - timedelta(hours=1):
            notices.tell_reminder(event, place)


@operation
def thank(event: Event) -> int:
    """Writes to everybody who had a place what was heard and where the minutes are; answers to how many. Once."""
    db.session.refresh(event, with_for_update={"key_share": True})
    if not event.is_past:
        raise Refused(lazy_pgettext("events", "Thank people when the event is over."))
    if event.thanked_at is not None or event.is_cancelled:
        return 0
    event.thanked_at = now()
    told = [place for place in places_known(event.id) if place.standing == Standing.GIVEN and place.email]
    for place in told:
        notices.tell_thanks(event, place)
    record("events.thanked", event.kind, event.id, {"letters": len(told)})
    return len(told)


@operation
def note_attendance(event: Event, attendance: int | None) -> None:
    """Keeps how many came, counted by hand; without it, those ticked at the door count."""
    event.attendance = attendance
    touch_shown(event)


def erase_due() -> None:
    """The clock's part: some days after an event the names of those who came are erased; how many came stays."""
    days = timedelta(days=int(setting("events.erase_after_days")))
    old = select(Event.id).where(Event.municipality_id == here().id, Event.erased_at.is_(None))
    old = old.where(func.coalesce(Event.ends_at, Event.starts_at) < now() - days)
    for event_id in db.session.scalars(old).all():
        erase_people(event_id)


@operation
def erase_people(event_id: int) -> None:
    """Blanks whatever says who somebody is, of every place at this event (GDPR art. 5, 1 e)."""
    event = db.session.get_one(Event, event_id)
    hall = db.session.get(Hall, event_id)
    if event.attendance is None and hall is not None and hall.arrived:
        event.attendance = hall.arrived
    for place in db.session.scalars(select(Place).where(Place.event_id == event_id)).all():
        forget(place)
    event.erased_at = now()


def forget(place: Place) -> None:
    """Blanks one place; party, standing and attendance stay, for the counts."""
    place.name = place.email = place.phone = ""
    place.address_key, place.person_id, place.answers = None, None, {}
    place.salt, place.erased_at = "", now()


@operation
def erase_place(place: Place) -> None:
    """Somebody wants to be forgotten before the term (GDPR art. 17): the place is given back, and blanked.

    After the event there is nothing to give back; that somebody came is still counted.
    """
    hold_hall(place.event_id)
    if not db.session.get_one(Event, place.event_id).is_past:
        cancel_place(place)
    forget(place)
