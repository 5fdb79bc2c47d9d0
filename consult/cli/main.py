"""Puts the commands together: the core's own and those of the installed plugins."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import FlaskGroup, ScriptInfo
from sqlalchemy.exc import IntegrityError

from consult.app import create_app
from consult.cli import demo, installation, plugin_work, serving, towns
from consult.errors import ContractError, Refused
from consult.registry import Registry


class Commands(FlaskGroup):
    """Flask's group of commands, and for each plugin that has commands a group of its own: ``consult news …``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, the plugins' after the core's."""
        return sorted(self.commands) + sorted(_of_plugins(ctx).keys() - self.commands.keys())

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of this name, the core's first; a plugin's runs in the context of the application."""
        own = self.commands.get(name)
        if own is not None:
            return own
        if not current_app:
            ctx.with_resource(ctx.ensure_object(ScriptInfo).load_app().app_context())
        return _of_plugins(ctx).get(name)


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
    except IntegrityError as error:
        click.echo(f"The database refuses this, because of what it holds already: {error.orig}", err=True)
        sys.exit(2)


def _of_plugins(ctx: click.Context) -> dict[str, click.Command]:
    """The plugins' groups. The application is made once: the command itself finds the same one."""
    app = ctx.ensure_object(ScriptInfo).load_app()
    loaded: Registry = app.extensions["consult.registry"]
    return {
        plugin.name: click.Group(
            plugin.name,
            commands={str(one.name): one for one in plugin.commands},
            help=f"Commands of the plugin {plugin.name}.",
        )
        for plugin in loaded.plugins.values()
        if plugin.commands
    }
