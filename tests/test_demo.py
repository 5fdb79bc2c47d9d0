"""The demonstration: filled once, never touched again, and every address in it answers in three languages."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.app import create_app
from consult.cli import demo
from consult.cli.demo import PASSWORD, TOWNS
from consult.cli.main import group
from consult.db import db
from consult.links import linking
from consult.modules import EnabledPlugin
from consult.people import Person, add_person
from consult.publishing import Publication, ShownIn
from consult.tenancy import inside, open_towns
from consult.testing.applications import PROCESS
from consult.testing.factories import town
from consult.testing.run import folder, quick_folder
from consult.text import slug as latin_slug
from plugins.consultations.demo_content import CONSULTATIONS
from plugins.events.demo_content import MEETINGS
from plugins.events.demo_content import ROUND_TABLE as THE_MEETING
from plugins.events.models import Place
from plugins.news.demo_content import CATEGORIES, ROUND_TABLE, STORIES

ROOT = Path(__file__).resolve().parents[1]
SLUGS = ("stara-zagora", "burgas", "sliven", "yambol")
LANGUAGES = ("", "/en", "/tr")
PATHS = {"news.post": "novini", "events.event": "sabitia", "consultations.consultation": "konsultatsii"}


def environment(instance: Path) -> dict[str, str]:
    return {"CONSULT_INSTANCE": str(instance), "CONSULT_ASSETS": str(quick_folder() / "assets")}


def consult(instance: Path, *words: str, said: str | None = None, **others: str) -> Result:
    return CliRunner(env=environment(instance) | others).invoke(group, words, input=said, catch_exceptions=False)


@pytest.fixture(scope="module")
def filled() -> Path:
    """The folder of a demonstration that `consult demo` has just filled."""
    instance = folder() / f"demo-{PROCESS}"
    done = consult(instance, "demo", "--seed-only")
    assert done.exit_code == 0, done.output
    assert PASSWORD in done.output
    return instance


@pytest.fixture
def of_its_own(filled: Path, tmp_path: Path) -> Path:
    """A copy, for tests that spoil it."""
    shutil.copytree(filled, tmp_path / "demo")
    return tmp_path / "demo"


def application(instance: Path) -> Flask:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(instance).items():
            patch.setenv(name, value)
        return create_app()


@pytest.fixture(scope="module")
def app(filled: Path) -> Flask:
    """The demonstration, served."""
    return application(filled)


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    return app.test_client()


def rows(connection: sqlite3.Connection) -> dict[str, int]:
    tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
    return {name: connection.execute(f'select count(*) from "{name}"').fetchone()[0] for name in tables}  # noqa: S608


# ------------------------------------------------------------------------------------------------ filling


def test_filling_it_a_second_time_changes_nothing(filled):
    with closing(sqlite3.connect(filled / "consult.db", isolation_level=None)) as watcher:

        def state() -> tuple[object, dict[str, int]]:
            return watcher.execute("pragma data_version").fetchone(), rows(watcher)

        before = state()
        assert before[1]["publication"] == len(STORIES) + len(MEETINGS) + len(CONSULTATIONS)
        assert consult(filled, "demo", "--seed-only").exit_code == 0
        assert state() == before


def test_four_towns_take_part_each_with_its_staff(app, filled):
    with app.app_context():
        assert {one.slug for one in open_towns()} == set(SLUGS)
        people = db.session.scalars(select(Person.email)).all()
    staff = [email for email in people if not email.endswith(demo.RESIDENTS)]
    assert len(staff) == 4 * 3 + 1
    said = consult(filled, "demo", "--seed-only").output
    assert all(email in said for email in staff)


def test_the_password_that_was_said_opens_the_workspace(visitor):
    form = {"email": "editor@stara-zagora.example", "password": PASSWORD}
    answer = visitor.post("/stara-zagora/vhod", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.location == "/stara-zagora/rabota"
    assert visitor.get("/stara-zagora/rabota").status_code == 200


def test_a_filling_that_was_cut_off_is_completed_the_next_time(filled, tmp_path, monkeypatch):
    staff, begun = demo._staff, []

    def cut_off_in_the_third_town(slug: str, password_hash: str) -> object:
        begun.append(slug)
        if len(begun) == 3:
            raise KeyboardInterrupt
        return staff(slug, password_hash)

    with monkeypatch.context() as patch:
        patch.setattr(demo, "_staff", cut_off_in_the_third_town)
        assert consult(tmp_path, "demo", "--seed-only").exit_code != 0
    assert consult(tmp_path, "demo", "--seed-only").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "consult.db")) as made:
        found = rows(made)
    with closing(sqlite3.connect(filled / "consult.db")) as whole:
        assert found == rows(whole) | {"sign_in": 0}  # another test has signed in


def test_a_database_with_other_people_is_not_filled(tmp_path):
    assert consult(tmp_path, "upgrade").exit_code == 0
    app = application(tmp_path)
    with app.app_context():
        add_person("kmet@starazagora.bg", "Истински човек")
        db.session.commit()
        db.engine.dispose()
    assert consult(tmp_path, "demo", "--seed-only").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "consult.db")) as made:
        assert rows(made)["person"] == 1


def test_each_module_was_switched_on_by_the_admin_of_its_town(app):
    with app.app_context():
        for one in open_towns():
            with inside(one):
                by = db.session.scalars(select(Person.email).join(EnabledPlugin, EnabledPlugin.by_id == Person.id))
                assert set(by) == {f"admin@{one.slug}.example"}


@pytest.mark.parametrize("command", [("demo", "--seed-only"), ("demo-reset", "--yes")])
def test_a_real_installation_is_neither_filled_nor_deleted(tmp_path, command):
    assert consult(tmp_path, "init").exit_code == 0
    before = (tmp_path / "consult.db").read_bytes()
    done = consult(tmp_path, *command)
    assert done.exit_code == 1
    assert "consult.toml" in done.output
    assert (tmp_path / "consult.db").read_bytes() == before


def test_a_real_installation_without_tables_gets_none_from_the_demonstration(tmp_path):
    (tmp_path / "consult.toml").write_text('place = "region"\n')
    assert consult(tmp_path, "demo", "--seed-only").exit_code == 1
    assert not (tmp_path / "consult.db").exists()


# ------------------------------------------------------------------------------------------------ what it shows


def test_every_discussion_that_a_consultation_names_is_found_and_linked(app):
    with app.app_context():
        for one in open_towns():
            with inside(one):
                for told in (told for told in CONSULTATIONS if told.town == one.code):
                    its = select(Publication).where(Publication.title == told.title)
                    found = linking(db.session.scalars(its).one(), "discusses")
                    assert {event.title for event in found} >= set(told.discussed_at)
    assert sum(bool(told.discussed_at) for told in CONSULTATIONS) > 1


def test_every_story_stands_in_its_town_in_its_state(app):
    told = Counter((story.town, str(story.state)) for story in STORIES)
    told.update((one.town, one.fate if one.fate in ("draft", "withdrawn") else "published") for one in MEETINGS)
    told.update((one.town, "published") for one in CONSULTATIONS)
    kept: Counter[tuple[str, str]] = Counter()
    with app.app_context():
        for one in open_towns():
            with inside(one):
                states = db.session.scalars(select(Publication.state).where(Publication.municipality_id == one.id))
                kept.update((one.code, state) for state in states)
    assert kept == told
    assert {code for code, _state in told} == {one.code for one in TOWNS}


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_address_of_a_town_answers(app, visitor, slug, language):
    root = f"/{slug}{language}"
    (code,) = {one.code for one in in_context(app) if one.slug == slug}
    pages = ["/", "/novini", "/novini.atom", "/vhod", "/sabitia", "/sabitia?koga=uikend", "/sabitia?izgled=mreja"]
    pages += ["/konsultatsii", "/konsultatsii?pokazhi=priklyuchili", "/konsultatsii.atom", "/konsultatsii.json"]
    pages += [f"/novini?kategoria={latin_slug(category.name_bg)}" for category in CATEGORIES[code]]
    for path in pages:
        assert visitor.get(f"{root}{path}").status_code == 200, f"{root}{path}"
    expected = {"published": 200, "archived": 200, "withdrawn": 410, "draft": 404, "scheduled": 404}
    for number, state, kind in shown_in(app, code):
        path = f"{root}/{PATHS[kind]}/{number}"
        assert visitor.get(path).status_code == expected[state], path


def in_context(app: Flask) -> list:
    with app.app_context():
        return open_towns()


def shown_in(app: Flask, code: str) -> list[tuple[int, str, str]]:
    with app.app_context(), inside(town(code)) as one:
        here = select(Publication.id, Publication.state, Publication.kind)
        here = here.join(ShownIn, ShownIn.publication_id == Publication.id).where(ShownIn.town_id == one.id)
        return [(row.id, row.state, row.kind) for row in db.session.execute(here)]


def number_of(app: Flask, kind: str, title: str) -> int:
    """The number of what Stara Zagora said under this title."""
    with app.app_context(), inside(town("SZR31")):
        found = select(Publication.id).where(Publication.kind == kind, Publication.title == title)
        return db.session.scalars(found).one()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_region_shows_the_newest_of_all_towns(visitor, language):
    page = visitor.get(f"{language}/")
    assert page.status_code == 200
    shown = re.findall(rf'href="/([a-z-]+){language}/novini/\d+', page.text)
    assert len(shown) >= 4
    assert len(set(shown)) >= 2
    assert all(f'href="/{slug}{language}/"' in page.text for slug in SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_round_table_stands_in_four_towns_in_three_languages(app, visitor, slug):
    number = number_of(app, "news.post", ROUND_TABLE.title)
    titles = {"": ROUND_TABLE.title} | {f"/{key}": one.title for key, one in ROUND_TABLE.translations.items()}
    assert set(titles) == set(LANGUAGES)
    for language, title in titles.items():
        page = visitor.get(f"/{slug}{language}/novini/{number}")
        assert page.status_code == 200
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
        assert heading is not None
        assert heading[1] == title
        assert f'href="/{slug}{language}/novini?kategoria=aktualno"' in page.text


@pytest.mark.parametrize("slug", SLUGS)
def test_the_round_table_is_an_event_of_the_four_towns_that_held_it(app, visitor, slug):
    page = visitor.get(f"/{slug}/sabitia/{number_of(app, 'events.event', THE_MEETING.title)}")
    assert page.status_code == 200
    for said in ("Четвъртък, 2 юли 2020\xa0г., 9:00\xa0ч.", "Зала „П. Р. Славейков“", "бул. „Цар Симеон Велики“ № 107"):
        assert said in page.text
    assert all(f"Община {name}" in page.text for name in ("Стара Загора", "Бургас", "Сливен", "Ямбол"))
    assert "(СОЮР)" in page.text
    assert THE_MEETING.short_title in visitor.get(f"/{slug}/sabitia?mesets=2020-07").text


def test_nobody_in_it_can_be_written_to_or_called(app):
    told: list[Any] = [*STORIES, *MEETINGS]
    texts = [
        "\n".join(
            (story.title, story.lead, story.body, *(f"{one.lead}\n{one.body}" for one in story.translations.values()))
        )
        for story in told
    ]
    texts += [str(meeting.words.get("contact_email", "")) for meeting in MEETINGS]
    addresses = set(re.findall(r"[\w.+-]+@[\w.-]+\w", "\n".join(texts)))
    assert addresses
    assert all(one.endswith(".example") for one in addresses), addresses
    with app.app_context():
        assert all(email.endswith(".example") for email in db.session.scalars(select(Person.email)))
        assert all(one.email.endswith(".example") and "000 000" in one.phone for one in open_towns())
        for one in open_towns():
            with inside(one):
                assert all(email.endswith(".example") for email in db.session.scalars(select(Place.email)))


# ------------------------------------------------------------------------------------------------ beginning again


def test_a_reset_asks_first_and_deletes_what_the_demonstration_made(of_its_own):
    (of_its_own / "mail").mkdir(exist_ok=True)
    (of_its_own / "mail" / "letter.eml").write_text("a letter")
    assert consult(of_its_own, "demo-reset", said="n\n").exit_code != 0
    assert (of_its_own / "consult.db").exists()
    assert consult(of_its_own, "demo-reset", said="y\n").exit_code == 0
    assert not list(of_its_own.glob("consult.db*"))
    assert not (of_its_own / "mail").exists()
    assert (of_its_own / "secret_key").exists()


def test_a_reset_refuses_where_somebody_else_has_an_account(of_its_own):
    app = application(of_its_own)
    with app.app_context():
        add_person("kmet@starazagora.bg", "Истински човек")
        db.session.commit()
        db.engine.dispose()
    done = consult(of_its_own, "demo-reset", "--yes")
    assert done.exit_code != 0
    assert "not deleted" in done.output
    assert (of_its_own / "consult.db").exists()


def test_a_reset_never_reaches_for_a_database_server(of_its_own):
    done = consult(of_its_own, "demo-reset", "--yes", CONSULT_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/x")
    assert done.exit_code != 0
    assert "SQLite" in done.output
    assert (of_its_own / "consult.db").exists()


def test_a_reset_where_nothing_was_filled_is_no_mistake(tmp_path):
    done = consult(tmp_path, "demo-reset", "--yes")
    assert done.exit_code == 0, done.output


def test_make_begins_again_and_shows_it():
    for words, asks in (((), True), (("YES=1",), False)):
        done = subprocess.run(
            ["make", "--no-print-directory", "-n", "demo-reset", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        *_before, reset, show = map(str.strip, done.stdout.strip().splitlines())
        assert reset.endswith("demo-reset" if asks else "demo-reset --yes")
        assert show.endswith("consult demo")
