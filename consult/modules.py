"""Which plugins a municipality has: allowed by the operator, enabled by the municipality's admin."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import PrimaryKeyConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from consult.clock import now
from consult.db import Base, db, operation
from consult.tenancy import Local, here, remembered, touch


class _Row(Local):
    doors = frozenset({"operator", "region", "jobs"})

    plugin: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime]
    by_id: Mapped[int | None]


class AllowedPlugin(_Row, Base):
    """The operator lets a municipality use a plugin."""

    __tablename__ = "allowed_plugin"
    __table_args__ = (PrimaryKeyConstraint("municipality_id", "plugin"),)


class EnabledPlugin(_Row, Base):
    """A municipality's admin switched a plugin on: since when, and who."""

    __tablename__ = "enabled_plugin"
    __table_args__ = (PrimaryKeyConstraint("municipality_id", "plugin"),)


def is_on(plugin: str) -> bool:
    """Whether ``plugin`` is allowed and enabled in the municipality that we are in."""
    return plugin in on_here()


def on_here() -> frozenset[str]:
    """The names of the plugins that are on here, remembered until the municipality's stamp is raised."""
    return remembered("modules", _ask)


def _ask() -> frozenset[str]:
    both = select(EnabledPlugin.plugin).join(AllowedPlugin, AllowedPlugin.plugin == EnabledPlugin.plugin)
    return frozenset(db.session.scalars(both))


@operation
def allow(municipality_id: int, plugin: str, by_id: int | None = None) -> None:
    """The operator allows ``plugin`` in a municipality. Nothing happens when it is allowed already."""
    if db.session.get(AllowedPlugin, (municipality_id, plugin)) is None:
        db.session.add(AllowedPlugin(municipality_id=municipality_id, plugin=plugin, since=now(), by_id=by_id))
    touch(municipality_id)


@operation
def forbid(municipality_id: int, plugin: str) -> None:
    """The operator takes ``plugin`` back: it is off there at once, and its data stays."""
    allowed = db.session.get(AllowedPlugin, (municipality_id, plugin))
    if allowed is not None:
        db.session.delete(allowed)
    touch(municipality_id)


@operation
def enable(plugins: tuple[str, ...], by_id: int | None = None) -> None:
    """Switches ``plugins`` on here. The caller has seen to it that they are allowed and that none lacks another."""
    for plugin in plugins:
        if db.session.get(EnabledPlugin, (here().id, plugin)) is None:
            db.session.add(EnabledPlugin(plugin=plugin, since=now(), by_id=by_id))
    touch(here().id)


@operation
def disable(plugins: tuple[str, ...]) -> None:
    """Switches ``plugins`` off here: their pages are as if they did not exist, their data stays."""
    for plugin in plugins:
        row = db.session.get(EnabledPlugin, (here().id, plugin))
        if row is not None:
            db.session.delete(row)
    touch(here().id)


def allowed_here() -> frozenset[str]:
    """The names of the plugins that the operator allows in the municipality that we are in."""
    return remembered("allowed", lambda: frozenset(db.session.scalars(select(AllowedPlugin.plugin))))
