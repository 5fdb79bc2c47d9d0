"""What an event discusses is said by links between publications, and no longer by a list of its own."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from consult.api import Moment, now

revision = "events_0002"
down_revision = "events_0001"
branch_labels = None
depends_on = "core_0005"

TOWN = sa.table("municipality", sa.column("id", sa.Integer))
EVENT = sa.table(
    "events_event", *(sa.column(name, sa.Integer) for name in ("id", "municipality_id")), sa.column("about", sa.JSON)
)
RELATION = sa.table(
    "relation",
    *(sa.column(name, sa.Integer) for name in ("id", "municipality_id", "from_id", "to_id")),
    *(sa.column(name, sa.String) for name in ("from_kind", "relation", "to_kind")),
    sa.column("made_at", Moment()),
)
DISCUSSES = {"from_kind": "publication", "relation": "discusses", "to_kind": "publication"}


def upgrade() -> None:
    for town_id in _towns():
        events = op.get_bind().execute(sa.select(EVENT).where(EVENT.c.municipality_id == town_id)).all()
        for event in events:
            said = {"municipality_id": town_id, "from_id": event.id, "made_at": now(), **DISCUSSES}
            for number in dict.fromkeys(event.about or ()):
                op.get_bind().execute(RELATION.insert().values(to_id=int(number), **said))
    op.drop_column("events_event", "about")


def downgrade() -> None:
    op.add_column("events_event", sa.Column("about", sa.JSON(), nullable=False, server_default="[]"))
    its = [RELATION.c[name] == word for name, word in DISCUSSES.items()]
    for town_id in _towns():
        its_events = sa.select(EVENT.c.id).where(EVENT.c.municipality_id == town_id)
        mine = (*its, RELATION.c.municipality_id == town_id, RELATION.c.from_id.in_(its_events))
        about: dict[int, list[int]] = {}
        for row in op.get_bind().execute(sa.select(RELATION).where(*mine).order_by(RELATION.c.id)).all():
            about.setdefault(row.from_id, []).append(row.to_id)
        for number, numbers in about.items():
            op.get_bind().execute(EVENT.update().where(EVENT.c.id == number).values(about=numbers))
        op.get_bind().execute(RELATION.delete().where(*mine))


def _towns() -> Iterator[int]:
    """The number of each municipality, while we are in it: the second wall binds the owner of the tables too."""
    for town_id in op.get_bind().scalars(sa.select(TOWN.c.id)).all():
        if op.get_bind().dialect.name == "postgresql":
            op.get_bind().execute(sa.select(sa.func.set_config("consult.town", str(town_id), True)))
        yield town_id
