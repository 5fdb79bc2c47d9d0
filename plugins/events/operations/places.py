"""The ways of a place: asked for, confirmed, given, waiting, offered, accepted, changed, given back.

    (asked)──seats──▶ held ──confirm──▶ given ──cancel──▶ cancelled
       │               └──in time not──▶ lapsed              ▲
       └──no seats──▶ waiting ──a seat frees──▶ offered ──accept──▶ given
                                                └──in time not──▶ lapsed

Who is signed in, or is entered by the staff, is given the place or a confirmed number in the line at once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from sqlalchemy import inspect, or_, select

from consult.api import (
    Conflict,
    Refused,
    address_key,
    announce,
    check_email,
    db,
    lazy_pgettext,
    now,
    operation,
    record,
    say_moment,
    touch_shown,
)
from plugins.events import notices
from plugins.events.models import Event, Hall, Place, Standing
from plugins.events.operations.halls import (
    NO_PLACES,
    hold_hall,
    move,
    offer_free,
    said_full,
    shrink,
    stand_in_line,
    take_seats,
    until_of,
)
from plugins.events.policy import HOLD, HOLD_IN_LINE
from plugins.events.queries import CODE_LETTERS, hall_of

OVER = lazy_pgettext("events", "This event is over.")
CANCELLED = lazy_pgettext("events", "This event is cancelled.")
_COLUMNS = [column.key for column in inspect(Event).column_attrs]


class Full(Conflict):
    """There are fewer free seats than were asked for; the waiting list is open."""


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What somebody says who asks for a place. ``email`` may be empty only where the staff enter it.

    ``people`` is the whole party; ``answers`` are by the keys of the event's questions; ``channel`` is one of
    ``policy.CHANNELS``; ``person_id`` is an account whose address is ``email``.
    """

    name: str
    email: str
    phone: str = ""
    people: int = 1
    is_online: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    language: str = "bg"
    channel: str = "site"
    person_id: int | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether nobody has to show that the address is theirs: an account has shown it, the staff vouch for it."""
        return self.person_id is not None or self.channel != "site"


def require_open(event: Event) -> None:
    """Raises Refused when people cannot ask for a place now, with the day from which or until which they can."""
    require_coming(event)
    if not event.is_open or not event.takes_places:
        raise Refused(NO_PLACES)
    if event.opens_at is not None and now() < event.opens_at:
        opens = say_moment(event.opens_at, full=False)
        raise Refused(lazy_pgettext("events", "Registration opens on %(moment)s.", moment=opens))
    closes_at = event.registration_ends_at
    if now() >= closes_at:
        closed = say_moment(closes_at, full=False)
        raise Refused(lazy_pgettext("events", "Registration closed on %(moment)s. Please call us.", moment=closed))


def require_coming(event: Event) -> None:
    """Raises Refused for an event that is over, cancelled or withdrawn."""
    if event.is_called_off:
        raise Refused(CANCELLED)
    if event.is_past:
        raise Refused(OVER)


def require_seats(event: Event, asking: Asking, waits: bool = False) -> None:
    """Raises Refused where nobody could ask so, and Full where there are no seats and the line was not asked for.

    It does not look who asks, so that a stranger cannot find out who has a place.
    """
    _require_party(event, asking)
    (require_coming if asking.channel != "site" else require_open)(event)
    hall = hall_of(event.id)
    if hall is None:
        raise Refused(NO_PLACES)
    if not waits and not _may_sit_down(event, hall, 0 if asking.is_online else asking.people):
        raise _full(hall)


@operation
def ask_for_place(event: Event, asking: Asking, waits: bool = False) -> Place:
    """Gives or holds a place, or with ``waits`` a number in the line. The same address again is the same place.

    Raises what ``require_seats`` raises, before it looks who asks.
    """
    key = address_key(check_email(asking.email)) if asking.email else None
    hall = hold_hall(number_of(event))
    db.session.refresh(event, _COLUMNS)  # as whoever held the hall before has left it; its translations if need be
    require_seats(event, asking, waits)
    place, code = _place_and_code(event.id, key)
    if place is not None and place.is_alive:
        return _have_already(place, asking)
    seats = 0 if asking.is_online else asking.people
    number = take_seats(event, seats) if _may_sit_down(event, hall, seats) else None
    if number is None and not waits:
        raise _full(hall)
    return _enter(event, place or Place(event_id=event.id, code=code, step=0), asking, key, number)


def number_of(event: Event) -> int:
    """Its number, which its identity knows without reading it from the database."""
    (number,) = inspect(event).identity or (event.id,)
    return int(number)


def _full(hall: Hall) -> Full:
    return Full(said_full(hall.free if not hall.waiting else 0))


def _may_sit_down(event: Event, hall: Hall, seats: int) -> bool:
    return hall.has_seats(seats) and (not seats or not hall.waiting or event.is_last_call)


def _require_party(event: Event, asking: Asking, had: int = 0) -> None:
    """``had``: how many they were before; a party that was allowed may stay as large as it is."""
    most = max(event.most_people, had)
    if not 1 <= asking.people <= most:
        raise Refused(lazy_pgettext("events", "Enter a number from 1 to %(most)s.", most=most), "people")
    if asking.is_online and not event.online_url:
        raise Refused(lazy_pgettext("events", "This event is not shown online."), "way")


def _have_already(place: Place, asking: Asking) -> Place:
    """Nothing is changed by who has not shown that the address is theirs; who has, confirms by asking.

    One address and another of the same mailbox have one place, but at some hosts they are two people's.
    """
    is_theirs = asking.is_confirmed and place.email.casefold() == asking.email.casefold()
    if is_theirs and place.confirmed_at is None:
        # Whoever asked before may have been anybody: the name in the list is the one that its owner gives.
        place.name, place.phone, place.answers = asking.name, asking.phone, asking.answers
        place.language = asking.language
        db.session.flush()
        confirm_place(place)
    if is_theirs and asking.person_id is not None:
        place.person_id = asking.person_id
    if not is_theirs:
        notices.tell_again(db.session.get_one(Event, place.event_id), place)
    return place


def _enter(event: Event, place: Place, asking: Asking, key: str | None, number: int | None) -> Place:
    is_seated, is_known = number is not None, asking.is_confirmed
    place.salt = secrets.token_hex(16)  # an old letter of a place that was given back opens nothing
    place.name, place.email, place.address_key, place.phone = asking.name, asking.email, key, asking.phone
    place.people, place.is_online, place.answers = asking.people, asking.is_online, asking.answers
    place.language, place.channel, place.person_id = asking.language, asking.channel, asking.person_id
    place.step, place.asked_at, place.ended_at = (place.step or 0) + 1, now(), None
    place.confirmed_at = now() if is_known else None
    place.number = number if number is not None else stand_in_line(event, is_known)
    if is_known:
        place.standing, place.until = (Standing.GIVEN if is_seated else Standing.WAITING), None
    else:
        place.standing = Standing.HELD if is_seated else Standing.WAITING
        place.until = until_of(now(), HOLD if is_seated else HOLD_IN_LINE, event)
    db.session.add(place)  # now that all is known: one statement
    db.session.flush()
    _tell(event, place)
    if is_seated or is_known:  # no page shows who waits and has not confirmed it; so what is remembered holds
        touch_shown(event)
    return place


def _tell(event: Event, place: Place) -> None:
    """Writes the letter that belongs to where the place stands now, and announces a place that is given."""
    if place.confirmed_at is None:
        notices.tell_to_confirm(event, place)
    elif place.standing == Standing.GIVEN:
        record("events.place_given", event.kind, event.id, {"code": place.code, "people": place.people})
        notices.tell_given(event, place)
        announce("events.place_given", event=event, place=place)
    elif place.standing == Standing.WAITING:
        notices.tell_waiting(event, place)


def _hold(place: Place) -> tuple[Event, Hall]:
    hall = hold_hall(place.event_id)
    db.session.refresh(place)
    return db.session.get_one(Event, place.event_id), hall


@operation
def confirm_place(place: Place) -> None:
    """The holder of the letter confirms the address: what was held is given, a number in the line counts from now on.

    A place that lapsed meanwhile is asked for anew. Twice is once. Raises Refused where there is nothing to confirm.
    """
    event, hall = _hold(place)
    (require_open if place.standing == Standing.LAPSED else require_coming)(event)
    if place.standing == Standing.CANCELLED:
        raise Refused(lazy_pgettext("events", "This place was given back. You can ask for a place again."))
    if place.confirmed_at is not None and place.is_alive:
        return
    if place.standing == Standing.HELD:
        place.confirmed_at = now()
        move(hall, place, Standing.GIVEN)
    else:
        _line_up_again(event, hall, place)
    db.session.flush()
    offer_free(event, hall)
    _tell(event, place)
    touch_shown(event)


def _line_up_again(event: Event, hall: Hall, place: Place) -> None:
    """Sits down if nobody else is before them; who lapsed before goes to the end of the line."""
    is_first = not hall.waiting or event.is_last_call
    was_in_line, place.confirmed_at = place.standing == Standing.WAITING, None
    if not was_in_line:
        hall.number += 1
        place.number = hall.number
    can_sit = hall.has_seats(place.seats) and (is_first or not place.seats)
    if can_sit:
        move(hall, place, Standing.GIVEN)
        place.confirmed_at = now()
    else:
        move(hall, place, Standing.WAITING)
        place.confirmed_at = now()
        hall.waiting += 1


@operation
def accept_place(place: Place) -> None:
    """Takes a place that was offered, or in the last hours before the start one that is free. Twice is once.

    Raises Refused when it is kept no longer.
    """
    event, hall = _hold(place)
    require_coming(event)
    if place.standing == Standing.GIVEN:
        return
    is_kept = place.standing == Standing.OFFERED and place.until is not None and place.until > now()
    may_sit = place.standing == Standing.WAITING and event.is_last_call and hall.has_seats(place.seats)
    if not is_kept and not may_sit:
        raise Refused(lazy_pgettext("events", "This place is kept for you no longer. You can join the line again."))
    move(hall, place, Standing.GIVEN)
    place.confirmed_at = place.confirmed_at or now()  # after it: an unconfirmed number in the line was not counted
    db.session.flush()
    _tell(event, place)
    touch_shown(event)


@operation
def cancel_place(place: Place) -> None:
    """Gives the place back, or leaves the line; the next in line is offered what is free. Twice is once."""
    event, hall = _hold(place)
    if not place.is_alive:
        return
    was_known, was_given = place.confirmed_at is not None, place.standing == Standing.GIVEN
    move(hall, place, Standing.CANCELLED)
    db.session.flush()
    record("events.place_cancelled", event.kind, event.id, {"code": place.code, "people": place.people})
    if was_known:
        notices.tell_cancelled(event, place, was_given)
    if not event.is_past:
        offer_free(event, hall)
    announce("events.place_cancelled", event=event, place=place)
    touch_shown(event)


@operation
def change_place(place: Place, people: int, is_online: bool, answers: dict[str, str]) -> None:
    """Comes with more or fewer people, or in another way, and answers the questions anew.

    Raises Full where the additional seats are not there, and Refused for a place that is not given or in the line.
    """
    event, hall = _hold(place)
    require_coming(event)
    asking = Asking(name=place.name, email=place.email, people=people, is_online=is_online)
    _require_party(event, asking, place.people)
    if place.standing not in (Standing.GIVEN, Standing.WAITING):
        raise Refused(lazy_pgettext("events", "Only a place that is yours can be changed."))
    more = (0 if is_online else people) - place.seats
    is_seated = place.standing == Standing.GIVEN
    if is_seated and more > 0 and not _may_sit_down(event, hall, more):
        raise Full(lazy_pgettext("events", "There are not so many free places. Yours stays as it was."), "people")
    if (people, is_online, answers) == (place.people, place.is_online, place.answers):
        return
    place.people, place.is_online, place.answers = people, is_online, answers
    if is_online and not is_seated and place.confirmed_at is not None:
        move(hall, place, Standing.GIVEN)  # who needs no seat need not wait for one
    else:
        place.step += 1
        hall.taken += more if is_seated else 0
        shrink(hall)
    db.session.flush()
    offer_free(event, hall)
    _tell(event, place)
    touch_shown(event)


def _place_and_code(event_id: int, key: str | None) -> tuple[Place | None, str]:
    """The place of an address, if it has one, and a free code: one question, as everybody waits for the answer."""
    if key is None:
        return None, free_code(event_id)
    code = _any_code()
    asked = select(Place).where(Place.event_id == event_id, or_(Place.address_key == key, Place.code == code))
    found = db.session.scalars(asked).all()
    if any(place.code == code for place in found):
        code = free_code(event_id)
    return next((place for place in found if place.address_key == key), None), code


def free_code(event_id: int) -> str:
    """A code that can be said over the telephone and that nobody else has at this event."""
    while True:
        code = _any_code()
        if db.session.scalar(select(Place.id).where(Place.event_id == event_id, Place.code == code)) is None:
            return code


def _any_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(4))
