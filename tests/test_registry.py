"""How plugins are checked at the start, switched on and off together, and told what happened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from consult import modules, registry
from consult.access import Permission, permissions
from consult.announcements import Announcement, Listener, announce
from consult.contract import Fill, NavigationItem, Plugin, Slot
from consult.db import Base, db
from consult.errors import ContractError
from consult.publishing import Publication, State, publish, write
from consult.registry import RESERVED_NAMES, RESERVED_PATHS
from consult.settings import Setting
from consult.tenancy import here, inside
from consult.testing.factories import OFF, ON, sign_in, town
from consult.web.pages import Pages

CORE = registry.Core((), (), (), (), (Announcement("publishing.published", ("publication",), "It can be read."),))
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


def made(name: str = "first", **fields: Any) -> Plugin:
    """A plugin with no pages that keeps every promise, until ``fields`` break one."""
    words: dict[str, Any] = {"title": name, "summary": name, "path": name, "keeps": lambda: name}
    return Plugin(**{"name": name, "pages": Pages(name, __name__), **words, **fields})


def refusal(*plugins: Plugin) -> ContractError:
    """What stops the start with these plugins."""
    with pytest.raises(ContractError) as caught:
        registry.load(CORE, plugins)
    return caught.value


# ---- What stops the start


def hears_all(publication: Publication) -> None:
    """Hears what publishing.published tells."""


def hears_nothing() -> None:
    """Takes no facts."""


def pages_asking(permission: str) -> Pages:
    """Pages of the plugin "first" of which one asks for ``permission``."""
    pages = Pages("first", __name__)
    pages.get("/first", may=permission)(hears_nothing)
    return pages


def table(name: str) -> type[Any]:
    """A model of a table that stands in a metadata of its own, so that no migration has to make it."""

    class Apart(DeclarativeBase):
        pass

    class Thing(Apart):
        __tablename__ = name
        id: Mapped[int] = mapped_column(primary_key=True)

    return Thing


BROKEN = {
    "a misspelt announcement": ({"listens": (Listener("publishing.publisht", hears_all),)}, "publishing.publisht"),
    "a wrong signature": ({"listens": (Listener("publishing.published", hears_nothing),)}, "hears_nothing cannot hear"),
    "an unknown slot": ({"fills": (Fill("news.nowhere", "x.html", lambda: None),)}, "news.nowhere"),
    "a wrong signature of a fill": (
        {"slots": (Slot("first.aside", ("thing",), "…"),), "fills": (Fill("first.aside", "x.html", hears_nothing),)},
        "first.aside",
    ),
    "a missing requirement": ({"requires": ("second",)}, "requires 'second'"),
    "a circle": ({"requires": ("first",)}, "requires itself"),
    "a reserved path": ({"path": "rabota"}, "'rabota' is the core's"),
    "a reserved name": ({"name": "desk"}, "its name is the core's"),
    "a name that is no word": ({"name": "First"}, "not a lower-case word"),
    "pages of another name": ({"pages": Pages("other", __name__)}, "its pages are called 'other'"),
    "an unprefixed permission": ({"permissions": (Permission("write", "…", ("admin",)),)}, "'write' lacks its prefix"),
    "an unprefixed setting": ({"settings": (Setting(name="limit", title="…", default=1),)}, "'limit' lacks its prefix"),
    "an unprefixed table": ({"models": (table("thing"),)}, "table thing"),
    "a table named twice": ({"models": (table("first_thing"), table("first_thing"))}, "table 'first_thing'"),
    "an unknown role": ({"permissions": (Permission("first.write", "…", ("mayor",)),)}, "mayor"),
    "an undeclared permission": ({"pages": pages_asking("first.writ")}, "'first.writ'"),
    "a menu that leads nowhere": ({"navigation": (NavigationItem("…", "first.nowhere"),)}, "first.nowhere"),
}


@pytest.mark.parametrize(("fields", "says"), BROKEN.values(), ids=BROKEN)
def test_what_is_wrong_stops_the_start_and_says_where_why_and_how_to_mend(fields, says):
    error = refusal(made(**fields))
    assert says in error.what
    assert error.what.split(":")[0] in error.where
    assert all((error.why.strip(), error.mend.strip()))
    assert [line.split(":")[0].strip() for line in str(error).splitlines()[1:]] == ["where", "why", "mend"]


def test_a_page_that_does_not_say_who_may_open_it_stops_the_start():
    with pytest.raises(ContractError, match="does not say who may open it") as caught:
        Pages("first", __name__).get("/first")(hears_nothing)
    assert "hears_nothing" in caught.value.where
    assert 'may="public"' in caught.value.mend


def test_pages_that_are_a_plain_blueprint_stop_the_start():
    from flask import Blueprint

    assert "plain blueprint" in refusal(made(pages=Blueprint("first", __name__))).what


def test_two_plugins_share_neither_name_nor_path_nor_the_beginning_of_a_table():
    assert "two plugins have one name" in refusal(made(), made()).what
    assert "path 'word' is first's" in refusal(made(path="word"), made("second", path="word")).what
    assert "begins that of 'first_aid'" in refusal(made(), made("first_aid")).what


def test_a_circle_of_three_is_named_whole():
    plugins = [made("one", requires=("two",)), made("two", requires=("three",)), made("three", requires=("one",))]
    assert refusal(*plugins).why.count(" → ") == 3


def test_each_plugin_comes_after_those_that_it_requires():
    loaded = registry.load(CORE, [made("a", requires=("c",)), made("b"), made("c", requires=("b",))])
    assert list(loaded.plugins) == ["b", "c", "a"]
    assert loaded.with_required("a") == ("b", "c", "a")
    assert loaded.with_dependants("b") == ("a", "c", "b")


def test_all_that_is_the_cores_is_reserved(app):
    blueprints = set(app.blueprints) - set(app.extensions["consult.registry"].plugins)
    tables = {name.split("_")[0] for name in Base.metadata.tables}
    loaded = app.extensions["consult.registry"]
    declared = (*loaded.core.permissions, *loaded.core.settings, *loaded.core.announces, *loaded.core.slots)
    words = blueprints | tables | {one.name.split(".")[0] for one in declared}
    assert words - set(loaded.plugins) <= RESERVED_NAMES
    paths = {str(rule).split("/")[1] for rule in app.url_map.iter_rules() if rule.endpoint.split(".")[0] in blueprints}
    first_words = {path for path in paths if path and "." not in path and "<" not in path}
    assert first_words - {"healthz", ".well-known"} <= RESERVED_PATHS
    with app.app_context():
        assert permissions()


# ---- On and off, together


def requiring(app: Flask) -> None:
    """Lets notices require news."""
    loaded: registry.Registry = app.extensions["consult.registry"]
    notices = replace(loaded.plugins["notices"], requires=("news",))
    registry.wire(app, registry.load(loaded.core, (loaded.plugins | {"notices": notices}).values()))


def on_in(app: Flask, code: str) -> set[str]:
    """The plugins that are on in this town."""
    with app.app_context(), inside(town(code)):
        return set(modules.on_here())


def switch(app: Flask, code: str, name: str, verb: str, **fields: str) -> Any:
    """The admin of the town presses the button."""
    admin = sign_in(app, "admin", code)
    with app.app_context():
        address = f"/{town(code).slug}/admin/moduli/{name}/{verb}"
    return admin.client.post(address, data={"_token": admin.token, **fields}, headers=FROM_OUR_PAGE)


def test_switching_on_asks_and_then_switches_what_is_needed_too(app):
    requiring(app)
    asked = switch(app, OFF, "notices", "vklyuchi")
    assert asked.status_code == 409
    assert "News" in asked.text or "Новини" in asked.text
    assert on_in(app, OFF) == set()
    assert switch(app, OFF, "notices", "vklyuchi", sure="yes").status_code == 303
    assert on_in(app, OFF) == {"news", "notices"}


def test_switching_off_asks_and_then_switches_those_that_need_it_too(app):
    requiring(app)
    asked = switch(app, ON, "news", "izklyuchi")
    assert asked.status_code == 409
    assert "Обявления" in asked.text
    assert {"news", "notices"} <= on_in(app, ON)
    assert switch(app, ON, "news", "izklyuchi", sure="yes").status_code == 303
    assert not {"news", "notices"} & on_in(app, ON)


def test_alone_it_is_switched_at_once(app):
    assert switch(app, OFF, "notices", "vklyuchi").status_code == 303
    assert on_in(app, OFF) == {"notices"}
    assert switch(app, OFF, "notices", "izklyuchi").status_code == 303
    assert on_in(app, OFF) == set()


# ---- What happened is told


def listening(app: Flask, **hears: Any) -> None:
    """Lets these functions hear publishing.published, each as the only listener of its plugin."""
    loaded: registry.Registry = app.extensions["consult.registry"]
    plugins = {
        name: replace(one, listens=(Listener("publishing.published", hears[name]),) if name in hears else ())
        for name, one in loaded.plugins.items()
    }
    registry.wire(app, registry.load(loaded.core, plugins.values()))


def publish_one(app: Flask, code: str = ON) -> int:
    """Publishes a publication of no kind, and answers its number."""
    from plugins.news.models import Post

    with app.app_context(), inside(town(code)):
        post = write(Post(title="Заглавие", body="Текст"))
        publish(post)
        db.session.commit()
        return post.id


def test_a_listener_that_fails_is_undone_and_nobody_else_notices(app, caplog):
    heard = []

    def breaks(publication: Publication) -> None:
        publication.title = "Развалено"
        db.session.flush()
        raise RuntimeError("on purpose")

    listening(app, news=breaks, notices=lambda publication: heard.append(publication.title))
    number = publish_one(app)
    with app.app_context(), inside(town(ON)):
        kept = db.session.scalars(select(Publication).where(Publication.id == number)).one()
        assert (kept.title, kept.state) == ("Заглавие", State.PUBLISHED)
    assert heard == ["Заглавие"]
    assert "publishing.published was not heard by news" in caplog.text


def test_a_plugin_hears_only_where_it_is_on(app):
    heard: list[str] = []
    listening(app, notices=lambda publication: heard.append(here().code))
    publish_one(app, OFF)
    publish_one(app, ON)
    assert heard == [ON]


def test_listeners_hear_in_the_order_of_their_plugins(app):
    heard: list[str] = []
    loaded: registry.Registry = app.extensions["consult.registry"]
    core = replace(loaded.core, listens=(Listener("publishing.published", lambda publication: heard.append("core")),))
    plugins = {
        name: replace(
            one,
            requires=("notices",) if name == "news" else (),
            listens=(Listener("publishing.published", lambda publication, name=name: heard.append(name)),),
        )
        for name, one in loaded.plugins.items()
    }
    registry.wire(app, registry.load(core, plugins.values()))
    publish_one(app)
    assert heard == ["core", "consultations", "events", "notices", "news"]


def test_the_trace_prints_every_delivery(app, monkeypatch, capsys):
    def breaks(publication: Publication) -> None:
        raise RuntimeError("on purpose")

    listening(app, notices=hears_all, news=breaks)
    publish_one(app)
    assert "publishing.published →" not in capsys.readouterr().err
    monkeypatch.setenv("CONSULT_TRACE", "1")
    publish_one(app)
    told = capsys.readouterr().err
    assert "publishing.published → notices.hears_all: heard\n" in told
    assert "publishing.published → news.breaks: failed\n" in told


def test_a_misspelt_announcement_or_fact_is_an_error_of_the_caller(app):
    with app.app_context(), inside(town(ON)):
        with pytest.raises(LookupError, match="nobody declared"):
            announce("publishing.publisht", publication=None)
        with pytest.raises(TypeError, match="publication"):
            announce("publishing.published", post=None)
