"""The promises of every plugin, as tests. `pytest tests/contract` tries all that are installed on both databases.

A plugin of your own: `from consult.testing.contract import *` in one of its tests, with ``PLUGIN = "its_name"`` beside.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Table, func, inspect, select, text

from consult import settings
from consult.access import PUBLIC, ROLES, SIGNED_IN, permissions
from consult.contract import Plugin
from consult.db import Base, db, owner_engine
from consult.errors import Refused
from consult.i18n import LANGUAGES, force_locale
from consult.migrations import alembic_config, is_current, upgrade
from consult.registry import discover
from consult.tenancy import inside
from consult.testing import trying
from consult.testing.factories import OFF, ON, town
from consult.testing.spare import spare_app as spare_app
from consult.testing.spare import spare_database as spare_database


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every promise is tried on every installed plugin, or on the module's own ``PLUGIN``."""
    if "plugin" in metafunc.fixturenames:
        only = getattr(metafunc.module, "PLUGIN", None)
        metafunc.parametrize(
            "plugin", [one for one in discover() if only in (None, one.name)], ids=lambda one: one.name
        )


# ---- What it is


def test_it_is_a_value_that_nothing_changes(plugin: Plugin) -> None:
    with pytest.raises(FrozenInstanceError):
        plugin.name = "other"  # type: ignore[misc]
    lists = [field.name for field in fields(plugin) if isinstance(getattr(plugin, field.name), list | dict | set)]
    assert not lists, "a tuple cannot be added to by another plugin; a list can"


def test_its_words_say_something_in_every_language(app: Flask, plugin: Plugin) -> None:
    for language in LANGUAGES:
        with app.test_request_context(), inside(town(ON)), force_locale(language):
            words = [plugin.title, plugin.summary, plugin.keeps(), *(one.title for one in plugin.navigation)]
            words += [one.title for one in plugin.permissions]
            words += [one.title for one in plugin.settings]
            words += [one.title for one in plugin.feeds]
            words += [one.title for one in plugin.calendars]
            said = [str(one) for one in words]
        assert all(one.strip() and "%(" not in one for one in said), (language, said)


def test_it_imports_the_core_by_one_door_and_no_neighbour(plugin: Plugin) -> None:
    neighbours = {one.pages.import_name.split(".views")[0] for one in discover() if one.name != plugin.name}
    for path, module in trying.imports(plugin):
        is_core = module.split(".")[0] == "consult"
        assert not is_core or module == "consult.api", f"{path} imports {module}"
        assert not any(f"{module}.".startswith(f"{one}.") for one in neighbours), f"{path} imports {module}"


def test_its_templates_lie_under_its_name(plugin: Plugin) -> None:
    folder = _folder(plugin) / "templates"
    others = [path for path in folder.rglob("*.html") if path.relative_to(folder).parts[0] != plugin.name]
    assert not others, "templates of all plugins are found in one search; a shared name would show somebody else's"


# ---- Who may open it


def test_every_page_says_who_may_open_it(app: Flask, plugin: Plugin) -> None:
    rules = app.extensions["consult.page_rules"]
    for address in trying.addresses(app, plugin):
        assert address.endpoint in rules, f"{address.path} was added past Pages and says nothing"
        with app.app_context():
            assert rules[address.endpoint].may in {PUBLIC, SIGNED_IN, *permissions()}, address.path
        words = address.path.removeprefix("/rabota").removeprefix("/admin").split("/")
        assert words[1].split(".")[0] in (plugin.path, plugin.short or plugin.path), (
            f"{address.path} does not begin with the plugin's word"
        )
        assert words[-1], "an address has one spelling, without a slash at its end"


def test_its_permissions_are_somebodys(app: Flask, plugin: Plugin) -> None:
    for permission in plugin.permissions:
        assert permission.roles, f"nobody may {permission.name}"
        assert set(permission.roles) <= set(ROLES)


# ---- On and off


def test_its_addresses_are_there_where_it_is_on_and_nowhere_else(app: Flask, plugin: Plugin) -> None:
    reached = trying.watch_views(app, plugin)
    staff, neighbours = trying.browsers(app, ON), trying.browsers(app, OFF, "admin")
    for address in trying.addresses(app, plugin):
        for method in address.methods:
            for one in staff:
                one.ask(trying.address_in(app, ON, address.path), method)
            assert address.endpoint in reached, f"{method} {address.path} leads nobody anywhere"
            reached.clear()
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
            path = trying.address_in(app, OFF, address.path)
            answers = {one.who: one.ask(path, method).status_code for one in neighbours}
            assert set(answers.values()) == {404}, f"{method} {path} where it is off: {answers}"
            assert not reached


def test_its_pages_open_without_a_mistake(app: Flask, plugin: Plugin) -> None:
    trying.make(app, plugin, 1)
    for address in trying.pages(app, plugin):
        path = trying.address_in(app, ON, address.path)
        answers = {one.who: one.ask(path).status_code for one in trying.browsers(app, ON)}
        assert 200 in answers.values(), f"{path} opens for nobody: {answers}"
        assert set(answers.values()) <= {200, 302, 403}, f"{path}: {answers}"


def test_its_menus_are_there_where_it_is_on_and_nowhere_else(app: Flask, plugin: Plugin) -> None:
    paths = {one.endpoint: one.path for one in trying.pages(app, plugin)}
    items = {item.endpoint: item for item in plugin.navigation}.values()
    for code, is_on in ((ON, True), (OFF, False)):
        seen = ""
        for browser in trying.browsers(app, code):
            seen += browser.ask(trying.address_in(app, code, "/")).text
            seen += browser.ask(trying.address_in(app, code, "/rabota")).text
        links = [f'href="{trying.address_in(app, code, paths[item.endpoint])}"' for item in items]
        missing = [link for link in links if link not in seen]
        assert missing == ([] if is_on else links)


def test_it_is_asked_where_it_is_on_and_nowhere_else(app: Flask, plugin: Plugin) -> None:
    asked, all_parts = trying.watch_parts(app, plugin)
    trying.try_parts(app, plugin, ON)
    assert set(asked) == all_parts
    asked.clear()
    trying.try_parts(app, plugin, OFF)
    assert not asked


def test_off_and_on_again_it_shows_what_it_showed(app: Flask, plugin: Plugin) -> None:
    trying.make(app, plugin, 1)
    visitor, paths = app.test_client(), [trying.address_in(app, ON, one.path) for one in trying.public(app, plugin)]
    before = [visitor.get(path).text for path in paths]
    kept, on_the_region = trying.kept(app, plugin), visitor.get("/").text
    assert all(kept.values()), "nothing was made, so nothing could be lost"
    trying.switch(app, plugin, is_on=False)
    assert {visitor.get(path).status_code for path in paths} <= {404}
    assert trying.kept(app, plugin) == kept
    if plugin.publishes:
        assert any(trying.NEVER_SEEN in page for page in before)
        assert trying.NEVER_SEEN not in visitor.get("/").text + visitor.get("/kalendar.ics").text
        assert trying.NEVER_SEEN not in visitor.get(trying.address_in(app, ON, "/")).text
    trying.switch(app, plugin, is_on=True)
    assert [visitor.get(path).text for path in paths] == before
    assert visitor.get("/").text == on_the_region


# ---- What it keeps


def test_its_tables_carry_its_name_and_their_municipality(plugin: Plugin) -> None:
    tables = _tables(plugin)
    found = [table.name for table in Base.metadata.sorted_tables if table.name.startswith(f"{plugin.name}_")]
    assert sorted(found) == sorted(table.name for table in tables), "name every model in publishes or models"
    for table in tables:
        assert not table.columns["municipality_id"].nullable
        for key in table.foreign_key_constraints:
            if "municipality_id" in key.referred_table.columns:
                assert "municipality_id" in key.column_keys, (
                    f"{table.name} could point to a neighbour's row: {key.name}"
                )


def test_its_rows_stay_behind_both_walls(app: Flask, plugin: Plugin) -> None:
    trying.make(app, plugin, 1)
    with app.app_context(), inside(town(OFF)):
        for model in plugin.tables:
            assert db.session.scalar(select(func.count()).select_from(model)) == 0, f"the wall of {model.__name__}"
        if db.engine.dialect.name != "postgresql":
            return
        forced = text("select relname from pg_class where relrowsecurity and relforcerowsecurity")
        assert {table.name for table in _tables(plugin)} <= set(db.session.scalars(forced))
        for table in _tables(plugin):
            assert db.session.scalar(text(f"select count(*) from {table.name}")) == 0, f"the policy of {table.name}"


def test_its_migrations_go_up_and_down_and_up(spare_app: Flask, plugin: Plugin) -> None:
    names = {table.name for table in _tables(plugin)}
    with spare_app.app_context():
        engine = owner_engine(spare_app.config["DATABASE_OWNER_URL"])
        before = set(inspect(engine).get_table_names())
        assert names <= before
        if names:
            _check_branch(plugin)
            with engine.begin() as connection:
                command.downgrade(alembic_config(connection), f"{plugin.name}@base")
            assert set(inspect(engine).get_table_names()) == before - names
            upgrade(spare_app)
        assert is_current(engine)
        with engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        engine.dispose()


# ---- What may be decided, and what it costs


def test_its_settings_take_their_answers_and_refuse_others(app: Flask, plugin: Plugin) -> None:
    with app.app_context(), inside(town(ON)):
        for one in plugin.settings:
            settings.decide(one.name, one.default)
            assert settings.setting(one.name) == one.default
            wrong: list[Any] = [None, [], object() if isinstance(one.default, str) else "x"]
            if isinstance(one.default, int) and not isinstance(one.default, bool):
                wrong += [one.least - 1, one.most + 1]
            elif one.choices:
                wrong += ["none of these"]
            for answer in wrong:
                with pytest.raises(Refused):
                    settings.decide(one.name, answer)
        db.session.rollback()


def test_its_pages_cost_the_same_with_one_row_and_with_three_hundred(app: Flask, plugin: Plugin) -> None:
    trying.make(app, plugin, 1)
    first = trying.costs(app, plugin)
    for kind in plugin.publishes:
        with app.app_context(), inside(town(ON)):
            trying.make_publications(kind, 299)
            db.session.commit()
    assert trying.costs(app, plugin) == first


def _folder(plugin: Plugin) -> Path:
    assert plugin.folder is not None
    return plugin.folder


def _tables(plugin: Plugin) -> list[Table]:
    return [model.__table__ for model in plugin.tables]


def _check_branch(plugin: Plugin) -> None:
    script = ScriptDirectory.from_config(alembic_config())
    revisions = [one for one in script.walk_revisions() if plugin.name in one.branch_labels]
    assert revisions, "its first migration has branch_labels = (its name,)"
    for one in revisions:
        assert one.revision.startswith(f"{plugin.name}_"), "a revision tells whose it is, even without its file"
