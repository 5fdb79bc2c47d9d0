"""Telling all who follow: one row with what happened, and the clock makes letters of it, some at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from sqlalchemy import delete, select

from consult.clock import now
from consult.db import db, operation
from consult.i18n import LANGUAGES, force_locale
from consult.subscriptions.letters import tell_notice
from consult.subscriptions.models import Subscription, SubscriptionNotice
from consult.tenancy import Town, here, inside

log = logging.getLogger(__name__)

AT_ONCE = 100  # letters that one transaction writes

Say = Callable[[str], str]  # a language ("bg", "en", "tr") → words in it


@operation
def tell_followers(publication_id: int, key: str, subject: Say, text: Say, is_last: bool = False) -> None:
    """Lets all who follow this publication of ours now be told, each in the own language; letters leave by the clock.

    Call it in the transaction of what happened. ``subject`` and ``text`` are asked once for each language, which is
    then also the one that is spoken; ``text`` is plain, without the address to stop at and the signature, which are
    added. ``key`` (at most 120 characters) says what it is about: the same a second time is told to nobody.
    With ``is_last`` nothing more will come: who followed is erased once the letters are written.
    """
    told = SubscriptionNotice.subject_id == publication_id, SubscriptionNotice.key == key
    if db.session.scalar(select(SubscriptionNotice.id).where(*told)) is not None:
        return
    words = {}
    for language in LANGUAGES:
        with force_locale(language):
            words[language] = [str(subject(language)), str(text(language))]
    db.session.add(SubscriptionNotice(subject_id=publication_id, key=key, words=words, is_last=is_last))


def write_due_notices(towns: Iterable[Town]) -> int:
    """The clock's part: writes the letters of all notices that wait; answers how many letters."""
    written = 0
    for town in towns:
        try:
            with inside(town):
                while (some := _write_some()) is not None:
                    db.session.commit()
                    written += some
        except Exception:  # the next town's turn comes all the same
            log.exception("notices of %s were not written", town.code)
    return written


@operation
def _write_some() -> int | None:
    """Writes the next letters of the oldest notice; answers how many, or None where no notice waits.

    A worker that dies between two transactions leaves off at ``reached_id``, and a letter's key is written once.
    """
    waiting = select(SubscriptionNotice).where(SubscriptionNotice.done_at.is_(None)).order_by(SubscriptionNotice.id)
    waiting = waiting.where(SubscriptionNotice.municipality_id == here().id)
    notice = db.session.scalar(waiting.limit(1).with_for_update(skip_locked=True))
    if notice is None:
        return None
    followers = _next_followers(notice)
    for one in followers:
        subject, text = notice.words[one.language]
        tell_notice(one, f"notice {notice.id} {one.id}", subject, text, notice.is_last)
        notice.reached_id = one.id
    if len(followers) < AT_ONCE:
        _finish(notice)
    return len(followers)


def _next_followers(notice: SubscriptionNotice) -> list[Subscription]:
    """Those who followed when it happened and have no letter yet."""
    found = select(Subscription).where(
        Subscription.subject_id == notice.subject_id,
        Subscription.id > notice.reached_id,
        Subscription.confirmed_at <= notice.told_at,
    )
    return list(db.session.scalars(found.order_by(Subscription.id).limit(AT_ONCE)))


def _finish(notice: SubscriptionNotice) -> None:
    notice.done_at, notice.words = now(), {}
    if notice.is_last:
        db.session.execute(delete(Subscription).where(Subscription.subject_id == notice.subject_id))
