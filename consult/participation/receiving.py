"""How a contribution comes in: from who is signed in it counts at once, from a guest when the letter was answered."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeVar

from sqlalchemy import Select, bindparam, select

from consult.announcements import announce
from consult.capabilities import capability
from consult.clock import now
from consult.db import db, operation
from consult.errors import Refused
from consult.files import KeptFile
from consult.i18n import lazy_gettext as _
from consult.identifiers import find_identifiers
from consult.journal import record
from consult.participation import letters
from consult.participation.counting import count, count_of
from consult.participation.models import (
    HOME_MAX,
    NAME_MAX,
    ORGANISATION_MAX,
    REPLY,
    SHOWN_BESIDE,
    TEXT_MAX,
    TEXT_MIN,
    Consent,
    Contribution,
    Standing,
)
from consult.participation.policy import CONFIRM_WITHIN, is_read_before
from consult.participation.records import WatchedAuthor, keep_wording
from consult.people import address_key, check_email
from consult.publishing import Publication, touch_shown
from consult.tenancy import walled
from consult.text import check_line, check_words, render_plain

K = TypeVar("K", bound=Contribution)


# Who calls themselves so may be taken for the municipality itself.
OFFICIAL = re.compile(r"\b(община|кмет|кметът|общински съвет|municipality|mayor|belediye)\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who hands something in, and how it may be shown. ``person_id`` is an account whose address is ``email``.

    ``organisation``: for whom the person speaks, or "". ``consent`` is one of `Consent`; ``language`` is the one in
    which letters are written.
    """

    name: str
    email: str
    person_id: int | None = None
    home: str = ""
    organisation: str = ""
    consent: str = Consent.FULL
    language: str = "bg"
    channel: str = "site"


@operation
def receive(contribution: K, sender: Sender, file: KeptFile | None = None) -> K:
    """Takes in what ``sender`` says: ``contribution`` holds publication, part, stance, text and what its kind adds.

    From an account it is accepted at once; to a guest goes a letter whose link confirms the address. The same text to
    the same place from the same address is the same contribution, however often it comes: that one is answered.
    Raises Refused for words that cannot be kept.
    """
    _check(contribution, sender)
    contribution.fingerprint = _fingerprint(contribution, sender)
    known = _known(contribution)
    if known is not None and not _is_free_again(known):
        _say_anew(known, contribution, sender, file)
        return known
    _sign(contribution, sender, file)
    db.session.add(contribution)
    db.session.flush()  # of two at the same moment one fails here, and its request is carried out again
    if sender.person_id is not None:
        _accept(contribution)
    else:
        letters.tell_to_confirm(contribution)
    return contribution


@operation
def confirm(contribution: Contribution) -> None:
    """Who holds the letter shows that the address is theirs: from now on the contribution counts. Twice is once.

    What was sent in time counts although it is confirmed after the deadline. Raises Refused when it is too late for
    the letter, or when there is nothing to confirm.
    """
    db.session.flush()
    db.session.refresh(contribution, with_for_update={"key_share": True})
    if contribution.is_accepted:
        return
    if contribution.standing != Standing.UNCONFIRMED or contribution.erased_at is not None:
        raise Refused(_("This was taken back. There is nothing to confirm any more."), status=410)
    if now() > confirm_until(contribution):
        raise Refused(_("The time to confirm this is over. Please send it again."), status=410)
    if db.session.get_one(Publication, contribution.publication_id).withdrawn_at is not None:
        raise Refused(_("What you wrote about was withdrawn. Nothing can be handed in any more."))
    _accept(contribution)


def _is_free_again(known: Contribution) -> bool:
    """Whether its letter came too late, so that what is sent again is a new one; the clock blanks the old."""
    if known.standing != Standing.UNCONFIRMED or now() <= confirm_until(known):
        return False
    known.fingerprint = None
    db.session.flush()
    return True


def _say_anew(known: K, again: K, sender: Sender, file: KeptFile | None) -> None:
    """Until it is confirmed, who sends the same words again may choose anew how they are shown: the last choice holds.

    There is one letter all the same.
    """
    db.session.refresh(known, with_for_update={"key_share": True})
    if known.standing != Standing.UNCONFIRMED or known.erased_at is not None:
        return
    for column, value in again.particulars().items():
        setattr(known, column, value)
    _take_names(known, sender)
    if file is not None:
        _take_file(known, file)


def confirm_until(contribution: Contribution) -> datetime:
    """Until when the letter's button works."""
    return contribution.received_at + CONFIRM_WITHIN


def _accept(contribution: Contribution) -> None:
    """It counts from now on: shown at once, or with a placeholder until a moderator has read it."""
    why = why_held(contribution)
    contribution.standing = Standing.HELD if why else Standing.PUBLISHED
    contribution.accepted_at, contribution.is_listed = now(), contribution.reply_to_id is None
    contribution.queued_at, contribution.queued_for = (now(), why) if why else (None, "")
    if contribution.reply_to_id is not None:
        _take_reply_number(contribution)
    keep_wording(contribution)
    record("participation.accepted", contribution.kind, contribution.id, {"standing": contribution.standing})
    letters.tell_received(contribution)
    publication = db.session.get_one(Publication, contribution.publication_id)
    announce("participation.accepted", contribution=contribution)
    touch_shown(publication)
    count(contribution, count_of(contribution))


def _take_reply_number(contribution: Contribution) -> None:
    """The replies to one contribution are numbered as they are accepted, so that a page reads the first three."""
    parent = db.session.get_one(Contribution, contribution.reply_to_id)
    db.session.flush()
    db.session.refresh(parent, with_for_update={"key_share": True})
    parent.replies += 1
    contribution.reply_number = parent.replies


def why_held(contribution: Contribution) -> str:
    """Why a moderator has to read it first: what it seems to hold, who wrote it, or because all are read first."""
    beside = (getattr(contribution, name) or "" for name in (*SHOWN_BESIDE, "file_name"))
    said = "\n".join((contribution.text, *beside, *contribution.particulars().values()))
    if find_identifiers(said):
        return "identifiers"
    if contribution.address_key is not None:
        watched = select(WatchedAuthor.id).where(WatchedAuthor.address_key == contribution.address_key)
        if db.session.scalar(watched) is not None:
            return "watched"
    if OFFICIAL.search(f"{contribution.name} {contribution.organisation}"):
        return "official"
    return "before" if is_read_before() else ""


def check_body(text: str, field: str = "text") -> None:
    """Raises Refused for a text that is too short or too long, or that holds what cannot be kept."""
    check_words(text, field)
    length = len(text.strip())
    if length < TEXT_MIN:
        raise Refused(_("Write at least %(least)d characters, so that we understand you.", least=TEXT_MIN), field)
    if len(text) > TEXT_MAX:
        raise Refused(
            _(
                "This is %(length)d characters long; at most %(most)d fit. Please shorten it or attach a file.",
                length=len(text),
                most=TEXT_MAX,
            ),
            field,
        )


def _check(contribution: Contribution, sender: Sender) -> None:
    check_body(contribution.text)
    for field, value, most in (
        ("name", sender.name, NAME_MAX),
        ("home", sender.home, HOME_MAX),
        ("organisation", sender.organisation, ORGANISATION_MAX),
    ):
        check_line(value, field)
        if len(value) > most:
            raise Refused(_("Please shorten this to %(max)d characters.", max=most), field)
    if not sender.name.strip():
        raise Refused(_("Write your name. A first name is enough."), "name")


def _fingerprint(contribution: Contribution, sender: Sender) -> str:
    where = (contribution.publication_id, contribution.part_id, contribution.reply_to_id, contribution.stance)
    return capability("participation.same", *where, address_key(sender.email), contribution.text)


def _known(contribution: K) -> K | None:
    its = {"publication": contribution.publication_id, "fingerprint": contribution.fingerprint}
    with db.session.no_autoflush:
        return db.session.scalar(_by_fingerprint(type(contribution)), its)


@cache
def _by_fingerprint(kind: type[K]) -> Select[K]:
    its = (kind.publication_id == bindparam("publication"), kind.fingerprint == bindparam("fingerprint"))
    return walled(select(kind).where(*its))


def _sign(contribution: Contribution, sender: Sender, file: KeptFile | None) -> None:
    contribution.standing, contribution.received_at = Standing.UNCONFIRMED, now()
    contribution.text_html = render_plain(contribution.text)
    contribution.salt = secrets.token_hex(16)
    contribution.email, contribution.address_key = check_email(sender.email), address_key(sender.email)
    _take_names(contribution, sender)
    contribution.person_id, contribution.language = sender.person_id, sender.language
    contribution.channel = sender.channel
    if contribution.reply_to_id is not None:
        contribution.stance = REPLY
    if file is not None:
        _take_file(contribution, file)


def _take_names(contribution: Contribution, sender: Sender) -> None:
    contribution.name, contribution.home = sender.name.strip(), sender.home.strip()
    contribution.organisation, contribution.consent = sender.organisation.strip(), sender.consent


def _take_file(contribution: Contribution, file: KeptFile) -> None:
    contribution.file_key, contribution.file_name = file.key, file.name
    contribution.file_type, contribution.file_size = file.media_type, file.size
