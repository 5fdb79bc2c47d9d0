"""Lists: read page by page they lose and double nothing, and they ask as often with many items as with few."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.clock import now
from consult.db import begin_writing, db
from consult.publishing import Publication, PublicationTranslation, ShownIn, archive, listing, publish, shown, write
from consult.tenancy import here, inside
from consult.testing.counting import count_queries
from consult.testing.factories import ON, town
from plugins.news.models import Post
from tests.test_publishing import told


@pytest.fixture
def here_on(app: Flask) -> Iterator[Flask]:
    """The application, inside the first town."""
    with app.app_context(), inside(town(ON)):
        yield app
        db.session.rollback()


def test_a_list_read_page_by_page_loses_and_doubles_nothing_while_new_items_come_in(here_on):
    chance = random.Random(7)
    moments = [now() - timedelta(minutes=chance.randrange(6)) for _ in range(40)]  # many share a moment
    first = {told(f"Новина {place}", on=moment) for place, moment in enumerate(moments)}
    read: list[int] = []
    positions: list[int] = []
    cursor = None
    while True:
        page = listing(Post, after=cursor, limit=7)
        read += [post.id for post in page.items]
        positions.append(page.first)
        if page.next is None:
            break
        cursor = page.next
        for _ in range(chance.randrange(4)):
            told("Току-що")
        if chance.random() < 0.4:
            archived = chance.choice(sorted(first - set(read)))
            archive(db.session.get_one(Post, archived))
            db.session.commit()
            first.discard(archived)
    assert len(read) == len(set(read))
    assert set(read) == first
    assert positions == [1, 8, 15, 22, 29, 36][: len(positions)]
    order = db.session.execute(
        select(ShownIn.listed_at, ShownIn.publication_id).where(ShownIn.publication_id.in_(read))
    )
    assert read == [number for _moment, number in sorted(map(tuple, order), reverse=True)]


def tell_many(app: Flask, first: int, count: int) -> None:
    """Adds posts with translations row by row, past the operations, which would take minutes."""
    with app.app_context(), inside(town(ON)):
        begin_writing()
        for number in range(first, first + count):
            key, words = (
                {"municipality_id": here().id, "id": number},
                {"title": f"Новина {number}", "lead": "", "body": ""},
            )
            shown_at = now() - timedelta(minutes=number)
            add(Publication, **key, **words, kind="news.post", slug="n", state="published", published_at=shown_at)
            add(Post, **key)
            of = {"municipality_id": here().id, "publication_id": number}
            add(PublicationTranslation, **of, **words, language="en")
            add(ShownIn, **of, town_id=here().id, kind="news.post", open_at=shown_at, listed_at=shown_at)
        db.session.commit()


def add(model: Any, **values: Any) -> None:
    db.session.execute(model.__table__.insert().values(values))


def test_a_page_asks_as_often_with_three_hundred_items_as_with_ten(app, client):
    pages = ("/stara-zagora/novini", "/stara-zagora/", "/stara-zagora/novini.atom", "/stara-zagora/en/novini", "/")

    def asked() -> dict[str, int]:
        counts = {}
        for page in pages:
            app.extensions.pop("consult.remembered", None)
            app.extensions.pop("consult.kept", None)
            with count_queries(app) as queries:
                answer = client.get(page)
            assert answer.status_code == 200
            assert "Новина" in answer.text, page
            counts[page] = len(queries)
        return counts

    tell_many(app, 1, 10)
    asked()  # the first request learns what never changes
    few = asked()
    assert max(few.values()) <= 8, few
    tell_many(app, 11, 290)
    assert asked() == few


def test_a_publication_of_another_kind_is_in_no_list_of_this_one(here_on):
    other = Publication(title="Съвсем друго", body="x")
    write(other)
    publish(other)
    db.session.commit()
    number = other.id
    assert listing(Post).items == []
    assert shown(Post, number) is None
    assert shown(Publication, number) is not None
