"""The commands for who makes plugins: a new one is green at once, hooks and tour tell the truth, one goes cleanly."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from consult.cli.plugin_work import hooks, new_plugin, tour
from consult.cli.plugin_work.guide import STEPS
from consult.registry import BUNDLED
from consult.testing import outside
from consult.testing.postgres import VARIABLE, administrator_url
from tests.commands import ROOT, program, run
from tests.commands import one_app as one_app

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
    assert re.search(r"^    \d\. notices listens: notices\.outlets\._notice", printed, re.MULTILINE)
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
