"""Contributions, their records and counts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from consult import schema
from consult.db import Moment

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watched_author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_watched_author_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watched_author")),
        sa.UniqueConstraint(
            "municipality_id", "address_key", name=op.f("uq_watched_author_municipality_id_address_key")
        ),
    )
    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("reply_to_id", sa.Integer(), nullable=True),
        sa.Column("reply_number", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(length=10), nullable=False),
        sa.Column("standing", sa.String(length=12), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("is_answered", sa.Boolean(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("replies", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_html", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("sealed_to", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("home", sa.String(length=80), nullable=False),
        sa.Column("organisation", sa.String(length=160), nullable=False),
        sa.Column("consent", sa.String(length=8), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=32), nullable=True),
        sa.Column("file_key", sa.String(length=80), nullable=True),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("file_type", sa.String(length=40), nullable=False),
        sa.Column("file_size", sa.Integer(), nullable=False),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("accepted_at", Moment(), nullable=True),
        sa.Column("edited_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=600), nullable=False),
        sa.Column("queued_at", Moment(), nullable=True),
        sa.Column("queued_for", sa.String(length=20), nullable=False),
        sa.Column("appealed_at", Moment(), nullable=True),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("consent in ('full', 'nameless', 'none')", name=op.f("ck_contribution_consent")),
        sa.CheckConstraint(
            "standing in ('unconfirmed', 'held', 'published', 'hidden', 'withdrawn', 'disowned')",
            name=op.f("ck_contribution_standing"),
        ),
        sa.CheckConstraint("agreed >= 0 and replies >= 0", name=op.f("ck_contribution_counted")),
        sa.ForeignKeyConstraint(
            ["municipality_id", "publication_id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_contribution_municipality_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "reply_to_id"],
            ["contribution.municipality_id", "contribution.id"],
            name=op.f("fk_contribution_municipality_id_reply_to_id"),
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_contribution_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sa.UniqueConstraint("municipality_id", "id", name=op.f("uq_contribution_municipality_id_id")),
        sa.UniqueConstraint("publication_id", "fingerprint", name=op.f("uq_contribution_publication_id_fingerprint")),
    )
    op.create_index(
        "ix_contribution_agreed", "contribution", ["publication_id", "is_listed", "agreed", "id"], unique=False
    )
    op.create_index(
        "ix_contribution_answered", "contribution", ["publication_id", "is_listed", "is_answered", "id"], unique=False
    )
    op.create_index(
        "ix_contribution_part", "contribution", ["publication_id", "is_listed", "part_id", "id"], unique=False
    )
    op.create_index(
        "ix_contribution_part_agreed",
        "contribution",
        ["publication_id", "is_listed", "part_id", "agreed", "id"],
        unique=False,
    )
    op.create_index(
        "ix_contribution_part_stance",
        "contribution",
        ["publication_id", "is_listed", "part_id", "stance", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_contribution_person_id_id"), "contribution", ["person_id", "id"], unique=False)
    op.create_index("ix_contribution_queue", "contribution", ["municipality_id", "queued_at", "id"], unique=False)
    op.create_index("ix_contribution_replies", "contribution", ["reply_to_id", "reply_number"], unique=False)
    op.create_index(
        "ix_contribution_stance", "contribution", ["publication_id", "is_listed", "stance", "id"], unique=False
    )
    op.create_index("ix_contribution_thread", "contribution", ["publication_id", "is_listed", "id"], unique=False)
    op.create_table(
        "contribution_tally",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(length=10), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "accepted = shown + gone and shown >= 0 and gone >= 0", name=op.f("ck_contribution_tally_nothing_vanishes")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "publication_id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_contribution_tally_municipality_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_contribution_tally_municipality_id")
        ),
        sa.PrimaryKeyConstraint("publication_id", "part_id", "stance", name=op.f("pk_contribution_tally")),
    )
    op.create_table(
        "contribution_agreement",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "contribution_id"],
            ["contribution.municipality_id", "contribution.id"],
            name=op.f("fk_contribution_agreement_municipality_id_contribution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_contribution_agreement_municipality_id")
        ),
        sa.PrimaryKeyConstraint("contribution_id", "person_id", name=op.f("pk_contribution_agreement")),
    )
    op.create_index(op.f("ix_contribution_agreement_person_id"), "contribution_agreement", ["person_id"], unique=False)
    op.create_table(
        "contribution_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=600), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", Moment(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "contribution_id"],
            ["contribution.municipality_id", "contribution.id"],
            name=op.f("fk_contribution_report_municipality_id_contribution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_contribution_report_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_report")),
    )
    op.create_index(
        op.f("ix_contribution_report_contribution_id_settled_at"),
        "contribution_report",
        ["contribution_id", "settled_at"],
        unique=False,
    )
    op.create_table(
        "contribution_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "contribution_id"],
            ["contribution.municipality_id", "contribution.id"],
            name=op.f("fk_contribution_version_municipality_id_contribution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_contribution_version_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_version")),
        sa.UniqueConstraint("contribution_id", "number", name=op.f("uq_contribution_version_contribution_id_number")),
        sa.UniqueConstraint("municipality_id", "id", name=op.f("uq_contribution_version_municipality_id_id")),
    )
    op.create_table(
        "moderation_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "contribution_id"],
            ["contribution.municipality_id", "contribution.id"],
            name=op.f("fk_moderation_act_municipality_id_contribution_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_moderation_act_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_act")),
        sa.UniqueConstraint("municipality_id", "id", name=op.f("uq_moderation_act_municipality_id_id")),
    )
    op.create_index(
        op.f("ix_moderation_act_contribution_id_id"), "moderation_act", ["contribution_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_moderation_act_municipality_id_at_id"), "moderation_act", ["municipality_id", "at", "id"], unique=False
    )
    op.create_table(
        "contribution_version_words",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("words", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "version_id"],
            ["contribution_version.municipality_id", "contribution_version.id"],
            name=op.f("fk_contribution_version_words_municipality_id_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_contribution_version_words_municipality_id")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_contribution_version_words")),
    )
    op.create_table(
        "moderation_act_words",
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("words", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "act_id"],
            ["moderation_act.municipality_id", "moderation_act.id"],
            name=op.f("fk_moderation_act_words_municipality_id_act_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_moderation_act_words_municipality_id")
        ),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_moderation_act_words")),
    )
    for table in (
        *("contribution", "contribution_agreement", "contribution_report", "contribution_version"),
        *("contribution_version_words", "moderation_act", "moderation_act_words", "watched_author"),
    ):
        schema.wall(table)
    schema.wall_shown("contribution_tally")
    schema.append_only("contribution_version")
    schema.append_only("moderation_act")
    schema.only_blanking("contribution_version_words", "version_id", ("salt", "words"))
    schema.only_blanking("moderation_act_words", "act_id", ("salt", "words"))


def downgrade() -> None:
    op.drop_table("moderation_act_words")
    op.drop_table("contribution_version_words")
    op.drop_index(op.f("ix_moderation_act_municipality_id_at_id"), table_name="moderation_act")
    op.drop_index(op.f("ix_moderation_act_contribution_id_id"), table_name="moderation_act")
    op.drop_table("moderation_act")
    op.drop_table("contribution_version")
    op.drop_index(op.f("ix_contribution_report_contribution_id_settled_at"), table_name="contribution_report")
    op.drop_table("contribution_report")
    op.drop_index(op.f("ix_contribution_agreement_person_id"), table_name="contribution_agreement")
    op.drop_table("contribution_agreement")
    op.drop_table("contribution_tally")
    op.drop_index("ix_contribution_thread", table_name="contribution")
    op.drop_index("ix_contribution_stance", table_name="contribution")
    op.drop_index("ix_contribution_replies", table_name="contribution")
    op.drop_index("ix_contribution_queue", table_name="contribution")
    op.drop_index(op.f("ix_contribution_person_id_id"), table_name="contribution")
    op.drop_index("ix_contribution_part_stance", table_name="contribution")
    op.drop_index("ix_contribution_part_agreed", table_name="contribution")
    op.drop_index("ix_contribution_part", table_name="contribution")
    op.drop_index("ix_contribution_answered", table_name="contribution")
    op.drop_index("ix_contribution_agreed", table_name="contribution")
    op.drop_table("contribution")
    op.drop_table("watched_author")
