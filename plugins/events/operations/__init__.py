"""What is done: every rule about events, their seats and their places, and nowhere else."""

from plugins.events.operations.door import let_in, note_sheet_taken, tick, untick
from plugins.events.operations.events import (
    cancel_event,
    erase_due,
    erase_place,
    hear_published,
    hear_withdrawn,
    keep_event,
    note_attendance,
    remind_due,
    thank,
)
from plugins.events.operations.halls import lapse_due, set_capacity
from plugins.events.operations.places import (
    Asking,
    Full,
    accept_place,
    ask_for_place,
    cancel_place,
    change_place,
    confirm_place,
    require_open,
    require_seats,
)

__all__ = [
    "Asking",
    "Full",
    "accept_place",
    "ask_for_place",
    "cancel_event",
    "cancel_place",
    "change_place",
    "confirm_place",
    "erase_due",
    "erase_place",
    "hear_published",
    "hear_withdrawn",
    "keep_event",
    "lapse_due",
    "let_in",
    "note_attendance",
    "note_sheet_taken",
    "remind_due",
    "require_open",
    "require_seats",
    "set_capacity",
    "thank",
    "tick",
    "untick",
]
