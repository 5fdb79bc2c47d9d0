"""Links between publications and contributions: said once, taken back, read where they are shown, cheap."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import select

from consult import modules
from consult.db import db
from consult.errors import ContractError
from consult.journal import Entry
from consult.links import End, Relation, ends_of, link, link_exactly, linked, linking, unlink
from consult.publishing import Publication, publish, share, withdraw, write
from consult.tenancy import WallBroken, inside
from consult.testing.counting import count_queries
from consult.testing.factories import OFF, ON, town
from plugins.news.models import Post


def posts(count: int) -> list[Publication]:
    made: list[Publication] = [write(Post(title=f"Новина {number}", body="x")) for number in range(count)]
    for post in made:
        publish(post)
    return made


@contextmanager
def at_home(app: Flask) -> Iterator[None]:
    """In the first town; what is done there is kept."""
    with app.app_context(), inside(town(ON)):
        yield
        db.session.commit()


def titles(found: object) -> list[str]:
    return [one.title for one in found]  # type: ignore[attr-defined]


def test_what_one_thing_discusses_is_found_from_both_ends(app):
    with at_home(app):
        one, other, third = posts(3)
        link(one, "discusses", other)
        link(third, "discusses", other)
        link(one, "led_to", third)
        assert titles(linked(one, "discusses")) == ["Новина 1"]
        assert titles(linking(other, "discusses")) == ["Новина 0", "Новина 2"]
        assert titles(linked(one, "led_to")) == ["Новина 2"]
        assert list(linked(other, "discusses")) == []


def test_said_twice_it_is_there_once_and_taken_back_it_is_gone(app):
    with at_home(app):
        one, other = posts(2)
        link(one, "reports_on", other)
        link(one, "reports_on", other)
        assert ends_of(one, "reports_on") == [End("publication", other.id)]
        unlink(one, "reports_on", other)
        unlink(one, "reports_on", other)
        assert ends_of(one, "reports_on") == []
        said = db.session.scalars(select(Entry.what).where(Entry.what.startswith("relation."))).all()
        assert said == ["relation.linked", "relation.unlinked"]


def test_exactly_these_in_this_order(app):
    with at_home(app):
        one, *others = posts(4)
        link_exactly(one, "discusses", others[:2])
        assert titles(linked(one, "discusses")) == ["Новина 1", "Новина 2"]
        link_exactly(one, "discusses", [others[1], others[2], others[1]])
        assert titles(linked(one, "discusses")) == ["Новина 2", "Новина 3"]
        link_exactly(one, "discusses", [])
        assert ends_of(one, "discusses") == []


def test_what_people_cannot_read_is_linked_and_not_shown(app):
    with at_home(app):
        one, gone = posts(2)
        draft = write(Post(title="Чернова", body="x"))
        for other in (gone, draft, End("publication", 999_999)):
            link(one, "discusses", other)
        withdraw(gone, "Грешка")
        assert list(linked(one, "discusses")) == []
        assert len(ends_of(one, "discusses")) == 3


def test_a_contribution_may_stand_at_either_end(app):
    with at_home(app):
        one, other = posts(2)
        opinion = End("contribution", one.id)  # the same number as a publication's, which it must not be taken for
        link(opinion, "led_to", other)
        link(one, "discusses", opinion)
        assert titles(linked(opinion, "led_to")) == ["Новина 1"]
        assert list(linked(one, "led_to")) == []
        assert list(linking(other, "led_to")) == []
        assert list(linked(one, "discusses")) == []
        assert ends_of(one, "discusses") == [opinion]


def test_links_are_read_in_every_town_that_shows_the_first_and_nowhere_else(app):
    with app.app_context():
        with inside(town(OFF)):
            modules.enable(("news",))
            db.session.commit()
        with inside(town(ON)):
            one, other, secret = posts(3)
            for post in (one, other):
                share(post, [town(OFF)])
            link(one, "discusses", other)
            link(secret, "discusses", other)
            link(End("contribution", one.id), "led_to", other)
            db.session.commit()
            numbers = one.id, other.id, secret.id
        with inside(town(OFF)):
            first, second = (db.session.get_one(Post, number) for number in numbers[:2])
            assert titles(linked(first, "discusses")) == ["Новина 1"]
            assert titles(linking(second, "discusses")) == ["Новина 0"]
            assert ends_of(End("publication", numbers[2]), "discusses") == []
            assert ends_of(End("contribution", numbers[0]), "led_to") == []
            with pytest.raises(WallBroken):
                link(first, "discusses", second)
            db.session.rollback()


def test_another_municipality_takes_no_link_away(app):
    with app.app_context():
        with inside(town(ON)):
            one, other = posts(2)
            link(one, "discusses", other)
            db.session.commit()
            ends = End("publication", one.id), End("publication", other.id)
        with inside(town(OFF)):
            unlink(ends[0], "discusses", ends[1])
            db.session.commit()
        with inside(town(ON)):
            assert len(db.session.scalars(select(Relation)).all()) == 1


def test_words_that_nobody_knows_are_refused(app):
    with app.app_context(), inside(town(ON)):
        one, other = posts(2)
        with pytest.raises(ContractError, match="no relation of links"):
            link(one, "likes", other)
        with pytest.raises(ContractError, match="no kind of links"):
            link(one, "discusses", End("person", 1))
        db.session.rollback()


@pytest.mark.parametrize(
    "ask", [lambda one, other: linked(one, "discusses"), lambda one, other: linking(other, "discusses")]
)
def test_many_links_cost_what_one_costs(app: Flask, ask):
    def cost(count: int) -> int:
        with app.app_context(), inside(town(ON)):
            hub, *others = posts(count + 1)
            for other in others:
                link(hub, "discusses", other)
                link(other, "discusses", hub)
            db.session.commit()
            number = hub.id
            db.session.expunge_all()
            hub = db.session.get_one(Post, number)
            with count_queries(app) as queries:
                assert len(ask(hub, hub)) == count
            return len(queries)

    assert cost(1) == cost(30)
