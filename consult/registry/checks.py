"""What is checked when the application starts: each plugin alone, then all of them against each other."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

from consult.access import PUBLIC, ROLES, SIGNED_IN
from consult.contract import Plugin
from consult.registry.values import Registry, broken

# First words of the paths that the core keeps for itself in a town.
RESERVED_PATHS = frozenset(
    (
        *("bg", "en", "tr", "static", "operator", "vhod", "izhod", "profil", "rabota", "admin", "moeto"),
        *("tarsene", "k", "s", "kalendar", "fayl", "sledi", "mnenia", "pravila"),
    )
)
# First words of the core's own tables, endpoints, permissions, settings and announcements.
RESERVED_NAMES = frozenset(
    (
        *("account", "admin", "alembic", "allowed", "attachment", "calendars", "consult", "content", "core", "desk"),
        *("enabled", "files", "home", "installation", "journal", "letter", "letters", "membership", "modules"),
        *("municipality", "operator", "person", "plugins", "publication", "publishing", "setting"),
        *("profile", "link", "settings", "shown", "sign", "submission", "token"),
        *("following", "relation", "subscription"),
        *("addresses", "contribution", "moderation", "participation", "reporting", "watched"),
    )
)


def check_alone(plugin: Plugin) -> None:
    """Whether what the plugin says of itself fits together. Raises ContractError."""
    if not plugin.name.isidentifier() or not plugin.name.islower():
        raise broken(plugin, "its name is not a lower-case word", "it is a folder and a prefix", "rename it")
    if plugin.name in RESERVED_NAMES:
        raise broken(plugin, "its name is the core's", "tables and pages of this name are not a plugin's", "rename it")
    if plugin.path in RESERVED_PATHS:
        raise broken(plugin, f"its path {plugin.path!r} is the core's", "two pages cannot share it", "choose another")
    _check_pages(plugin)
    _check_prefixes(plugin)
    for job in plugin.jobs:
        if job.minutes < 1:
            what = f"{job.name} is done every {job.minutes} minutes"
            raise broken(plugin, what, "the clock asks once a minute", "give it 1 or more")
    for permission in plugin.permissions:
        strange = set(permission.roles) - set(ROLES)
        if strange:
            raise broken(plugin, f"{permission.name} names the roles {strange}", f"roles are {ROLES}", "use those")


def check_together(loaded: Registry) -> None:
    """Whether the plugins fit beside each other and the core. Raises ContractError."""
    plugins = loaded.plugins.values()
    _once(plugins, "path", lambda plugin: [plugin.path])
    _once(plugins, "short address", lambda plugin: [plugin.short] if plugin.short else [])
    _once(plugins, "table", lambda plugin: [model.__table__.name for model in plugin.tables])
    permissions = {PUBLIC, SIGNED_IN, *(one.name for one in loaded.all_of("permissions"))}
    for plugin in plugins:
        _check_names(plugin, loaded)
        _check_permissions(plugin, permissions)
        _check_listeners(plugin, loaded)
        _check_fills(plugin, loaded)


def _check_pages(plugin: Plugin) -> None:
    if plugin.pages.name != plugin.name:
        raise broken(plugin, f"its pages are called {plugin.pages.name!r}", "the gate finds a plugin by them", "rename")
    rules = getattr(plugin.pages, "rules", None)
    if rules is None:
        raise broken(plugin, "its pages are a plain blueprint", "nobody would ask who may open them", "use Pages(…)")
    for endpoint in [item.endpoint for item in plugin.navigation] + [feed.endpoint for feed in plugin.feeds]:
        if endpoint.removeprefix(f"{plugin.name}.") not in rules:
            raise broken(plugin, f"its menus or feeds lead to {endpoint!r}", "there is no such page", "mend the name")


def _check_prefixes(plugin: Plugin) -> None:
    lists: tuple[Any, ...] = (plugin.permissions, plugin.settings, plugin.announces, plugin.slots)
    named = [str(one.name) for listed in (*lists, plugin.cards, plugin.jobs) for one in listed]
    for name in named + [str(kind.__mapper__.polymorphic_identity) for kind in (*plugin.publishes, *plugin.receives)]:
        if not name.startswith(f"{plugin.name}."):
            raise broken(plugin, f"{name!r} lacks its prefix", "names tell whose they are", f"{plugin.name}.…")
    for model in plugin.tables:
        if not model.__table__.name.startswith(f"{plugin.name}_"):
            raise broken(plugin, f"table {model.__table__.name}", "tables tell whose they are", f"{plugin.name}_…")


def _check_names(plugin: Plugin, loaded: Registry) -> None:
    for other in loaded.plugins:
        if other.startswith(f"{plugin.name}_"):
            why = f"nobody could tell whose a table {other}_… is"
            raise broken(plugin, f"its name begins that of {other!r}", why, "rename one of them")


def _check_permissions(plugin: Plugin, permissions: set[str]) -> None:
    for endpoint, rule in getattr(plugin.pages, "rules", {}).items():
        if rule.may not in permissions:
            what = f"the page {endpoint!r} asks for the permission {rule.may!r}"
            raise broken(plugin, what, "nobody declared it, so nobody has it", "declare it, or mend the spelling")


def _check_listeners(plugin: Plugin, loaded: Registry) -> None:
    announced = {one.name: one for one in loaded.all_of("announces")}
    for listener in plugin.listens:
        announcement = announced.get(listener.announcement)
        if announcement is None:
            raise broken(plugin, f"listens to {listener.announcement!r}", "nobody announces it", "see consult hooks")
        _check_call(plugin, listener.hears, announcement.facts, listener.announcement)


def _check_fills(plugin: Plugin, loaded: Registry) -> None:
    for fill in plugin.fills:
        slot = loaded.slots.get(fill.slot)
        if slot is None:
            raise broken(plugin, f"fills {fill.slot!r}", "no page has such a slot", "see consult hooks")
        _check_call(plugin, fill.facts, slot.facts, fill.slot)


def _check_call(plugin: Plugin, function: Callable[..., object], facts: tuple[str, ...], name: str) -> None:
    try:
        inspect.signature(function).bind(**dict.fromkeys(facts))
    except TypeError as reason:
        said = f"{name} gives {', '.join(facts)}: {reason}"
        raise broken(plugin, f"{function.__name__} cannot hear {name}", said, "name its parameters so") from None


def _once(plugins: Iterable[Plugin], what: str, names: Callable[[Plugin], list[str]]) -> None:
    owners: dict[str, str] = {}
    for plugin in plugins:
        for name in names(plugin):
            if name in owners:
                raise broken(plugin, f"{what} {name!r} is {owners[name]}'s", "two cannot share it", "choose another")
            owners[name] = plugin.name
