"""What the documents say is true: the plugin book's plugin runs, the tour quotes real lines, the words exist."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from consult.cli.plugin_work.guide import STEPS
from consult.testing import outside
from consult.testing.applications import PROCESS
from consult.testing.postgres import VARIABLE as POSTGRES
from consult.testing.run import VARIABLE as FOLDER
from consult.testing.run import quick_folder

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIRST_LINE = re.compile(r"(?:#|\{#-) (?P<path>[\w./-]+?)(?P<further>, further)?(?::.*)?(?: -#\})?$")


def blocks(document: str, *languages: str) -> list[str]:
    """The fenced blocks of a document in these languages, in order."""
    text = (DOCS / document).read_text(encoding="utf-8")
    return [body for language, body in BLOCK.findall(text) if language in languages]


# ---- The plugin book


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin of the book, written into files as its snippets say."""
    folder = tmp_path_factory.mktemp("book")
    for block in blocks("plugin-book.md", "python", "html", "toml"):
        first, _, rest = block.partition("\n")
        named = FIRST_LINE.match(first)
        assert named, f"a snippet begins with the name of its file: {first}"
        file = folder / named["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text(encoding="utf-8") if named["further"] else ""
        file.write_text(before + (block if file.suffix == ".html" else rest), encoding="utf-8")
    return folder


@pytest.fixture
def environment(project: Path, tmp_path: Path) -> dict[str, str]:
    """What the book's commands run in: an empty database, and the package installed beside the platform."""
    outside.install(project, tmp_path / "installed")
    instance = quick_folder() / f"instance_{PROCESS}"  # the assets of this process of the run, laid out already
    inherited = {name: value for name, value in os.environ.items() if name not in (FOLDER, POSTGRES)}
    return inherited | {
        "CONSULT_DATABASE_URL": f"sqlite:///{tmp_path / 'book.sqlite3'}",
        "CONSULT_INSTANCE": str(tmp_path),
        "CONSULT_ASSETS": str(instance / "assets"),
        "PYTHONPATH": str(tmp_path / "installed"),
    }


def commands(document: str) -> Iterator[tuple[str, str]]:
    """Each command of a document with what the document says that it prints."""
    for block in blocks(document, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


def test_the_plugin_of_the_book_runs_and_its_commands_print_what_the_book_says(project, environment):
    for command, printed in commands("plugin-book.md"):
        words = shlex.split(command)
        program = [sys.executable, "-m", *words]
        ended = subprocess.run(program, cwd=project, env=environment, capture_output=True, text=True)
        said = ended.stdout + ended.stderr
        pattern = ".*?".join(re.escape(piece.strip("\n")) for piece in printed.split("…"))
        assert re.search(pattern, said, re.DOTALL), f"$ {command}\n{said}"


def test_the_snippets_of_the_book_are_written_as_the_house_writes(project):
    ruff = str(Path(sys.executable).with_name("ruff"))
    for command in ("check", "format --check"):
        options = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", "faq"]
        ended = subprocess.run([ruff, *command.split(), *options], cwd=project, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stdout


def test_the_words_that_every_template_has_are_those_of_the_book(app):
    with app.test_request_context("/stara-zagora/"):
        known = set(app.jinja_env.globals)
    for name in ("place", "home_url", "region_url", "languages", "navigation", "other_towns", "reader", "role"):
        known.add(name)
    text = (DOCS / "plugin-book.md").read_text(encoding="utf-8")
    table = text[text.index("| Words | What they are |") : text.index("## 10.")]
    listed = set(re.findall(r"`(\w+)`", "".join(line.split("|")[1] for line in table.splitlines()[2:] if "|" in line)))
    assert listed - known - {"notices"} == set()


# ---- The tour


def steps_of_the_tour() -> list[tuple[str, str]]:
    """The headings of the tour with what stands below each."""
    text = (DOCS / "tour.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (\d+\. .*)$", text, flags=re.MULTILINE)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def named_in(text: str) -> Iterator[tuple[str, str]]:
    """Each "`file`: `name`, `name`" (or "`file`, `name`") of a text, one by one."""
    for path, names in re.findall(r"`([\w/]+\.py)`[:,]\s+((?:`[\w.]+`(?:,\s+)?)+)", text):
        yield from ((path, name) for name in re.findall(r"`([\w.]+)`", names))


def has_name(path: str, name: str) -> bool:
    """Whether the file defines the name: a function, a class, a class's method or a variable."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return set(name.split(".")) <= names


def test_the_tour_has_the_ten_steps_that_the_command_prints():
    assert [heading for heading, _ in steps_of_the_tour()] == [f"{n}. {step.title}" for n, step in STEPS.items()]


def test_every_file_and_function_that_the_tour_names_is_there():
    named = list(named_in((DOCS / "tour.md").read_text(encoding="utf-8")))
    assert len(named) > len(STEPS)
    assert [one for one in named if not has_name(*one)] == []
    for step in STEPS.values():
        path, _, names = step.where.partition(": ")
        assert all(has_name(path, name) for name in names.split(", ")), step.where


def test_every_line_that_the_tour_quotes_stands_in_the_file_named_last_before_it():
    for heading, text in steps_of_the_tour():
        for match in BLOCK.finditer(text):
            path = [path for path, _ in named_in(text[: match.start()])][-1]
            lines = [line.strip() for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]
            quoted = [line.strip() for line in match[2].splitlines()]
            starts = range(len(lines) - len(quoted) + 1)
            assert any(lines[at : at + len(quoted)] == quoted for at in starts), f"{heading}: {quoted} is not in {path}"


# ---- The words


def test_every_word_that_is_a_name_in_the_code_is_there():
    text = (DOCS / "words.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:4] for line in text[text.index("## What engineers") :].splitlines() if "|" in line]
    checked = 0
    for word, _, home in rows:
        names, files = re.findall(r"`(\w+)`", word), re.findall(r"`([\w/]+\.py)`", home)
        for name in names:
            checked += 1
            assert any(has_name(path, name) for path in files), f"{name} is not in {home}"
        assert all((ROOT / path).exists() for path in files)
    assert checked > 40
