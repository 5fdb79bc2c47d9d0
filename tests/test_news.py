"""News: categories that can be told apart, the pages of the list, and what the home page of the region shows of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consult.clock import now
from consult.contract import Card
from consult.db import db
from consult.errors import ContractError, Refused
from consult.publishing import publish, write
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.news.models import Category, Post
from plugins.news.operations import name_category, rename_category
from tests.pages import parse, text_of, visitor

TOWN = "/stara-zagora"


def tell_of(title: str, days_ago: int = 0) -> int:
    """The number of a post of the first town, published so many days ago."""
    with inside(town(ON)):
        post = write(Post(title=title, body="x"))
        publish(post, on=now() - timedelta(days=days_ago))
        db.session.commit()
        return post.id


# ---- Categories


@pytest.mark.parametrize("name", ["Ремонти", "РЕМОНТИ"])
def test_two_categories_never_have_one_name(app, name):
    with app.app_context(), inside(town(ON)):
        name_category("Ремонти")
        events = name_category("Събития")
        db.session.commit()
        with pytest.raises(Refused) as refused:
            rename_category(events, name, "", "")
        assert refused.value.field == "name_bg"
        with pytest.raises(Refused):
            name_category(name)
        assert events.name_bg == "Събития"


def test_a_name_that_is_free_again_gets_an_address_of_its_own(app):
    with app.app_context(), inside(town(ON)):
        sport = name_category("Спорт")
        rename_category(sport, "Култура", "", "")
        assert [name_category(name).key for name in ("Спорт", "Спорт!")] == ["sport-2", "sport-3"]
        assert sport.key == "sport"
        db.session.rollback()


def test_the_name_that_a_category_was_given_later_is_taken_too(app):
    with app.app_context(), inside(town(ON)):
        works = name_category("Ремонти")
        rename_category(works, "Строежи", "", "")
        db.session.commit()
        with pytest.raises(Refused):
            name_category("СТРОЕЖИ")


def test_a_category_keeps_its_own_name_and_may_write_it_otherwise(app):
    with app.app_context(), inside(town(ON)):
        name_category("Ремонти")
        db.session.commit()
        number = db.session.query(Category).one().id
    admin = visitor(app, "admin")
    page = f"{TOWN}/rabota/novini/kategorii/{number}"
    assert admin.send(page, {"name_bg": "РЕМОНТИ", "name_en": "Works"}).status_code == 303


def test_the_page_says_that_a_name_is_taken(app):
    with app.app_context(), inside(town(ON)):
        name_category("Ремонти")
        name_category("Събития")
        db.session.commit()
        number = db.session.query(Category).filter_by(key="sabitia").one().id
    answer = visitor(app, "admin").send(f"{TOWN}/rabota/novini/kategorii/{number}", {"name_bg": "ремонти"})
    assert answer.status_code == 422
    assert "Вече има" in text_of(parse(answer))


# ---- The list


def test_the_second_page_of_the_list_says_that_it_is_the_second(app, client):
    with app.app_context(), inside(town(ON)):
        for place in range(21):
            publish(write(Post(title=f"Новина {place}", body="x")))
        db.session.commit()
    first = parse(client.get(f"{TOWN}/novini"))
    [further] = {one.get("href") for one in first.iter("a") if "sled=" in one.get("href", "")}
    assert "страница" not in first.findtext("./head/title", "")
    assert "страница 2" in parse(client.get(further)).findtext("./head/title", "")


# ---- The home page of the region


def test_the_region_shows_three_sections_and_says_calmly_where_there_is_nothing(client):
    words = text_of(parse(client.get("/")))
    for said in ("Затварят скоро", "Нищо не затваря", "Тази седмица", "Отговорено", "Още няма отговори."):
        assert said in words, said


def test_the_week_holds_the_news_of_seven_days(app, client):
    with app.app_context():
        fresh, old = tell_of("Тази седмица казано", 5), tell_of("Отдавна казано", 8)
    page = client.get("/").text
    assert f"{TOWN}/novini/{fresh}/" in page
    assert f"{TOWN}/novini/{old}/" not in page


@pytest.mark.parametrize(("place", "column"), [("region", "main"), ("town", "week"), ("village", "main")])
def test_a_card_in_a_column_that_its_page_has_not_is_refused(place, column):
    with pytest.raises(ContractError):
        Card("test.card", "test/_card.html", lambda: None, place=place, column=column)
