"""`consult new-plugin`: a small whole plugin that keeps all promises from its first minute."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from string import Template

import click
from flask.cli import with_appcontext

from consult.registry import BUNDLED, RESERVED_NAMES, RESERVED_PATHS, registry

SCAFFOLD = Path(__file__).with_name("scaffold")
NAME_MAX = 20  # a name begins those of tables and indexes, and PostgreSQL cuts these at 63 letters
FILES = {
    "__init__.py": "init.py",
    "plugin.py": "plugin.py",
    "views.py": "views.py",
    "operations.py": "operations.py",
    "forms.py": "forms.py",
    "queries.py": "queries.py",
    "policy.py": "policy.py",
    "models.py": "models.py",
    "migrations/${name}_0001.py": "migration.py",
    "templates/$name/list.html": "list.html",
    "templates/$name/desk.html": "desk.html",
}
INSIDE = {"README.md": "readme.md", "tests/test_$name.py": "test.py"}
OUTSIDE = {
    "../README.md": "readme.md",
    "../pyproject.toml": "pyproject.toml",
    "../tests/test_$name.py": "test.py",
    "../tests/test_promises.py": "promises.py",
    "translations/README.md": "translations.md",
}


@click.command("new-plugin")
@click.argument("name")
@click.option("--path", help="The resident's word in the address (sabitia); the name where it is left out.")
@click.option("--into", type=click.Path(path_type=Path), help="An empty folder: a package of your own begins there.")
@with_appcontext
def new_plugin(name: str, path: str | None, into: Path | None) -> None:
    """Write a new plugin NAME: a list, a page for the staff, a table, tests. All checks pass as it stands."""
    path = path or name.replace("_", "-")
    _check_name(name)
    _check_path(path)
    folder = _folder(name, into)
    words = {
        "name": name,
        "path": path,
        "title": name.replace("_", " ").capitalize(),
        "dashed": name.replace("_", "-"),
        "package": f"plugins.{name}" if into is None else name,
    }
    for target, source in (FILES | (INSIDE if into is None else OUTSIDE)).items():
        file = (folder / Template(target).substitute(words)).resolve()
        file.parent.mkdir(parents=True, exist_ok=True)
        text = (SCAFFOLD / f"{source}.txt").read_text(encoding="utf-8")
        file.write_text(Template(text).substitute(words), encoding="utf-8")
        click.echo(f"  {file}")
    click.echo(_next_steps(name, into))


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or keyword.iskeyword(name) or len(name) > NAME_MAX:
        raise click.ClickException(
            f"{name!r} cannot be a plugin's name: lower-case Latin letters, digits and single _ between them,"
            f" {NAME_MAX} at most, and no word of Python."
        )
    if name in RESERVED_NAMES:
        raise click.ClickException(f"The core uses the name {name!r} itself; choose another.")
    for taken in registry().plugins:
        if name == taken:
            raise click.ClickException(f"There is a plugin {name!r} already; choose another name.")
        if f"{name}_".startswith(f"{taken}_") or f"{taken}_".startswith(f"{name}_"):
            raise click.ClickException(
                f"Beside {taken!r} a plugin cannot be called {name!r}: nobody could tell whose table is whose."
            )


def _check_path(path: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", path):
        raise click.ClickException(f"{path!r} cannot stand in an address: lower-case Latin letters, digits, single -.")
    if path in RESERVED_PATHS:
        raise click.ClickException(f"The address /{path} is the core's own; choose another word.")
    for plugin in registry().plugins.values():
        if path == plugin.path:
            raise click.ClickException(f"The address /{path} is that of {plugin.name!r}; choose another word.")


def _folder(name: str, into: Path | None) -> Path:
    place = into or BUNDLED / name
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        raise click.ClickException(f"{place} is there already, and nothing of it is overwritten.")
    return place if into is None else place / name


def _next_steps(name: str, into: Path | None) -> str:
    install = [f"  uv pip install -e {into}    # beside Consult, into the same environment"] if into else []
    tests = f"cd {into} && pytest" if into else f"pytest plugins/{name} tests/contract -k {name}"
    words = f"see {into / name / 'translations' / 'README.md'}" if into else "make translations, then fill in bg and tr"
    return "\n".join(
        [
            "\nA plugin that works. Next:",
            *install,
            "  consult upgrade    # makes its table",
            f"  consult allow {name} --town SZR31 --on",
            f"  {tests}    # its promises and its own tests, on both databases",
            f"Its words are English for now: {words}. All that it may do: docs/plugin-book.md",
        ]
    )
