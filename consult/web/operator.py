"""The operator's page: which municipalities take part, and which plugins each of them may use."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from consult import modules
from consult.access import Permission
from consult.db import db, operation
from consult.i18n import lazy_gettext as _
from consult.journal import who_acts
from consult.registry import registry
from consult.tenancy import Municipality, touch
from consult.web.layout import tell
from consult.web.pages import Pages

pages = Pages("operator", __name__)

PERMISSIONS = (Permission("operator.run", _("Run the installation"), ("operator",)),)


@pages.get("/operator", may="operator.run", place="operator")
def overview() -> ResponseReturnValue:
    """All municipalities with what each is allowed and what it has switched on."""
    towns = db.session.scalars(select(Municipality).order_by(Municipality.is_open.desc(), Municipality.name_bg)).all()
    allowed = {(row.municipality_id, row.plugin) for row in db.session.scalars(select(modules.AllowedPlugin))}
    enabled = {(row.municipality_id, row.plugin) for row in db.session.scalars(select(modules.EnabledPlugin))}
    plugins = registry().plugins.values()
    return render_template("operator.html", towns=towns, plugins=plugins, allowed=allowed, enabled=enabled)


@pages.post("/operator/<word:code>/<word:plugin>/pozvoli", may="operator.run", place="operator")
def allow(code: str, plugin: str) -> ResponseReturnValue:
    """Lets a municipality use a plugin; its own admin switches it on."""
    town, name = _found(code, plugin)
    modules.allow(town.id, name, who_acts())
    tell(_("Allowed. The municipality's admin can switch it on now."))
    return redirect(url_for("operator.overview"), 303)


@pages.post("/operator/<word:code>/<word:plugin>/zabrani", may="operator.run", place="operator")
def forbid(code: str, plugin: str) -> ResponseReturnValue:
    """Takes a plugin back from a municipality: it is off there at once, its data stays."""
    town, name = _found(code, plugin)
    modules.forbid(town.id, name)
    tell(_("Taken back. Its pages there are gone, its data stays."))
    return redirect(url_for("operator.overview"), 303)


@pages.post("/operator/<word:code>/otvori", may="operator.run", place="operator")
def open_town(code: str) -> ResponseReturnValue:
    """Opens a municipality's site."""
    set_open(_town(code).id, True)
    tell(_("The municipality's site is open."))
    return redirect(url_for("operator.overview"), 303)


@pages.post("/operator/<word:code>/zatvori", may="operator.run", place="operator")
def close_town(code: str) -> ResponseReturnValue:
    """Closes a municipality's site: its addresses answer 404, its data stays."""
    set_open(_town(code).id, False)
    tell(_("The municipality's site is closed. Its data stays."))
    return redirect(url_for("operator.overview"), 303)


@operation
def set_open(municipality_id: int, is_open: bool) -> None:
    """Opens or closes a municipality's site."""
    town = db.session.get_one(Municipality, municipality_id)
    town.is_open = is_open
    touch(town.id)


@operation
def say_contacts(municipality_id: int, contacts: Mapping[str, str]) -> None:
    """Keeps how a municipality is reached: ``host``, ``email``, ``phone`` and ``address``, those that are given."""
    town = db.session.get_one(Municipality, municipality_id)
    for name, value in contacts.items():
        setattr(town, name, value.lower() if name == "host" else value)
    touch(town.id)


def _found(code: str, plugin: str) -> tuple[Municipality, str]:
    if plugin not in registry().plugins:
        abort(404)
    return _town(code), plugin


def _town(code: str) -> Municipality:
    town = db.session.scalar(select(Municipality).where(Municipality.code == code))
    if town is None:
        abort(404)
    return town
