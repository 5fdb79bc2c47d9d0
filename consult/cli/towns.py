"""Commands about municipalities and people: open a town, allow a plugin, give somebody a role."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from consult import modules
from consult.access import ROLES
from consult.db import db
from consult.people import (
    PASSWORD_MAX,
    PASSWORD_MIN,
    Person,
    add_person,
    email_key,
    end_others,
    end_tokens,
    find_person,
    give_role,
)
from consult.registry import registry
from consult.tenancy import Municipality, Town, inside, open_towns, say_contacts, set_open, through


@click.command("open")
@click.argument("code")
@click.option("--host", help="Its own domain, such as consult.yambol.bg.")
@click.option("--email", help="Its role mailbox.")
@click.option("--phone")
@click.option("--address")
@with_appcontext
def open_command(code: str, **contacts: str | None) -> None:
    """Open the site of the municipality with this obshtina CODE (SZR31), or change how it is reached."""
    town = db.session.scalar(select(Municipality).where(Municipality.code == code))
    if town is None:
        raise click.ClickException(f"There is no municipality with the code {code}.")
    set_open(town.id, True)
    say_contacts(town.id, {name: value for name, value in contacts.items() if value is not None})
    db.session.commit()
    click.echo(f"{town.name_bg} is open.")


@click.command("allow")
@click.argument("plugin")
@click.option("--town", "code", required=True, help="Obshtina code, such as SZR31.")
@click.option("--on", "is_on", is_flag=True, help="Switch it on there too.")
@with_appcontext
def allow(plugin: str, code: str, is_on: bool) -> None:
    """Allow a PLUGIN in a municipality."""
    if plugin not in registry().plugins:
        raise click.ClickException(f"No plugin {plugin!r} is installed; there are: {', '.join(registry().plugins)}.")
    town = _open_town(code)
    with through("operator"):
        for name in registry().with_required(plugin):
            modules.allow(town.id, name)
        db.session.commit()
    if is_on:
        with inside(town):
            modules.enable(registry().with_required(plugin))
            db.session.commit()
    click.echo(f"{plugin} is allowed{' and on' if is_on else ''} in {town.name_bg}.")


@click.command("person")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--town", "code", help="Obshtina code of the municipality where the role is held.")
@click.option("--role", type=click.Choice([*ROLES, "operator"]), required=True)
@click.option("--replace", is_flag=True, help="There is an account already: give it this name and password.")
@click.password_option(help=f"{PASSWORD_MIN} to {PASSWORD_MAX} characters.")
@with_appcontext
def person(email: str, name: str, code: str | None, role: str, replace: bool, password: str) -> None:
    """Give a person an account and a role."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        raise click.ClickException(f"A password has {PASSWORD_MIN} to {PASSWORD_MAX} characters.")
    known = db.session.scalar(select(Person.name).where(Person.email_key == email_key(email)))
    if known is not None and not replace:
        raise click.ClickException(
            f"{email} has an account already ({known}). With --replace it gets this name, password and role."
        )
    if role == "operator":
        add_person(email, name, password, is_operator=True)
        db.session.commit()
    else:
        with inside(_open_town(code or "")):
            give_role(add_person(email, name, password), role)
            db.session.commit()
    if known is not None:
        _end_what_was_open(email)
    click.echo(f"{email}: {role}{f' in {code}' if code else ''}.")


def _end_what_was_open(email: str) -> None:
    """Whoever got in with the old password is out."""
    person = find_person(email)
    if person is not None:
        end_others(person.id, "")
        end_tokens(person.email_key)
        db.session.commit()


def _open_town(code: str) -> Town:
    for town in open_towns():
        if town.code == code:
            return town
    raise click.ClickException(f"No open municipality has the code {code!r}; see consult open.")


COMMANDS = (open_command, allow, person)
