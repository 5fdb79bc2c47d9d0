"""The demonstration: four towns, their staff and what they said, in a database of its own."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect, select

from consult import modules
from consult.cli import serving
from consult.db import db, operation
from consult.migrations import is_current, upgrade
from consult.people import Person, add_person, give_role, hash_password
from consult.registry import registry
from consult.tenancy import Municipality, Town, inside, open_towns, through

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
OPERATOR = "operator@uchastvay.example"  # added last: where it is, the demonstration is complete
RESIDENTS = "@mail.example"  # the people whom the plugins let speak
ROLES = (("editor", "Елена Георгиева"), ("moderator", "Петър Колев"), ("admin", "Калина Стоянова"))


@click.command("demo")
@click.option("--seed-only", is_flag=True, help="Fill the database and stop.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=serving.PORT)
@with_appcontext
def demo(seed_only: bool, port: int) -> None:
    """Fill an empty database with the demonstration and serve it. Data that exists is never touched."""
    _refuse_a_real_installation()
    if not seed_only:
        serving.check_port("127.0.0.1", port)
    current_app.config["ORIGIN"] = f"http://127.0.0.1:{port}"  # the letters of the demonstration lead to this server
    if not is_current(db.engine):
        upgrade(current_app)
    if _is_to_be_filled():
        seed(current_app)
    db.session.remove()
    _say_accounts()
    if not seed_only:
        sys.exit(serving.run(port))


@click.command("demo-reset")
@click.confirmation_option(prompt="This deletes the demonstration's database and letters. Go on?")
@with_appcontext
def demo_reset() -> None:
    """Delete the demonstration's database and letters, so that `consult demo` starts afresh."""
    _refuse_a_real_installation()
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
    click.echo("Deleted; `consult demo` begins anew.")


def _refuse_a_real_installation() -> None:
    if (Path(current_app.config["INSTANCE"]) / "consult.toml").exists():
        raise click.ClickException(
            "This is a real installation (consult.toml); the demonstration needs its own folder."
        )


def _is_to_be_filled() -> bool:
    """Whether nobody is in the database, or only accounts of a demonstration whose filling was cut off."""
    people = set(db.session.scalars(select(Person.email)))
    slugs = db.session.scalars(select(Municipality.slug).where(Municipality.code.in_([one.code for one in TOWNS])))
    staff = {_account(role, slug) for slug in slugs for role, _ in ROLES}
    return OPERATOR not in people and all(email in staff or email.endswith(RESIDENTS) for email in people)


def seed(app: Flask) -> None:
    """Opens the four towns and fills them, one transaction a town; begun again, it goes on where it was cut off."""
    password_hash = hash_password(PASSWORD)  # once for all accounts: it is slow by design
    _open_towns()
    db.session.commit()
    with through("operator"):
        for town in open_towns():
            for name in registry().plugins:
                modules.allow(town.id, name)
        db.session.commit()
    for town in open_towns():
        if db.session.scalar(select(Person.id).where(Person.email == _account("admin", town.slug))) is None:
            _fill(town, password_hash)
    add_person(OPERATOR, "Оператор", is_operator=True).password_hash = password_hash
    db.session.commit()


def _fill(town: Town, password_hash: str) -> None:
    with inside(town):
        admin = _staff(town.slug, password_hash)["admin"]
        modules.enable(tuple(registry().plugins), by_id=admin.id)
        for plugin in sorted(registry().plugins.values(), key=lambda plugin: len(plugin.demo_after)):
            if plugin.demo is not None:
                plugin.demo(town)
        db.session.commit()


@operation
def _open_towns() -> None:
    for one in TOWNS:
        town = db.session.scalars(select(Municipality).where(Municipality.code == one.code)).one()
        town.is_open, town.email, town.phone, town.address = True, one.email, one.phone, one.address


@operation
def _staff(slug: str, password_hash: str) -> dict[str, Person]:
    """The town's staff by role."""
    people = {role: add_person(_account(role, slug), name) for role, name in ROLES}
    for role, person in people.items():
        person.password_hash = password_hash
        give_role(person, role)
    return people


def _account(role: str, slug: str) -> str:
    return f"{role}@{slug}.example"


def _say_accounts() -> None:
    click.echo("\nAccounts of the demonstration (the password of all of them: " + PASSWORD + ")")
    click.echo(f"  {OPERATOR}            runs the installation: /operator")
    for town in open_towns():
        roles = ", ".join(_account(role, town.slug) for role, _ in ROLES)
        click.echo(f"  {roles}: /{town.slug}/rabota")
    click.echo(f"Letters are written into files: {Path(current_app.config['INSTANCE']) / 'mail'}\n")


COMMANDS = (demo, demo_reset)
