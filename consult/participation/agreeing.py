"""„Съгласни“: the only reaction there is, one a person, counted when it is given. It is no vote."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import CursorResult, Select, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from consult.db import db, operation
from consult.errors import Refused
from consult.i18n import lazy_gettext as _
from consult.participation.models import Agreement, Contribution
from consult.publishing import Publication, touch_shown
from consult.tenancy import walled


@operation
def agree(contribution: Contribution, person_id: int) -> None:
    """The person agrees with what is shown. Twice is once. Raises Refused for one's own words, and for a tombstone."""
    if not contribution.is_shown:
        raise Refused(_("This is not shown any more."))
    if contribution.person_id == person_id:
        raise Refused(_("These are your own words."))
    try:
        with db.session.begin_nested():
            db.session.add(Agreement(contribution_id=contribution.id, person_id=person_id))
    except IntegrityError:
        return
    _count(contribution, 1)


@operation
def stop_agreeing(contribution: Contribution, person_id: int) -> None:
    """Takes it back. Twice is once."""
    mine = (Agreement.contribution_id == contribution.id, Agreement.person_id == person_id)
    taken: CursorResult[Any] = db.session.execute(  # type: ignore[assignment]
        delete(Agreement).where(*mine).execution_options(synchronize_session=False)
    )
    if taken.rowcount:
        _count(contribution, -1)


def agreed_with(numbers: list[int], person_id: int) -> set[int]:
    """With which of these contributions the person agrees."""
    if not numbers:
        return set()
    return set(db.session.scalars(_agreed_with(), {"person": person_id, "numbers": numbers}))


@cache
def _agreed_with() -> Select[int]:
    theirs = Agreement.contribution_id.in_(bindparam("numbers", expanding=True))
    return walled(select(Agreement.contribution_id).where(Agreement.person_id == bindparam("person"), theirs))


def _count(contribution: Contribution, change: int) -> None:
    touch_shown(db.session.get_one(Publication, contribution.publication_id))
    db.session.execute(
        update(Contribution)
        .where(Contribution.id == contribution.id)
        .values(agreed=Contribution.agreed + change)
        .execution_options(synchronize_session=False)
    )
    db.session.expire(contribution, ["agreed"])
