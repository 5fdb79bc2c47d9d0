"""Taking files out of the store that nothing names: their transaction failed, or they were taken away since."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from consult.clock import now
from consult.db import db
from consult.files.store import forget, keys_before
from consult.tenancy import Town, inside

log = logging.getLogger(__name__)

SPARED = timedelta(days=1)  # a younger file may belong to a form that is just being kept


def sweep(towns: Iterable[Town], columns: Iterable[Any]) -> int:
    """Removes the files of ``towns`` that no row names in one of ``columns``; answers how many.

    Only columns of the core may be given: a plugin's are missing while it is not installed, and its files would go.
    """
    removed = 0
    for town in towns:
        try:
            with inside(town):
                removed += _sweep_here(tuple(columns))
        except Exception:  # the next town's turn comes all the same
            log.exception("the files of %s were not swept", town.code)
    return removed


def _sweep_here(columns: tuple[Any, ...]) -> int:
    removed = 0
    for keys in list(keys_before(now() - SPARED)):  # the whole list first: it changes below
        named = {key for column in columns for key in db.session.scalars(select(column).where(column.in_(keys)))}
        db.session.rollback()  # the store is not asked while a transaction is open
        if orphans := [key for key in keys if key not in named]:
            forget(orphans)
            removed += len(orphans)
    return removed
