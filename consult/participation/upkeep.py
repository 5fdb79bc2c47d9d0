"""What the clock does with contributions: what nobody confirmed in time is blanked."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from sqlalchemy import select

from consult.clock import now
from consult.db import db, operation
from consult.participation.models import Contribution, Standing
from consult.participation.policy import CONFIRM_WITHIN
from consult.participation.standing import erase_unconfirmed
from consult.tenancy import Town, inside

log = logging.getLogger(__name__)
AT_ONCE = 500  # rows in one transaction


def forget_unconfirmed(towns: Iterable[Town]) -> None:
    """In every town, whatever is on there: who typed somebody's address gave us words and a name that nobody owns."""
    for town in towns:
        try:
            with inside(town):
                while erase_late():
                    db.session.commit()
                db.session.commit()
        except Exception:  # the next town's turn comes all the same
            log.exception("what was not confirmed was not forgotten in %s", town.code)


@operation
def erase_late() -> int:
    """Blanks some of what was not confirmed in time; answers how many."""
    late = (
        select(Contribution)
        .where(Contribution.standing == Standing.UNCONFIRMED, Contribution.erased_at.is_(None))
        .where(Contribution.received_at < now() - CONFIRM_WITHIN)
        .limit(AT_ONCE)
    )
    found = db.session.scalars(late).all()
    for contribution in found:
        erase_unconfirmed(contribution)
    return len(found)
