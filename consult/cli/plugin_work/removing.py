"""`consult remove-plugin`: takes a plugin out of the database, also one whose folder is gone already."""

from __future__ import annotations

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from consult.db import db
from consult.migrations import removal
from consult.modules import EnabledPlugin
from consult.registry import RESERVED_NAMES, registry
from consult.tenancy import Municipality, through


@click.command("remove-plugin")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Also where it is on: its data goes for good.")
@with_appcontext
def remove_plugin(name: str, yes: bool) -> None:
    """Take the plugin NAME and all that only it keeps out of the database. Make a backup first."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    _check_known(name)
    _check_dependants(name)
    towns = _where_on(name)
    if towns and not yes:
        raise click.ClickException(
            f"{name} is on in {', '.join(towns)}. Its data would go for good: make a backup, then say --yes."
        )
    db.session.remove()
    publications = removal.take_out(app, name)
    click.echo(f"{name} is out: its tables, its settings and where it was on are gone.")
    if publications:
        click.echo(
            f"{publications} publications stay in the record with their versions and the journal; no page shows them."
        )
    if name in registry().plugins:
        click.echo("Uninstall it now: its next `consult upgrade` would make its tables anew.")


def _check_known(name: str) -> None:
    with db.engine.connect() as connection:
        is_known = name in registry().plugins or removal.is_known(connection, name)
    if name in RESERVED_NAMES or not is_known:
        raise click.ClickException(f"Neither the installation nor its database knows a plugin {name!r}.")


def _check_dependants(name: str) -> None:
    if name in registry().plugins:
        needing = [other for other in registry().with_dependants(name) if other != name]
        if needing:
            raise click.ClickException(f"{', '.join(needing)} requires {name}; take that out first.")


def _where_on(name: str) -> list[str]:
    with through("operator"):
        on = select(Municipality.name_bg).join(EnabledPlugin, EnabledPlugin.municipality_id == Municipality.id)
        return list(db.session.scalars(on.where(EnabledPlugin.plugin == name).order_by(Municipality.name_bg)))
