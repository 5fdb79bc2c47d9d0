"""Being told of one thing that one follows, and links between things."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from consult import schema
from consult.db import Moment

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("unsubscribe", sa.String(length=400), nullable=True))
    _make_subscriptions()
    _make_notices()
    _make_relations()
    schema.wall("subscription", doors=("jobs",))
    schema.wall("subscription_notice")
    schema.wall_shown("relation", "from_id", only="relation.from_kind = 'publication'")


def _make_subscriptions() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        *_of_a_publication("subscription"),
        sa.UniqueConstraint(
            "municipality_id",
            "subject_id",
            "address_key",
            name=op.f("uq_subscription_municipality_id_subject_id_address_key"),
        ),
    )
    for column in ("address_key", "person_id"):
        name = op.f(f"ix_subscription_municipality_id_{column}")
        op.create_index(name, "subscription", ["municipality_id", column], unique=False)


def _make_notices() -> None:
    op.create_table(
        "subscription_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("is_last", sa.Boolean(), nullable=False),
        sa.Column("told_at", Moment(), nullable=False),
        sa.Column("reached_id", sa.Integer(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        *_of_a_publication("subscription_notice"),
        sa.UniqueConstraint(
            "municipality_id", "subject_id", "key", name=op.f("uq_subscription_notice_municipality_id_subject_id_key")
        ),
    )
    name = op.f("ix_subscription_notice_municipality_id_done_at")
    op.create_index(name, "subscription_notice", ["municipality_id", "done_at"], unique=False)


def _of_a_publication(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f(f"fk_{table}_municipality_id")),
        sa.ForeignKeyConstraint(
            ["municipality_id", "subject_id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f(f"fk_{table}_municipality_id_subject_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _make_relations() -> None:
    op.create_table(
        "relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_kind", sa.String(length=20), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("to_kind", sa.String(length=20), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_relation_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
        sa.UniqueConstraint(
            *("municipality_id", "from_kind", "from_id", "relation", "to_kind", "to_id"), name="uq_relation_once"
        ),
    )
    for side in ("from", "to"):
        columns = [f"{side}_kind", f"{side}_id", "relation"]
        op.create_index(op.f(f"ix_relation_{'_'.join(columns)}"), "relation", columns, unique=False)


def downgrade() -> None:
    op.drop_table("relation")
    op.drop_table("subscription_notice")
    op.drop_table("subscription")
    op.drop_column("letter", "unsubscribe")
