"""What passes by the first wall: raw SQL and bare connections. PostgreSQL has a second wall, SQLite the lint rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import ProgrammingError

from consult.clock import now
from consult.db import Base, begin_writing, db
from consult.links import link
from consult.publishing import PublicationTranslation, Shown, ShownIn, listing, publish, schedule, share, shown, write
from consult.tenancy import WallBroken, here, inside, through
from consult.testing.applications import furnished
from consult.testing.databases import Databases
from consult.testing.factories import OFF, ON, add_file, town
from plugins.consultations.drafts.reading import read_draft
from plugins.consultations.operations import keep_draft
from plugins.news.models import Category, Post
from tests.lint import python_rules
from tests.lint.sources import ROOT, Source
from tests.local_rows import fill, local_models, local_tables
from tests.meetings import meet
from tests.opinions import accepted, consult_people

RAW = 'from sqlalchemy import text\nrows = db.session.execute(text("select * from membership"))\n'
TABLE = "rows = db.session.execute(select(Category.__table__.c.id))\n"


@pytest.fixture
def walled(databases: Databases) -> Iterator[Flask]:
    """The application on PostgreSQL, with a row of every model in both towns."""
    with furnished(databases.clean("postgresql")) as app:
        fill(app)
        yield app


def execute(statement: str, table: str = "", **values: object) -> Any:
    """Text SQL; TABLE in it stands for the name of ``table``."""
    return db.session.execute(text(statement.replace("TABLE", table)), values)


# ---- SQLite has no second wall: the lint rules keep such code out


def test_on_sqlite_alone_raw_tables_and_text_show_the_neighbours_rows(app):
    fill(app)
    with app.app_context(), inside(town(ON)):
        both = {town(ON).id, town(OFF).id}
        expected = {here().id} if db.engine.dialect.name == "postgresql" else both
        raw = Category.__table__.c.municipality_id
        assert set(db.session.scalars(select(raw))) == expected
        assert set(execute("select municipality_id from news_category").scalars()) == expected
        assert set(db.session.connection().execute(select(Category.municipality_id)).scalars()) == expected


@pytest.mark.parametrize(("rule", "code"), [("text-sql", RAW), ("raw-table", TABLE)])
def test_the_lint_rules_refuse_what_the_first_wall_cannot_see(rule, code):
    assert python_rules.check(rule, Source("plugins/news/queries.py", code))
    assert python_rules.check(rule, Source("consult/web/desk.py", code))


def _takes_a_connection(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom) and node.module == "consult.db":
        return bool({"read", "reading_engine", "owner_engine"} & {one.name for one in node.names})
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in ("connect", "connection")


def test_only_these_files_take_a_connection_from_below_the_session():
    """They ask nothing about the rows of a municipality: places, open towns, health, the clock; owners migrate."""
    may = {f"consult/{name}.py" for name in ("db", "jobs", "tenancy/taking_part", "web/places", "web/installation")}
    owners = ("consult/migrations/", "consult/cli/", "consult/testing/")
    files = [path for folder in ("consult", "plugins") for path in (ROOT / folder).rglob("*.py")]
    taking = {
        path.relative_to(ROOT).as_posix()
        for path in files
        if "tests" not in path.parts and any(map(_takes_a_connection, ast.walk(ast.parse(path.read_text("utf-8")))))
    }
    assert "consult/web/places.py" in taking
    assert {name for name in taking if not name.startswith(owners)} <= may


# ---- PostgreSQL: row-level security


def test_every_table_of_a_municipality_has_forced_row_level_security_with_policies(walled):
    forced = "select relname from pg_class where relrowsecurity and relforcerowsecurity"
    commands = "select tablename, cmd from pg_policies where schemaname = 'public'"
    with walled.app_context():
        assert set(local_tables()) <= set(execute(forced).scalars())
        policies: dict[str, set[str]] = {}
        for table, command in execute(commands):
            policies.setdefault(table, set()).add(command)
    for table in local_tables():
        assert policies[table] in ({"ALL"}, {"ALL", "SELECT"}, {"SELECT", "INSERT", "UPDATE", "DELETE"}), table


def test_the_applications_role_cannot_go_round_it(walled):
    asked = "select rolsuper, rolbypassrls, rolcreaterole, rolreplication from pg_roles where rolname = current_user"
    with walled.app_context():
        assert not any(execute(asked).one())
        assert not execute("select 1 from pg_class where relowner = current_user::regrole").all()
        assert not execute("select 1 from pg_auth_members where member = current_user::regrole").all()
        for statement in (
            "alter table membership no force row level security",
            "truncate journal_entry",
            "create table t()",
        ):
            with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"):
                execute(statement)
            db.session.rollback()


def test_raw_sql_sees_the_rows_of_this_municipality_only(walled):
    with walled.app_context(), inside(town(ON)):
        for table in local_tables():
            assert set(execute("select municipality_id from TABLE", table).scalars()) == {here().id}, table


def test_raw_sql_changes_no_row_of_another_municipality(walled):
    with walled.app_context(), inside(town(ON)):
        for table in local_tables():
            for change in ("update TABLE set municipality_id = municipality_id", "delete from TABLE"):
                begin_writing()
                try:
                    changed = execute(f"{change} where municipality_id = :other", table, other=town(OFF).id).rowcount
                except ProgrammingError as error:
                    changed = 0 if "permission denied" in str(error) else -1
                assert changed == 0, (table, change)
                db.session.rollback()


COPY = "insert into TABLE (NAMES) select VALUES from TABLE limit 1"


def test_raw_sql_adds_no_row_to_another_municipality(walled):
    with walled.app_context(), inside(town(ON)):
        for table in local_tables():
            begin_writing()
            names = [f'"{one.name}"' for one in Base.metadata.tables[table].columns]
            copied = [name if name != '"municipality_id"' else str(town(OFF).id) for name in names]
            with pytest.raises(ProgrammingError, match="row-level security"):
                execute(COPY.replace("NAMES", ", ".join(names)).replace("VALUES", ", ".join(copied)), table)
            db.session.rollback()


def test_raw_sql_without_a_municipality_sees_and_changes_nothing(walled):
    with walled.app_context():
        one = town(ON).id
        for table in local_tables():
            assert execute("select count(*) from TABLE", table).scalar() == 0, table
            begin_writing()
            with pytest.raises(ProgrammingError, match=r"row-level security"):
                execute("insert into TABLE (municipality_id) values (:one)", table, one=one)
            db.session.rollback()


def test_where_the_application_is_ends_with_the_transaction(walled):
    asked = "select current_setting('consult.town', true), current_setting('consult.door', true)"
    with walled.app_context():
        with inside(town(ON)):
            assert tuple(execute(asked).one()) == (str(here().id), "town")
        with db.engine.connect() as connection:
            assert not any(connection.execute(text(asked)).one())


# ---- A publication shared with the neighbour: inside its wall for reading


def told(app: Flask, state: str = "published") -> int:
    """A post of the first town, planned to be shown in the second too; answers its number."""
    with app.app_context():
        neighbour = town(OFF)
        with inside(town(ON)):
            post = Post(title="Кръгла маса", body="Елате.")
            write(post, {"en": {"title": "Round table", "lead": "", "body": "Come."}})
            share(post, [neighbour])
            if state == "published":
                publish(post)
            if state == "scheduled":
                schedule(post, now() + timedelta(hours=3))
            number = post.id
            db.session.commit()
        return number


def with_all_that_is_shown(app: Flask, number: int) -> None:
    """A file of that post, and an event and a consultation shown next door too: a row of everything shown."""
    with app.app_context():
        neighbour = town(OFF)
        with inside(town(ON)):
            add_file(db.session.get_one(Post, number))
            share(meet(5), [neighbour])
            consultation = consult_people()
            keep_draft(consultation, read_draft("Чл. 1. Сади се.").provisions, "Чл. 1. Сади се.")
            accepted(consultation.id)
            link(consultation, "discusses", db.session.get_one(Post, number))
            share(consultation, [neighbour])
            db.session.commit()


def readable(number: int, code: str) -> bool:
    """Whether the town may read it: by its address, in its list, by any select, and on PostgreSQL by raw SQL."""
    with inside(town(code)):
        answers = {
            shown(Post, number) is not None,
            number in {post.id for post in listing(Post).items},
            number in set(db.session.scalars(select(Post.id))),
            number in set(db.session.scalars(select(PublicationTranslation.publication_id))),
        }
        assert len(answers) == 1, answers
        return answers.pop()


def test_what_is_shared_is_read_next_door(app):
    number = told(app)
    with app.app_context():
        assert readable(number, ON)
        assert readable(number, OFF)


def test_what_is_shared_is_not_changed_next_door(app):
    number = told(app)
    with_all_that_is_shown(app, number)
    with app.app_context(), inside(town(OFF)):
        for model in (one for one in local_models() if issubclass(one, Shown) or one is ShownIn):
            begin_writing()
            foreign = model.municipality_id != here().id
            assert db.session.scalars(select(model).where(foreign)).first() is not None, model
            for statement in (update(model).values(municipality_id=here().id), delete(model)):
                result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
                assert result.rowcount == 0, model
            db.session.rollback()
        for change in (lambda post: setattr(post, "title", "Превзета"), db.session.delete):
            begin_writing()
            change(db.session.get_one(Post, number))
            with pytest.raises(WallBroken, match="of another municipality"):
                db.session.flush()
            db.session.rollback()


def test_what_is_shared_is_not_changed_next_door_by_raw_sql_either(walled):
    number = told(walled)
    with walled.app_context(), inside(town(OFF)):
        assert execute("select title from publication where id = :id", id=number).scalar() == "Кръгла маса"
        for statement in (
            "update publication set title = 'Превзета' where id = :id",
            "update publication_translation set title = 'Превзета' where publication_id = :id",
            "update shown_in set listed_at = null where publication_id = :id",
            "delete from shown_in where publication_id = :id",
            "delete from news_post where id = :id",
        ):
            begin_writing()
            assert execute(statement, id=number).rowcount == 0, statement
            db.session.rollback()


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_what_is_planned_to_be_shared_is_not_read_before_its_time(app, state):
    number = told(app, state)
    with app.app_context():
        assert not readable(number, OFF)
        with through("region"):
            assert number not in set(db.session.scalars(select(Post.id)))
    if state == "scheduled":
        with time_machine.travel(now() + timedelta(hours=3)), app.app_context():
            assert readable(number, OFF)


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_what_is_planned_is_not_read_next_door_by_raw_sql_either(walled, state):
    number = told(walled, state)
    with walled.app_context():
        for door in (inside(town(OFF)), through("region")):
            with door:
                for asked in (
                    "select count(*) from publication where id = :id",
                    "select count(*) from news_post where id = :id",
                    "select count(*) from publication_translation where publication_id = :id",
                ):
                    assert execute(asked, id=number).scalar() == 0


def test_what_was_shared_and_is_no_longer_is_not_read_next_door(app):
    number = told(app)
    with app.app_context():
        with inside(town(ON)):
            share(db.session.get_one(Post, number), [])
            db.session.commit()
        assert not readable(number, OFF)
        assert readable(number, ON)
