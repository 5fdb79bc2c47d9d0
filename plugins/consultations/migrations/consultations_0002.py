"""Why a decision has no report, in which version an article is new, and in which one a marked phrase is gone."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "consultations_0002"
down_revision = "consultations_0001"
branch_labels = None
depends_on = "core_0006"

TOWN = sa.table("municipality", sa.column("id", sa.Integer))
ADDED = (
    ("consultations_consultation", "unreported_why", sa.Text, ""),
    ("consultations_passage", "new_in", sa.Integer, "0"),
    ("consultations_opinion", "quote_dropped_in", sa.Integer, "0"),
)
# An article that stands in no draft before the one in which it "changed" was new in that one.
TELL_NEW = """
update consultations_passage set new_in = changed_in, changed_in = 0
where changed_in > 1 and not exists (
    select 1 from consultations_provision p join consultations_version v on v.id = p.version_id
    where p.passage_id = consultations_passage.id and v.number > 0 and v.number < consultations_passage.changed_in
)
"""


def upgrade() -> None:
    for table, name, column_type, default in ADDED:
        op.add_column(table, sa.Column(name, column_type(), nullable=False, server_default=default))
    for _town in _towns():
        op.execute(TELL_NEW)


def downgrade() -> None:
    for _town in _towns():
        op.execute("update consultations_passage set changed_in = new_in where new_in > changed_in")
    for table, name, _type, _default in ADDED:
        op.drop_column(table, name)


def _towns() -> Iterator[int]:
    """The number of each municipality, while we are in it: the second wall binds the owner of the tables too."""
    for town_id in op.get_bind().scalars(sa.select(TOWN.c.id)).all():
        if op.get_bind().dialect.name == "postgresql":
            op.get_bind().execute(sa.select(sa.func.set_config("consult.town", str(town_id), True)))
        yield town_id
