"""Beginning and ending to follow one thing, and who follows what."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select

from consult.clock import now
from consult.db import db, operation
from consult.errors import Conflict
from consult.i18n import language
from consult.i18n import lazy_gettext as _
from consult.people import Person, address_key, check_email, email_key
from consult.subscriptions.letters import tell_again, tell_to_confirm
from consult.subscriptions.models import LIVES, Subscription
from consult.tenancy import through

AGAIN = timedelta(hours=1)  # after a letter to confirm: asked sooner, the first letter is on its way


@operation
def follow(subject_id: int, email: str, person_id: int | None = None) -> Subscription:
    """Follows at once, for an address that its owner has confirmed elsewhere. Following twice is following once.

    Letters come in the language that is being spoken. Raises Refused for what is no address, and Conflict where
    another address of the same mailbox follows: at some hosts that is somebody else.
    """
    email = check_email(email)
    one = _of_mailbox(subject_id, email)
    is_theirs = one is not None and email_key(one.email) == email_key(email)
    if one is not None and one.confirmed_at is not None and not is_theirs:
        raise Conflict(_("Another address of the same mailbox follows this already."))
    if one is None or not is_theirs:
        one = _anew(one, subject_id, email)
    one.person_id = person_id if person_id is not None else one.person_id
    one.language = language()
    one.confirmed_at = one.confirmed_at or now()
    db.session.flush()
    return one


@operation
def ask_to_follow(subject_id: int, email: str, title: str) -> None:
    """A guest wants to follow: a letter asks to confirm it, or says that the address follows already.

    Letters are few whatever is sent: one an hour to confirm, one a day that it follows. Raises Refused for what is
    no address. ``title`` is the subject's, in the language that is being spoken.
    """
    email = check_email(email)
    one = _of_mailbox(subject_id, email)
    if one is not None and one.confirmed_at is not None:
        tell_again(one, title)
        return
    if one is None or email_key(one.email) != email_key(email) or one.asked_at <= now() - AGAIN:
        one = _anew(one, subject_id, email)
    db.session.flush()
    tell_to_confirm(one, title)


@operation
def confirm_following(one: Subscription) -> None:
    """The holder of the letter wants to be told. Twice is once."""
    one.confirmed_at = one.confirmed_at or now()


@operation
def unfollow(one: Subscription) -> None:
    """No more letters; nothing is kept of who followed (GDPR art. 7, 3 and art. 17)."""
    db.session.delete(one)


def is_following(subject_id: int, person: Person) -> bool:
    """Whether this person is told of the publication of this number."""
    return subscription_of(subject_id, person) is not None


def subscription_of(subject_id: int, person: Person) -> Subscription | None:
    """By what this person follows that publication, or None."""
    return db.session.scalar(_theirs(person).where(Subscription.subject_id == subject_id).limit(1))


def subscriptions_of(person: Person) -> Sequence[Subscription]:
    """All that this person follows in the municipality that we are in, the newest first."""
    return db.session.scalars(_theirs(person).order_by(Subscription.id.desc())).all()


def forget_unconfirmed() -> int:
    """The clock's part, once a day: addresses that nobody confirmed in time are erased; answers how many."""
    with through("jobs"):
        forgotten = _delete_unconfirmed()
        db.session.commit()
    return forgotten


@operation
def _delete_unconfirmed() -> int:
    old = (Subscription.confirmed_at.is_(None), Subscription.asked_at <= now() - LIVES)
    result = db.session.execute(delete(Subscription).where(*old))
    return int(getattr(result, "rowcount", 0))


def _of_mailbox(subject_id: int, email: str) -> Subscription | None:
    its = (Subscription.subject_id == subject_id, Subscription.address_key == address_key(email))
    return db.session.scalar(select(Subscription).where(*its))


def _anew(one: Subscription | None, subject_id: int, email: str) -> Subscription:
    """A new subscription, or one that nobody confirmed under the address that asks now; old letters open nothing."""
    if one is None:
        one = Subscription(subject_id=subject_id, address_key=address_key(email))
        db.session.add(one)
    one.email, one.language = email, language()
    one.salt, one.asked_at = secrets.token_hex(16), now()
    return one


def _theirs(person: Person) -> Select[Subscription]:
    """By their account, or by their address: it was confirmed twice, by the account and by the letter."""
    is_by_address: ColumnElement[bool] = and_(
        Subscription.address_key == address_key(person.email), Subscription.email == person.email
    )
    is_theirs = or_(Subscription.person_id == person.id, is_by_address)
    return select(Subscription).where(is_theirs, Subscription.confirmed_at.is_not(None))
