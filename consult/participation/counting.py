"""The counts of contributions, kept when one is written, so that no page counts rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError

from consult.db import db
from consult.participation.models import REPLY, Contribution, Standing, Tally


@dataclass(frozen=True)
class Count:
    """How many were accepted, and of these how many are shown and how many have a tombstone: the sum of the two."""

    accepted: int = 0
    shown: int = 0
    gone: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.accepted + other.accepted, self.shown + other.shown, self.gone + other.gone)

    def __sub__(self, other: Count) -> Count:
        return Count(self.accepted - other.accepted, self.shown - other.shown, self.gone - other.gone)


@dataclass(frozen=True)
class Counts:
    """The counts of one publication. Replies are counted apart from what they reply to."""

    by_leaf: dict[tuple[int, str], Count]

    def of(self, part_id: int | None = None, stance: str | None = None) -> Count:
        """Of all, of one part (0: of the whole publication), of one stance; replies only for the stance "reply"."""
        leaves = self.by_leaf.items()
        wanted = (
            count
            for (part, said), count in leaves
            if (part_id is None or part == part_id) and (said != REPLY if stance is None else said == stance)
        )
        return sum(wanted, Count())

    @property
    def everything(self) -> Count:
        """Contributions and replies together: every row that was accepted."""
        return sum(self.by_leaf.values(), Count())


def count_of(contribution: Contribution) -> Count:
    """What one contribution adds to the counts, as it stands."""
    if contribution.standing == Standing.UNCONFIRMED:
        return Count()
    is_shown = contribution.is_shown
    return Count(1, int(is_shown), int(not is_shown))


def counts_of(publication_id: int) -> Counts:
    """All counts of a publication in one question."""
    rows = db.session.execute(
        select(Tally.part_id, Tally.stance, Tally.accepted, Tally.shown, Tally.gone).where(
            Tally.publication_id == publication_id
        )
    )
    return Counts({(row.part_id, row.stance): Count(row.accepted, row.shown, row.gone) for row in rows})


def count(contribution: Contribution, change: Count) -> None:
    """Adds ``change`` to the leaf of the contribution. A hot row: the last statement of an operation.

    Everything else is sent to the database before, so that the others wait for the commit only.
    """
    if change == Count():
        return
    db.session.flush()
    leaf = (contribution.publication_id, contribution.part_id, contribution.stance)
    if _raise(leaf, change):
        return
    try:
        with db.session.begin_nested():
            publication_id, part_id, stance = leaf
            db.session.add(
                Tally(
                    publication_id=publication_id,
                    part_id=part_id,
                    stance=stance,
                    accepted=change.accepted,
                    shown=change.shown,
                    gone=change.gone,
                )
            )
    except IntegrityError:  # the first two of a leaf at the same moment
        _raise(leaf, change)


def _raise(leaf: tuple[int, int, str], change: Count) -> bool:
    publication_id, part_id, stance = leaf
    statement = (
        update(Tally)
        .where(Tally.publication_id == publication_id, Tally.part_id == part_id, Tally.stance == stance)
        .values(
            accepted=Tally.accepted + change.accepted, shown=Tally.shown + change.shown, gone=Tally.gone + change.gone
        )
        .execution_options(synchronize_session=False)
    )
    result: CursorResult[Any] = db.session.execute(statement)  # type: ignore[assignment]
    return result.rowcount == 1
