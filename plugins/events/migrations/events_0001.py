"""Events as they are at first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from consult.api import Moment, schema

revision = "events_0001"
down_revision = None
branch_labels = ("events",)
depends_on = "core_0003"


def upgrade() -> None:
    op.create_table(
        "events_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=True),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("building", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("directions", sa.String(length=600), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("online_url", sa.String(length=500), nullable=False),
        sa.Column("accessibility", sa.String(length=600), nullable=False),
        sa.Column("spoken", sa.String(length=60), nullable=False),
        sa.Column("organisers", sa.String(length=240), nullable=False),
        sa.Column("partners", sa.String(length=300), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("contact_person", sa.String(length=120), nullable=False),
        sa.Column("contact_until", sa.Date(), nullable=True),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("takes_places", sa.Boolean(), nullable=False),
        sa.Column("opens_at", Moment(), nullable=True),
        sa.Column("closes_at", Moment(), nullable=True),
        sa.Column("most_people", sa.Integer(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("course", sa.String(length=10), nullable=False),
        sa.Column("course_reason", sa.String(length=600), nullable=False),
        sa.Column("course_at", Moment(), nullable=True),
        sa.Column("moved_from", Moment(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("recording_url", sa.String(length=500), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("heard_html", sa.Text(), nullable=False),
        sa.Column("attendance", sa.Integer(), nullable=True),
        sa.Column("reminded_at", Moment(), nullable=True),
        sa.Column("thanked_at", Moment(), nullable=True),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.Column("is_outside_hours", sa.Boolean(), nullable=False),
        sa.Column("is_hybrid", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id", "id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_events_event_municipality_id_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events_event")),
    )
    op.create_index(
        op.f("ix_events_event_municipality_id_starts_at"),
        "events_event",
        ["municipality_id", "starts_at"],
        unique=False,
    )
    op.create_index(op.f("ix_events_event_starts_at"), "events_event", ["starts_at"], unique=False)
    op.create_table(
        "events_hall",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity is null or taken <= capacity", name=op.f("ck_events_hall_never_one_too_many")),
        sa.CheckConstraint("taken >= 0 and waiting >= 0 and arrived >= 0", name=op.f("ck_events_hall_counted")),
        sa.ForeignKeyConstraint(
            ["municipality_id", "event_id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_events_hall_municipality_id_event_id"),
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_events_hall_municipality_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_events_hall")),
    )
    op.create_table(
        "events_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("is_online", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("arrived_at", Moment(), nullable=True),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("people between 1 and 20", name=op.f("ck_events_place_people")),
        sa.ForeignKeyConstraint(
            ["municipality_id", "event_id"],
            ["publication.municipality_id", "publication.id"],
            name=op.f("fk_events_place_municipality_id_event_id"),
        ),
        sa.ForeignKeyConstraint(["municipality_id"], ["municipality.id"], name=op.f("fk_events_place_municipality_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events_place")),
        sa.UniqueConstraint("event_id", "address_key", name=op.f("uq_events_place_event_id_address_key")),
        sa.UniqueConstraint("event_id", "code", name=op.f("uq_events_place_event_id_code")),
    )
    op.create_index(
        op.f("ix_events_place_event_id_standing_number"),
        "events_place",
        ["event_id", "standing", "number"],
        unique=False,
    )
    op.create_index(
        op.f("ix_events_place_municipality_id_until"), "events_place", ["municipality_id", "until"], unique=False
    )
    op.create_index(op.f("ix_events_place_person_id"), "events_place", ["person_id"], unique=False)
    schema.wall_shown("events_event", "id")
    schema.wall_shown("events_hall", "event_id")
    schema.wall("events_place")


def downgrade() -> None:
    op.drop_table("events_place")
    op.drop_table("events_hall")
    op.drop_table("events_event")
