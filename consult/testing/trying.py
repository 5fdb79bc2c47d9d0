"""How the contract tests try a plugin: its addresses, rows that could be its own, and who was asked for what."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, inspect, select

from consult import modules, registry
from consult.access import PUBLIC
from consult.announcements import announce
from consult.clock import now
from consult.contract import Plugin
from consult.db import Base, db, operation
from consult.publishing import Publication, publish, write
from consult.tenancy import Municipality, inside, touch
from consult.testing.counting import count_queries
from consult.testing.factories import ON, ROLES, sign_in, town
from consult.web.layout import slot

VARIABLE_PART = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>")
KEY_OF_A_KIND = ("id", "municipality_id")
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
        Address(
            rule.endpoint, VARIABLE_PART.sub(partial(_sample, app), rule.rule), _methods(rule), "<" not in rule.rule
        )
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
    """Puts stand-ins into cards, calendars, fills, tasks and listeners: who was asked, and all who could be."""
    asked: list[str] = []
    loaded: registry.Registry = app.extensions["consult.registry"]
    mine = loaded.plugins[plugin.name]
    watched = replace(
        mine,
        cards=tuple(replace(one, facts=_noting(asked, one.name, None)) for one in mine.cards),
        calendars=tuple(
            replace(one, entries=_noting(asked, f"calendar {number}", ())) for number, one in enumerate(mine.calendars)
        ),
        fills=tuple(replace(one, facts=_noting(asked, one.slot, None)) for one in mine.fills),
        desk=tuple(_noting(asked, f"desk {number}", ()) for number, _ in enumerate(mine.desk)),
        listens=tuple(replace(one, hears=_noting(asked, one.announcement, None)) for one in mine.listens),
    )
    registry.wire(app, replace(loaded, plugins=loaded.plugins | {plugin.name: watched}))
    names = {one.name for one in mine.cards if one.place == "town"} | {one.slot for one in mine.fills}
    names |= {f"calendar {number}" for number, _ in enumerate(mine.calendars)}
    names |= {f"desk {number}" for number, _ in enumerate(mine.desk)} | {one.announcement for one in mine.listens}
    return asked, names


def try_parts(app: Flask, plugin: Plugin, code: str) -> None:
    """Opens in one town all that could ask the plugin: home page, desk, calendar, slots, what it listens to."""
    for browser in browsers(app, code):
        browser.ask(address_in(app, code, "/"))
        browser.ask(address_in(app, code, "/rabota"))
        browser.ask(address_in(app, code, "/kalendar.ics"))
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


def _needed_by_kinds(plugin: Plugin) -> list[type[Any]]:
    """Those of its models to which a row of one of its kinds has to point."""
    wanted = {key.column.table for kind in plugin.publishes for key in kind.__table__.foreign_keys}
    return [one for one in plugin.models if one.__table__ in wanted]


@operation
def make_publications(kind: type[Publication], count: int) -> None:
    """Publishes ``count`` of this kind here; columns that the kind must have are filled by their types."""
    made = {table.name: _any_of(table) for table in _pointed_to(kind)}
    for number in range(count):
        words = {"title": f"{NEVER_SEEN}{number}", "lead": "Кратко.", "body": "Един абзац.\n\nИ още един."}
        own = {name: value for name, value in _values(inspect(kind).local_table, made) if name not in KEY_OF_A_KIND}
        publish(write(kind(**words, **own)))


def _pointed_to(kind: type[Any]) -> set[Any]:
    tables = {key.column.table for key in kind.__table__.foreign_keys}
    return {one for one in tables if one.name not in ("publication", "municipality")}


def _any_of(table: Any) -> Any:
    """The key of a row that is here: by the model, so that the wall is asked."""
    model = next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)
    return db.session.scalar(select(model.id).limit(1))


@operation
def make_contributions(plugin: Plugin, made: dict[str, Any]) -> dict[str, Any]:
    """Keeps one of each of its kinds of contributions here."""
    for kind in plugin.receives:
        tables = [mapper.local_table for mapper in inspect(kind).iterate_to_root()]
        values = {name: value for table in tables for name, value in _values(table, made)}
        row = kind(**{name: value for name, value in values.items() if name not in (*KEY_OF_A_KIND, "kind")})
        db.session.add(row)
        db.session.flush()
        made = {**made, "contribution": row.id}
    return made


@operation
def make_rows(models: Sequence[type[Any]], made: dict[str, Any]) -> dict[str, Any]:
    """Keeps one row of each model here, filled by the types of the columns; answers their keys by table."""
    made = dict(made)
    for table in Base.metadata.sorted_tables:
        for model in (one for one in models if one.__table__ is table):
            row = model(**dict(_values(table, made)))
            db.session.add(row)
            db.session.flush()
            made[table.name] = inspect(row).identity[0]
    return made


def public(app: Flask, plugin: Plugin) -> list[Address]:
    """Those of its pages that everybody may open."""
    rules = app.extensions["consult.page_rules"]
    return [one for one in pages(app, plugin) if rules[one.endpoint].may == PUBLIC]


def make(app: Flask, plugin: Plugin, count: int) -> None:
    """Publishes ``count`` of each of its kinds where it is on, and keeps a row of each of its models."""
    with app.app_context():
        here = town(ON)
        with inside(here):
            made = make_rows(_needed_by_kinds(plugin), {"municipality": here.id})
            for kind in plugin.publishes:
                make_publications(kind, count)
            made["publication"] = db.session.scalar(select(Publication.id).limit(1))
            made = make_contributions(plugin, made)
            make_rows([one for one in plugin.models if one.__table__.name not in made], made)
            touch(here.id)
            db.session.commit()


def kept(app: Flask, plugin: Plugin) -> dict[str, list[Any]]:
    """Everything that it keeps where it is on, by model."""
    with app.app_context(), inside(town(ON)):
        return {one.__name__: _rows(one) for one in plugin.tables}


def switch(app: Flask, plugin: Plugin, *, is_on: bool) -> None:
    """Switches it on or off in the town where everything is on, with those that need it."""
    with app.app_context(), inside(town(ON)):
        if is_on:
            modules.enable(tuple(registry.registry().plugins))
        else:
            modules.disable(registry.registry().with_dependants(plugin.name))
        db.session.commit()


def costs(app: Flask, plugin: Plugin) -> dict[str, int]:
    """Queries by page, for whoever may open it; asked twice, because the first one fills what is remembered."""
    costs: dict[str, int] = {}
    paths = [address_in(app, ON, one.path) for one in pages(app, plugin)]
    for browser in browsers(app, ON, "admin"):
        for path in paths:
            browser.ask(path)
            app.extensions.pop("consult.kept", None)
            with count_queries(app) as queries:
                answer = browser.ask(path)
            if answer.status_code == 200:
                costs[f"{path} for {browser.who}"] = len(queries)
    return costs


def imports(plugin: Plugin) -> Iterator[tuple[str, str]]:
    """What its files import, those of its tests left out: (file, module)."""
    folder = plugin.folder or Path()
    for path in sorted(folder.rglob("*.py")):
        if "tests" in path.relative_to(folder).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path.name, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield path.name, node.module


def _rows(model: type[Any]) -> list[dict[str, Any]]:
    columns = [column.key for column in inspect(model).column_attrs]
    return [{name: getattr(row, name) for name in columns} for row in db.session.scalars(select(model)).all()]


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


def _sample(app: Flask, part: re.Match[str]) -> str:
    """What a part of an address may be: what its converter gives as an ``example``, a number, or a word."""
    converter = app.url_map.converters.get(part[1] or "default")
    return str(getattr(converter, "example", "1" if part[1] in ("number", "int") else "x"))


def _methods(rule: Any) -> tuple[str, ...]:
    return tuple(sorted(rule.methods - {"HEAD", "OPTIONS"}))


def _noting(seen: list[str], name: str, answer: Any) -> Callable[..., Any]:
    def note(*_: Any, **__: Any) -> Any:
        seen.append(name)
        return answer

    return note
