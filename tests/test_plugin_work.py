"""The commands for who makes plugins: a new one is green at once, hooks and tour tell the truth, one goes cleanly."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from consult import modules, publishing, settings
from consult.cli.plugin_work import hooks, new_plugin, remove_plugin, tour
from consult.cli.plugin_work.guide import STEPS
from consult.clock import now
from consult.db import db, operation, owner_engine
from consult.errors import ContractError
from consult.journal import Entry
from consult.migrations import missing_plugins, removal, upgrade
from consult.modules import AllowedPlugin, EnabledPlugin
from consult.publishing import Publication, ShownIn
from consult.publishing.versions import PublicationVersion
from consult.registry import BUNDLED
from consult.tenancy import inside
from consult.testing import outside
from consult.testing.applications import furnished
from consult.testing.databases import Databases
from consult.testing.factories import OFF, ON, sign_in, town
from consult.testing.postgres import VARIABLE, administrator_url
from consult.testing.spare import spare_app as spare_app
from consult.testing.spare import spare_database as spare_database

ROOT = Path(__file__).resolve().parents[1]
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def one_app(databases: Databases) -> Any:
    """The furnished application on SQLite only: these commands ask the database little or nothing."""
    with furnished(databases.clean("sqlite")) as app:
        yield app


def run(app: Flask, command: Any, *words: str) -> Any:
    """What the command prints, and how it ends."""
    return app.test_cli_runner().invoke(command, list(words))


def program(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same as a program of its own."""
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True
    )


# ---- consult new-plugin


REFUSED = {
    "no word": (["Добро"], "lower-case Latin letters"),
    "capital letters": (["Ideas"], "lower-case Latin letters"),
    "a word of Python": (["class"], "no word of Python"),
    "too long": (["participatory_budgeting_of_ideas"], "20 at most"),
    "the core's": (["publication"], "The core uses the name"),
    "taken": (["news"], "There is a plugin 'news' already"),
    "taken by a plugin from outside": (["notices"], "There is a plugin 'notices' already"),
    "the beginning of another": (["news_letters"], "whose table is whose"),
    "a reserved path": (["ideas", "--path", "rabota"], "is the core's own"),
    "a taken path": (["ideas", "--path", "novini"], "is that of 'news'"),
    "a path that is no word": (["ideas", "--path", "Идеи"], "cannot stand in an address"),
}


@pytest.mark.parametrize(("words", "says"), REFUSED.values(), ids=REFUSED)
def test_a_bad_or_taken_name_is_refused_with_a_sentence(one_app, tmp_path, words, says):
    ended = run(one_app, new_plugin, *words, "--into", str(tmp_path / "new"))
    assert ended.exit_code == 1
    assert says in ended.output
    assert not (tmp_path / "new").exists()


def test_nothing_that_is_there_is_overwritten(one_app, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    ended = run(one_app, new_plugin, "ideas", "--into", str(tmp_path))
    assert "nothing of it is overwritten" in ended.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.fixture
def bundled(one_app, tmp_path, monkeypatch):
    """A copy of the house with one new plugin in its folder of plugins."""
    (tmp_path / "consult").symlink_to(ROOT / "consult")
    for name in ("pyproject.toml", ".importlinter"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "plugins").mkdir()
    shutil.copy(BUNDLED / "__init__.py", tmp_path / "plugins")
    (tmp_path / "plugins" / "news").symlink_to(BUNDLED / "news")  # the plugin from outside fills its slot
    monkeypatch.setattr("consult.cli.plugin_work.making.BUNDLED", tmp_path / "plugins")
    ended = run(one_app, new_plugin, "good_ideas", "--path", "idei")
    assert ended.exit_code == 0, ended.output
    return tmp_path


def test_a_new_plugin_in_the_folder_passes_every_check_as_it_stands(one_app, bundled):
    tool, name, folder = Path(sys.executable).parent, "good_ideas", "plugins/good_ideas"
    commands = [
        [str(tool / "ruff"), "check", folder],
        [str(tool / "ruff"), "format", "--check", folder],
        [str(tool / "lint-imports"), "--no-cache"],
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", name, folder, f"{ROOT}/tests/contract"],
    ]
    environment = os.environ | {"PYTHONPATH": str(bundled), VARIABLE: administrator_url()}
    environment["CONSULT_ASSETS"] = str(Path(one_app.config["INSTANCE"]) / "assets")  # laid out already
    for command in commands:
        ended = subprocess.run(command, cwd=bundled, env=environment, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stdout + ended.stderr


def test_a_new_package_of_ones_own_is_built_and_found(one_app, tmp_path):
    project, installed = tmp_path / "project", tmp_path / "installed"
    assert run(one_app, new_plugin, "good_ideas", "--into", str(project)).exit_code == 0
    assert (project / "pyproject.toml").exists()
    for words in (["check", "--select", "E,F,I,UP"], ["format", "--check"]):
        ended = program("ruff", *words, str(project))
        assert ended.returncode == 0, ended.stdout
    outside.install(project, installed)
    path = os.pathsep.join([str(installed), os.environ["PYTHONPATH"]])
    found = program("consult", "hooks", PYTHONPATH=path, CONSULT_INSTANCE=one_app.config["INSTANCE"])
    assert found.returncode == 0, found.stderr
    assert (installed / "good_ideas" / "migrations" / "good_ideas_0001.py").exists()


# ---- consult hooks, consult tour


def test_hooks_name_both_sides_of_everything(one_app):
    printed = run(one_app, hooks).output
    assert (
        "publishing.published(publication)\n    People can read it from now on.\n    announced by the core" in printed
    )
    assert "    1. notices listens: notices.outlets._notice" in printed
    assert "news.post_aside(post)\n    Beside a piece of news.\n    declared by news" in printed
    assert "    1. notices fills: notices/_beside_news.html, from notices.outlets._beside_news" in printed
    for name in one_app.extensions["consult.delivery"].announcements:
        assert f"\n{name}(" in printed


def test_the_tour_walks_the_ten_steps_of_a_real_request(one_app):
    printed = run(one_app, tour, "/stara-zagora/novini").output
    assert printed.startswith("GET http://localhost/stara-zagora/novini\n200 OK")
    numbers = [int(number) for number in re.findall(r"^ ?(\d+)\. ", printed, re.MULTILINE)]
    assert numbers == list(STEPS)
    assert "town Стара Загора (SZR31), root /stara-zagora" in printed
    assert "news.posts" in printed
    assert "news/list.html" in printed
    view = printed[printed.index(" 6. The view") : printed.index(" 7. The form")]
    assert "FROM shown_in WHERE shown_in.town_id = ?" in view
    assert "a GET sends no form" in printed


def test_the_tour_of_a_page_that_is_off_ends_at_the_gate(one_app):
    printed = run(one_app, tour, "http://localhost/yambol/en/novini").output
    assert "404 NOT FOUND" in printed
    assert re.search(r" 2\. The language .* en\n", printed)
    assert "closed: 404" in printed
    assert re.search(r" 6\. The view +– +not reached", printed)


def test_the_tour_of_a_host_that_is_not_ours_ends_at_the_door(one_app):
    printed = run(one_app, tour, "http://elsewhere.example/novini").output
    assert "400 BAD REQUEST" in printed
    assert "no place of this installation" in printed
    assert run(one_app, tour, "novini").exit_code == 1


def test_the_tour_leaves_no_footprints(one_app):
    views, find = dict(one_app.view_functions), sys.modules["consult.web.places"].Places.find
    run(one_app, tour, "/stara-zagora/novini")
    assert one_app.view_functions == views
    assert sys.modules["consult.web.places"].Places.find is find


# ---- consult remove-plugin


def tables(app: Flask) -> set[str]:
    """The tables that are there."""
    engine = owner_engine(app.config["DATABASE_OWNER_URL"])
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def tell_news(app: Flask) -> None:
    """A published, a scheduled and an unfinished piece of news in the town, shown in its neighbour too."""
    from plugins.news.models import Post

    with app.app_context():
        here, neighbour = town(ON), town(OFF)
        with inside(here):
            posts = [publishing.write(Post(title=f"Новина {number}", body="Текст")) for number in range(3)]
            publishing.publish(posts[0])
            publishing.share(posts[0], [neighbour])
            publishing.schedule(posts[1], now().replace(year=now().year + 1))
            settings.decide("news.on_home", 5)
            db.session.commit()


def test_what_another_plugin_requires_is_not_removed(one_app):
    from dataclasses import replace

    from consult import registry

    loaded = one_app.extensions["consult.registry"]
    notices = replace(loaded.plugins["notices"], requires=("news",))
    registry.wire(one_app, registry.load(loaded.core, (loaded.plugins | {"notices": notices}).values()))
    ended = run(one_app, remove_plugin, "news", "--yes")
    assert ended.exit_code == 1
    assert "notices requires news" in ended.output
    assert "news_post" in tables(one_app)


def test_what_is_on_somewhere_is_removed_only_when_told_so(one_app):
    ended = run(one_app, remove_plugin, "news")
    assert ended.exit_code == 1
    assert "on in Стара Загора" in ended.output
    assert "news_post" in tables(one_app)
    assert "knows a plugin 'events'" in run(one_app, remove_plugin, "events", "--yes").output
    assert "knows a plugin 'publication'" in run(one_app, remove_plugin, "publication", "--yes").output


def test_its_own_goes_and_the_record_stays(spare_app):
    tell_news(spare_app)
    ended = run(spare_app, remove_plugin, "news", "--yes")
    assert ended.exit_code == 0, ended.output
    assert "3 publications stay in the record" in ended.output
    assert not {name for name in tables(spare_app) if name.startswith("news_")}
    assert {"notices_notice", "publication", "municipality"} <= tables(spare_app)
    with spare_app.app_context(), inside(town(ON)):
        assert not modules.is_on("news")
        assert "news" not in modules.allowed_here()
        assert db.session.scalars(select(ShownIn)).all() == []
        assert settings.setting("news.on_home") == 3
        assert db.session.scalars(select(Publication)).all() == [], "no query meets them"
        rows = db.session.execute(text("select kind from publication")).all()
        assert [row.kind for row in rows] == ["removed news.post"] * 3
        assert len(db.session.scalars(select(PublicationVersion)).all()) == 3
        assert "publication.published" in db.session.scalars(select(Entry.what)).all()


def test_a_removed_plugin_comes_back_empty_and_meets_nothing_of_its_past(spare_app):
    tell_news(spare_app)
    run(spare_app, remove_plugin, "news", "--yes")
    upgrade(spare_app)
    with spare_app.app_context():
        here = town(ON)
        with inside(here):
            modules.enable(("news",))
            db.session.commit()
    with spare_app.app_context(), inside(town(OFF)):
        assert "news" not in modules.on_here()
    editor = sign_in(spare_app, "editor")
    for page in ("/", "/stara-zagora/", "/stara-zagora/rabota"):
        answer = editor.client.get(page)
        assert answer.status_code == 200
        assert "Новина" not in answer.text


def test_rows_of_a_plugin_that_is_gone_break_no_list(app):
    tell_news(app)
    with app.app_context(), inside(town(ON)):
        for number in range(3):
            _add_row_of_unknown_kind(number)
        db.session.commit()
        assert publishing.publish_due([town(ON)]) == 0
    editor = sign_in(app, "editor")
    for page in ("/", "/stara-zagora/", "/stara-zagora/novini", "/stara-zagora/novini.atom", "/stara-zagora/rabota"):
        answer = editor.client.get(page)
        assert answer.status_code == 200, page
        assert "Изгубено" not in answer.text
    admin = sign_in(app, "admin")
    form = {"_token": admin.token}
    assert admin.client.get("/stara-zagora/admin/moduli").status_code == 200
    answer = admin.client.post("/stara-zagora/admin/moduli/gone/vklyuchi", data=form, headers=FROM_OUR_PAGE)
    assert answer.status_code == 404


@operation
def _add_row_of_unknown_kind(number: int) -> None:
    """A draft, a scheduled and a published thing of a plugin that nobody has any more, which is on here."""
    here, state = town(ON), ("draft", "scheduled", "published")[number]
    moment = None if state == "draft" else now().replace(year=now().year - 1)
    words = dict.fromkeys(("short_title", "lead", "body", "body_html", "office", "withdrawn_reason"), "")
    words |= {"kind": "gone.thing", "state": state, "slug": "x", "title": "Изгубено"}
    moments = {"created_at": now(), "changed_at": now(), "published_at": moment}
    table: Any = Publication.__table__
    row = table.insert().values(**words, **moments, revision=1, municipality_id=here.id).returning(table.c.id)
    publication_id = db.session.connection().scalar(row)
    place = {"town_id": here.id, "kind": "gone.thing", "open_at": moment, "listed_at": moment}
    db.session.add(ShownIn(publication_id=publication_id, **place))
    if number == 0:
        for row_type in (AllowedPlugin, EnabledPlugin):
            db.session.add(row_type(plugin="gone", since=now(), by_id=None))


@pytest.fixture
def without_notices(spare_app, monkeypatch):
    """The application whose package of notices was uninstalled while its tables are still there."""
    from consult.app import create_app
    from consult.testing.applications import settings as chosen

    database = spare_app.extensions["consult.testing.database"]
    monkeypatch.setattr("consult.registry.entry_points", lambda group: ())
    app = create_app(chosen(database))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_site_goes_on_without_a_plugin_whose_folder_is_gone(without_notices):
    client = without_notices.test_client()
    assert client.get("/stara-zagora/").status_code == 200
    assert client.get("/stara-zagora/obyavi").status_code == 404
    with without_notices.app_context():
        assert missing_plugins(db.engine) == ["notices"]


def test_its_tables_are_taken_out_without_its_migrations(without_notices):
    with pytest.raises(ContractError, match="'notices' is not installed"):
        upgrade(without_notices)
    assert "on in Стара Загора" in run(without_notices, remove_plugin, "notices").output
    ended = run(without_notices, remove_plugin, "notices", "--yes")
    assert ended.exit_code == 0, ended.output
    assert "notices_notice" not in tables(without_notices)
    upgrade(without_notices)
    with without_notices.app_context():
        assert missing_plugins(db.engine) == []


def test_without_the_row_that_stands_for_the_core_nothing_is_taken_out(without_notices):
    engine = owner_engine(without_notices.config["DATABASE_OWNER_URL"])
    with engine.begin() as connection:
        connection.execute(text("delete from alembic_version where version_num <> 'notices_0001'"))
    engine.dispose()
    with pytest.raises(ContractError, match="at which revision the core stands"):
        removal.take_out(without_notices, "notices")
    assert "notices_notice" in tables(without_notices)


def test_start_and_commands_name_a_missing_plugin_in_one_line(one_app):
    chosen = {"CONSULT_DATABASE_URL": one_app.config["DATABASE_URL"], "CONSULT_INSTANCE": one_app.config["INSTANCE"]}
    ended = program("consult", "upgrade", PYTHONPATH="", **chosen)
    assert ended.returncode == 2
    assert "the plugin 'notices' is not installed" in ended.stderr
    assert "consult remove-plugin notices" in ended.stderr
    assert "Traceback" not in ended.stderr
    started = program("wsgi", PYTHONPATH="", **chosen)
    assert started.returncode == 0
    assert started.stderr.count("the plugin 'notices' is not installed") == 1
