"""Notices as they are at first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from consult.api import Moment, schema

revision = "notices_0001"
down_revision = None
branch_labels = ("notices",)
depends_on = "core_0001"


def upgrade() -> None:
    op.create_table(
        "notices_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "publication_id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_notices_notice_municipality_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_notices_notice_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices_notice")),
    )
    op.create_index(
        op.f("ix_notices_notice_municipality_id_ends_at_id"),
        "notices_notice",
        ["municipality_id", "ends_at", "id"],
        unique=False,
    )
    schema.wall("notices_notice")


def downgrade() -> None:
    op.drop_index(op.f("ix_notices_notice_municipality_id_ends_at_id"), table_name="notices_notice")
    op.drop_table("notices_notice")
