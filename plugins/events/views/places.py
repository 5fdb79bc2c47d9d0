"""Asking for a place: the panel beside an event, what is sent from it, the receipt, and my places."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.api import (
    address_key,
    here,
    is_in_pace,
    language,
    lazy_pgettext,
    link_in,
    network,
    owner_of,
    reader,
    require_pace,
    shown_or_404,
    tell,
)
from plugins.events.entries import place_key, when_line
from plugins.events.forms.place import PartyForm, asking_form, wants_to_wait
from plugins.events.forms.questions import answers_of
from plugins.events.models import Event, Place, Standing
from plugins.events.operations import Asking, ask_for_place, require_seats
from plugins.events.queries import hall_of, line_number, place_of_person, places_of_person
from plugins.events.ticket import state_of
from plugins.events.views.blueprint import pages
from plugins.events.wording import registration_of

# A family, an office or a library stands behind one network, and a mobile operator's is thousands of people; so it may
# ask often, and only so often that one person with made-up addresses cannot hold a hall within minutes.
PER_NETWORK = "20 per 10 minutes"
# One mailbox: who looks through a festival's programme asks for several events, and six letters are no flood.
PER_ADDRESS = "6 per hour"


def register_context(event: Event) -> dict[str, Any]:
    """What the panel of an event's page needs (``events/_register.html``), besides ``event`` itself.

    ``form``: as sent, or empty; ``hall``; ``my_place``: the living place of who is signed in; ``is_here``: whether
    the event is this municipality's, so that places are asked for here; ``its_registration``: where it stands.
    """
    hall, is_here = hall_of(event.id), event.municipality_id == here().id
    return {
        "form": asking_form(event, is_guest=reader() is None),
        "hall": hall,
        "my_place": _mine_at(event) if is_here else None,
        "is_here": is_here,
        "its_registration": registration_of(event, hall),
        "is_full": False,
        "address_of_place": address_here,
    }


def address_here(place: Place) -> str:
    """The page of a place, for a link on a page that only its holder sees."""
    return url_for("events.place", number=place.event_id, place_number=place.id, key=place_key(place))


@pages.post("/sabitia/<number:number>/zapis", may="public")
def register(number: int) -> ResponseReturnValue:
    """Asks for a place. A guest is answered the same whether or not the address has one already."""
    event, person = _own_event(number), reader()
    facts = register_context(event)
    form, answer = facts["form"], None
    if form.is_sent_well():
        with form.catching():
            answer = _ask(event, form)
    if answer is not None:
        return answer
    event = _own_event(number)  # what was refused was rolled back
    facts |= {"hall": hall_of(number), "my_place": _mine_at(event) if person else None}
    facts |= {"is_full": form.status == 409, "its_registration": registration_of(event, facts["hall"])}
    return render_template("events/register.html", event=event, when=when_line(event), **facts), form.status


@pages.get("/sabitia/<number:number>/zapis", may="public")
def asked(number: int) -> ResponseReturnValue:
    """The receipt of whoever asked: it says what happens next, and nothing about who asked."""
    event = _own_event(number)
    return render_template("events/asked.html", event=event, when=when_line(event))


@pages.get("/sabitia/moite", may="signed-in")
def mine() -> ResponseReturnValue:
    """The places of who is signed in at events of this municipality."""
    person = reader() or abort(401)
    found = places_of_person(person.id)
    places = [(place, event, state_of(place, event), _line_number(place)) for place, event in found]
    return render_template("events/mine.html", places=places, address_of_place=address_here)


def _own_event(number: int) -> Event:
    """An event of this municipality; of another's, its own site gives the places."""
    event = shown_or_404(Event, number, "", "events.event_with_tail")
    owner = owner_of(event) or abort(404)
    if owner.id != here().id:
        abort(redirect(link_in(owner, "events.event", number=number), 303))
    return event


def _mine_at(event: Event) -> Place | None:
    person = reader()
    return place_of_person(event.id, person.id, address_key(person.email)) if person is not None else None


def _ask(event: Event, form: PartyForm) -> ResponseReturnValue:
    """Raises Refused and Full, in an order in which nothing depends on whose address was typed."""
    person, waits, number = reader(), wants_to_wait(form), event.id
    require_pace("events.register", (PER_NETWORK, f"{network()} {number}"))
    asking = Asking(
        name=person.name if person is not None else form["name"].data,
        email=person.email if person is not None else form["email"].data,
        people=form.people_said(),
        is_online=form.is_online(event),
        answers=answers_of(form, event),
        language=language(),
        person_id=person.id if person is not None else None,
    )
    require_seats(event, asking, waits)
    if person is not None:
        return _welcome(ask_for_place(event, asking, waits), person.id)
    # To a mailbox that has had its letters, silence: a refusal would tell a stranger that somebody is using it.
    if is_in_pace("events.register", (PER_ADDRESS, address_key(asking.email))):
        ask_for_place(event, asking, waits)
    return redirect(url_for("events.asked", number=number), 303)


def _welcome(place: Place, person_id: int) -> ResponseReturnValue:
    """A place that another address of the same mailbox has is not opened here: at some hosts those are two people."""
    if place.person_id != person_id:
        return redirect(url_for("events.asked", number=place.event_id), 303)
    if place.standing == Standing.GIVEN:
        tell(lazy_pgettext("events", "You are registered. We sent you a letter with everything you need."))
    elif place.standing == Standing.WAITING:
        tell(lazy_pgettext("events", "You are on the waiting list. We will write to you."))
    return redirect(address_here(place), 303)


def _line_number(place: Place) -> int:
    return line_number(place) if place.standing == Standing.WAITING else 0
