"""Taking a plugin out of the database. What belongs to it goes; the record of what was said and done stays.

Gone:   its own tables, the places where its publications showed (``shown_in``), their informative translations and
        files, links, who followed them, the municipalities' answers to its settings, and that it was allowed and
        enabled anywhere.
Stays:  each publication with its versions, and the journal. They are the municipality's record of what it said to
        people; the database itself refuses to delete versions and entries, and they point to the publication. Its kind
        is marked as removed, so that no list meets it, not even when the plugin is installed again.
"""

from __future__ import annotations

import re
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, MetaData, Table, bindparam, delete, func, inspect, select, text, update

from consult.db import owner_engine
from consult.errors import ContractError
from consult.links import Relation
from consult.migrations import alembic_config
from consult.modules import AllowedPlugin, EnabledPlugin
from consult.publishing import Attachment, Publication, PublicationTranslation, ShownIn
from consult.registry import registry
from consult.settings import StoredSetting
from consult.subscriptions import Subscription, SubscriptionNotice
from consult.tenancy import ContentStamp, Municipality

REMOVED = "removed "  # what the kind of a publication then begins with
KIND_MAX = 40  # letters that the column has room for
REVISION = re.compile(r"(?P<plugin>.+)_\d{4}")


def take_out(app: Flask, name: str) -> int:
    """Takes the plugin out, installed or not; answers how many publications stay in the record.

    Raises ContractError where Alembic could no longer tell at which revision the core stands.
    """
    with app.app_context():
        engine = owner_engine(app.config["DATABASE_OWNER_URL"])
        try:
            with engine.begin() as connection:
                publications = _take_out_rows(connection, name)
                if name in registry().plugins:
                    command.downgrade(alembic_config(connection), f"{name}@base")
                else:
                    _drop(connection, name)
        finally:
            engine.dispose()
    return publications


def is_known(connection: Connection, name: str) -> bool:
    """Whether the database has tables or a revision of this plugin."""
    return bool(_tables(connection, name) or _revisions(connection, name))


def _take_out_rows(connection: Connection, name: str) -> int:
    publications = 0
    for town_id in connection.scalars(select(Municipality.id)).all():
        if connection.dialect.name == "postgresql":  # its second wall binds the owner too
            connection.execute(text("select set_config('consult.town', :town, true)"), {"town": str(town_id)})
        publications += _take_out_of_town(connection, name, town_id)
    connection.execute(update(_table(ContentStamp)).values(value=ContentStamp.value + 1))
    return publications


def _take_out_of_town(connection: Connection, name: str, town_id: int) -> int:
    publication, shown, answer = _table(Publication), _table(ShownIn), _table(StoredSetting)
    is_its_kind = publication.c.kind.startswith(f"{name}.", autoescape=True)
    its = select(publication.c.id).where(publication.c.municipality_id == town_id, is_its_kind)
    for table in (_table(PublicationTranslation), _table(Attachment)):
        connection.execute(delete(table).where(table.c.publication_id.in_(its)))
    for table in (_table(Subscription), _table(SubscriptionNotice)):
        connection.execute(delete(table).where(table.c.subject_id.in_(its)))
    relation = _table(Relation)
    for side in ("from", "to"):
        is_of_its = (relation.c[f"{side}_kind"] == "publication") & relation.c[f"{side}_id"].in_(its)
        connection.execute(delete(relation).where(is_of_its))
    for table, condition in (
        (shown, shown.c.kind.startswith(f"{name}.", autoescape=True)),
        (answer, answer.c.name.startswith(f"{name}.", autoescape=True)),
        (_table(EnabledPlugin), EnabledPlugin.plugin == name),
        (_table(AllowedPlugin), AllowedPlugin.plugin == name),
    ):
        connection.execute(delete(table).where(table.c.municipality_id == town_id, condition))
    marked = func.substr(REMOVED + publication.c.kind, 1, KIND_MAX)
    return connection.execute(update(publication).where(publication.c.id.in_(its)).values(kind=marked)).rowcount


def _drop(connection: Connection, name: str) -> None:
    """Takes out a plugin whose folder is gone, and with it its migrations."""
    revisions = _revisions(connection, name)
    connection.execute(
        text("delete from alembic_version where version_num in :gone").bindparams(bindparam("gone", expanding=True)),
        {"gone": revisions},
    )
    _check_core(connection, name)
    found = MetaData()
    names = _tables(connection, name)
    found.reflect(connection, only=names)  # and what they point to, which stays
    found.drop_all(connection, tables=[found.tables[one] for one in names])


def _check_core(connection: Connection, name: str) -> None:
    """A plugin that depends on the core's newest revision stands for it in alembic_version."""
    script = ScriptDirectory.from_config(alembic_config())
    newest = script.get_revision("core@head")
    left = connection.scalars(text("select version_num from alembic_version")).all()
    stands = any(one.startswith("core_") for one in left)
    if not stands and not any(newest and newest.revision in _needed(script, one) for one in left):
        raise ContractError(
            f"{name}: without it nothing tells at which revision the core stands",
            "the table alembic_version",
            "its last migration depends on the core's last one",
            "install it once more and take it out then",
        )


def _needed(script: ScriptDirectory, revision: str) -> tuple[str, ...]:
    needed = script.get_revision(revision).dependencies
    return (needed,) if isinstance(needed, str) else tuple(needed or ())


def _tables(connection: Connection, name: str) -> list[str]:
    return [table for table in inspect(connection).get_table_names() if table.startswith(f"{name}_")]


def _revisions(connection: Connection, name: str) -> list[str]:
    rows = connection.scalars(text("select version_num from alembic_version")).all()
    return [row for row in rows if (match := REVISION.fullmatch(row)) and match["plugin"] == name]


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table
