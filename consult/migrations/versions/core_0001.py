"""The core as it is at first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from consult import schema
from consult.db import Moment

revision = "core_0001"
down_revision = None
branch_labels = ("core",)
depends_on = None


def upgrade() -> None:
    op.create_table(
        "municipality",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name_bg", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("name_tr", sa.String(length=80), nullable=False),
        sa.Column("nuts3", sa.String(length=5), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("hue", sa.Integer(), nullable=False),
        sa.Column("motif", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("code", name=op.f("uq_municipality_code")),
        sa.UniqueConstraint("host", name=op.f("uq_municipality_host")),
        sa.UniqueConstraint("slug", name=op.f("uq_municipality_slug")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email_key", name=op.f("uq_person_email_key")),
    )
    op.create_table(
        "allowed_plugin",
        sa.Column("plugin", sa.String(length=40), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_allowed_plugin_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "plugin", name=op.f("pk_allowed_plugin")),
    )
    op.create_table(
        "content_moment",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_content_moment_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "at", name=op.f("pk_content_moment")),
    )
    op.create_index(op.f("ix_content_moment_at"), "content_moment", ["at"], unique=False)
    op.create_table(
        "content_stamp",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_content_stamp_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", name=op.f("pk_content_stamp")),
    )
    op.create_table(
        "enabled_plugin",
        sa.Column("plugin", sa.String(length=40), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_enabled_plugin_municipality_id")
        ),
        sa.PrimaryKeyConstraint("municipality_id", "plugin", name=op.f("pk_enabled_plugin")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_journal_entry_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("municipality_id", "id", name=op.f("uq_journal_entry_municipality_id_id")),
    )
    op.create_index(
        op.f("ix_journal_entry_municipality_id_subject_kind_subject_id_id"),
        "journal_entry",
        ["municipality_id", "subject_kind", "subject_id", "id"],
        unique=False,
    )
    op.create_table(
        "membership",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_membership_municipality_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("municipality_id", "person_id", name=op.f("pk_membership")),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("short_title", sa.String(length=80), nullable=False),
        sa.Column("lead", sa.String(length=600), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("office", sa.String(length=120), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("published_at", Moment(), nullable=True),
        sa.Column("archived_at", Moment(), nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=600), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at is not null)", name=op.f("ck_publication_withdrawn_has_moment")
        ),
        sa.CheckConstraint(
            "(state in ('draft')) = (published_at is null)", name=op.f("ck_publication_published_has_moment")
        ),
        sa.CheckConstraint(
            "state in ('draft', 'scheduled', 'published', 'archived', 'withdrawn')", name=op.f("ck_publication_state")
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_publication_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("municipality_id", "id", name=op.f("uq_publication_municipality_id_id")),
    )
    op.create_index(
        op.f("ix_publication_municipality_id_kind_id_state"),
        "publication",
        ["municipality_id", "kind", "id", "state"],
        unique=False,
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_setting_municipality_id")),
        sa.PrimaryKeyConstraint("municipality_id", "name", name=op.f("pk_setting")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_sign_in_key_hash")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "submission",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=2000), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_submission_person_id")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_submission")),
    )
    op.create_table(
        "journal_entry_words",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("words", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "entry_id"],
            ["journal_entry.municipality_id", "journal_entry.id"],
            name=op.f("fk_journal_entry_words_municipality_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_journal_entry_words_municipality_id")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_journal_entry_words")),
    )
    op.create_table(
        "publication_translation",
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("lead", sa.String(length=600), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "publication_id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_publication_translation_municipality_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_publication_translation_municipality_id")
        ),
        sa.PrimaryKeyConstraint("publication_id", "language", name=op.f("pk_publication_translation")),
    )
    op.create_table(
        "publication_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "publication_id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_publication_version_municipality_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_publication_version_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_version")),
        sa.UniqueConstraint("municipality_id", "id", name=op.f("uq_publication_version_municipality_id_id")),
        sa.UniqueConstraint("publication_id", "number", name=op.f("uq_publication_version_publication_id_number")),
    )
    op.create_table(
        "shown_in",
        sa.Column("town_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=True),
        sa.Column("open_at", Moment(), nullable=True),
        sa.Column("listed_at", Moment(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "publication_id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_shown_in_municipality_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_shown_in_municipality_id")),
        sa.ForeignKeyConstraint(["town_id"], ["municipality.id"], name="fk_shown_in_town_id"),
        sa.PrimaryKeyConstraint("town_id", "publication_id", name=op.f("pk_shown_in")),
    )
    op.create_index("ix_shown_in_list", "shown_in", ["town_id", "kind", "listed_at", "publication_id"], unique=False)
    op.create_index("ix_shown_in_owner", "shown_in", ["municipality_id", "publication_id"], unique=False)
    op.create_index("ix_shown_in_region", "shown_in", ["kind", "listed_at", "publication_id"], unique=False)
    op.create_index(
        "ix_shown_in_topic", "shown_in", ["town_id", "kind", "topic", "listed_at", "publication_id"], unique=False
    )
    op.create_table(
        "publication_version_words",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("words", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "version_id"],
            ["publication_version.municipality_id", "publication_version.id"],
            name=op.f("fk_publication_version_words_municipality_id_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_publication_version_words_municipality_id")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_publication_version_words")),
    )
    schema.prepare_walls()
    schema.wall_shown_in()
    schema.wall_shown("publication", "id")
    schema.wall_shown("publication_translation")
    for table in ("publication_version", "publication_version_words", "journal_entry", "journal_entry_words"):
        schema.wall(table)
    for table in ("allowed_plugin", "enabled_plugin"):
        schema.wall(table, doors=("operator", "region", "jobs"))
    schema.wall("membership", doors=("operator",))
    schema.wall("setting")
    for table in ("publication_version", "journal_entry"):
        schema.append_only(table)
    schema.only_blanking("publication_version_words", "version_id", ("salt", "words"))
    schema.only_blanking("journal_entry_words", "entry_id", ("salt", "words"))


def downgrade() -> None:
    op.drop_table("publication_version_words")
    op.drop_index("ix_shown_in_topic", table_name="shown_in")
    op.drop_index("ix_shown_in_region", table_name="shown_in")
    op.drop_index("ix_shown_in_owner", table_name="shown_in")
    op.drop_index("ix_shown_in_list", table_name="shown_in")
    op.drop_table("shown_in")
    op.drop_table("publication_version")
    op.drop_table("publication_translation")
    op.drop_table("journal_entry_words")
    op.drop_table("submission")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_table("setting")
    op.drop_index(op.f("ix_publication_municipality_id_kind_id_state"), table_name="publication")
    op.drop_table("publication")
    op.drop_table("membership")
    op.drop_index(op.f("ix_journal_entry_municipality_id_subject_kind_subject_id_id"), table_name="journal_entry")
    op.drop_table("journal_entry")
    op.drop_table("enabled_plugin")
    op.drop_table("content_stamp")
    op.drop_index(op.f("ix_content_moment_at"), table_name="content_moment")
    op.drop_table("content_moment")
    op.drop_table("allowed_plugin")
    op.drop_table("person")
    op.drop_table("municipality")
