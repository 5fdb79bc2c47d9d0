"""How tests run the commands: inside this process, or as programs of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from consult.testing.applications import furnished
from consult.testing.databases import Databases

ROOT = Path(__file__).resolve().parents[1]


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
