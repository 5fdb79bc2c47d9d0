"""Installations: begun and filled from the command line, for one town, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from consult.app import create_app
from consult.cli.main import group
from consult.db import db
from consult.people import Membership, Person
from consult.tenancy import Municipality, through
from consult.testing.applications import PROCESS
from consult.testing.databases import PostgresDatabase
from consult.testing.run import folder, quick_folder

ROOT = Path(__file__).parents[1]
HOST = "uchastvay.starazagora.example"
ORIGIN = f"https://{HOST}"
PASSWORD = "a long sentence for tests"


@dataclass(frozen=True)
class Installation:
    """An installation in a folder of its own, and the command line that speaks to it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def all_environment(self) -> dict[str, str]:
        """Where the installation is, and where the fonts lie that were laid out once for all of them."""
        return {
            "CONSULT_INSTANCE": str(self.folder),
            "CONSULT_ASSETS": str(quick_folder() / "assets"),
            **self.environment,
        }

    def begin_in_a_process(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs `consult init` as an administrator would."""
        command = [sys.executable, "-m", "consult", "init", *words]
        environment = os.environ | self.all_environment()
        return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120)

    def do(self, *words: str) -> str:
        """Runs the command, which must go well; answers what it said."""
        done = CliRunner(env=self.all_environment()).invoke(group, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    def refuses(self, *words: str) -> str:
        """Runs the command, which must say no in words."""
        done = CliRunner(env=self.all_environment()).invoke(group, words, catch_exceptions=False)
        assert done.exit_code != 0, done.output
        return done.output

    def begin(self) -> None:
        """One town at the root, with an admin, an operator and news."""
        begun = self.begin_in_a_process("--town", "SZR31", "--origin", ORIGIN)
        assert begun.returncode == 0, begun.stderr
        admin = ("--name", "Калина Стоянова", "--password", PASSWORD)
        self.do("person", "admin@starazagora.example", "--town", "SZR31", "--role", "admin", *admin)
        self.do("person", "operator@starazagora.example", "--role", "operator", "--name", "О", "--password", PASSWORD)
        self.do("allow", "news", "--town", "SZR31", "--on")

    def app(self) -> Flask:
        """The application as the web server would make it."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.all_environment().items():
                patch.setenv(name, value)
            return create_app()


@pytest.fixture(scope="module")
def on_sqlite() -> Installation:
    """An installation that was begun with what comes along."""
    made = Installation(folder() / f"one-town-{PROCESS}")
    made.begin()
    return made


@pytest.fixture(scope="module")
def on_postgresql() -> Iterator[Installation]:
    """An installation on a PostgreSQL that belongs to an owner, while the application is a plain role."""
    made = Installation(folder() / f"one-town-postgresql-{PROCESS}")

    def begin(database: PostgresDatabase) -> None:
        made.environment["CONSULT_DATABASE_URL"] = database.url
        made.environment["CONSULT_DATABASE_OWNER_URL"] = database.owner_url
        made.begin()

    database = PostgresDatabase("installation", begin)  # type: ignore[arg-type]
    yield made
    database.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest) -> Installation:
    """Each of the two."""
    found: Installation = request.getfixturevalue(f"on_{request.param}")
    return found


@pytest.fixture
def app(installation: Installation) -> Iterator[Flask]:
    made = installation.app()
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
        made.extensions["consult.reading_engine"].dispose()


@pytest.fixture
def browser_of_admin(app: Flask) -> FlaskClient:
    return signed_in(app, "admin@starazagora.example")


def signed_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    form = {"email": email, "password": PASSWORD}
    answer = client.post("/vhod", base_url=ORIGIN, data=form, headers={"Origin": ORIGIN})
    assert answer.status_code == 303
    return client


def token_of(page: str) -> str:
    found = re.search(r'name="_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


# ------------------------------------------------------------------------------------------------ one town


def test_the_town_lives_at_the_root_and_alone(app):
    visitor = app.test_client()
    home = visitor.get("/", base_url=ORIGIN)
    assert home.status_code == 200
    assert "Стара Загора" in home.text.partition("</title>")[0]
    assert visitor.get("/novini", base_url=ORIGIN).status_code == 200
    assert visitor.get("/en/novini", base_url=ORIGIN).status_code == 200
    for path in ("/stara-zagora/", "/yambol/", "/yambol/novini"):
        assert visitor.get(path, base_url=ORIGIN).status_code == 404, path
    links = re.findall(r'<a [^>]*href="([^"#]*)"', home.text)
    assert all(not one.startswith("http") for one in links), "nothing leads to a region that is not there"
    assert all(visitor.get(one, base_url=ORIGIN).status_code == 200 for one in links if one.startswith("/"))


def test_its_own_address_is_a_host_that_it_knows(app):
    assert app.test_client().get("/", base_url=ORIGIN).status_code == 200
    assert app.test_client().get("/", base_url="https://evil.example").status_code == 400


def test_the_town_works_from_the_first_news_to_the_last_letter(app, browser_of_admin):
    form = browser_of_admin.get("/rabota/novini/nova", base_url=ORIGIN)
    words = {"title": "Нова площадка", "body": "Отваря в събота.", "do": "publish", "_token": token_of(form.text)}
    answer = browser_of_admin.post("/rabota/novini/nova", base_url=ORIGIN, data=words, headers={"Origin": ORIGIN})
    assert answer.status_code == 303
    shown = app.test_client().get("/novini", base_url=ORIGIN)
    assert "Нова площадка" in shown.text
    modules = browser_of_admin.get("/admin/moduli", base_url=ORIGIN)
    off = {"_token": token_of(modules.text)}
    browser_of_admin.post("/admin/moduli/news/izklyuchi", base_url=ORIGIN, data=off, headers={"Origin": ORIGIN})
    assert app.test_client().get("/novini", base_url=ORIGIN).status_code == 404
    browser_of_admin.post("/admin/moduli/news/vklyuchi", base_url=ORIGIN, data=off, headers={"Origin": ORIGIN})
    assert "Нова площадка" in app.test_client().get("/novini", base_url=ORIGIN).text


def test_its_operator_runs_it_from_the_same_root(app, browser_of_admin):
    page = signed_in(app, "operator@starazagora.example").get("/operator", base_url=ORIGIN)
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert browser_of_admin.get("/operator", base_url=ORIGIN).status_code == 403


def test_a_secure_installation_has_a_cookie_that_no_other_host_can_set(app):
    form = {"email": "admin@starazagora.example", "password": PASSWORD}
    answer = app.test_client().post("/vhod", base_url=ORIGIN, data=form, headers={"Origin": ORIGIN})
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-consult=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_a_file_of_a_secure_installation_says_what_every_answer_says(app):
    visitor = app.test_client()
    path = re.search(r'href="(/static/css/[^"]+)"', visitor.get("/", base_url=ORIGIN).text)
    assert path is not None
    said = visitor.get(path[1], base_url=ORIGIN).headers
    assert said["Strict-Transport-Security"].startswith("max-age=63072000")
    assert said["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert said["Referrer-Policy"] == "same-origin"
    assert said["X-Content-Type-Options"] == "nosniff"


def test_the_secret_key_is_for_its_owner_only(installation):
    key = installation.folder / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_text()) >= 43
    assert installation.app().config["SECRET_KEY"] == key.read_text()


# ------------------------------------------------------------------------------------------------ the command line


def test_an_installation_is_begun_once(installation):
    file = installation.folder / "consult.toml"
    before = file.read_bytes()
    again = installation.begin_in_a_process("--town", "JAM26")
    assert again.returncode != 0
    assert "consult.toml" in again.stderr
    assert "Traceback" not in again.stderr
    assert file.read_bytes() == before


def test_an_upgrade_of_what_is_current_changes_and_says_nothing(app, installation):
    with app.app_context():
        before = [db.session.scalar(select(func.count()).select_from(Municipality)), versions()]
    assert installation.do("upgrade") == ""
    with app.app_context():
        assert before == [db.session.scalar(select(func.count()).select_from(Municipality)), versions()]


def versions() -> set[str]:
    return set(db.session.scalars(text("select version_num from alembic_version")))


def test_a_person_may_hold_several_roles_and_loses_none_of_them(app, installation):
    words = ("--name", "Оператор", "--password", PASSWORD, "--replace")
    installation.do("person", "operator@starazagora.example", "--town", "SZR31", "--role", "editor", *words)
    installation.do("person", "OPERATOR@starazagora.example", "--town", "SZR31", "--role", "moderator", *words)
    with app.app_context(), through("operator"):
        person = db.session.scalars(select(Person).where(Person.email_key == "operator@starazagora.example")).one()
        assert person.is_operator
        roles = db.session.scalars(select(Membership.role).where(Membership.person_id == person.id)).all()
        assert roles == ["moderator"], "one role a town, the last that was given"


def test_nobody_gets_another_name_and_password_unasked(app, on_sqlite):
    words = ("person", "Admin@starazagora.example", "--name", "Друг", "--password", "another long sentence")
    said = on_sqlite.refuses(*words, "--role", "operator")
    assert "Калина Стоянова" in said
    assert "--replace" in said
    with on_sqlite.app().app_context():
        person = db.session.scalars(select(Person).where(Person.email_key == "admin@starazagora.example")).one()
        assert (person.name, person.is_operator) == ("Калина Стоянова", False)
        db.engine.dispose()


def test_a_town_is_opened_and_a_plugin_allowed_as_often_as_one_likes(app, on_sqlite):
    for _ in range(2):
        on_sqlite.do("open", "BGS04")
        on_sqlite.do("allow", "news", "--town", "BGS04")
    assert "on" in on_sqlite.do("allow", "news", "--town", "BGS04", "--on")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("open", "ABC99"), "ABC99"),
        (("allow", "nosuch", "--town", "SZR31"), "news"),
        (("allow", "news", "--town", "PDV22"), "consult open"),
        (("person", "a@b.example", "--name", "А", "--role", "editor", "--town", "SZR31", "--password", "short"), "15"),
        (("person", "a@b.example", "--name", "А", "--role", "operator", "--password", "x" * 201), "200"),
        (("person", "a@b.example", "--name", "А", "--role", "editor", "--password", PASSWORD), "consult open"),
        (("person", "a@b.example", "--name", "А", "--role", "mayor", "--password", PASSWORD), "editor"),
    ],
)
def test_what_cannot_be_is_refused_in_words(on_sqlite, words, says):
    assert says in on_sqlite.refuses(*words)


def test_a_town_that_does_not_exist_leaves_nothing_in_the_way(tmp_path):
    begun = Installation(tmp_path)
    assert "XXX99" in begun.refuses("init", "--town", "XXX99")
    assert begun.do("init", "--origin", "http://localhost:8000")


@pytest.mark.parametrize(
    "origin",
    [
        "uchastvay.example",
        "https://uchastvay.example/consult",
        "https://uchastvay.example?a=b",
        "https://uchastvay.example#top",
        "https://uchastvay.example//",
        'https://uchastvay.example"\nsecret_key = "x',
        "ftp://uchastvay.example",
        "",
    ],
)
def test_an_origin_that_is_no_plain_address_writes_nothing(tmp_path, origin):
    assert "--origin is an address" in Installation(tmp_path / "new").refuses("init", "--origin", origin)
    assert not (tmp_path / "new").exists()


def test_a_slash_at_the_end_of_the_origin_is_taken_off_and_quotes_stay_inside_their_text(tmp_path):
    begun = Installation(tmp_path)
    begun.do("init", "--origin", "https://uchastvay.example/", "--host", 'it"s.example', "--host", "o'neil.example")
    config = begun.app().config
    assert config["ORIGIN"] == "https://uchastvay.example"
    assert config["REGION_HOSTS"] == ['it"s.example', "o'neil.example", "uchastvay.example"]


def test_an_installation_that_could_not_be_prepared_can_be_begun_again(tmp_path):
    broken = Installation(tmp_path, {"CONSULT_DATABASE_URL": "sqlite:////no/such/folder/consult.db"})
    assert broken.begin_in_a_process().returncode != 0
    assert Installation(tmp_path).do("init")


def test_an_installation_for_the_region_answers_at_the_address_that_people_type(tmp_path):
    begun = Installation(tmp_path)
    begun.do("init", "--origin", "https://uchastvay.example")
    visitor = begun.app().test_client()
    assert visitor.get("/", base_url="https://uchastvay.example").status_code == 200
    assert visitor.get("/operator", base_url="https://uchastvay.example").status_code == 302


# ------------------------------------------------------------------------------------------------ PostgreSQL


def test_the_application_is_a_role_that_owns_nothing_and_sees_one_town(on_postgresql):
    url = on_postgresql.environment["CONSULT_DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as plain:
        assert plain.execute("select count(*) from publication").fetchone() == (0,), "no town is set, so no row is seen"
        for statement in (
            "drop table letter",
            "alter table publication disable row level security",
            "create table x()",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                plain.execute(statement.encode())
