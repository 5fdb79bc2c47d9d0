"""Commands of an installation: begin one, bring its database to today's schema, lay out its assets."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from consult.db import db, owner_engine
from consult.migrations import is_current, upgrade
from consult.tenancy import Municipality


@click.command("init")
@click.option("--town", "code", help="Obshtina code (SZR31): an installation for this one town, at the root.")
@click.option("--origin", default="http://127.0.0.1:8000", show_default=True, help="The address people will type.")
@click.option("--host", "hosts", multiple=True, help="A host name that leads here; may be repeated.")
def init(code: str | None, origin: str, hosts: tuple[str, ...]) -> None:
    """Begin an installation: writes consult.toml and the secret key, prepares the database."""
    from consult.app import ROOT, create_app

    instance = Path(os.environ.get("CONSULT_INSTANCE") or ROOT / "instance")
    instance.mkdir(parents=True, exist_ok=True)
    file = instance / "consult.toml"
    if file.exists():
        raise click.ClickException(f"{file} exists already; change it by hand, or begin in another folder.")
    names = sorted({urlsplit(origin).hostname or "localhost", *hosts})
    is_secure = str(origin.startswith("https://")).lower()
    file.write_text(
        f'place = "{code or "region"}"\norigin = "{origin}"\nregion_hosts = {names!r}\nsecure = {is_secure}\n'.replace(
            "'", '"'
        ),
        encoding="utf-8",
    )
    app = create_app()
    upgrade(app)
    if code:
        with app.app_context():
            _open(code, file)
    click.echo(f"Ready: {file}. Next: consult person (an admin), consult allow, consult serve.")


def _open(code: str, file: Path) -> None:
    from consult.web.operator import set_open

    town = db.session.scalar(select(Municipality).where(Municipality.code == code))
    if town is None:
        file.unlink()
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
