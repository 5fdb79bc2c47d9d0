"""The page of one place, which the link in a letter opens: looked at, confirmed, changed, given back, taken along.

The key in the address is all that is asked for, so it works signed out; a GET changes nothing, as programs open links.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from flask import Response, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.api import Form, Refused, db, here, holds, setting
from plugins.events.entries import PURPOSE, invitation, place_key, when_line
from plugins.events.forms.place import change_form
from plugins.events.forms.questions import answers_of, say_answers
from plugins.events.models import Event, Place, Standing
from plugins.events.operations import (
    accept_place,
    cancel_place,
    change_place,
    confirm_place,
    erase_place,
)
from plugins.events.policy import offer_lasts
from plugins.events.queries import hall_of, line_number, say_code
from plugins.events.ticket import code_path, everything_of, state_of
from plugins.events.views.blueprint import pages

PLACE = "/sabitia/<number:number>/myasto/<number:place_number>/<key>"


@pages.get(PLACE, may="public", is_kept=False)
def place(number: int, place_number: int, key: str) -> ResponseReturnValue:
    """How it stands with the place, and what can be done about it."""
    return _page(*_open(number, place_number, key))


@pages.post(f"{PLACE}/potvardi", may="public")
def place_confirm(number: int, place_number: int, key: str) -> ResponseReturnValue:
    """Shows that the address is theirs."""
    return _do(confirm_place, number, place_number, key)


@pages.post(f"{PLACE}/priemi", may="public")
def place_accept(number: int, place_number: int, key: str) -> ResponseReturnValue:
    """Takes the place that is kept for them."""
    return _do(accept_place, number, place_number, key)


@pages.route(f"{PLACE}/promeni", methods=["GET", "POST"], may="public", is_kept=False)
def place_change(number: int, place_number: int, key: str) -> ResponseReturnValue:
    """More or fewer people, another way, other answers."""
    place, event = _open(number, place_number, key)
    form = change_form(event, place.people, place.is_online, place.answers)
    if form.is_sent_well():
        with form.catching():
            people = form.people_said(place.people)
            change_place(place, people, form.is_online(event), answers_of(form, event, place.answers))
            return _lead_back(place)
    place, event = _open(number, place_number, key)  # what was refused was rolled back
    return render_template("events/place_change.html", form=form, **_facts(place, event)), form.status


@pages.route(f"{PLACE}/otkazhi", methods=["GET", "POST"], may="public", is_kept=False)
def place_give_back(number: int, place_number: int, key: str) -> ResponseReturnValue:
    """Asks once before the place is given back, because the next in line may have it at once."""
    place, event = _open(number, place_number, key)
    if Form.of_request().is_sent_well():
        cancel_place(place)
        return _lead_back(place)
    return render_template("events/place_give_back.html", **_facts(place, event))


@pages.route(f"{PLACE}/zabravi", methods=["GET", "POST"], may="public", is_kept=False)
def place_forget(number: int, place_number: int, key: str) -> ResponseReturnValue:
    """Asks once before all is erased that says who they are."""
    place, event = _open(number, place_number, key)
    if Form.of_request().is_sent_well():
        erase_place(place)
        return redirect(url_for("events.place", number=number, place_number=place_number, key=key), 303)
    return render_template("events/place_forget.html", **_facts(place, event))


@pages.get(f"{PLACE}/danni.json", may="public", is_kept=False)
def place_data(number: int, place_number: int, key: str) -> ResponseReturnValue:
    """All that is kept of this place, field by field (GDPR art. 15 and 20)."""
    place, event = _open(number, place_number, key)
    content = json.dumps(everything_of(place, event), ensure_ascii=False, indent=2)
    return _file(f"{content}\n".encode(), "application/json", f"myasto-{place.code}.json")


@pages.get(f"{PLACE}/sabitie.ics", may="public", is_kept=False)
def place_calendar(number: int, place_number: int, key: str) -> ResponseReturnValue:
    """The event for the calendar of this person, as it stands in the letter."""
    place, event = _open(number, place_number, key)
    if place.standing != Standing.GIVEN:
        abort(404)
    method = "CANCEL" if event.is_called_off else "REQUEST"
    file = invitation(event, place, method)
    return _file(file.content, f"text/calendar; charset=utf-8; method={method}", file.name)


def _open(number: int, place_number: int, key: str) -> tuple[Place, Event]:
    """The place that the key opens, or a page that says what to do: 410 where it was erased, else 404."""
    place = db.session.get(Place, place_number)
    if place is None or place.event_id != number:
        _gone(404, number)
    if place.erased_at is not None:
        _gone(410, number)
    if not holds(key, PURPOSE, place.id, place.salt):
        _gone(404, number)
    return place, db.session.get_one(Event, number)


def _gone(status: int, number: int) -> NoReturn:
    event = db.session.get(Event, number)
    is_here = event is not None and event.is_open and event.municipality_id == here().id
    page = render_template("events/gone.html", status=status, event=event if is_here else None)
    abort(make_response(page, status))


def _do(what: Any, number: int, place_number: int, key: str) -> ResponseReturnValue:
    """Does it and leads back to the page; what is refused is said on it, above how things stand now."""
    place, _event = _open(number, place_number, key)
    try:
        what(place)
    except Refused as refused:
        db.session.rollback()
        return _page(*_open(number, place_number, key), refusal=refused.sentence), refused.status
    return _lead_back(place)


def _lead_back(place: Place) -> ResponseReturnValue:
    return redirect(url_for("events.place", number=place.event_id, place_number=place.id, key=place_key(place)), 303)


def _page(place: Place, event: Event, refusal: Any = "") -> str:
    return render_template("events/place.html", refusal=refusal, **_facts(place, event))


def _facts(place: Place, event: Event) -> dict[str, Any]:
    """What the pages of a place show; ``my_place`` because ``place`` is where the request is."""
    hall, state = hall_of(event.id), state_of(place, event)
    has_seat = hall is not None and hall.has_seats(place.seats)
    return {
        "event": event,
        "my_place": place,
        "address": {"number": event.id, "place_number": place.id, "key": place_key(place)},
        "when": when_line(event),
        "state": state,
        "may_sit": state == "waiting" and event.is_last_call and has_seat,
        "number_in_line": line_number(place) if place.standing == Standing.WAITING else 0,
        "answers": say_answers(event, place.answers),
        "offer_hours": int(offer_lasts().total_seconds()) // 3600,
        "erase_days": int(setting("events.erase_after_days")),
        "code": say_code(place.code),
        "drawing": code_path(here(), place),
    }


def _file(content: bytes, media_type: str, name: str) -> Response:
    return Response(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
