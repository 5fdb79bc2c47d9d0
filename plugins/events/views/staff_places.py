"""The staff's pages of the places: the list, one for somebody who called or came, a change, given back."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.api import db, lazy_pgettext, read_number, tell
from plugins.events.forms.place import PartyForm, change_form
from plugins.events.forms.questions import answers_of, say_answers
from plugins.events.forms.staff import EnterForm, enter_form
from plugins.events.models import Event, Place, Standing
from plugins.events.operations import Asking, Full, ask_for_place, cancel_place, change_place
from plugins.events.policy import CHANNELS
from plugins.events.queries import count_by_standing, is_alive_at, line_number, register, say_code
from plugins.events.views.blueprint import pages
from plugins.events.views.staff import with_hall_or_404

MAY, BASE = "events.see_places", "/rabota/sabitia/<number:number>/mesta"
TABS = {
    "zapisani": (Standing.GIVEN,),
    "chakashti": (Standing.WAITING, Standing.OFFERED),
    "nepotvardeni": (Standing.HELD,),
    "otkazani": (Standing.CANCELLED, Standing.LAPSED),
}


@pages.get(BASE, may=MAY)
def place_list(number: int) -> ResponseReturnValue:
    """Who has a place, who waits (``vid``), searched by name, address or code (``q``), fifty a page (``sled``)."""
    event, hall = with_hall_or_404(number)
    tab, typed = request.args.get("vid", ""), request.args.get("q", "")[:120]
    tab = tab if tab in TABS else "zapisani"
    counts = count_by_standing(event.id)
    return render_template(
        "events/desk/places.html",
        event=event,
        hall=hall,
        tab=tab,
        counts={name: sum(counts.get(one, 0) for one in standings) for name, standings in TABS.items()},
        online=counts["online"],
        typed=typed,
        found=register(event.id, TABS[tab], typed, read_number(request.args.get("sled", "")) or 0),
        say_code=say_code,
    )


@pages.route(f"{BASE}/novo", methods=["GET", "POST"], may=MAY)
def enter_place(number: int) -> ResponseReturnValue:
    """A place for somebody who called, wrote or came; when the hall is full, the page offers the waiting list."""
    event, hall = with_hall_or_404(number)
    form, is_full = enter_form(event), False
    if form.is_sent_well():
        known = is_alive_at(event.id, form.email.data or "")
        with form.catching():
            try:
                return _entered(ask_for_place(event, _asking(event, form), form.waits.data), known)
            except Full:
                is_full = True
                raise
    page = render_template("events/desk/enter_place.html", event=event, hall=hall, form=form, is_full=is_full)
    return page, form.status


def _asking(event: Event, form: EnterForm) -> Asking:
    return Asking(
        name=form.name.data,
        email=form.email.data or "",
        phone=form.phone.data or "",
        channel=form.channel.data,
        people=form.people_said(),
        is_online=form.is_online(event),
        answers=answers_of(form, event),
    )


def _entered(place: Place, known: bool) -> ResponseReturnValue:
    if known:
        tell(lazy_pgettext("events", "This address has a place already. Nothing new was entered; this is it."), "warn")
    elif place.standing == Standing.WAITING:
        tell(lazy_pgettext("events", "On the waiting list, number %(number)s.", number=line_number(place)))
    else:
        tell(lazy_pgettext("events", "The place is given. Code: %(code)s", code=say_code(place.code)))
    return redirect(url_for("events.staff_place", number=place.event_id, place_number=place.id), 303)


@pages.route(f"{BASE}/<number:place_number>", methods=["GET", "POST"], may=MAY)
def staff_place(number: int, place_number: int) -> ResponseReturnValue:
    """One place: what is known of it, and another party, way or answers."""
    event, place = _place_or_404(number, place_number)
    form = change_form(event, place.people, place.is_online, place.answers or {})
    if form.is_sent_well():
        with form.catching():
            change_place(
                place, form.people_said(place.people), form.is_online(event), answers_of(form, event, place.answers)
            )
            tell(lazy_pgettext("events", "Changed."))
            return redirect(url_for("events.staff_place", number=number, place_number=place_number), 303)
    event, place = _place_or_404(number, place_number)
    return _place_page("events/desk/place.html", event, place, form), form.status


@pages.route(f"{BASE}/<number:place_number>/otkazhi", methods=["GET", "POST"], may=MAY)
def give_back(number: int, place_number: int) -> ResponseReturnValue:
    """Asked before a place is given back for somebody."""
    event, place = _place_or_404(number, place_number)
    if request.method == "POST":
        cancel_place(place)
        tell(lazy_pgettext("events", "The place is given back."))
        return redirect(url_for("events.place_list", number=number), 303)
    return _place_page("events/desk/give_back.html", event, place)


def _place_or_404(number: int, place_number: int) -> tuple[Event, Place]:
    event, _hall = with_hall_or_404(number)
    place = db.session.get(Place, place_number)
    if place is None or place.event_id != event.id:
        abort(404)
    return event, place


def _place_page(template: str, event: Event, place: Place, form: PartyForm | None = None) -> str:
    return render_template(
        template,
        event=event,
        party=place,
        form=form,
        code=say_code(place.code),
        answers=say_answers(event, place.answers or {}),
        channels=CHANNELS,
        line=line_number(place) if place.standing == Standing.WAITING else None,
    )
