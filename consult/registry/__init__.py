"""Finds the plugins, checks them against each other and wires them up; what is wrong stops the start."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path

from flask import Flask, current_app

import plugins as bundled
from consult.announcements import Delivery, Listener
from consult.contract import Card, Fill, Plugin
from consult.errors import ContractError
from consult.registry.checks import RESERVED_NAMES, RESERVED_PATHS, check_alone, check_together
from consult.registry.values import Core, Registry, broken, in_order

__all__ = [
    "BUNDLED",
    "RESERVED_NAMES",
    "RESERVED_PATHS",
    "Core",
    "Registry",
    "cards",
    "discover",
    "fills",
    "load",
    "registry",
    "wire",
]

BUNDLED = Path(next(iter(bundled.__path__)))  # the folder of the plugins that come with the platform


def registry() -> Registry:
    """The registry of the running application."""
    found: Registry = current_app.extensions["consult.registry"]
    return found


def discover() -> Iterator[Plugin]:
    """All installed plugins: those of the folder ``plugins``, and those of packages that say so. Not checked yet."""
    for folder in sorted(path.parent for path in BUNDLED.glob("*/plugin.py")):
        yield _read(f"plugins.{folder.name}.plugin", folder.name)
    for point in sorted(entry_points(group="consult.plugins"), key=lambda point: point.name):
        yield _read(point.module, point.name)


def load(core: Core, plugins: Iterable[Plugin] | None = None) -> Registry:
    """Checks ``plugins``, or all that are installed. Raises ContractError with what, where, why and how to mend."""
    found: dict[str, Plugin] = {}
    for plugin in discover() if plugins is None else plugins:
        if plugin.name in found:
            raise broken(plugin, "two plugins have one name", "names are addresses and table prefixes", "rename one")
        found[plugin.name] = plugin
    for plugin in found.values():
        check_alone(plugin)
    ordered = {name: found[name] for name in in_order(found, sorted(found))}
    slots = (*core.slots, *(slot for plugin in ordered.values() for slot in plugin.slots))
    loaded = Registry(core, ordered, {slot.name: slot for slot in slots})
    check_together(loaded)
    return loaded


def wire(app: Flask, loaded: Registry) -> None:
    """Puts the registry, the delivery, the permissions and the settings where the running application finds them."""
    listeners: dict[str, list[tuple[str | None, Listener]]] = {}
    for listener in loaded.core.listens:
        listeners.setdefault(listener.announcement, []).append((None, listener))
    for plugin in loaded.plugins.values():
        for listener in plugin.listens:
            listeners.setdefault(listener.announcement, []).append((plugin.name, listener))
    announcements = {one.name: one for one in loaded.all_of("announces")}
    settings = {one.name: one for one in loaded.core.settings}
    for plugin in loaded.plugins.values():
        settings |= {one.name: replace(one, plugin=plugin.name) for one in plugin.settings}
    app.extensions["consult.registry"] = loaded
    app.extensions["consult.delivery"] = Delivery(announcements, {k: tuple(v) for k, v in listeners.items()})
    app.extensions["consult.permissions"] = {one.name: one for one in loaded.all_of("permissions")}
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
