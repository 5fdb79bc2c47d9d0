"""The command line: each plugin's commands under its name, and words instead of tracebacks."""

from __future__ import annotations

import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import current_app
from flask.cli import ScriptInfo

from consult.cli import serving
from consult.cli.main import group
from tests.commands import one_app as one_app
from tests.commands import program

# ---- the commands of plugins


@click.command("count")
def count() -> None:
    """Counts."""
    click.echo(f"counted in {current_app.name}")


@click.command("tidy")
def tidy() -> None:
    """Tidies up."""
    click.echo("tidied")


@pytest.fixture
def with_commands(one_app, monkeypatch):
    """The command line of an application in which news has two commands; it must not make another application."""
    loaded = one_app.extensions["consult.registry"]
    news = replace(loaded.plugins["news"], commands=(count, tidy))
    one_app.extensions["consult.registry"] = replace(loaded, plugins=loaded.plugins | {"news": news})
    made = []

    def create_app():
        made.append(one_app)
        return one_app

    monkeypatch.setattr(sys.modules["consult.cli.main"], "create_app", create_app)
    yield lambda *words: CliRunner().invoke(group, words, obj=ScriptInfo(create_app=create_app))
    assert len(made) == 1


def test_all_commands_of_a_plugin_are_under_its_name(with_commands):
    assert with_commands("news", "tidy").output == "tidied\n"


def test_a_command_of_a_plugin_runs_in_the_application(with_commands):
    assert with_commands("news", "count").output == "counted in consult\n"


def test_the_help_shows_the_plugin_and_the_help_of_the_plugin_its_commands(with_commands):
    assert "news" in with_commands("--help").output.split("Commands:")[1]


def test_the_help_of_a_plugin_shows_all_its_commands(with_commands):
    said = with_commands("news", "--help").output
    assert "count" in said
    assert "tidy" in said


# ---- what is said instead of a traceback


@pytest.mark.parametrize("command", ["demo", "serve"])
@pytest.mark.parametrize("port", ["abc", "0", "70000"])
def test_a_port_that_is_none_is_said_in_words(tmp_path, command, port):
    done = program("consult", command, PORT=port, CONSULT_INSTANCE=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == f"Error: PORT is a number from 1 to 65535, not '{port}'.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_busy_port_is_said_in_one_sentence_before_anything_is_filled(tmp_path, one_app, command):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        assets = str(Path(one_app.config["INSTANCE"]) / "assets")
        done = program("consult", command, PORT=port, CONSULT_INSTANCE=str(tmp_path), CONSULT_ASSETS=assets)
    assert done.returncode == 1
    assert port in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "consult.db").exists()


@pytest.mark.parametrize(("ending", "status"), [("sys.exit(3)", 3), ("os.kill(os.getpid(), 9)", 128 + 9)])
def test_when_the_web_server_ends_by_itself_its_exit_status_is_told(monkeypatch, ending, status):
    command = [sys.executable, "-c", f"import os, sys; {ending}"]
    monkeypatch.setattr(serving, "web_command", lambda *_words: command)
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert serving.run(1) == status
    finally:
        signal.signal(signal.SIGTERM, before)


def test_what_the_database_refuses_is_no_traceback(tmp_path, one_app):
    assets = str(Path(one_app.config["INSTANCE"]) / "assets")
    where = {"CONSULT_INSTANCE": str(tmp_path), "CONSULT_ASSETS": assets}
    assert program("consult", "init", **where).returncode == 0
    assert program("consult", "open", "SZR31", "--host", "a.example", **where).returncode == 0
    again = program("consult", "open", "JAM26", "--host", "A.example", **where)
    assert again.returncode == 2
    assert "Another municipality" in again.stderr
    assert len(again.stderr.splitlines()) == 1
