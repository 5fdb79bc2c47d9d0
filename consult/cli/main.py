"""Puts the commands together: the core's own and those of the installed plugins."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup

from consult.app import create_app
from consult.cli import demo, installation, plugin_work, serving, towns
from consult.errors import ContractError, Refused
from consult.registry import registry


class Commands(FlaskGroup):
    """Flask's group of commands, with the plugins' own among them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, the plugins' after the core's."""
        return sorted(self.commands) + sorted(_of_plugins())

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of this name, the core's first."""
        return self.commands.get(name) or _of_plugins().get(name)


group = Commands(
    name="consult",
    create_app=create_app,
    add_default_commands=False,
    add_version_option=False,
    help="Consult: the platform on which a municipality asks its people before it decides.",
)
for command in (
    *installation.COMMANDS,
    *demo.COMMANDS,
    *serving.COMMANDS,
    *towns.COMMANDS,
    *plugin_work.COMMANDS,
):
    group.add_command(command)


def main() -> None:
    """Runs the command line; what is refused is one sentence and exit status 2, never a traceback."""
    try:
        group.main(standalone_mode=True)
    except (ContractError, Refused) as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(2)


def _of_plugins() -> dict[str, click.Command]:
    app: Flask = create_app()
    with app.app_context():
        return {f"{plugin.name}": one for plugin in registry().plugins.values() for one in plugin.commands if one.name}
