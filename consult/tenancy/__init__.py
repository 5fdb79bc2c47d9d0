"""Municipalities, the one we are in, and the wall between them."""

from consult.tenancy.doors import Door, WallBroken, current_door, here, inside, through
from consult.tenancy.municipalities import Municipality, Town
from consult.tenancy.stamps import ContentMoment, ContentStamp, remembered, touch, will_change
from consult.tenancy.wall import HERE, Local

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
    "remembered",
    "through",
    "touch",
    "will_change",
]
