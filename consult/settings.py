"""Settings: declared once by the core or a plugin, answered per municipality."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from sqlalchemy import JSON, PrimaryKeyConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base, db, operation
from consult.errors import Refused, Sentence
from consult.i18n import lazy_gettext as _
from consult.tenancy import Local, here, remembered, touch
from consult.text import check_line

Value = bool | int | str


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a municipality may decide. Its type is the default's: bool, int (``least`` to ``most``) or str.

    A str with ``choices`` is one of them; without, a line of at most ``most`` characters.
    """

    name: str
    title: Sentence
    default: Value
    hint: Sentence = ""
    choices: tuple[tuple[str, Sentence], ...] = ()
    least: int = 0
    most: int = 200
    plugin: str | None = field(default=None)


class StoredSetting(Local, Base):
    """The answer of one municipality to one setting."""

    __tablename__ = "setting"
    __table_args__ = (PrimaryKeyConstraint("municipality_id", "name"),)

    name: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(JSON)


def declared() -> dict[str, Setting]:
    """All settings by name, in the order in which they were declared."""
    settings: dict[str, Setting] = current_app.extensions["consult.settings"]
    return settings


def setting(name: str) -> Value:
    """What this municipality decided, or the default. Raises LookupError for a name that nobody declared."""
    stored = remembered("settings", _all_here)
    found = declared()[name]
    return stored.get(name, found.default)


def _all_here() -> dict[str, Value]:
    return {row.name: row.value for row in db.session.execute(select(StoredSetting.name, StoredSetting.value))}


@operation
def decide(name: str, value: Value) -> None:
    """Keeps this municipality's answer. Raises Refused when the value is not one that the setting takes."""
    _check(declared()[name], value)
    row = db.session.get(StoredSetting, (here().id, name))
    if row is None:
        row = StoredSetting(name=name)
        db.session.add(row)
    row.value = value
    touch(here().id)


def _check(declared_setting: Setting, value: Value) -> None:
    if type(value) is not type(declared_setting.default):
        raise Refused(_("This is not an answer to the question."), declared_setting.name)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if is_number and not declared_setting.least <= value <= declared_setting.most:  # type: ignore[operator]
        least, most = declared_setting.least, declared_setting.most
        raise Refused(_("Enter a number from %(least)d to %(most)d.", least=least, most=most), declared_setting.name)
    if isinstance(value, str) and declared_setting.choices and value not in dict(declared_setting.choices):
        raise Refused(_("Choose one of the answers."), declared_setting.name)
    if isinstance(value, str) and not declared_setting.choices:
        check_line(value, declared_setting.name)
        if len(value) > declared_setting.most:
            raise Refused(
                _("Please shorten this to %(max)d characters.", max=declared_setting.most), declared_setting.name
            )
