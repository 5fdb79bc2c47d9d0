"""The operator's pages: which municipalities take part, which plugins each may use, and letters that are stuck."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from consult import modules, outbox
from consult.access import Permission
from consult.db import db
from consult.i18n import lazy_gettext as _
from consult.i18n import ngettext
from consult.journal import who_acts
from consult.registry import registry
from consult.tenancy import Municipality, set_open
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
    """Lets a municipality use a plugin and all that it requires; its own admin switches them on."""
    town, name = _found(code, plugin)
    for needed in registry().with_required(name):
        modules.allow(town.id, needed, who_acts())
    tell(_("Allowed. The municipality's admin can switch it on now."))
    return redirect(url_for("operator.overview"), 303)


@pages.post("/operator/<word:code>/<word:plugin>/zabrani", may="operator.run", place="operator")
def forbid(code: str, plugin: str) -> ResponseReturnValue:
    """Takes a plugin and all that require it back from a municipality: off there at once, the data stays."""
    town, name = _found(code, plugin)
    for fallen in registry().with_dependants(name):
        modules.forbid(town.id, fallen)
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


@pages.get("/operator/pisma", may="operator.run", place="operator")
def letters() -> ResponseReturnValue:
    """How many letters wait, and which are late or given up: without their words, with shadows of addresses."""
    towns = {town.id: town for town in db.session.scalars(select(Municipality))}
    return render_template(
        "operator_letters.html", count=outbox.count_letters(), stuck=outbox.stuck_letters(), towns=towns
    )


@pages.post("/operator/pisma/otnovo", may="operator.run", place="operator")
def try_letters() -> ResponseReturnValue:
    """Lets all stuck letters be tried again at once."""
    return _tried(outbox.try_again())


@pages.post("/operator/pisma/<number:number>/otnovo", may="operator.run", place="operator")
def try_letter(number: int) -> ResponseReturnValue:
    """Lets one stuck letter be tried again at once."""
    return _tried(outbox.try_again(number))


def _tried(many: int) -> ResponseReturnValue:
    if many:
        tell(ngettext("One letter is tried again now.", "%(num)d letters are tried again now.", many))
    else:
        tell(_("Nothing is stuck any more."), "info")
    return redirect(url_for("operator.letters"), 303)


def _found(code: str, plugin: str) -> tuple[Municipality, str]:
    if plugin not in registry().plugins:
        abort(404)
    return _town(code), plugin


def _town(code: str) -> Municipality:
    town = db.session.scalar(select(Municipality).where(Municipality.code == code))
    if town is None:
        abort(404)
    return town
