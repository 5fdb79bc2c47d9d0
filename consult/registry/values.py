"""What is known of all plugins together: the core's own words, the plugins in their order, who needs whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from consult.access import Permission
from consult.announcements import Announcement, Listener
from consult.contract import NavigationItem, Plugin, Slot
from consult.errors import ContractError
from consult.modules import is_on
from consult.settings import Setting


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
        return in_order(self.plugins, [name])

    def with_dependants(self, name: str) -> tuple[str, ...]:
        """``name`` and all that need it, those first: what has to be switched off together."""
        return tuple(other for other in reversed(self.plugins) if name in self.with_required(other))

    def all_of(self, field: str) -> list[Any]:
        """What the core and then each plugin list in ``field``."""
        return [one for source in (self.core, *self.plugins.values()) for one in getattr(source, field)]


def in_order(found: dict[str, Plugin], names: Iterable[str]) -> tuple[str, ...]:
    """``names`` and all that they require, each after what it needs. Raises ContractError for a circle or a gap."""
    done: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            circle = " → ".join((*path, name))
            raise broken(found[name], "requires itself", circle, "take one of these arrows out")
        if name not in found:
            raise broken(found[path[-1]], f"requires {name!r}", "it is not installed", f"install {name}")
        if name in done:
            return
        for needed in found[name].requires:
            visit(needed, (*path, name))
        done.append(name)

    for name in names:
        visit(name, ())
    return tuple(done)


def broken(plugin: Plugin, what: str, why: str, mend: str) -> ContractError:
    """What is wrong with ``plugin``, ready to be raised."""
    where = f"plugin {plugin.name!r}, {plugin.folder / 'plugin.py' if plugin.folder else plugin.pages.import_name}"
    return ContractError(f"{plugin.name}: {what}", where, why, mend)
