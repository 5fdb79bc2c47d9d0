"""A real server for tests in a browser: granian in a process of its own, on an SQLite file."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from consult.testing.applications import furnished, settings
from consult.testing.databases import Databases
from consult.testing.run import quick_folder

SETTINGS_VARIABLE = "CONSULT_TEST_SETTINGS"


@dataclass(frozen=True)
class LiveServer:
    """``url`` has no slash at its end; ``app`` is a second application on the same database, to prepare and check.

    ``log`` is what the server wrote, for example the traceback behind a page that failed.
    """

    url: str
    app: Flask
    log: Path


@pytest.fixture(scope="module")
def live_server(databases: Databases) -> Iterator[LiveServer]:
    """The furnished installation, served. The tests of one file share it and its data."""
    database, port = databases.clean("served"), _free_port()
    url = f"http://localhost:{port}"
    with furnished(database, ORIGIN=url) as app, _serving(settings(database, ORIGIN=url), port) as log:
        yield LiveServer(url, app, log)


def application() -> Flask:
    """What the served process runs: the application with the settings that the test wrote down for it."""
    from consult.app import create_app

    return create_app(json.loads(os.environ[SETTINGS_VARIABLE]))


@contextmanager
def _serving(chosen: dict[str, object], port: int) -> Iterator[Path]:
    log = quick_folder() / f"server-{port}.log"
    program = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--host", "127.0.0.1"]
    program += ["--port", str(port), "--blocking-threads", "4", f"{__name__}:application"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            program, stdout=output, stderr=output, env=os.environ | {SETTINGS_VARIABLE: json.dumps(chosen)}
        )
        try:
            _wait(server, port, log)
            yield log
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except urllib.error.HTTPError:
            return  # it answers; whether the answer is right is for a test to say
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"the server does not answer:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
