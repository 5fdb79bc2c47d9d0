"""How the contract tests try a plugin: its addresses, rows that could be its own, and who was asked for what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, inspect, select

from consult import registry
from consult.announcements import announce
from consult.clock import now
from consult.contract import Plugin
from consult.db import Base, db, operation
from consult.publishing import Publication, publish, write
from consult.tenancy import Municipality, inside, touch
from consult.testing.factories import ROLES, sign_in, town
from consult.web.layout import slot

VARIABLE_PART = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>")
NEVER_SEEN = "Подписано с щастие № "  # a title that no template says by itself


@dataclass(frozen=True)
class Address:
    """One address of a plugin inside a town; where it has a number it is 1, where it has a word it is "x"."""

    endpoint: str
    path: str
    methods: tuple[str, ...]
    is_whole: bool  # no part of it varies


@dataclass(frozen=True)
class Browser:
    """Somebody's browser. ``who`` is a role, or "visitor"."""

    who: str
    client: FlaskClient
    token: str

    def ask(self, path: str, method: str = "GET") -> Any:
        """The answer to a request as this person's browser would send it from a page of ours."""
        form = {"_token": self.token} if method == "POST" else None
        return self.client.open(path, method=method, data=form, headers={"Sec-Fetch-Site": "same-origin"})


def addresses(app: Flask, plugin: Plugin) -> list[Address]:
    """All addresses of the plugin, as the URL map knows them."""
    return [
        Address(rule.endpoint, VARIABLE_PART.sub(_sample, rule.rule), _methods(rule), "<" not in rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(f"{plugin.name}.")
    ]


def pages(app: Flask, plugin: Plugin) -> list[Address]:
    """Those that can be opened as they stand."""
    return [one for one in addresses(app, plugin) if one.is_whole and "GET" in one.methods]


def browsers(app: Flask, code: str, *roles: str) -> list[Browser]:
    """A visitor's browser and those of this town's staff, one a role."""
    signed_in = {role: sign_in(app, role, code) for role in roles or ROLES}
    staff = [Browser(role, one.client, one.token) for role, one in signed_in.items()]
    return [Browser("visitor", app.test_client(), ""), *staff]


def watch_views(app: Flask, plugin: Plugin) -> list[str]:
    """Puts a stand-in before every view of the plugin; the list that is answered names those that were reached."""
    reached: list[str] = []
    for endpoint in {one.endpoint for one in addresses(app, plugin)}:
        app.view_functions[endpoint] = _noting(reached, endpoint, "reached")
    return reached


def watch_parts(app: Flask, plugin: Plugin) -> tuple[list[str], set[str]]:
    """Puts stand-ins into cards, fills, tasks and listeners: the list of who was asked, and all who could be."""
    asked: list[str] = []
    loaded: registry.Registry = app.extensions["consult.registry"]
    mine = loaded.plugins[plugin.name]
    watched = replace(
        mine,
        cards=tuple(replace(one, facts=_noting(asked, one.name, None)) for one in mine.cards),
        fills=tuple(replace(one, facts=_noting(asked, one.slot, None)) for one in mine.fills),
        desk=tuple(_noting(asked, f"desk {number}", ()) for number, _ in enumerate(mine.desk)),
        listens=tuple(replace(one, hears=_noting(asked, one.announcement, None)) for one in mine.listens),
    )
    registry.wire(app, replace(loaded, plugins=loaded.plugins | {plugin.name: watched}))
    names = {one.name for one in mine.cards if one.place == "town"} | {one.slot for one in mine.fills}
    names |= {f"desk {number}" for number, _ in enumerate(mine.desk)} | {one.announcement for one in mine.listens}
    return asked, names


def try_parts(app: Flask, plugin: Plugin, code: str) -> None:
    """Opens in one town all that could ask the plugin: the home page, the desk, its slots, what it listens to."""
    for browser in browsers(app, code):
        browser.ask(address_in(app, code, "/"))
        browser.ask(address_in(app, code, "/rabota"))
    with app.app_context(), inside(town(code)):
        for fill in plugin.fills:
            slot(fill.slot, **dict.fromkeys(registry.registry().slots[fill.slot].facts))
        for listener in plugin.listens:
            announcement = app.extensions["consult.delivery"].announcements[listener.announcement]
            announce(listener.announcement, **dict.fromkeys(announcement.facts))


def address_in(app: Flask, code: str, path: str) -> str:
    """The path of a page in the town with this code."""
    with app.app_context():
        slug = db.session.scalar(select(Municipality.slug).where(Municipality.code == code))
        db.session.remove()
    return f"/{slug}{path}"


@operation
def make_publications(kind: type[Publication], count: int) -> None:
    """Publishes ``count`` of this kind here; columns that the kind must have are filled by their types."""
    for number in range(count):
        words = {"title": f"{NEVER_SEEN}{number}", "lead": "Кратко.", "body": "Един абзац.\n\nИ още един."}
        own = dict(_values(inspect(kind).local_table, {"publication": None}))
        publish(write(kind(**words, **{name: own[name] for name in own if own[name] is not None})))


@operation
def make_rows(plugin: Plugin, town_id: int) -> None:
    """Keeps one row of each model of the plugin here, filled by the types of the columns."""
    made: dict[str, Any] = {"municipality": town_id}
    for table in Base.metadata.sorted_tables:
        for model in (one for one in plugin.models if one.__table__ is table):
            row = model(**dict(_values(table, made)))
            db.session.add(row)
            db.session.flush()
            made[table.name] = inspect(row).identity[0]
    touch(town_id)


def all_rows(plugin: Plugin) -> dict[str, list[Any]]:
    """Everything that the plugin keeps here, by model."""
    models = (*plugin.publishes, *plugin.models)
    return {one.__name__: [_as_dict(row) for row in db.session.scalars(select(one)).all()] for one in models}


def _as_dict(row: Any) -> dict[str, Any]:
    return {name.key: getattr(row, name.key) for name in inspect(type(row)).column_attrs}


def _values(table: Any, made: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The columns that cannot be left out, each with a value of its type or the row that it points to."""
    for column in table.columns:
        if column.nullable or column.default is not None or column.server_default is not None:
            continue
        pointed_to = [key.column.table.name for key in column.foreign_keys if key.column.table.name in made]
        if column.primary_key and not pointed_to and column.autoincrement:
            continue
        yield column.name, made[pointed_to[0]] if pointed_to else _value(column)


def _value(column: Column[Any]) -> Any:
    tomorrow = now() + timedelta(days=1)
    kind = column.type.python_type.__name__
    return {"str": "x", "int": 1, "float": 1.0, "bool": False, "dict": {}, "date": tomorrow.date()}.get(kind, tomorrow)


def _sample(part: re.Match[str]) -> str:
    return "1" if part[1] in ("number", "int") else "x"


def _methods(rule: Any) -> tuple[str, ...]:
    return tuple(sorted(rule.methods - {"HEAD", "OPTIONS"}))


def _noting(seen: list[str], name: str, answer: Any) -> Callable[..., Any]:
    def note(*_: Any, **__: Any) -> Any:
        seen.append(name)
        return answer

    return note
