"""The demonstration: four towns, their staff and what they said, in a database of its own."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect, select

from consult import modules
from consult.cli import serving
from consult.db import db, operation
from consult.migrations import upgrade
from consult.people import Person, add_person, give_role, hash_password
from consult.registry import registry
from consult.tenancy import Municipality, inside, through
from consult.web.places import open_towns

PASSWORD = "demo-only-stara-lipa"


@dataclass(frozen=True)
class DemoTown:
    """What a town of the demonstration has besides the public register: contacts, all of them invented."""

    code: str
    email: str
    phone: str
    address: str


TOWNS = (
    DemoTown("BGS04", "uchastvay@burgas.example", "056 000 000", "ул. „Александровска“ № 26"),
    DemoTown("SLV20", "uchastvay@sliven.example", "044 000 000", "бул. „Цар Освободител“ № 1"),
    DemoTown("SZR31", "uchastvay@starazagora.example", "042 000 000", "бул. „Цар Симеон Велики“ № 107"),
    DemoTown("JAM26", "uchastvay@yambol.example", "046 000 000", "ул. „Г. С. Раковски“ № 7"),
)
ROLES = (("editor", "Елена Георгиева"), ("moderator", "Петър Колев"), ("admin", "Калина Стоянова"))


@click.command("demo")
@click.option("--seed-only", is_flag=True, help="Fill the database and stop.")
@with_appcontext
def demo(seed_only: bool) -> None:
    """Fill an empty database with the demonstration and serve it. Data that exists is never touched."""
    port = int(os.environ.get("PORT", "8000"))
    current_app.config["ORIGIN"] = f"http://127.0.0.1:{port}"  # the letters of the demonstration lead to this server
    upgrade(current_app)
    if (Path(current_app.config["INSTANCE"]) / "consult.toml").exists():
        raise click.ClickException(
            "This is a real installation (consult.toml); the demonstration needs its own folder."
        )
    if db.session.scalar(select(Person.id).limit(1)) is None:
        seed(current_app)
    db.session.remove()
    _say_accounts()
    if not seed_only:
        serving.run(port)


@click.command("demo-reset")
@click.confirmation_option(prompt="This deletes the demonstration's database and letters. Go on?")
@with_appcontext
def demo_reset() -> None:
    """Delete the demonstration's database and letters, so that `consult demo` starts afresh."""
    url = str(current_app.config["DATABASE_URL"])
    if not url.startswith("sqlite:///"):
        raise click.ClickException("Only the demonstration's own SQLite database is deleted.")
    others = select(Person.id).where(~Person.email_key.endswith(".example")).limit(1)
    if inspect(db.engine).has_table("person") and db.session.scalar(others) is not None:
        raise click.ClickException("There are people in it that the demonstration did not make; it is not deleted.")
    db.session.remove()
    db.engine.dispose()
    for suffix in ("", "-wal", "-shm"):
        Path(url.removeprefix("sqlite:///") + suffix).unlink(missing_ok=True)
    shutil.rmtree(Path(current_app.config["INSTANCE"]) / "mail", ignore_errors=True)
    click.echo("Deleted. `make demo` begins anew.")


def seed(app: Flask) -> None:
    """Opens the four towns and fills them, one transaction a town."""
    password_hash = hash_password(PASSWORD)  # once for all accounts: it is slow by design
    _open_towns(password_hash)
    db.session.commit()
    with through("operator"):
        for town in open_towns():
            for name in registry().plugins:
                modules.allow(town.id, name)
        db.session.commit()
    for town in open_towns():
        with inside(town):
            _staff(town.slug, password_hash)
            modules.enable(tuple(registry().plugins))
            for plugin in registry().plugins.values():
                if plugin.demo is not None:
                    plugin.demo(town)
            db.session.commit()


@operation
def _open_towns(password_hash: str) -> None:
    add_person("operator@uchastvay.example", "Оператор", is_operator=True).password_hash = password_hash
    for one in TOWNS:
        town = db.session.scalars(select(Municipality).where(Municipality.code == one.code)).one()
        town.is_open, town.email, town.phone, town.address = True, one.email, one.phone, one.address


@operation
def _staff(slug: str, password_hash: str) -> None:
    for role, name in ROLES:
        person = add_person(f"{role}@{slug}.example", name)
        person.password_hash = password_hash
        give_role(person, role)


def _say_accounts() -> None:
    click.echo("\nAccounts of the demonstration (the password of all of them: " + PASSWORD + ")")
    click.echo("  operator@uchastvay.example            runs the installation: /operator")
    for town in open_towns():
        roles = ", ".join(f"{role}@{town.slug}.example" for role, _ in ROLES)
        click.echo(f"  {roles}: /{town.slug}/rabota")
    click.echo(f"Letters are written into files: {Path(current_app.config['INSTANCE']) / 'mail'}\n")


COMMANDS = (demo, demo_reset)
