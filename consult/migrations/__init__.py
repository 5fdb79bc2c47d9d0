"""The way from an empty database to today's: one Alembic branch for the core and one for each installed plugin."""

from __future__ import annotations

import csv
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, Engine, make_url, select, text
from sqlalchemy.exc import OperationalError

from consult.db import db, owner_engine
from consult.errors import ContractError
from consult.registry import registry
from consult.tenancy import ContentStamp, Municipality

log = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent
MUNICIPALITIES = HERE.parent / "data" / "municipalities.csv"
MEND = "install it again, or take it out with `consult remove-plugin %s`"
APPEND_ONLY = ("journal_entry", "publication_version")


def upgrade(app: Flask) -> None:
    """Brings the database to today's schema as the owner of its tables, and knows the 33 municipalities.

    On PostgreSQL the plain role of ``DATABASE_URL`` is then granted what the application needs. Raises ContractError
    where the database knows a plugin that is not installed.
    """
    with app.app_context():
        engine = owner_engine(app.config["DATABASE_OWNER_URL"])
        try:
            with engine.begin() as connection:
                _refuse_unknown(connection)
                command.upgrade(alembic_config(connection), "heads")
                _know_the_municipalities(connection)
                if connection.dialect.name == "postgresql":
                    _grant(connection, make_url(app.config["DATABASE_URL"]).username or "")
        finally:
            engine.dispose()


def is_current(engine: Engine) -> bool:
    """Whether every installed branch is at its head."""
    with engine.connect() as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return False
        found = set(connection.scalars(text("select version_num from alembic_version")))
    script = ScriptDirectory.from_config(alembic_config())
    # What another branch's revision stands on has no row of its own: that revision's says it as well.
    implied = {name for one in script.walk_revisions() for name in _names(one.dependencies)}
    return found == set(script.get_heads()) - implied


def _names(dependencies: Any) -> tuple[str, ...]:
    return (dependencies,) if isinstance(dependencies, str) else tuple(dependencies or ())


def alembic_config(connection: Connection | None = None, **attributes: Any) -> Config:
    """Alembic's configuration with the version folders of the core and of all installed plugins, on here or not."""
    folders = [HERE / "versions"]
    folders += [plugin.folder / "migrations" for plugin in registry().plugins.values() if plugin.folder]
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(str(path) for path in folders if path.is_dir()))
    config.attributes["connection"] = connection
    config.attributes.update(attributes)
    return config


def missing_plugins(engine: Engine) -> list[str]:
    """Names of plugins whose tables are in the database but which are no longer installed."""
    with engine.connect() as connection:
        return _unknown(connection)


def name_missing_plugins(app: Flask) -> None:
    """Says in the log, a line each, which plugins the database knows that are no longer installed.

    The site goes on without them; only the schema cannot be brought further.
    """
    with app.app_context(), suppress(OperationalError):
        for name in missing_plugins(db.engine):
            log.warning("the plugin %r is not installed, and the database has its tables: %s", name, MEND % name)


def _unknown(connection: Connection) -> list[str]:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return []
    known = {one.revision for one in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    applied = set(connection.scalars(text("select version_num from alembic_version")))
    return sorted({revision.rpartition("_")[0] for revision in applied - known})


def _refuse_unknown(connection: Connection) -> None:
    for name in _unknown(connection):
        raise ContractError(
            f"the plugin {name!r} is not installed, and the database has its tables",
            "the table alembic_version",
            "without its migrations nobody can tell what comes next",
            MEND % name,
        )


def _know_the_municipalities(connection: Connection) -> None:
    known = set(connection.scalars(select(Municipality.code)))
    with MUNICIPALITIES.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["code"] in known:
                continue
            values: dict[str, Any] = {name: row[name] for name in ("code", "slug", "name_bg", "name_en", "name_tr")}
            values |= {"nuts3": row["nuts3"], "latitude": float(row["lat"]), "longitude": float(row["lon"])}
            values |= {"population": int(row["population"]), "hue": int(row["hue"]), "motif": row["motif"]}
            values |= {"is_open": False, "email": "", "phone": "", "address": ""}
            number = connection.execute(Municipality.__table__.insert().values(values)).inserted_primary_key[0]  # type: ignore[index, attr-defined]
            connection.execute(ContentStamp.__table__.insert().values(municipality_id=number, value=1))  # type: ignore[attr-defined]


def _grant(connection: Connection, role: str) -> None:
    """The plain role reads and writes rows; what is append-only it cannot even try to change."""
    name = connection.dialect.identifier_preparer.quote(role)
    for statement in (
        f"grant usage on schema public to {name}",
        f"grant select, insert, update, delete on all tables in schema public to {name}",
        f"grant usage, select on all sequences in schema public to {name}",
        f"revoke insert, update, delete on alembic_version from {name}",
        *(f"revoke update, delete on {table} from {name}" for table in APPEND_ONLY),
    ):
        connection.exec_driver_sql(statement)
