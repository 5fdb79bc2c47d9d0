"""What is asked of events in more than one place: what comes, a month, who holds which place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, case, func, or_, select

from consult.api import (
    address_key,
    db,
    end_of_day,
    here,
    listed_here,
    listed_in_region,
    now,
    start_of_day,
    today,
)
from plugins.events.models import ALIVE, Course, Event, Hall, Place, Standing

# The same look in Cyrillic and Latin; kept in Latin, and no 0 and 1, which look like О and І.
CODE_LETTERS = "23456789ABEKMHPCTX"
_LATIN_LOOK = str.maketrans("АВЕКМНРСТХавекмнрстх", "ABEKMHPCTXABEKMHPCTX")


def read_code(typed: str) -> str:
    """A code as it is kept, whichever alphabet, case and hyphens it was typed in."""
    return "".join(sign for sign in typed.translate(_LATIN_LOOK).upper() if sign.isalnum())


def say_code(code: str) -> str:
    """A code as people read it: „K7-PT“."""
    return f"{code[:2]}-{code[2:]}"


def upcoming(limit: int) -> Sequence[Event]:
    """The next ``limit`` events that are not over, the nearest first."""
    return db.session.scalars(_coming(listed_here(Event)).limit(limit)).all()


def upcoming_in_region(limit: int, until: datetime) -> Sequence[Event]:
    """The next ``limit`` events of all municipalities that begin before ``until``."""
    found = _coming(listed_in_region(Event, "events")).where(Event.starts_at < until)
    return db.session.scalars(found.limit(limit)).all()


def _coming(listed: Select[Event]) -> Select[Event]:
    """An event without an end is over with its day."""
    is_ahead = or_(Event.starts_at >= start_of_day(today()), Event.ends_at >= now())
    return _ordered(listed.where(is_ahead, or_(Event.ends_at.is_(None), Event.ends_at >= now())))


def _ordered(listed: Select[Event]) -> Select[Event]:
    return listed.order_by(Event.starts_at, Event.id)


def between(first: date, last: date, topic: str | None = None, area: str | None = None) -> Sequence[Event]:
    """The events of the days from ``first`` to ``last``, the earliest first; those that go on in them included."""
    begins, ends = start_of_day(first), end_of_day(last)
    within = or_(Event.starts_at.between(begins, ends), (Event.starts_at < begins) & (Event.ends_at >= begins))
    return db.session.scalars(_of(topic, area).where(within)).all()


def next_after(day: date, topic: str | None = None, area: str | None = None) -> Event | None:
    """The first event after ``day``, for a month that has none."""
    return db.session.scalar(_of(topic, area).where(Event.starts_at > end_of_day(day)).limit(1))


def _of(topic: str | None, area: str | None) -> Select[Event]:
    found = listed_here(Event)
    if topic is not None:
        found = found.where(Event.topic == topic)
    if area is not None:
        found = found.where(Event.area == area)
    return _ordered(found)


def weekend(day: date) -> tuple[date, date]:
    """The Saturday and Sunday of the week of ``day``."""
    saturday = day + timedelta(days=5 - day.weekday())
    return saturday, saturday + timedelta(days=1)


def own_between(begins: datetime, ends: datetime) -> Sequence[Event]:
    """The municipality's own events that people know of and can come to, whose start lies between; for its staff."""
    mine = _own_told().where(Event.takes_places.is_(True), Event.starts_at.between(begins, ends))
    return db.session.scalars(_ordered(mine).limit(20)).all()


def unreported(since: datetime) -> Sequence[Event]:
    """Its own events of which nothing was written afterwards, from ``since`` to now."""
    mine = _own_told().where(Event.starts_at.between(since, now()), Event.heard == "", Event.recording_url == "")
    return db.session.scalars(_ordered(mine).limit(20)).all()


def _own_told() -> Select[Event]:
    told = Event.published_at <= now(), Event.withdrawn_at.is_(None), Event.course != Course.CANCELLED
    return select(Event).where(Event.municipality_id == here().id, *told)


def for_calendars() -> Sequence[Event]:
    """What a calendar that is subscribed to shows: from sixty days back to a year ahead, cancelled ones too."""
    return db.session.scalars(_of_the_year(listed_here(Event))).all()


def for_calendars_of_region() -> Sequence[Event]:
    """The same of all municipalities."""
    return db.session.scalars(_of_the_year(listed_in_region(Event, "events"))).all()


def _of_the_year(listed: Select[Event]) -> Select[Event]:
    begins, ends = now() - timedelta(days=60), now() + timedelta(days=366)
    return _ordered(listed.where(Event.starts_at.between(begins, ends)))


def areas() -> Sequence[str]:
    """The areas of which any event here speaks, by name."""
    named = listed_here(Event).where(Event.area != "").with_only_columns(Event.area).distinct()
    return sorted(db.session.scalars(named).all())


def hall_of(event_id: int) -> Hall | None:
    """The seats of an event, or None where none were ever counted."""
    return db.session.get(Hall, event_id)


def halls_of(events: Sequence[Event]) -> dict[int, Hall]:
    """The halls of these events by the events' numbers, in one query."""
    found = select(Hall).where(Hall.event_id.in_([event.id for event in events]))
    return {hall.event_id: hall for hall in db.session.scalars(found)} if events else {}


def place_at(event_id: int, address_key: str) -> Place | None:
    """The one place of this address at this event, whatever became of it."""
    return db.session.scalar(select(Place).where(Place.event_id == event_id, Place.address_key == address_key))


def is_alive_at(event_id: int, email: str) -> bool:
    """Whether this address holds a place, or waits for one."""
    place = place_at(event_id, address_key(email)) if email else None
    return place is not None and place.is_alive


def place_of_person(event_id: int, person_id: int, address_key: str) -> Place | None:
    """The living place of who is signed in."""
    place = place_at(event_id, address_key)
    return place if place is not None and place.is_alive and place.person_id == person_id else None


def places_of_person(person_id: int) -> Sequence[tuple[Place, Event]]:
    """The places of who is signed in at events of this municipality, the latest event first."""
    mine = select(Place, Event).join(Event, Event.id == Place.event_id).where(Place.person_id == person_id)
    rows = db.session.execute(mine.order_by(Event.starts_at.desc()).limit(50)).all()
    return [(row[0], row[1]) for row in rows]


def line_number(place: Place) -> int:
    """Which in the line a place is, counted from 1; those who have not confirmed their address do not count."""
    before = select(func.count()).where(Place.event_id == place.event_id, Place.standing == Standing.WAITING)
    before = before.where(Place.confirmed_at.is_not(None), Place.number < place.number)
    return 1 + (db.session.scalar(before) or 0)


def places_alive(event_id: int) -> Sequence[Place]:
    """Everybody who holds a place or waits for one, in the order in which they came."""
    alive = select(Place).where(Place.event_id == event_id, Place.standing.in_(ALIVE))
    return db.session.scalars(alive.order_by(Place.number, Place.id)).all()


def places_known(event_id: int) -> Sequence[Place]:
    """Those of them whose address is confirmed; nobody else is written to unasked."""
    return [place for place in places_alive(event_id) if place.confirmed_at is not None]


def places_to_thank(event_id: int) -> Sequence[Place]:
    """Those who had a place and can be written to."""
    return [place for place in places_known(event_id) if place.standing == Standing.GIVEN and place.email]


@dataclass(frozen=True)
class Register:
    """One page of an event's places, in the order of registration; ``next`` is where the following one begins."""

    places: Sequence[Place]
    next: int | None


def register(event_id: int, standings: Sequence[str], typed: str = "", after: int = 0, limit: int = 50) -> Register:
    """The places in any of ``standings``; ``typed`` is part of a name or of an address, or a code."""
    found = select(Place).where(Place.event_id == event_id, Place.standing.in_(standings), Place.number > after)
    found = found.order_by(Place.number, Place.id)
    if typed.strip():
        wish, code = typed.strip().casefold(), read_code(typed)
        rows = [
            place
            for place in db.session.scalars(found).all()
            if wish in place.name.casefold() or wish in place.email.casefold() or (code and place.code == code)
        ]
    else:
        rows = list(db.session.scalars(found.limit(limit + 1)).all())
    return Register(rows[:limit], rows[limit - 1].number if len(rows) > limit else None)


def count_by_standing(event_id: int) -> dict[str, int]:
    """How many places stand where, and under "online" how many people of those given take part online."""
    counted = select(Place.standing, Place.is_online, func.count(), func.sum(Place.people))
    counted = counted.where(Place.event_id == event_id).group_by(Place.standing, Place.is_online)
    counts: dict[str, int] = {"online": 0}
    for standing, is_online, places, people in db.session.execute(counted):
        counts[standing] = counts.get(standing, 0) + places
        if is_online and standing == Standing.GIVEN:
            counts["online"] += people
    return counts


@dataclass(frozen=True)
class AtTheDoor:
    """The people of a hall as who stands at its door needs them."""

    places: Sequence[Place]
    total: int
    more: bool


PER_SHEET = 50


def at_the_door(event_id: int, typed: str = "", limit: int = PER_SHEET, after: int = 0) -> AtTheDoor:
    """Who is expected or has come, by the order of registration; ``typed`` is part of a name, or a code.

    Names are compared in Python: the databases' LIKE knows the case of Latin letters only.
    """
    expected = select(Place).where(Place.event_id == event_id, or_(Place.standing == Standing.GIVEN, Place.arrived > 0))
    total = db.session.scalar(select(func.count()).select_from(expected.subquery())) or 0
    expected = expected.order_by(Place.number, Place.id)
    if typed.strip():
        wish, code = typed.strip().casefold(), read_code(typed)
        all_of_them = db.session.scalars(expected).all()
        found = [place for place in all_of_them if wish in place.name.casefold() or (code and place.code == code)]
        return AtTheDoor(found[:limit], total, len(found) > limit)
    rows = db.session.scalars(expected.where(Place.number > after).limit(limit + 1)).all()
    return AtTheDoor(rows[:limit], total, len(rows) > limit)


def people_expected(event_id: int) -> int:
    """How many people are expected in the hall, those who came without a place included."""
    in_hall = (Place.standing == Standing.GIVEN) & Place.is_online.is_(False)
    most = case((Place.arrived > Place.people, Place.arrived), else_=Place.people)
    found = select(func.coalesce(func.sum(most), 0)).where(Place.event_id == event_id, or_(in_hall, Place.arrived > 0))
    return int(db.session.scalar(found) or 0)


def on_the_sheet(event_id: int) -> Sequence[Place]:
    """Everybody who has a place, or came, in the order of registration."""
    expected = or_(Place.standing == Standing.GIVEN, Place.arrived > 0)
    found = select(Place).where(Place.event_id == event_id, expected)
    return db.session.scalars(found.order_by(Place.number, Place.id)).all()


def count_places() -> int:
    """How many places this municipality keeps, whatever became of them."""
    return db.session.scalar(select(func.count()).select_from(Place)) or 0
