"""News as it is at first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from consult.api import schema

revision = "news_0001"
down_revision = None
branch_labels = ("news",)
depends_on = "core_0001"


def upgrade() -> None:
    op.create_table(
        "news_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name_bg", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("name_tr", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_news_category_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_category")),
        sa.UniqueConstraint("municipality_id", "key", name=op.f("uq_news_category_municipality_id_key")),
    )
    op.create_table(
        "news_post",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_news_post_municipality_id_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_post")),
    )
    schema.wall_shown("news_post", "id")
    schema.wall("news_category")


def downgrade() -> None:
    op.drop_table("news_post")
    op.drop_table("news_category")
