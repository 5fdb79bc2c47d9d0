"""The admin's pages: which modules the municipality has on, and what it decided about each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import wtforms
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from consult import modules, settings
from consult.access import Permission
from consult.contract import NavigationItem, Plugin
from consult.db import db
from consult.errors import Refused, Sentence
from consult.i18n import lazy_gettext as _
from consult.journal import record, who_acts
from consult.people import Person
from consult.registry import registry
from consult.settings import Setting
from consult.tenancy import here
from consult.web.forms import Form, LineField
from consult.web.layout import tell
from consult.web.pages import Pages

pages = Pages("admin", __name__)

PERMISSIONS = (
    Permission("modules.switch", _("Switch modules on and off"), ("admin",)),
    Permission("settings.decide", _("Decide the settings"), ("admin",)),
)
NAVIGATION = (
    NavigationItem(_("Modules"), "admin.modules_page", "desk", "gear", 90),
    NavigationItem(_("Settings"), "admin.settings_page", "desk", "gear", 91),
)


@dataclass(frozen=True)
class Module:
    """One row of the modules page. ``since`` and ``by`` are of the switching on; ``together`` names what goes along."""

    plugin: Plugin
    is_on: bool
    since: Any
    by: str
    keeps: Sentence
    together: tuple[Sentence, ...]


@pages.get("/admin/moduli", may="modules.switch")
def modules_page() -> ResponseReturnValue:
    """What each module shows people, what it keeps, since when and by whom it is on."""
    return render_template("admin/modules.html", modules=_modules())


@pages.post("/admin/moduli/<word:name>/vklyuchi", may="modules.switch")
def switch_on(name: str) -> ResponseReturnValue:
    """Switches a module on, with all that it requires; asks first when that is more than itself."""
    plugin = _allowed_or_404(name)
    needed = registry().with_required(name)
    if set(needed) - modules.allowed_here():
        raise Refused(_("This module needs another that the operator has not allowed here."), status=409)
    missing = tuple(one for one in needed if not modules.is_on(one))
    if not missing:
        return _back(_("It is on already."), "info")
    if len(missing) > 1 and "sure" not in request.form:
        return render_template("admin/together.html", plugin=plugin, others=_titles(missing, name), is_on=False), 409
    modules.enable(missing, who_acts())
    record("module.switched_on", "municipality", here().id, {"plugins": list(missing)})
    return _back(_("Switched on. People see it from now on."))


@pages.post("/admin/moduli/<word:name>/izklyuchi", may="modules.switch")
def switch_off(name: str) -> ResponseReturnValue:
    """Switches a module off, with all that require it; asks first when that is more than itself."""
    plugin = _allowed_or_404(name)
    fallen = [one for one in registry().with_dependants(name) if modules.is_on(one)]
    if not fallen:
        return _back(_("It is off already."), "info")
    if len(fallen) > 1 and "sure" not in request.form:
        return render_template("admin/together.html", plugin=plugin, others=_titles(fallen, name), is_on=True), 409
    modules.disable(tuple(fallen))
    record("module.switched_off", "municipality", here().id, {"plugins": fallen})
    return _back(_("Switched off. Its pages are gone, its data stays."))


def _back(sentence: Sentence, kind: str = "ok") -> ResponseReturnValue:
    tell(sentence, kind)
    return redirect(url_for("admin.modules_page"), 303)


@pages.route("/admin/nastroiki", methods=["GET", "POST"], may="settings.decide")
def settings_page() -> ResponseReturnValue:
    """The settings of the core and of the modules that are on, as one form made from their declarations."""
    shown = [one for one in settings.declared().values() if one.plugin is None or modules.is_on(one.plugin)]
    form = _settings_form(shown)
    if form.is_sent_well():
        with form.catching():
            _decide({one.name: form[one.name].data for one in shown})
            tell(_("Saved."))
            return redirect(url_for("admin.settings_page"), 303)
    groups = {one.plugin: registry().plugins[one.plugin].title if one.plugin else _("The whole site") for one in shown}
    fields = [(title, [form[one.name] for one in shown if one.plugin == key]) for key, title in groups.items()]
    return render_template("admin/settings.html", form=form, groups=fields), form.status


def _decide(answers: dict[str, settings.Value]) -> None:
    """Keeps the answers that differ from those that hold, and records them as one decision."""
    changed = {name: value for name, value in answers.items() if value != settings.setting(name)}
    for name, value in changed.items():
        settings.decide(name, value)
    if changed:
        record("settings.decided", "municipality", here().id, changed)


def _modules() -> list[Module]:
    switched = {row.plugin: row for row in db.session.scalars(select(modules.EnabledPlugin))}
    people = {one.id: one.name for one in db.session.scalars(select(Person).where(Person.id.in_(_switchers(switched))))}
    found = []
    for name in registry().plugins:
        if name in modules.allowed_here():
            found.append(_module(registry().plugins[name], switched.get(name), people))
    return found


def _module(plugin: Plugin, row: modules.EnabledPlugin | None, people: dict[int, str]) -> Module:
    is_on = modules.is_on(plugin.name)
    bound = registry().with_dependants(plugin.name) if is_on else registry().with_required(plugin.name)
    return Module(
        plugin,
        is_on,
        row.since if row else None,
        people.get(row.by_id or 0, "") if row else "",
        plugin.keeps(),
        tuple(_titles((one for one in bound if modules.is_on(one) == is_on), plugin.name)),
    )


def _switchers(rows: dict[str, modules.EnabledPlugin]) -> list[int]:
    return [row.by_id for row in rows.values() if row.by_id is not None]


def _titles(names: Any, but: str) -> list[Sentence]:
    return [registry().plugins[name].title for name in names if name != but]


def _allowed_or_404(name: str) -> Plugin:
    if name not in modules.allowed_here() or name not in registry().plugins:
        abort(404)
    return registry().plugins[name]


class NumberField(wtforms.IntegerField):
    """A whole number, with a sentence of our own for what is none. Python itself would also read 1_0 and １０."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = str(valuelist[0]).strip() if valuelist else ""
        is_number = re.fullmatch("[+-]?[0-9]{1,9}", typed) is not None
        self.data = int(typed) if is_number else None
        if not is_number:
            raise ValueError(_("Enter a whole number, for example 3."))


def _settings_form(shown: list[Setting]) -> Form:
    """One field a setting, under the setting's own name, so that what ``decide`` refuses finds its field."""
    form_type: type[Form] = type("SettingsForm", (Form,), {one.name: _field(one) for one in shown})
    return form_type.of_request(**{one.name: settings.setting(one.name) for one in shown})


def _field(one: Setting) -> wtforms.Field:
    if isinstance(one.default, bool):
        return wtforms.BooleanField(one.title, description=one.hint)
    if isinstance(one.default, int):
        between = _("A number from %(least)d to %(most)d.", least=one.least, most=one.most)
        needed = InputRequired(_("Enter a whole number, for example 3."))
        return NumberField(one.title, [needed], description=one.hint or between)
    if one.choices:
        choices = [SelectChoice(value=value, label=str(label)) for value, label in one.choices]
        return wtforms.SelectField(one.title, choices=choices, description=one.hint)
    return LineField(one.title, one.most, is_needed=False, description=one.hint)
