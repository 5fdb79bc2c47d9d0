"""The migration that made links of what events had in a list of their own: nothing is lost, there and back."""

from __future__ import annotations

import json

from alembic import command
from flask import Flask
from sqlalchemy import Connection, text

from consult.db import db, owner_engine
from consult.migrations import alembic_config
from consult.publishing import publish, write
from consult.tenancy import inside
from consult.testing.factories import ON, town
from consult.testing.spare import spare_app as spare_app
from consult.testing.spare import spare_database as spare_database
from plugins.events.models import Event
from plugins.news.models import Post
from tests.meetings import meet


def migrate(app: Flask, to: str) -> None:
    """Brings the tables of events to this revision, and no other plugin's."""
    engine = owner_engine(app.config["DATABASE_OWNER_URL"])
    with engine.begin() as connection:
        (command.downgrade if to == "events_0001" else command.upgrade)(alembic_config(connection), to)
    engine.dispose()


def kept_in_the_list(app: Flask, town_id: int) -> list[list[int]]:
    """What the events of the town had in their lists, at the first revision."""
    engine = owner_engine(app.config["DATABASE_OWNER_URL"])
    with engine.begin() as connection:
        _enter(connection, town_id)
        found = [row.about for row in connection.execute(text("select about from events_event order by id"))]
    engine.dispose()
    return [json.loads(one) if isinstance(one, str) else one for one in found]


def _enter(connection: Connection, town_id: int) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("select set_config('consult.town', :town, true)"), {"town": str(town_id)})


def test_what_events_discuss_survives_the_way_there_and_back(spare_app):
    with spare_app.app_context(), inside(town(ON)):
        posts = [write(Post(title=f"Новина {number}", body="x")) for number in range(2)]
        for post in posts:
            publish(post)
        wanted = [posts[1].id, posts[0].id]
        number, bare = meet(10, about=wanted).id, meet(10).id
        db.session.commit()
        town_id = town(ON).id
    with spare_app.app_context():
        db.session.remove()
        db.engine.dispose()
        migrate(spare_app, "events_0001")
        assert kept_in_the_list(spare_app, town_id) == [wanted, []]
        migrate(spare_app, "events_0002")
    with spare_app.app_context(), inside(town(ON)):
        assert db.session.get_one(Event, number).about == wanted
        assert db.session.get_one(Event, bare).about == []
