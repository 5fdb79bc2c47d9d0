"""What becomes of a contribution by its author: edited, withdrawn, disowned; and the one way from standing to standing.

unconfirmed ──confirm──▶ published ──hide──▶ hidden ──restore──▶ published
                 │           ├──withdraw──▶ withdrawn
                 └──▶ held ──┘──disown────▶ disowned
"""

from __future__ import annotations

from consult.announcements import announce
from consult.clock import now
from consult.db import db, operation
from consult.errors import Refused
from consult.i18n import lazy_gettext as _
from consult.journal import record
from consult.participation import letters
from consult.participation.counting import count, count_of
from consult.participation.models import Contribution, Standing
from consult.participation.policy import EDIT_FOR
from consult.participation.receiving import check_body, why_held
from consult.participation.records import Act, keep_wording, note_act
from consult.publishing import Publication, touch_shown
from consult.text import render_plain


def hold(contribution: Contribution) -> None:
    """Reads the row anew and keeps others from changing it until the commit. What was changed before is not lost."""
    db.session.flush()
    db.session.refresh(contribution, with_for_update={"key_share": True})


def move(contribution: Contribution, standing: Standing, what: str) -> None:
    """Gives the contribution another standing; the journal, the pages and the counts follow. Call it last."""
    before = count_of(contribution)
    contribution.standing = standing
    contribution.ended_at = None if standing == Standing.PUBLISHED else now()
    contribution.queued_at, contribution.queued_for = None, ""
    record(what, contribution.kind, contribution.id, {"standing": standing})
    touch_shown(db.session.get_one(Publication, contribution.publication_id))
    count(contribution, count_of(contribution) - before)


def may_edit(contribution: Contribution) -> bool:
    """Whether its author may still change the words: for half an hour, until somebody has answered or agreed."""
    if contribution.standing not in (Standing.PUBLISHED, Standing.HELD) or contribution.accepted_at is None:
        return False
    is_touched = contribution.replies or contribution.agreed or contribution.is_answered
    return not is_touched and now() < contribution.accepted_at + EDIT_FOR


@operation
def edit(contribution: Contribution, text: str) -> None:
    """Gives it other words; the old ones stay as a version that everybody may compare. Raises Refused when too late.

    The same words are no change. New words wait for a moderator where they would have waited when they came.
    """
    hold(contribution)
    if not may_edit(contribution):
        raise Refused(_("This can be changed no longer: half an hour is over, or somebody has answered or agreed."))
    check_body(text)
    if text == contribution.text:
        return
    before = count_of(contribution)
    contribution.text, contribution.text_html = text, render_plain(text)
    contribution.edition += 1
    contribution.edited_at = now()
    keep_wording(contribution)
    why = why_held(contribution)
    if contribution.standing == Standing.PUBLISHED and why:
        contribution.standing = Standing.HELD
        contribution.queued_at, contribution.queued_for = contribution.edited_at, why
    record("participation.edited", contribution.kind, contribution.id, {"edition": contribution.edition})
    touch_shown(db.session.get_one(Publication, contribution.publication_id))
    count(contribution, count_of(contribution) - before)


@operation
def withdraw_contribution(contribution: Contribution) -> None:
    """Its author takes it back: a tombstone stays, and the replies. Twice is once.

    What was never confirmed was never there, and is erased.
    """
    hold(contribution)
    if contribution.standing == Standing.UNCONFIRMED:
        erase_unconfirmed(contribution)
    elif contribution.standing in (Standing.PUBLISHED, Standing.HELD, Standing.HIDDEN):
        _end(contribution, Standing.WITHDRAWN, Act.WITHDRAWN)


@operation
def disown(contribution: Contribution) -> None:
    """The owner of the address says that somebody else wrote this: it goes, with a tombstone where it counted.

    It is withdrawn from the counts of what is shown at once; nobody has to prove anything.
    """
    hold(contribution)
    if contribution.standing == Standing.UNCONFIRMED:
        erase_unconfirmed(contribution)
    elif contribution.standing in (Standing.PUBLISHED, Standing.HELD, Standing.HIDDEN):
        _end(contribution, Standing.DISOWNED, Act.DISOWNED)


def _end(contribution: Contribution, standing: Standing, act: Act) -> None:
    contribution.text, contribution.text_html = "", ""  # the versions keep it, sealed
    contribution.sealed_to = contribution.edition
    contribution.fingerprint = None  # who changes their mind may say it again
    note_act(contribution, act)
    announce("participation.ended", contribution=contribution)
    letters.tell_ended(contribution, standing)
    move(contribution, standing, f"participation.{standing}")


def erase_unconfirmed(contribution: Contribution) -> None:
    """Blanks what nobody confirmed. It never counted, so it leaves no tombstone."""
    contribution.text, contribution.text_html, contribution.name, contribution.email = "", "", "", ""
    contribution.home, contribution.organisation, contribution.address_key = "", "", None
    contribution.fingerprint, contribution.file_key, contribution.file_name = None, None, ""
    contribution.erased_at = now()
    for column in contribution.particulars():
        setattr(contribution, column, "")
