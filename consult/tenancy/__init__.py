"""Municipalities, the one we are in, and the wall between them."""

from consult.tenancy.doors import Door, WallBroken, current_door, here, inside, through
from consult.tenancy.municipalities import Municipality, Town
from consult.tenancy.stamps import ContentMoment, ContentStamp, remembered, touch, will_change
from consult.tenancy.taking_part import open_towns, open_towns_query, say_contacts, set_open, town_of
from consult.tenancy.wall import HERE, Local, walled

__all__ = [
    "HERE",
    "ContentMoment",
    "ContentStamp",
    "Door",
    "Local",
    "Municipality",
    "Town",
    "WallBroken",
    "current_door",
    "here",
    "inside",
    "open_towns",
    "open_towns_query",
    "remembered",
    "say_contacts",
    "set_open",
    "through",
    "touch",
    "town_of",
    "walled",
    "will_change",
]
