"""Somebody who follows a publication, for tests that open every page."""

from __future__ import annotations

from sqlalchemy import select

from consult.db import db
from consult.people import Person
from consult.subscriptions import CONFIRM, STOP, Subscription, ask_to_follow, follow, key_of


def following_for(endpoint: str, subject_id: int) -> dict[str, str]:
    """What stands for the variables of the addresses of following, made anew in the municipality that we are in."""
    if endpoint == "following.stop_mine":
        for person in db.session.scalars(select(Person)).all():
            follow(subject_id, person.email, person.id)
    if endpoint not in ("following.confirm", "following.stop"):
        return {}
    purpose = CONFIRM if endpoint == "following.confirm" else STOP
    one = _guest(subject_id, f"{subject_id}@gost.example", is_confirmed=purpose == STOP)
    return {"number": str(one.id), "key": key_of(purpose, one)}


def following_addresses(subject_id: int) -> dict[str, str]:
    """The paths in their municipality that letters about this publication would open."""
    asked = _guest(subject_id, "pita@gost.example", is_confirmed=False)
    told = _guest(subject_id, "sledi@gost.example", is_confirmed=True)
    return {
        "follow_confirm": f"/sledi/potvardi/{asked.id}/{key_of(CONFIRM, asked)}",
        "follow_confirmed": f"/sledi/potvardi/{told.id}/{key_of(CONFIRM, told)}",
        "follow_stop": f"/sledi/stop/{told.id}/{key_of(STOP, told)}",
    }


def _guest(subject_id: int, email: str, *, is_confirmed: bool) -> Subscription:
    if is_confirmed:
        return follow(subject_id, email)
    ask_to_follow(subject_id, email, "Наредба за зелените площи")
    return db.session.scalars(select(Subscription).where(Subscription.email == email)).one()
