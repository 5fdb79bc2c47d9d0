"""A town with as much news as is asked for, written straight into the tables by their owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Connection, func, insert, select, text

from consult.clock import now
from consult.db import Base, owner_engine
from consult.publishing import Publication, ShownIn, State
from consult.testing.factories import town
from consult.text import render_markdown
from plugins.news.models import Category, Post

CATEGORIES = 8
PARAGRAPH = (
    "Общината събра мненията на жителите, отговори на всяко от тях и записа какво се променя. "
    "Работата започва след одобрението на бюджета, а напредъкът се вижда тук всяка седмица.\n\n"
)
BODY = PARAGRAPH * 8
PUBLICATIONS, POSTS, SHOWN, CATEGORY = (
    Base.metadata.tables[model.__tablename__] for model in (Publication, Post, ShownIn, Category)
)


def name_categories(app: Flask) -> None:
    """Gives the town its categories of news."""
    with as_owner(app) as (connection, town_id):
        names = {"name_en": "", "name_tr": "", "municipality_id": town_id}
        rows = [{"key": _topic(n), "name_bg": f"Тема {n}", "position": n, **names} for n in range(CATEGORIES)]
        connection.execute(insert(CATEGORY), rows)


def tell_news(app: Flask, many: int) -> int:
    """Adds ``many`` published posts, a minute apart; answers the number of the first.

    In bulk and past the operations: ten thousand posts take a second. So they have no versions and no journal.
    """
    with as_owner(app) as (connection, town_id):
        first = (connection.scalar(select(func.max(PUBLICATIONS.c.id))) or 0) + 1
        numbers, begin = range(first, first + many), now() - timedelta(days=400)
        moments = [begin + timedelta(minutes=number) for number in numbers]
        connection.execute(insert(PUBLICATIONS), list(_publications(numbers, moments, town_id)))
        connection.execute(insert(POSTS), [{"id": number, "municipality_id": town_id} for number in numbers])
        connection.execute(insert(SHOWN), list(_shown(numbers, moments, town_id)))
    return first


def _publications(numbers: range, moments: list[datetime], town_id: int) -> Iterator[dict[str, Any]]:
    html = render_markdown(BODY)
    for number, moment in zip(numbers, moments, strict=True):
        yield {
            "id": number,
            "municipality_id": town_id,
            "kind": _kind(),
            "state": State.PUBLISHED,
            "topic": _topic(number),
            "slug": f"novina-{number}",
            "title": f"Новина номер {number}: какво се решава за улицата пред училището",
            "short_title": "",
            "lead": "До петък всеки може да каже какво мисли за новия план.",
            "body": BODY,
            "body_html": html,
            "office": "",
            "revision": 1,
            "created_at": moment,
            "changed_at": moment,
            "published_at": moment,
            "withdrawn_reason": "",
        }


def _shown(numbers: range, moments: list[datetime], town_id: int) -> Iterator[dict[str, Any]]:
    for number, moment in zip(numbers, moments, strict=True):
        whose = {"town_id": town_id, "municipality_id": town_id, "publication_id": number}
        yield {**whose, "kind": _kind(), "topic": _topic(number), "open_at": moment, "listed_at": moment}


def _topic(number: int) -> str:
    return f"tema-{number % CATEGORIES}"


def _kind() -> str:
    return str(Post.__mapper__.polymorphic_identity)


@contextmanager
def as_owner(app: Flask) -> Iterator[tuple[Connection, int]]:
    """A transaction of the tables' owner, whom PostgreSQL's own wall binds too; afterwards its statistics are fresh."""
    with app.app_context():
        town_id = town().id
    engine = owner_engine(app.config["DATABASE_OWNER_URL"])
    is_postgresql = engine.dialect.name == "postgresql"
    with engine.begin() as connection:
        if is_postgresql:
            told = text("select set_config('consult.town', :town, true)")
            connection.execute(told, {"town": str(town_id)})
        yield connection, town_id
    if is_postgresql:
        with engine.begin() as connection:
            connection.execute(text("analyze"))
    engine.dispose()
