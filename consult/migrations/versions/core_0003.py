"""Single-use tokens, files that letters bring along, letters of the installation itself, and when one is given up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from consult import schema
from consult.db import Moment

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None

OF_NO_TOWN = sa.text("municipality_id IS NULL")


def upgrade() -> None:
    op.create_table(
        "token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=254), nullable=False),
        sa.Column("town_id", sa.Integer(), nullable=True),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("dies_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["town_id"], ["municipality.id"], name=op.f("fk_token_town_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_token_key_hash")),
    )
    op.create_index(op.f("ix_token_purpose_subject"), "token", ["purpose", "subject"], unique=False)
    op.create_index(op.f("ix_token_dies_at"), "token", ["dies_at"], unique=False)
    with op.batch_alter_table("letter") as letter:  # SQLite adds a constraint only to a new copy of the table
        letter.alter_column("municipality_id", existing_type=sa.Integer(), nullable=True)
        letter.add_column(sa.Column("given_up_at", Moment(), nullable=True))
        letter.create_unique_constraint(op.f("uq_letter_municipality_id_id"), ["municipality_id", "id"])
    op.create_index(
        "ix_letter_of_no_town", "letter", ["key"], unique=True, sqlite_where=OF_NO_TOWN, postgresql_where=OF_NO_TOWN
    )
    op.create_table(
        "letter_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "letter_id"],
            ["letter.municipality_id", "letter.id"],
            name=op.f("fk_letter_attachment_municipality_id_letter_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_letter_attachment_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_attachment")),
    )
    op.create_index(
        op.f("ix_letter_attachment_municipality_id_letter_id"),
        "letter_attachment",
        ["municipality_id", "letter_id"],
        unique=False,
    )
    schema.wall("letter_attachment", doors=("jobs", "operator"))


def downgrade() -> None:
    op.drop_index(op.f("ix_letter_attachment_municipality_id_letter_id"), table_name="letter_attachment")
    op.drop_table("letter_attachment")
    op.drop_index("ix_letter_of_no_town", table_name="letter")
    with op.batch_alter_table("letter") as letter:
        letter.drop_constraint(op.f("uq_letter_municipality_id_id"), type_="unique")
        letter.drop_column("given_up_at")
        letter.alter_column("municipality_id", existing_type=sa.Integer(), nullable=False)
    op.drop_index(op.f("ix_token_dies_at"), table_name="token")
    op.drop_index(op.f("ix_token_purpose_subject"), table_name="token")
    op.drop_table("token")
