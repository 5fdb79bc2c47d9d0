"""A place: asked for, and the page in the letter that confirms, changes and gives it back."""

from __future__ import annotations

from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue

from consult.api import here
from plugins.events.models import Event
from plugins.events.queries import hall_of
from plugins.events.views.blueprint import pages

PLACE = "/sabitia/<number:number>/myasto/<number:place_number>/<key>"


def register_context(event: Event) -> dict[str, Any]:
    """What the panel of an event's page needs (``events/_register.html``)."""
    is_here = event.municipality_id == here().id
    return {"form": None, "hall": hall_of(event.id), "place": None, "is_here": is_here}


@pages.post("/sabitia/<number:number>/zapis", may="public")
def register(number: int) -> ResponseReturnValue:
    """Asks for a place."""
    abort(404)


@pages.get("/sabitia/<number:number>/zapis", may="public")
def asked(number: int) -> ResponseReturnValue:
    """The neutral receipt, the same for all."""
    abort(404)


@pages.get(PLACE, may="public", is_kept=False)
def place(number: int, place_number: int, key: str) -> ResponseReturnValue:
    """The page that the letter's link opens."""
    abort(404)


@pages.get("/sabitia/moite", may="signed-in")
def mine() -> ResponseReturnValue:
    """My places in this municipality."""
    abort(404)
