"""Everybody at every page: what they get is what the table says, and who is refused has changed nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from consult.db import db
from consult.modules import allow, disable, enable, forbid
from consult.people import give_role
from consult.publishing import archive, publish, write
from consult.tenancy import Municipality, inside, through
from consult.testing.counting import database_state
from consult.testing.factories import OFF, ON, town
from consult.web.operator import set_open
from plugins.news.models import Category, Post
from plugins.news.operations import name_category
from tests.pages import Visitor, parse, text_of, visitor
from tests.who_may import INSTALLATION, REGION, TOWN, WHO, Row, read

REFUSED = {302, 401, 403, 404, 405}
BASES = {"town": "/stara-zagora", "region": "", "installation": ""}
TABLES = {"town": read(TOWN), "region": read(REGION), "installation": read(INSTALLATION)}
VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>")
CLOSED = "SLV20"


@dataclass(frozen=True)
class Way:
    """A route and one of its methods. ``rule`` still has its variables."""

    endpoint: str
    method: str
    rule: str


def ways(app: Flask) -> list[Way]:
    """Every route of the application with every method that it takes."""
    return [
        Way(rule.endpoint, method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def person(app: Flask, who: str) -> Visitor:
    return visitor(app, "admin", OFF) if who == "neighbour" else visitor(app, who)


def things(app: Flask, endpoint: str) -> dict[str, str]:
    """What stands for the variables of an address, made anew and in the state that the page wants."""
    with app.app_context():
        with through("operator"):
            allow(town(ON).id, "news")
            allow(town(OFF).id, "news")
            db.session.commit()
        with inside(town(ON)):
            enable(("news", "notices"))
            post = write(Post(title="Новина", body="x"))
            publish(post)
            if endpoint == "news.desk_restore":
                archive(post)
            category = db.session.query(Category).first() or name_category("Ремонти")
            db.session.commit()
            number = category.id if endpoint == "news.category" else post.id
            if endpoint == "notices.remove":
                number = _notice(app)
            found = {"number": str(number), "tail": post.slug, "name": "news", "plugin": "news"}
        closed = endpoint == "operator.open_town"
        code = CLOSED if endpoint in ("operator.open_town", "operator.close_town") else ON
        with through("operator"):
            one = db.session.query(Municipality).where(Municipality.code == CLOSED).one()
            set_open(one.id, not closed)
            if endpoint == "operator.allow":
                forbid(town(ON).id, "news")
            db.session.commit()
        with inside(town(ON)):
            if endpoint == "admin.switch_on":
                disable(("news",))
                db.session.commit()
        return found | {"code": code}


def _notice(app: Flask) -> int:
    from notices.models import Notice
    from notices.operations import post as post_notice

    post_notice("Обява", "x")
    db.session.commit()
    return int(db.session.query(Notice.id).order_by(Notice.id.desc()).limit(1).scalar())


def ask(somebody: Visitor, way: Way, base: str, values: dict[str, str]) -> int:
    path = base + VARIABLE.sub(lambda found: values[found[1]], way.rule)
    if way.method == "GET":
        return somebody.get(path).status_code
    return somebody.send(path).status_code


def differences(app: Flask, place: str, method: str) -> Iterator[str]:
    """Where what happens at the addresses of a place is not what the table says."""
    table = TABLES[place]
    nowhere: Row = dict.fromkeys(WHO, 404)
    for way in (one for one in ways(app) if one.method == method):
        is_installations = (way.endpoint, way.method) in TABLES["installation"]
        if is_installations != (place == "installation"):
            continue
        expected = table.get((way.endpoint, way.method), nowhere)
        for who in WHO:
            values = things(app, way.endpoint)
            somebody = person(app, who)
            before = database_state(app)
            status = ask(somebody, way, BASES[place], values)
            if status != expected[who]:
                yield f"{way.method} {way.endpoint} in the {place}, {who}: {status}, not {expected[who]}"
            if status in REFUSED and database_state(app) != before:
                yield f"{way.method} {way.endpoint} in the {place}, {who}: was refused and changed something"
            if status == 303 and way.method == "POST" and database_state(app) == before and who != "visitor":
                yield f"{way.method} {way.endpoint} in the {place}, {who}: was let through and changed nothing"


@pytest.mark.parametrize("who", [who for who in WHO if who != "visitor"])
def test_everybody_in_the_table_is_really_signed_in(app, who):
    somebody = person(app, who)
    words = text_of(parse(somebody.get("/stara-zagora/vhod")))
    names = {"resident": "Жител", "operator": "Оператор", "neighbour": "admin Ямбол"}
    assert names.get(who, f"{who} Стара Загора") in words
    assert text_of(parse(visitor(app).get("/stara-zagora/vhod"))) != words


def test_every_route_has_its_line(app):
    lines = {key for table in TABLES.values() for key in table}
    assert {(way.endpoint, way.method) for way in ways(app)} == lines


@pytest.mark.parametrize("place", ["town", "region", "installation"])
def test_who_may_read(app, place):
    assert list(differences(app, place, "GET")) == []


@pytest.mark.parametrize("place", ["town", "region"])
def test_who_may_change(app, place):
    assert list(differences(app, place, "POST")) == []


@pytest.mark.parametrize("who", WHO)
def test_where_a_module_is_off_its_pages_are_not_there_for_anybody(app, who):
    values = things(app, "news.post")
    somebody = person(app, who)
    for way in ways(app):
        if way.endpoint.split(".")[0] in ("news", "notices"):
            before = database_state(app)
            assert ask(somebody, way, "/yambol", values) == 404, way
            assert database_state(app) == before
            other = Way(way.endpoint, "POST" if way.method == "GET" else "GET", way.rule)
            assert ask(somebody, other, "/yambol", values) == 404, other


@pytest.mark.parametrize("who", ["editor", "admin", "neighbour"])
def test_the_things_of_another_municipality_are_not_found(app, who):
    """By number, on the own pages: the right to do a thing is not the right to do it to the neighbour's."""
    values = things(app, "news.post")
    with app.app_context(), inside(town(OFF)):
        enable(("news", "notices"))
        db.session.commit()
    somebody = person(app, who)
    base, strange = ("/yambol", town_numbers(app, ON)) if who == "neighbour" else ("/stara-zagora", fill_neighbour(app))
    for way in ways(app):
        if "<number" not in way.rule:
            continue
        owner = "category" if way.endpoint == "news.category" else "post"
        before = database_state(app)
        status = ask(somebody, way, base, values | {"number": strange[owner]})
        assert status == (403 if who == "editor" and way.endpoint in ADMINS else 404), (way, status)
        assert database_state(app) == before


ADMINS = ("news.category", "news.desk_withdraw")


def town_numbers(app: Flask, code: str) -> dict[str, str]:
    with app.app_context(), inside(town(code)):
        post = db.session.query(Post).where(Post.municipality_id == town(code).id).first()
        category = db.session.query(Category).first()
        assert post is not None
        assert category is not None
        return {"post": str(post.id), "category": str(category.id)}


def fill_neighbour(app: Flask) -> dict[str, str]:
    with app.app_context(), inside(town(OFF)):
        publish(write(Post(title="На съседа", body="x")))
        name_category("Съседска")
        db.session.commit()
    return town_numbers(app, OFF)


def test_no_other_method_is_taken(app):
    somebody = person(app, "admin")
    for way in ways(app):
        values = things(app, way.endpoint)
        taken = {one.method for one in ways(app) if one.rule == way.rule} | {"HEAD", "OPTIONS"} & {"HEAD"}
        before = database_state(app)
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - taken:
            path = BASES["town"] + VARIABLE.sub(lambda found, values=values: values[found[1]], way.rule)
            base = (
                ""
                if way.endpoint.startswith(("operator", "installation.h", "installation.s", "installation.r"))
                else BASES["town"]
            )
            path = base + VARIABLE.sub(lambda found, values=values: values[found[1]], way.rule)
            answer = somebody.client.open(path, method=method, headers={"Sec-Fetch-Site": "same-origin"})
            assert answer.status_code == 405, (method, path)
        assert database_state(app) == before


def test_a_role_holds_in_its_own_municipality_only(app):
    with app.app_context():
        from consult.people import Person

        editor = db.session.query(Person).where(Person.email_key == "editor@szr31.example").one()
        with inside(town(OFF)):
            give_role(editor, "moderator")
            db.session.commit()
    somebody = person(app, "editor")
    assert somebody.get("/stara-zagora/rabota/novini").status_code == 200
    assert somebody.get("/yambol/rabota").status_code == 200
    assert somebody.get("/yambol/admin/moduli").status_code == 403
