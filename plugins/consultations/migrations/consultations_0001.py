"""Consultations as they are at first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from consult.api import Moment, schema

revision = "consultations_0001"
down_revision = None
branch_labels = ("consultations",)
depends_on = "core_0006"


def upgrade() -> None:
    op.create_table(
        "consultations_procedure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("days_legal", sa.Integer(), nullable=False),
        sa.Column("days_shortened", sa.Integer(), nullable=True),
        sa.Column("is_normative", sa.Boolean(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("follows", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_offered", sa.Boolean(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "days_shortened is null or days_shortened <= days_legal", name=op.f("ck_consultations_procedure_terms")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_consultations_procedure_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations_procedure")),
        sa.UniqueConstraint("municipality_id", "id", name=op.f("uq_consultations_procedure_municipality_id_id")),
        sa.UniqueConstraint("municipality_id", "key", name=op.f("uq_consultations_procedure_municipality_id_key")),
    )
    op.create_table(
        "consultations_consultation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("procedure_id", sa.Integer(), nullable=False),
        sa.Column("procedure_name", sa.String(length=120), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("act_type", sa.String(length=40), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("affected", sa.Text(), nullable=False),
        sa.Column("ask", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.String(length=600), nullable=False),
        sa.Column("mover", sa.String(length=200), nullable=False),
        sa.Column("contact_role", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("post_address", sa.String(length=300), nullable=False),
        sa.Column("counter", sa.String(length=300), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("promise", sa.String(length=600), nullable=False),
        sa.Column("sitting_on", sa.Date(), nullable=True),
        sa.Column("sitting", sa.String(length=200), nullable=False),
        sa.Column("answers_due_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("short_reasons", sa.Text(), nullable=False),
        sa.Column("rule_days", sa.Integer(), nullable=True),
        sa.Column("rule_shortened", sa.Integer(), nullable=True),
        sa.Column("rule_normative", sa.Boolean(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("opens_at", Moment(), nullable=True),
        sa.Column("counted_from", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("closes_at", Moment(), nullable=True),
        sa.Column("replaced", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("outcome_text", sa.Text(), nullable=False),
        sa.Column("outcome_html", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reported_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id", "id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_consultations_consultation_municipality_id_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "procedure_id"],
            ["consultations_procedure.municipality_id", "consultations_procedure.id"],
            name=op.f("fk_consultations_consultation_municipality_id_procedure_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations_consultation")),
    )
    op.create_index(
        op.f("ix_consultations_consultation_municipality_id_closes_at"),
        "consultations_consultation",
        ["municipality_id", "closes_at"],
        unique=False,
    )
    op.create_table(
        "consultations_passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("eid", sa.String(length=255), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("changed_in", sa.Integer(), nullable=False),
        sa.Column("moved_from", sa.String(length=300), nullable=False),
        sa.Column("dropped_in", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "consultation_id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_consultations_passage_municipality_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_consultations_passage_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations_passage")),
        sa.UniqueConstraint("municipality_id", "id", name=op.f("uq_consultations_passage_municipality_id_id")),
    )
    op.create_index(
        op.f("ix_consultations_passage_consultation_id_position"),
        "consultations_passage",
        ["consultation_id", "position"],
        unique=False,
    )
    op.create_table(
        "consultations_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=600), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "consultation_id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_consultations_version_municipality_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_consultations_version_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations_version")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_consultations_version_consultation_id_number")),
        sa.UniqueConstraint("municipality_id", "id", name=op.f("uq_consultations_version_municipality_id_id")),
    )
    op.create_table(
        "consultations_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("eid", sa.String(length=255), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("quote_exact", sa.Text(), nullable=False),
        sa.Column("quote_prefix", sa.Text(), nullable=False),
        sa.Column("quote_suffix", sa.Text(), nullable=False),
        sa.Column("proposed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "id"],
            ["contribution.municipality_id", "contribution.id"],
            name=op.f("fk_consultations_opinion_municipality_id_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations_opinion")),
    )
    op.create_table(
        "consultations_provision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("eid", sa.String(length=255), nullable=False),
        sa.Column("parent", sa.String(length=255), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("number", sa.String(length=255), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("table", sa.JSON(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "consultation_id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_consultations_provision_municipality_id_consultation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id", "version_id"],
            ["consultations_version.municipality_id", "consultations_version.id"],
            name=op.f("fk_consultations_provision_municipality_id_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_consultations_provision_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations_provision")),
        sa.UniqueConstraint("version_id", "eid", name=op.f("uq_consultations_provision_version_id_eid")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_consultations_provision_version_id_position")),
    )
    op.create_index(
        op.f("ix_consultations_provision_passage_id_version_id"),
        "consultations_provision",
        ["passage_id", "version_id"],
        unique=False,
    )
    schema.wall("consultations_procedure")
    schema.wall("consultations_opinion")
    schema.wall_shown("consultations_consultation", "id")
    for table in ("consultations_version", "consultations_passage", "consultations_provision"):
        schema.wall_shown(table, "consultation_id")


def downgrade() -> None:
    op.drop_index(op.f("ix_consultations_provision_passage_id_version_id"), table_name="consultations_provision")
    op.drop_table("consultations_provision")
    op.drop_table("consultations_opinion")
    op.drop_table("consultations_version")
    op.drop_index(op.f("ix_consultations_passage_consultation_id_position"), table_name="consultations_passage")
    op.drop_table("consultations_passage")
    op.drop_index(
        op.f("ix_consultations_consultation_municipality_id_closes_at"), table_name="consultations_consultation"
    )
    op.drop_table("consultations_consultation")
    op.drop_table("consultations_procedure")
