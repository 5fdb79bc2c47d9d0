"""Modules: allowed by the operator, switched on by the municipality; off means gone, and the data stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from consult.announcements import Listener, announce
from consult.db import db
from consult.journal import Entry, EntryWords
from consult.modules import AllowedPlugin, EnabledPlugin, allow, allowed_here, disable, enable, forbid, is_on
from consult.publishing import publish, write
from consult.tenancy import WallBroken, inside, through
from consult.testing.factories import OFF, ON, town
from consult.web.operator import set_open
from plugins.news.models import Post
from tests.pages import links, parse, text_of, visitor

TOWN = "/stara-zagora"
MODULES = f"{TOWN}/admin/moduli"


@pytest.fixture
def number(app: Flask) -> int:
    with app.app_context(), inside(town(ON)):
        post = write(Post(title="Кръгла маса за парка", body="x"))
        publish(post)
        db.session.commit()
        return post.id


@pytest.fixture
def here_on(app: Flask) -> Iterator[Flask]:
    with app.app_context(), inside(town(ON)):
        yield app


def switch(app: Flask, deed: str) -> int:
    return visitor(app, "admin").send(f"{MODULES}/news/{deed}").status_code


def traces(app: Flask, number: int) -> set[str]:
    """Where people and staff of the first town come across news."""
    found = set()
    reader, editor = visitor(app), visitor(app, "editor")
    for name, somebody, page in (
        ("menu and card", reader, f"{TOWN}/"),
        ("list", reader, f"{TOWN}/novini"),
        ("post", reader, f"{TOWN}/novini/{number}"),
        ("feed", reader, f"{TOWN}/novini.atom"),
        ("region", reader, "/"),
        ("desk", editor, f"{TOWN}/rabota"),
        ("staff's list", editor, f"{TOWN}/rabota/novini"),
    ):
        answer = somebody.get(page)
        if answer.status_code == 200 and ("novini" in answer.text or "Кръгла маса" in answer.text):
            found.add(name)
    return found


EVERYWHERE = {"menu and card", "list", "post", "feed", "region", "desk", "staff's list"}


def test_off_means_gone_everywhere_and_on_again_shows_all_as_before(app, number):
    assert traces(app, number) == EVERYWHERE
    assert switch(app, "izklyuchi") == 303
    assert traces(app, number) == set()
    with app.app_context(), inside(town(ON)):
        assert db.session.get_one(Post, number).title == "Кръгла маса за парка"
    assert switch(app, "vklyuchi") == 303
    assert traces(app, number) == EVERYWHERE


def test_what_the_operator_takes_back_is_off_though_it_stays_enabled(app, number):
    operator = visitor(app, "operator")
    assert operator.send("/operator/SZR31/news/zabrani").status_code == 303
    assert traces(app, number) == set()
    assert switch(app, "vklyuchi") == 404
    assert "news" not in visitor(app, "admin").get(MODULES).text
    with app.app_context(), inside(town(ON)):
        assert db.session.scalars(select(EnabledPlugin.plugin).where(EnabledPlugin.plugin == "news")).all() == ["news"]
    assert operator.send("/operator/SZR31/news/pozvoli").status_code == 303
    assert traces(app, number) == EVERYWHERE


def test_a_switch_turns_in_one_municipality_only(app, number):
    assert visitor(app, "admin", OFF).send("/yambol/admin/moduli/news/vklyuchi").status_code == 303
    assert switch(app, "izklyuchi") == 303
    assert app.test_client().get("/yambol/novini").status_code == 200
    assert app.test_client().get(f"{TOWN}/novini").status_code == 404


def test_a_switch_is_written_into_the_journal_with_its_person(app):
    assert switch(app, "izklyuchi") == 303
    with app.app_context(), inside(town(ON)) as here:
        [entry] = db.session.scalars(select(Entry).where(Entry.what == "module.switched_off"))
        words = db.session.get_one(EntryWords, entry.id)
        assert (entry.subject_kind, entry.subject_id) == ("municipality", here.id)
        assert entry.by_id is not None
        assert words.words == {"plugins": ["news"]}


def test_the_page_of_modules_says_who_switched_on_and_when(app):
    switch(app, "izklyuchi")
    switch(app, "vklyuchi")
    assert "admin Стара Загора" in text_of(parse(visitor(app, "admin").get(MODULES)))


@pytest.mark.parametrize("name", ["nyama", "core", "admin", "publishing"])
def test_a_module_that_is_none_cannot_be_switched(app, name):
    admin, operator = visitor(app, "admin"), visitor(app, "operator")
    assert admin.send(f"{MODULES}/{name}/vklyuchi").status_code == 404
    assert admin.send(f"{MODULES}/{name}/izklyuchi").status_code == 404
    assert operator.send(f"/operator/SZR31/{name}/pozvoli").status_code == 404
    assert operator.send(f"/operator/XXX99/{name}/pozvoli").status_code == 404


def test_a_municipality_that_closed_is_on_no_page_of_the_others(app, number):
    assert "Кръгла маса" in app.test_client().get("/").text
    with app.app_context():
        set_open(town(ON).id, False)
        db.session.commit()
    region = app.test_client().get("/")
    assert region.status_code == 200
    assert "Кръгла маса" not in region.text
    assert TOWN not in region.text
    assert app.test_client().get(f"{TOWN}/novini/{number}").status_code == 404
    assert visitor(app, "admin").get(MODULES).status_code == 404


def test_switching_twice_is_switching_once(here_on):
    for _ in range(2):
        disable(("news",))
        db.session.commit()
    assert db.session.scalars(select(EnabledPlugin).where(EnabledPlugin.plugin == "news")).all() == []
    for _ in range(2):
        enable(("news",))
        db.session.commit()
    assert len(db.session.scalars(select(EnabledPlugin).where(EnabledPlugin.plugin == "news")).all()) == 1


def test_what_is_enabled_and_not_allowed_is_off(app):
    with app.app_context():
        code = town(ON).id
        with inside(town(ON)):
            assert is_on("news")
        with through("operator"):
            forbid(code, "news")
            db.session.commit()
        with inside(town(ON)):
            assert not is_on("news")
            assert "news" not in allowed_here()
        with inside(town(OFF)):
            assert not is_on("news")
            assert "news" in allowed_here()


def test_only_the_operators_door_allows(here_on):
    """In a town a row of AllowedPlugin for another one is refused by the wall."""
    foreign = town(OFF).id
    with pytest.raises(WallBroken):
        allow(foreign, "made_up")
        db.session.flush()
    db.session.rollback()
    assert "made_up" not in set(db.session.scalars(select(AllowedPlugin.plugin)))


def test_a_module_that_is_off_hears_nothing(app, number):
    """Neither announcements nor slots reach it: what the delivery asks is the same as what the gate asks."""
    heard: list[str] = []
    delivery = app.extensions["consult.delivery"]
    listener = Listener("publishing.published", lambda publication: heard.append(publication.title))
    app.extensions["consult.delivery"] = replace(delivery, listeners={"publishing.published": (("news", listener),)})
    with app.app_context():
        for code in (ON, OFF):
            with inside(town(code)):
                post = write(Post(title=f"Новина {code}", body="x"))
                announce("publishing.published", publication=post)
                db.session.commit()
    assert heard == [f"Новина {ON}"]


def test_a_plugin_that_fails_to_hear_undoes_nothing_but_its_own(app, number, caplog):
    def fail(publication: Post) -> None:
        db.session.add(Entry())  # half a row, never to be seen
        raise RuntimeError("a plugin's own mistake")

    delivery = app.extensions["consult.delivery"]
    broken = {"publishing.published": (("news", Listener("publishing.published", fail)),)}
    app.extensions["consult.delivery"] = replace(delivery, listeners=broken)
    with app.app_context(), inside(town(ON)):
        post = write(Post(title="Излиза все пак", body="x"))
        publish(post)
        db.session.commit()
        assert db.session.get_one(Post, post.id).state == "published"
    assert "a plugin's own mistake" in caplog.text


def test_no_link_leads_to_a_module_that_is_off(app):
    with app.app_context(), inside(town(ON)):
        disable(("news", "notices"))
        db.session.commit()
    for who in ("visitor", "editor", "admin"):
        somebody = visitor(app, who)
        for start in (f"{TOWN}/", f"{TOWN}/rabota") if who != "visitor" else (f"{TOWN}/",):
            answer = somebody.get(start)
            assert answer.status_code == 200
            for link in links(parse(answer), start):
                assert somebody.get(link).status_code in (200, 302), (who, link)
