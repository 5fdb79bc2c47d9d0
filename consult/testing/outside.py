"""A plugin from outside: built and installed like any package, before the application looks for its plugins."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def install(project: Path, into: Path) -> None:
    """Builds the package at ``project`` and installs it into the folder ``into``; see ``use``.

    Nothing is fetched: uv builds what says ``uv_build`` by itself, and dependencies are those of the installation.
    """
    uv = Path(sys.executable).with_name("uv")
    options = ["--quiet", "--offline", "--no-cache", "--no-deps", "--target", str(into)]
    environment = os.environ | {"VIRTUAL_ENV": sys.prefix}
    subprocess.run([str(uv), "pip", "install", *options, str(project)], check=True, env=environment)
    compile_catalogues(into)


def use(folder: Path) -> None:
    """Lets this process, and the programs that it starts, import from ``folder``."""
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    before = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and path != str(folder)]
    os.environ["PYTHONPATH"] = os.pathsep.join([*before, str(folder)])
    importlib.invalidate_caches()


def compile_catalogues(folder: Path) -> None:
    """Makes the .mo beside every .po below ``folder``, as `make translations` does for the bundled plugins."""
    for source in folder.rglob("*/LC_MESSAGES/*.po"):
        with source.open("rb") as read, source.with_suffix(".mo").open("wb") as written:
            write_mo(written, read_po(read))
