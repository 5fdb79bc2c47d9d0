"""A consultation and what people say of it, for trying contributions; and what always holds of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from consult.clock import local, now
from consult.db import db, operation
from consult.outbox.models import Letter
from consult.participation import (
    Contribution,
    ContributionVersion,
    ContributionWords,
    Counts,
    Sender,
    Standing,
    confirm,
    counts_of,
    receipt_key,
    receive,
)
from consult.people import Person
from consult.publishing import publish, write
from consult.testing.factories import email_of
from plugins.consultations.models import Consultation, Opinion, Procedure

SAYS = "Три млади фиданки не заменят една липа на четиридесет години."


@operation
def consult_people(days: int = 30, **more: Any) -> Consultation:
    """An open consultation in the municipality that we are in; whoever calls commits."""
    closes = now() + timedelta(days=days)
    words = {"title": "Наредба за зелената система", "short_title": "Зелена система", "body": "Проект."}
    term = {"days": days, "opens_at": now(), "counted_from": local(now()).date()}
    term |= {"closes_at": closes, "last_day": local(closes).date()}
    one = Consultation(**{"topic": "okolna-sreda", "procedure_id": _procedure().id, **words, **term, **more})
    write(one)
    publish(one)
    return one


def says(who: int, **more: Any) -> Sender:
    """The guest number ``who``; with ``person_id`` somebody who is signed in."""
    return Sender(**{"name": f"Гост {who}", "email": f"gost{who}@test.example", **more})


def say(publication_id: int, who: int = 1, text: str = SAYS, sender: Sender | None = None, **more: Any) -> Opinion:
    """What the guest number ``who`` says, not yet confirmed."""
    words = {"stance": "change", "part_id": 0, **more}
    return receive(Opinion(publication_id=publication_id, text=text, **words), sender or says(who))


def accepted(publication_id: int, who: int = 1, text: str = SAYS, **more: Any) -> Opinion:
    """The same, and confirmed: it is shown, or held where it seems to name somebody."""
    opinion = say(publication_id, who, text, **more)
    confirm(opinion)
    return opinion


def signed_in(role: str = "resident") -> Sender:
    """Whoever has an account, by the role."""
    person = db.session.scalars(select(Person).where(Person.email_key == email_of(role))).one()
    return Sender(name=person.name, email=person.email, person_id=person.id)


def person_id(role: str = "resident") -> int:
    """The number of the account with this role."""
    return signed_in(role).person_id or 0


def texts(versions: Sequence[tuple[ContributionVersion, ContributionWords]]) -> list[str | None]:
    """The texts of these wordings; None where they are erased."""
    return [words.words["text"] if words.words else None for _version, words in versions]


def receipt_path(contribution: Contribution) -> str:
    """The page that the letter opens, without the municipality before it."""
    return f"/moeto/{contribution.id}/{receipt_key(contribution)}"


def opinions(publication_id: int) -> Sequence[Opinion]:
    """All of them as they lie in the database, by number."""
    found = select(Opinion).where(Opinion.publication_id == publication_id).order_by(Opinion.id)
    return db.session.scalars(found.execution_options(populate_existing=True)).all()


def letter_keys(contribution: Contribution) -> list[str]:
    """The letters to its author in the order in which they were written: "confirm", "received", "hidden 1" …"""
    start = f"participation {contribution.id} "
    keys = db.session.scalars(select(Letter.key).order_by(Letter.id))
    return [key.removeprefix(start) for key in keys if key is not None and key.startswith(start)]


def check_counts(publication_id: int) -> None:
    """What must hold after every commit, whatever was done: nothing that counts has vanished."""
    rows = [one for one in opinions(publication_id) if one.standing != Standing.UNCONFIRMED]
    kept: Counts = counts_of(publication_id)
    for leaf in {(one.part_id, one.stance) for one in rows} | set(kept.by_leaf):
        there = [one for one in rows if (one.part_id, one.stance) == leaf]
        count = kept.by_leaf[leaf]
        assert (count.accepted, count.shown) == (len(there), sum(one.is_shown for one in there)), leaf
        assert count.accepted == count.shown + count.gone, leaf
    for one in rows:
        replies = [other for other in rows if other.reply_to_id == one.id]
        assert one.replies == len(replies)
        assert sorted(other.reply_number for other in replies) == list(range(1, len(replies) + 1))
        assert one.is_listed == (one.reply_to_id is None)


def _procedure() -> Procedure:
    found = db.session.scalars(select(Procedure).order_by(Procedure.id)).first()
    if found is None:
        found = Procedure(key="naredba", name="Наредба", days_legal=30, days_shortened=14)
        db.session.add(found)
        db.session.flush()
    return found
