"""Commands of an installation: begin one, bring its database to today's schema, lay out its assets."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from consult.configuration import read_origin, read_place
from consult.db import db, owner_engine
from consult.migrations import is_current, upgrade
from consult.tenancy import Municipality, set_open


@click.command("init")
@click.option("--town", "code", help="Obshtina code (SZR31): an installation for this one town, at the root.")
@click.option("--origin", default="http://127.0.0.1:8000", show_default=True, help="The address people will type.")
@click.option("--host", "hosts", multiple=True, help="A host name that leads here; may be repeated.")
def init(code: str | None, origin: str, hosts: tuple[str, ...]) -> None:
    """Begin an installation: writes consult.toml and the secret key, prepares the database."""
    from consult.app import ROOT

    place, origin = _read("--town", code or "region", read_place), _read("--origin", origin, read_origin)
    instance = Path(os.environ.get("CONSULT_INSTANCE") or ROOT / "instance")
    instance.mkdir(parents=True, exist_ok=True)
    file = instance / "consult.toml"
    if file.exists():
        raise click.ClickException(f"{file} exists already; change it by hand, or begin in another folder.")
    names = sorted({urlsplit(origin).hostname or "", *hosts})
    settings = {"place": place, "origin": origin, "region_hosts": names, "secure": origin.startswith("https://")}
    # A text, a list of texts and a truth are written in TOML as in JSON.
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in settings.items()]
    file.write_text("".join(lines), encoding="utf-8")
    try:
        _prepare(code)
    except BaseException:
        file.unlink()  # so that the next try is not told that it exists already
        raise
    click.echo(f"Ready: {file}. Next: consult person (an admin), consult allow, consult serve.")


def _read(option: str, typed: str, read: Callable[[str], str]) -> str:
    try:
        return read(typed)
    except ValueError as error:
        raise click.ClickException(f"{typed!r} will not do: {option} {error}.") from None


def _prepare(code: str | None) -> None:
    from consult.app import create_app

    app = create_app()
    upgrade(app)
    if code:
        with app.app_context():
            _open(code)


def _open(code: str) -> None:
    town = db.session.scalar(select(Municipality).where(Municipality.code == code))
    if town is None:
        raise click.ClickException(
            f"There is no municipality with the code {code}. Codes are like SZR31 (Stara Zagora)."
        )
    set_open(town.id, True)
    db.session.commit()


@click.command("upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Bring the database to today's schema (core and all installed plugins)."""
    engine = owner_engine(current_app.config["DATABASE_OWNER_URL"])
    try:
        if is_current(engine):
            return
    finally:
        engine.dispose()
    upgrade(current_app)
    click.echo("The database is at today's schema.")


@click.command("secret")
def secret() -> None:
    """Print a fresh secret key, for CONSULT_SECRET_KEY."""
    click.echo(secrets.token_urlsafe(48))


COMMANDS = (init, upgrade_command, secret)
