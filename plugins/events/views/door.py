"""The door: who is expected, ticked, unticked, let in."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.api import db, lazy_pgettext, read_number, tell
from plugins.events.forms.door import CameForm, LetInForm
from plugins.events.forms.questions import say_answers
from plugins.events.models import Event, Place
from plugins.events.operations import let_in, tick, untick
from plugins.events.queries import at_the_door, people_expected, say_code
from plugins.events.views.blueprint import pages
from plugins.events.views.staff import with_hall_or_404

MAY, BASE = "events.check_in", "/rabota/sabitia/<number:number>/vhod"
PER_DOOR = 100  # all of a usual hall, so that the list is on the telephone when the network goes


@pages.get(BASE, may=MAY)
def door(number: int) -> ResponseReturnValue:
    """Who is expected and who has come; ``q`` is part of a name, or a code."""
    return _page(number, LetInForm())


@pages.post(f"{BASE}/<number:place_number>/tuk", may=MAY, endpoint="tick")
def tick_place(number: int, place_number: int) -> ResponseReturnValue:
    """They are here."""
    event, _hall = with_hall_or_404(number)
    place, form = _place_or_404(event, place_number), CameForm.of_request()
    if form.is_sent_well():
        with form.catching():
            tick(place, form.people.data, form.moment())
            return _back(event)
    return _page(number, LetInForm(), form)


@pages.post(f"{BASE}/<number:place_number>/ne", may=MAY, endpoint="untick")
def untick_place(number: int, place_number: int) -> ResponseReturnValue:
    """They are not here after all."""
    event, _hall = with_hall_or_404(number)
    untick(_place_or_404(event, place_number))
    return _back(event)


@pages.post(f"{BASE}/novi", may=MAY, endpoint="let_in")
def let_in_without_place(number: int) -> ResponseReturnValue:
    """Somebody without a place comes in."""
    event, _hall = with_hall_or_404(number)
    form = LetInForm.of_request()
    if form.is_sent_well():
        with form.catching():
            place = let_in(event, form.name.data, form.people.data)
            said = lazy_pgettext("events", "Let in: %(name)s, %(code)s", name=place.name, code=say_code(place.code))
            tell(said)
            return redirect(url_for("events.door", number=event.id), 303)
    return _page(number, form, form)


def _page(number: int, form: LetInForm, sent: CameForm | LetInForm | None = None) -> ResponseReturnValue:
    event, hall = with_hall_or_404(number)  # anew: what an operation refused was rolled back
    typed = request.values.get("q", "")[:120]
    found = at_the_door(event.id, typed, PER_DOOR, after=read_number(request.args.get("sled", "")) or 0)
    page = render_template(
        "events/desk/door.html",
        event=event,
        hall=hall,
        found=found,
        expected=people_expected(event.id),
        typed=typed,
        form=form,
        refused=_sentences(sent),
        say_code=say_code,
        say_answers=say_answers,
    )
    return page, sent.status if sent is not None else 200


def _sentences(form: CameForm | LetInForm | None) -> list[Any]:
    if form is None or isinstance(form, LetInForm):
        return []
    return [*form.form_errors, *(sentence for field in form for sentence in field.errors)]


def _place_or_404(event: Event, number: int) -> Place:
    place = db.session.get(Place, number)
    if place is None or place.event_id != event.id:
        abort(404)
    return place


def _back(event: Event) -> ResponseReturnValue:
    """To the list as it was searched."""
    return redirect(url_for("events.door", number=event.id, q=request.form.get("q") or None), 303)
