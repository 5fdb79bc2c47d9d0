"""A place as its holder sees it: where it stands, its code as telephones read it, and all that is kept of it."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import segno
from sqlalchemy import inspect

from consult.api import Town, address_of, local
from plugins.events.models import Event, Place, Standing

QUIET = 4  # modules of white around a QR code (ISO/IEC 18004, 9.1)


def state_of(place: Place, event: Event) -> str:
    """One word for where it stands, which pages and letters put into a sentence.

    "called_off", "attended", "over"; "to_confirm" and "to_confirm_in_line"; else the standing itself.
    """
    if place.is_alive and event.is_called_off:
        return "called_off"
    if place.arrived:
        return "attended"
    if place.is_alive and event.is_past:
        return "over"
    if place.standing == Standing.HELD:
        return "to_confirm"
    if place.standing == Standing.WAITING and place.confirmed_at is None:
        return "to_confirm_in_line"
    return str(place.standing)


def door_address(owner: Town, place: Place) -> str:
    """What the QR code says: the list at the door, with this code typed in already; a stranger is asked to sign in."""
    return address_of(owner, "bg", "events.door", number=place.event_id, q=place.code)


def code_png(owner: Town, place: Place) -> bytes:
    """The QR code as a picture for a letter."""
    picture = BytesIO()
    segno.make(door_address(owner, place), error="m").save(picture, kind="png", scale=6, border=QUIET)
    return picture.getvalue()


def code_path(owner: Town, place: Place) -> tuple[int, str]:
    """The QR code for a drawing in a page: the length of its side, and the path of what is dark."""
    rows = list(segno.make(door_address(owner, place), error="m").matrix_iter(border=QUIET))
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return len(rows), "".join(dark)


def everything_of(place: Place, event: Event) -> dict[str, Any]:
    """All that is kept of a place by the names of its columns, of which event it is, and what its answers answer.

    Only ``salt`` is left out: it is no word about anybody, and who has it and the installation's secret has the key.
    """
    names = [column.key for column in inspect(Place).column_attrs if column.key != "salt"]
    kept = {name: _plain(getattr(place, name)) for name in names}
    asked = {question["key"]: question["label"] for question in event.questions or ()}
    return {"event": event.title, "starts_at": _plain(event.starts_at), "questions": asked} | kept


def _plain(value: Any) -> Any:
    return local(value).isoformat(timespec="seconds") if isinstance(value, datetime) else value
