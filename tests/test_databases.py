"""The ground that tests stand on: databases are real, clean for each test, and changes do not go unnoticed."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import func, inspect, select, text

from consult.db import Base, db, end_reading
from consult.modules import AllowedPlugin, allow
from consult.tenancy import ContentStamp, Municipality, through
from consult.testing.counting import count_queries, database_state

MADE_UP = "made_up"
NUMBERS_ABOUT_PAGES = {"content_stamp", "content_moment"}  # read before it is known in which municipality we are


def write(app: Flask, *, keep: bool = True) -> None:
    with app.app_context(), through("operator"):
        allow(1, MADE_UP)
        db.session.flush()
        db.session.commit() if keep else db.session.rollback()


def written(app: Flask) -> int | None:
    with app.app_context(), through("operator"):
        return db.session.scalar(select(func.count()).where(AllowedPlugin.plugin == MADE_UP))


@pytest.mark.parametrize("time", ["first", "second"])
def test_what_one_test_writes_the_next_one_does_not_find(app, time):
    assert written(app) == 0
    write(app)
    assert written(app) == 1


def test_no_two_tests_begin_with_the_same_stamps(app, databases, database):
    def stamps() -> set[int]:
        with app.app_context():
            return set(db.session.scalars(select(ContentStamp.value)))

    before = stamps()
    databases.clean(database.kind if database.name.endswith(database.kind) else "served")
    assert not before & stamps()


def test_a_commit_changes_the_state_and_a_rollback_or_a_read_does_not(app):
    before = database_state(app)
    write(app, keep=False)
    assert written(app) == 0
    assert database_state(app) == before
    write(app)
    assert database_state(app) != before


def test_queries_are_counted_and_transactions_are_not(app):
    with count_queries(app) as queries:
        written(app)
        written(app)
    assert len(queries) == 2


def test_on_postgresql_the_application_is_a_plain_role(app):
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name != "postgresql":
            assert app.config["DATABASE_URL"] == app.config["DATABASE_OWNER_URL"]
            return
        role = connection.execute(
            text("select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user")
        ).one()
        assert not any(role)
        owned = text("select count(*) from pg_tables where schemaname = 'public' and tableowner = current_user")
        assert connection.scalar(owned) == 0


def test_on_postgresql_the_second_wall_is_forced_on_every_table_of_a_municipality(app):
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name != "postgresql":
            return
        columns = inspect(connection).get_multi_columns()
        local = {name for (_, name), found in columns.items() if "municipality_id" in {one["name"] for one in found}}
        forced = text("select relname from pg_class where relrowsecurity and relforcerowsecurity")
        assert local - NUMBERS_ABOUT_PAGES <= set(connection.scalars(forced))


def test_the_migrations_make_what_the_models_say(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_postgresql_plans_a_statement_once_and_not_for_every_reader(app):
    """psycopg prepares what it has sent five times, unless a ROLLBACK made it forget."""
    with app.app_context(), through("operator"):
        for _ in range(7):
            db.session.scalar(select(func.count()).select_from(Municipality))
            end_reading()
        if db.engine.dialect.name == "postgresql":
            prepared = db.session.scalars(text("select statement from pg_prepared_statements")).all()
            assert any("municipality" in statement for statement in prepared)
