"""Which municipalities take part, and how each is reached."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Row, Select, select

from consult.db import db, operation, read, reading_engine
from consult.errors import Refused
from consult.i18n import lazy_gettext as _
from consult.tenancy.municipalities import Municipality, Town
from consult.tenancy.stamps import ContentStamp, touch

_COLUMNS = tuple(field.name for field in fields(Town))
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_EMAIL = re.compile(r"[^@\s<>\"(),:;]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
_LINE = re.compile(r"[^\x00-\x1f\x7f]*")
CONTACTS = {"host": (_HOST, 253), "email": (_EMAIL, 254), "phone": (_LINE, 40), "address": (_LINE, 200)}


def open_towns_query() -> Select[Any]:
    """A query for the open municipalities whose rows begin with what ``town_of`` reads."""
    columns = [getattr(Municipality, name) for name in _COLUMNS if name != "stamp"]
    return (
        select(*columns, ContentStamp.value.label("stamp"))
        .join(ContentStamp, ContentStamp.municipality_id == Municipality.id)
        .where(Municipality.is_open)
    )


# Built once: SQLAlchemy prepares each statement object anew, which costs several times what the database takes.
_OPEN_TOWNS = open_towns_query().order_by(Municipality.name_bg)


def town_of(row: Row[Any]) -> Town:
    """The town of a row of ``open_towns_query``; whatever else the row holds comes after it."""
    return Town(**dict(zip(_COLUMNS, row, strict=False)))


def open_towns() -> list[Town]:
    """All municipalities that take part, by their Bulgarian names."""
    return read(reading_engine(), lambda connection: [town_of(row) for row in connection.execute(_OPEN_TOWNS)])


@operation
def set_open(municipality_id: int, is_open: bool) -> None:
    """Opens or closes a municipality's site. The neighbours' pages name it, so they change too."""
    db.session.get_one(Municipality, municipality_id).is_open = is_open
    touch(municipality_id, *_open_ids())


@operation
def say_contacts(municipality_id: int, contacts: Mapping[str, str]) -> None:
    """Keeps how a municipality is reached: those of ``host``, ``email``, ``phone`` and ``address`` that are given.

    An empty one is taken back. Raises Refused for what is no such thing, and for a host that is another's.
    """
    town = db.session.get_one(Municipality, municipality_id)
    for name, typed in contacts.items():
        value = typed.strip().lower() if name == "host" else typed.strip()
        form, most = CONTACTS[name]
        if value and (len(value) > most or not form.fullmatch(value)):
            raise Refused(_("“%(value)s” cannot be used here.", value=value[:60]), name)
        setattr(town, name, value or (None if name == "host" else ""))
    others = select(Municipality.id).where(Municipality.host == town.host, Municipality.id != town.id)
    with db.session.no_autoflush:
        if town.host and db.session.scalar(others) is not None:
            raise Refused(_("Another municipality has this address."), "host")
    touch(municipality_id, *_open_ids())


def _open_ids() -> list[int]:
    return list(db.session.scalars(select(Municipality.id).where(Municipality.is_open)))
