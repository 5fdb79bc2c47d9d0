"""Finds the plugins, checks them against each other and wires them up; what is wrong stops the start."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from flask import Flask, current_app

import plugins as bundled
from consult.access import ROLES, Permission
from consult.announcements import Announcement, Delivery, Listener
from consult.contract import Card, Fill, NavigationItem, Plugin, Slot
from consult.errors import ContractError
from consult.modules import is_on
from consult.settings import Setting

RESERVED_PATHS = frozenset(
    ("bg", "en", "tr", "static", "operator", "vhod", "izhod", "rabota", "admin", "moeto", "tarsene", "k", "s")
)


@dataclass(frozen=True)
class Core:
    """What the core itself brings, in the same words as a plugin."""

    navigation: tuple[NavigationItem, ...]
    permissions: tuple[Permission, ...]
    settings: tuple[Setting, ...]
    slots: tuple[Slot, ...]
    announces: tuple[Announcement, ...]
    listens: tuple[Listener, ...] = ()


@dataclass(frozen=True)
class Registry:
    """All installed plugins, in an order in which each comes after those that it requires."""

    core: Core
    plugins: dict[str, Plugin]
    slots: dict[str, Slot]

    def on_here(self) -> list[Plugin]:
        """The plugins that are on in the municipality that we are in."""
        return [plugin for plugin in self.plugins.values() if is_on(plugin.name)]

    def with_required(self, name: str) -> tuple[str, ...]:
        """``name`` and all that it needs, those first."""
        return _in_order(self.plugins, [name])

    def with_dependants(self, name: str) -> tuple[str, ...]:
        """``name`` and all that need it, those first: what has to be switched off together."""
        return tuple(other for other in reversed(self.plugins) if name in self.with_required(other))


def registry() -> Registry:
    """The registry of the running application."""
    found: Registry = current_app.extensions["consult.registry"]
    return found


def load(core: Core) -> Registry:
    """Finds and checks all installed plugins. Raises ContractError with what, where, why and how to mend."""
    found: dict[str, Plugin] = {}
    for plugin in discover():
        if plugin.name in found:
            raise _error(plugin, "two plugins have one name", "names are addresses and table prefixes", "rename one")
        found[plugin.name] = plugin
    for plugin in found.values():
        _check_alone(plugin)
    ordered = {name: found[name] for name in _in_order(found, sorted(found))}
    loaded = Registry(core, ordered, {slot.name: slot for slot in _all(core, ordered, "slots")})
    _check_together(loaded)
    return loaded


def discover() -> Iterator[Plugin]:
    """All installed plugins: those of the folder ``plugins``, and those of packages that say so. Not checked yet."""
    root = Path(next(iter(bundled.__path__)))
    for folder in sorted(path.parent for path in root.glob("*/plugin.py")):
        yield _read(f"plugins.{folder.name}.plugin", folder.name)
    for point in sorted(entry_points(group="consult.plugins"), key=lambda point: point.name):
        yield _read(point.module, point.name)


def wire(app: Flask, loaded: Registry) -> None:
    """Puts the registry, the delivery, the permissions and the settings where the running application finds them."""
    listeners: dict[str, list[tuple[str | None, Listener]]] = {}
    for listener in loaded.core.listens:
        listeners.setdefault(listener.announcement, []).append((None, listener))
    for plugin in loaded.plugins.values():
        for listener in plugin.listens:
            listeners.setdefault(listener.announcement, []).append((plugin.name, listener))
    announcements = {one.name: one for one in _all(loaded.core, loaded.plugins, "announces")}
    settings = {one.name: one for one in loaded.core.settings}
    for plugin in loaded.plugins.values():
        settings |= {one.name: replace(one, plugin=plugin.name) for one in plugin.settings}
    app.extensions["consult.registry"] = loaded
    app.extensions["consult.delivery"] = Delivery(announcements, {k: tuple(v) for k, v in listeners.items()})
    app.extensions["consult.permissions"] = {one.name: one for one in _all(loaded.core, loaded.plugins, "permissions")}
    app.extensions["consult.settings"] = settings


def cards(place: str) -> list[tuple[Plugin, Card]]:
    """The cards of all installed plugins for this kind of home page, in their order."""
    found = [(plugin, card) for plugin in registry().plugins.values() for card in plugin.cards if card.place == place]
    return sorted(found, key=lambda pair: pair[1].order)


def fills(slot: str) -> list[Fill]:
    """What the plugins that are on here put into ``slot``. Raises LookupError for a slot that nobody declared."""
    if slot not in registry().slots:
        raise LookupError(f"nobody declared the slot {slot!r}")
    found = [fill for plugin in registry().on_here() for fill in plugin.fills if fill.slot == slot]
    return sorted(found, key=lambda fill: fill.order)


def _read(module_name: str, name: str) -> Plugin:
    module = importlib.import_module(module_name)
    plugin = getattr(module, "plugin", None)
    if not isinstance(plugin, Plugin):
        raise ContractError(
            f"{module_name} has no plugin", module_name, "the front door is a value", "end it in plugin = Plugin(…)"
        )
    folder = Path(inspect.getfile(module)).parent
    if plugin.name != name:
        raise ContractError(
            f"the plugin {plugin.name!r} lies under the name {name!r}", module_name, "one name everywhere", "rename one"
        )
    return replace(plugin, folder=folder)


def _check_alone(plugin: Plugin) -> None:
    if not plugin.name.isidentifier() or not plugin.name.islower():
        raise _error(plugin, "its name is not a lower-case word", "it is a folder and a prefix", "rename it")
    if plugin.pages.name != plugin.name:
        raise _error(plugin, f"its pages are called {plugin.pages.name!r}", "the gate finds a plugin by them", "rename")
    if plugin.path in RESERVED_PATHS:
        raise _error(plugin, f"its path {plugin.path!r} is the core's", "two pages cannot share it", "choose another")
    named: tuple[Any, ...] = (
        *plugin.permissions,
        *plugin.settings,
        *plugin.announces,
        *plugin.slots,
        *plugin.cards,
        *plugin.jobs,
    )
    for name in (one.name for one in named):
        if not name.startswith(f"{plugin.name}."):
            raise _error(plugin, f"{name!r} lacks its prefix", "names tell whose they are", f"{plugin.name}.…")
    for model in (*plugin.publishes, *plugin.models):
        if not model.__table__.name.startswith(f"{plugin.name}_"):
            raise _error(plugin, f"table {model.__table__.name}", "tables tell whose they are", f"{plugin.name}_…")
    for permission in plugin.permissions:
        strange = set(permission.roles) - set(ROLES)
        if strange:
            raise _error(plugin, f"{permission.name} names the roles {strange}", f"roles are {ROLES}", "use those")


def _check_together(loaded: Registry) -> None:
    plugins = loaded.plugins.values()
    _once(plugins, "path", lambda plugin: [plugin.path])
    _once(plugins, "table", lambda plugin: [model.__table__.name for model in (*plugin.publishes, *plugin.models)])
    announced = {one.name: one for one in _all(loaded.core, loaded.plugins, "announces")}
    for plugin in plugins:
        for listener in plugin.listens:
            announcement = announced.get(listener.announcement)
            if announcement is None:
                raise _error(
                    plugin, f"listens to {listener.announcement!r}", "nobody announces it", "see consult hooks"
                )
            _check_call(plugin, listener.hears, announcement.facts, listener.announcement)
        for fill in plugin.fills:
            slot = loaded.slots.get(fill.slot)
            if slot is None:
                raise _error(plugin, f"fills {fill.slot!r}", "no page has such a slot", "see consult hooks")
            _check_call(plugin, fill.facts, slot.facts, fill.slot)


def _check_call(plugin: Plugin, function: Callable[..., object], facts: tuple[str, ...], name: str) -> None:
    try:
        inspect.signature(function).bind(**dict.fromkeys(facts))
    except TypeError as reason:
        said = f"{name} gives {', '.join(facts)}: {reason}"
        raise _error(plugin, f"{function.__name__} cannot hear {name}", said, "name its parameters so") from None


def _once(plugins: Iterable[Plugin], what: str, names: Callable[[Plugin], list[str]]) -> None:
    owners: dict[str, str] = {}
    for plugin in plugins:
        for name in names(plugin):
            if name in owners:
                raise _error(plugin, f"{what} {name!r} is {owners[name]}'s", "two cannot share it", "choose another")
            owners[name] = plugin.name


def _in_order(found: dict[str, Plugin], names: Iterable[str]) -> tuple[str, ...]:
    done: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            circle = " → ".join((*path, name))
            raise _error(found[name], "requires itself", circle, "take one of these arrows out")
        if name not in found:
            raise _error(found[path[-1]], f"requires {name!r}", "it is not installed", f"install {name}")
        if name in done:
            return
        for needed in found[name].requires:
            visit(needed, (*path, name))
        done.append(name)

    for name in names:
        visit(name, ())
    return tuple(done)


def _all(core: Core, plugins: dict[str, Plugin], field: str) -> list[Any]:
    return [one for source in (core, *plugins.values()) for one in getattr(source, field)]


def _error(plugin: Plugin, what: str, why: str, mend: str) -> ContractError:
    where = f"plugin {plugin.name!r}, {plugin.folder / 'plugin.py' if plugin.folder else plugin.pages.import_name}"
    return ContractError(f"{plugin.name}: {what}", where, why, mend)
