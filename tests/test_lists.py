"""Lists: read page by page they lose and double nothing, and they ask as often with many items as with few."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from consult.clock import now
from consult.db import begin_writing, db
from consult.modules import disable, enable, forbid
from consult.publishing import (
    Publication,
    PublicationTranslation,
    ShownIn,
    archive,
    listed_here,
    listed_in_region,
    listing,
    publish,
    schedule,
    shown,
    withdraw,
    write,
)
from consult.settings import decide
from consult.tenancy import here, inside, set_open, through
from consult.testing.counting import count_queries
from consult.testing.factories import OFF, ON, town
from plugins.news.models import Post
from tests.test_publishing import draft, told


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
    assert max(few.values()) <= 10, few  # the home page asks for the parts of three plugins
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


# ---- Lists in an order of their own


def titles_here(code: str) -> list[str]:
    """What a plugin finds that orders the list of a town by something of its own."""
    with inside(town(code)):
        return [post.title for post in db.session.scalars(listed_here(Post).order_by(Post.title))]


def titles_in_region() -> list[str]:
    with through("region"):
        return [post.title for post in db.session.scalars(listed_in_region(Post, "news").order_by(Post.title))]


def switch(code: str, *, is_on: bool) -> None:
    with inside(town(code)):
        (enable if is_on else disable)(("news",))
        db.session.commit()


def test_a_list_in_its_own_order_holds_what_the_list_holds(here_on):
    told("Втора")
    told("Първа")
    told("За двете", shared=True)
    draft("Чернова")
    schedule(draft("Насрочена"), now() + timedelta(hours=1))
    archive(db.session.get_one(Post, told("Архивирана")))
    withdraw(db.session.get_one(Post, told("Оттеглена")), "Грешка.")
    publish(write(Publication(title="Друго", body="x")))
    db.session.commit()
    assert titles_here(ON) == ["Втора", "За двете", "Първа"]
    assert titles_here(OFF) == ["За двете"]
    assert titles_in_region() == titles_here(ON)
    assert sorted(post.title for post in listing(Post).items) == titles_here(ON)
    with time_machine.travel(now() + timedelta(hours=2)):
        assert titles_here(ON) == titles_in_region() == ["Втора", "За двете", "Насрочена", "Първа"]


def test_a_town_that_takes_nothing_from_others_finds_only_its_own_in_any_order(here_on):
    told("Отсреща", shared=True)
    with inside(town(OFF)):
        told("Наше")
        decide("publishing.accepts_shared", False)
        db.session.commit()
    assert titles_here(OFF) == ["Наше"]
    with inside(town(OFF)):
        decide("publishing.accepts_shared", True)
        db.session.commit()
    assert titles_here(OFF) == ["Наше", "Отсреща"]


def test_the_region_finds_what_is_on_allowed_and_open_and_each_thing_once(app):
    with app.app_context():
        switch(OFF, is_on=True)
        with inside(town(ON)):
            told("Тук", shared=True)
        with inside(town(OFF)):
            told("Там", shared=True)
        assert titles_in_region() == ["Там", "Тук"]
        switch(OFF, is_on=False)
        assert titles_in_region() == ["Тук"]
        switch(OFF, is_on=True)
        number, other = town(ON).id, town(OFF).id
        with through("operator"):
            forbid(number, "news")
            db.session.commit()
        assert titles_in_region() == ["Там"]
        set_open(other, False)
        db.session.commit()
        assert titles_in_region() == []


def test_the_own_order_of_a_list_costs_one_query_and_one_for_translations(app):
    tell_many(app, 1, 30)
    with app.app_context(), inside(town(ON)), count_queries(app) as queries:
        assert len(db.session.scalars(listed_here(Post).order_by(Post.title)).all()) == 30
    asked = [query for query in queries if "publication" in str(query)]
    assert len(asked) == 2
