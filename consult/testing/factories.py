"""What a test begins with: two open towns, one with every plugin on and one with them off, and people in every role."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult import modules
from consult.db import db, operation
from consult.files import keep, read_upload
from consult.people import Person, add_person, give_role, start_sign_in
from consult.publishing import Attachment, Publication, attach
from consult.registry import registry
from consult.tenancy import Municipality, Town, inside, open_towns, through

ON, OFF = "SZR31", "JAM26"  # Stara Zagora has all plugins on; Yambol may use them but has them off
PASSWORD = "a long sentence for tests"
ROLES = ("editor", "moderator", "admin")
PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


@dataclass(frozen=True)
class SignedIn:
    """A browser with somebody signed in; ``token`` is what that person's forms carry."""

    client: FlaskClient
    token: str


def furnish(app: Flask) -> None:
    """Opens the two towns, allows all plugins in both and switches them on in the first; adds the people."""
    app.extensions.pop("consult.remembered", None)
    app.extensions.pop("consult.kept", None)
    with app.app_context():
        _open((ON, OFF))
        add_person("operator@test.example", "Оператор", is_operator=True)
        add_person("resident@test.example", "Жител")
        db.session.commit()
        plugins = tuple(registry().plugins)
        with through("operator"):
            for town in open_towns():
                for plugin in plugins:
                    modules.allow(town.id, plugin)
            db.session.commit()
        for town in open_towns():
            with inside(town):
                for role in ROLES:
                    give_role(add_person(email_of(role, town.code), f"{role} {town.name_bg}"), role)
                if town.code == ON:
                    modules.enable(plugins)
                db.session.commit()


def town(code: str = ON) -> Town:
    """The open town with this code; inside an application context."""
    return next(one for one in open_towns() if one.code == code)


def email_of(role: str, code: str = ON) -> str:
    """The address of the person who holds ``role`` in the town; "operator" and "resident" belong to none."""
    return f"{role}@test.example" if role in ("operator", "resident") else f"{role}@{code.lower()}.example"


def sign_in(app: Flask, role: str, code: str = ON) -> SignedIn:
    """A browser with this person signed in, without typing the password (argon2 is slow by design)."""
    from consult.web import guard

    client = app.test_client()
    with app.app_context():
        person = db.session.scalars(select(Person).where(Person.email_key == email_of(role, code))).one()
        key = start_sign_in(person.id)
        db.session.commit()
        db.session.remove()
        token = guard.token_for(key)
    with client.session_transaction() as session:
        session["_user_id"] = key
        session["_fresh"] = True
    return SignedIn(client, token)


def add_file(publication: Publication, name: str = "Програма.pdf", content: bytes = PDF, alt: str = "") -> Attachment:
    """Adds a file to a publication of the municipality that we are in; its title is its name without the ending."""
    title = name.rpartition(".")[0] or name
    return attach(publication, keep(read_upload(BytesIO(content), name)), title, alt)


@operation
def _open(codes: tuple[str, ...]) -> None:
    for one in db.session.scalars(select(Municipality).where(Municipality.code.in_(codes))):
        one.is_open, one.email = True, f"uchastvay@{one.slug}.example"
