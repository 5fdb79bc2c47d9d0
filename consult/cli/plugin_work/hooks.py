"""`consult hooks`: every announcement and every slot, with who stands on either side of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from consult.announcements import Announcement, Delivery
from consult.contract import Slot
from consult.registry import registry


@click.command("hooks")
@with_appcontext
def hooks() -> None:
    """Print every announcement and slot: who makes it, what it tells, who listens or fills, in order."""
    delivery: Delivery = current_app.extensions["consult.delivery"]
    click.echo("ANNOUNCEMENTS: what happened, told in the caller's transaction, in this order.\n")
    for one in sorted(delivery.announcements.values(), key=lambda one: one.name):
        click.echo("\n".join(_announcement(one, delivery)) + "\n")
    click.echo("SLOTS: named places on a page, filled in this order.\n")
    for slot in sorted(registry().slots.values(), key=lambda slot: slot.name):
        click.echo("\n".join(_slot(slot)) + "\n")


def _announcement(one: Announcement, delivery: Delivery) -> Iterator[str]:
    yield f"{one.name}({', '.join(one.facts)})"
    yield f"    {one.means}"
    yield f"    announced by {_owner('announces', one)}"
    listeners = delivery.listeners.get(one.name, ())
    for number, (plugin, listener) in enumerate(listeners, 1):
        yield f"    {number}. {plugin or 'the core'} listens: {_name(listener.hears)}"
    if not listeners:
        yield "    nobody listens"


def _slot(slot: Slot) -> Iterator[str]:
    yield f"{slot.name}({', '.join(slot.facts)})"
    yield f"    {slot.means}"
    yield f"    declared by {_owner('slots', slot)}"
    found = [(plugin.name, fill) for plugin in registry().plugins.values() for fill in plugin.fills]
    fills = sorted(((name, fill) for name, fill in found if fill.slot == slot.name), key=lambda pair: pair[1].order)
    for number, (name, fill) in enumerate(fills, 1):
        yield f"    {number}. {name} fills: {fill.template}, from {_name(fill.facts)}"
    if not fills:
        yield "    nobody fills it"


def _owner(field: str, one: Any) -> str:
    owners = (plugin.name for plugin in registry().plugins.values() if one in getattr(plugin, field))
    return next(owners, "the core")


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__name__}"
