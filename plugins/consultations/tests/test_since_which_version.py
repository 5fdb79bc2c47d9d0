"""Since when an article is as it is: new, changed or moved, each said as what it is; and the rows of before."""

from __future__ import annotations

import re

from alembic import command
from flask import Flask
from sqlalchemy import Connection, select, text

from consult.db import db, owner_engine
from consult.migrations import alembic_config
from consult.tenancy import inside
from consult.testing.factories import ON, town
from consult.testing.spare import spare_app as spare_app
from consult.testing.spare import spare_database as spare_database
from plugins.consultations.models import Passage
from plugins.consultations.tests.one_consultation import consulted, read

FIRST = """Чл. 1. За всяко отсечено дърво се засаждат две нови дървета.
Чл. 2. Глобата за отсичане без разрешение е сто лева.
Чл. 3. Тази наредба влиза в сила от началото на годината.
"""
# чл. 1 has other words, чл. 2 is new, чл. 2 and 3 have moved on.
SECOND = """Чл. 1. За всяко отсечено дърво се засаждат три нови дървета.
Чл. 2. Преди отсичането четиринадесет дни стои табела с телефон на общината.
Чл. 3. Глобата за отсичане без разрешение е сто лева.
Чл. 4. Тази наредба влиза в сила от началото на годината.
"""
THIRD = SECOND.replace("четиринадесет дни", "тридесет дни")


def sentences(page: str) -> dict[str, str]:
    """What stands above the words of each article, by its address."""
    found = re.findall(r'<section class="art" id="([^"]+)".*?</h\d>(.*?)<div', page)
    return {slug: re.sub(r"<[^>]+>", "", said).strip() for slug, said in found if said.strip()}


def test_nothing_is_said_of_the_draft_that_opened(app, client):
    assert sentences(read(client, consulted(app, FIRST))) == {}


def test_a_new_a_changed_and_a_moved_article_say_which_they_are(app, client):
    page = read(client, consulted(app, FIRST, SECOND))
    assert sentences(page) == {
        "chl-1": "Променено във версия 2",
        "chl-2": "Добавено във версия 2",
        "chl-3": "Преместено, беше чл. 2",
        "chl-4": "Преместено, беше чл. 3",
    }
    assert page.count("/sravni?do=2&amp;ot=1") == 2


def test_what_was_new_and_changed_later_says_both(app, client):
    page = read(client, consulted(app, FIRST, SECOND, THIRD))
    assert sentences(page) == {
        "chl-1": "Променено във версия 2",
        "chl-2": "Добавено във версия 2 · Променено във версия 3",
        "chl-3": "Преместено, беше чл. 2",
        "chl-4": "Преместено, беше чл. 3",
    }


def migrate(app: Flask, to: str) -> None:
    """Brings the tables of consultations to this revision, and no other plugin's."""
    engine = owner_engine(app.config["DATABASE_OWNER_URL"])
    with engine.begin() as connection:
        (command.downgrade if to == "consultations_0001" else command.upgrade)(alembic_config(connection), to)
    engine.dispose()


def changed_in(app: Flask, town_id: int) -> dict[str, int]:
    """What the first revision says of each article, as its rows lie there."""
    engine = owner_engine(app.config["DATABASE_OWNER_URL"])
    with engine.begin() as connection:
        _enter(connection, town_id)
        rows = connection.execute(text("select eid, changed_in from consultations_passage")).all()
    engine.dispose()
    return {row.eid: row.changed_in for row in rows}


def _enter(connection: Connection, town_id: int) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("select set_config('consult.town', :town, true)"), {"town": str(town_id)})


def test_rows_of_before_learn_what_was_new_and_what_was_changed(spare_app):
    consulted(spare_app, FIRST, SECOND, in_force=FIRST)
    with spare_app.app_context():
        town_id = town(ON).id
        db.session.remove()
        db.engine.dispose()
        migrate(spare_app, "consultations_0001")
        assert changed_in(spare_app, town_id) == {"art_1": 2, "art_2": 2, "art_3": 0, "art_4": 0}
        migrate(spare_app, "consultations_0002")
    with spare_app.app_context(), inside(town(ON)):
        found = {one.eid: (one.new_in, one.changed_in) for one in db.session.scalars(select(Passage))}
        assert found == {"art_1": (0, 2), "art_2": (2, 0), "art_3": (0, 0), "art_4": (0, 0)}
