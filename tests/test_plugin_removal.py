"""A plugin goes cleanly: its own with it, the record stays, and what is left of it breaks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from consult import modules, publishing, registry, settings
from consult.cli.plugin_work import remove_plugin
from consult.clock import now
from consult.db import db, operation, owner_engine
from consult.errors import ContractError
from consult.journal import Entry
from consult.migrations import missing_plugins, removal, upgrade
from consult.modules import AllowedPlugin, EnabledPlugin
from consult.publishing import Publication, ShownIn
from consult.publishing.versions import PublicationVersion
from consult.subscriptions import Subscription, follow
from consult.tenancy import inside
from consult.testing.factories import OFF, ON, sign_in, town
from consult.testing.spare import spare_app as spare_app
from consult.testing.spare import spare_database as spare_database
from plugins.news.models import Post
from tests.commands import one_app as one_app
from tests.commands import program, run

FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}


def tables(app: Flask) -> set[str]:
    """The tables that are there."""
    engine = owner_engine(app.config["DATABASE_OWNER_URL"])
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def tell_news(app: Flask) -> None:
    """A published, a scheduled and an unfinished piece of news in the town, shown in its neighbour too."""
    with app.app_context():
        here, neighbour = town(ON), town(OFF)
        with inside(here):
            posts = [publishing.write(Post(title=f"Новина {number}", body="Текст")) for number in range(3)]
            publishing.publish(posts[0])
            publishing.share(posts[0], [neighbour])
            publishing.schedule(posts[1], now().replace(year=now().year + 1))
            settings.decide("news.on_home", 5)
            follow(posts[0].id, "ana@primer.bg")
            db.session.commit()


def test_what_another_plugin_requires_is_not_removed(one_app):
    loaded = one_app.extensions["consult.registry"]
    notices = replace(loaded.plugins["notices"], requires=("news",))
    registry.wire(one_app, registry.load(loaded.core, (loaded.plugins | {"notices": notices}).values()))
    ended = run(one_app, remove_plugin, "news", "--yes")
    assert ended.exit_code == 1
    assert "notices requires news" in ended.output
    assert "news_post" in tables(one_app)


def test_what_is_on_somewhere_is_removed_only_when_told_so(one_app):
    ended = run(one_app, remove_plugin, "news")
    assert ended.exit_code == 1
    assert "on in Стара Загора" in ended.output
    assert "news_post" in tables(one_app)
    assert "knows a plugin 'petitions'" in run(one_app, remove_plugin, "petitions", "--yes").output
    assert "knows a plugin 'publication'" in run(one_app, remove_plugin, "publication", "--yes").output


def test_its_own_goes_and_the_record_stays(spare_app):
    tell_news(spare_app)
    ended = run(spare_app, remove_plugin, "news", "--yes")
    assert ended.exit_code == 0, ended.output
    assert "3 publications stay in the record" in ended.output
    assert not {name for name in tables(spare_app) if name.startswith("news_")}
    assert {"notices_notice", "publication", "municipality"} <= tables(spare_app)
    with spare_app.app_context(), inside(town(ON)):
        assert not modules.is_on("news")
        assert "news" not in modules.allowed_here()
        assert db.session.scalars(select(ShownIn)).all() == []
        assert settings.setting("news.on_home") == 3
        assert db.session.scalars(select(Publication)).all() == [], "no query meets them"
        rows = db.session.execute(text("select kind from publication")).all()
        assert [row.kind for row in rows] == ["removed news.post"] * 3
        assert len(db.session.scalars(select(PublicationVersion)).all()) == 3
        assert "publication.published" in db.session.scalars(select(Entry.what)).all()
        assert db.session.scalars(select(Subscription)).all() == [], "nobody follows what no page shows"


def test_a_removed_plugin_comes_back_empty_and_meets_nothing_of_its_past(spare_app):
    tell_news(spare_app)
    run(spare_app, remove_plugin, "news", "--yes")
    upgrade(spare_app)
    with spare_app.app_context():
        here = town(ON)
        with inside(here):
            modules.enable(("news",))
            db.session.commit()
    with spare_app.app_context(), inside(town(OFF)):
        assert "news" not in modules.on_here()
    editor = sign_in(spare_app, "editor")
    for page in ("/", "/stara-zagora/", "/stara-zagora/rabota"):
        answer = editor.client.get(page)
        assert answer.status_code == 200
        assert "Новина" not in answer.text


def test_rows_of_a_plugin_that_is_gone_break_no_list(app):
    tell_news(app)
    with app.app_context(), inside(town(ON)):
        for number in range(3):
            _add_row_of_unknown_kind(number)
        db.session.commit()
        assert publishing.publish_due([town(ON)]) == 0
    editor = sign_in(app, "editor")
    for page in ("/", "/stara-zagora/", "/stara-zagora/novini", "/stara-zagora/novini.atom", "/stara-zagora/rabota"):
        answer = editor.client.get(page)
        assert answer.status_code == 200, page
        assert "Изгубено" not in answer.text
    admin = sign_in(app, "admin")
    form = {"_token": admin.token}
    assert admin.client.get("/stara-zagora/admin/moduli").status_code == 200
    answer = admin.client.post("/stara-zagora/admin/moduli/gone/vklyuchi", data=form, headers=FROM_OUR_PAGE)
    assert answer.status_code == 404


@operation
def _add_row_of_unknown_kind(number: int) -> None:
    """A draft, a scheduled and a published thing of a plugin that nobody has any more, which is on here."""
    here, state = town(ON), ("draft", "scheduled", "published")[number]
    moment = None if state == "draft" else now().replace(year=now().year - 1)
    words = dict.fromkeys(("short_title", "lead", "body", "body_html", "office", "withdrawn_reason"), "")
    words |= {"kind": "gone.thing", "state": state, "slug": "x", "title": "Изгубено"}
    moments = {"created_at": now(), "changed_at": now(), "published_at": moment}
    table: Any = Publication.__table__
    row = table.insert().values(**words, **moments, revision=1, municipality_id=here.id).returning(table.c.id)
    publication_id = db.session.connection().scalar(row)
    place = {"town_id": here.id, "kind": "gone.thing", "open_at": moment, "listed_at": moment}
    db.session.add(ShownIn(publication_id=publication_id, **place))
    if number == 0:
        for row_type in (AllowedPlugin, EnabledPlugin):
            db.session.add(row_type(plugin="gone", since=now(), by_id=None))


@pytest.fixture
def without_notices(spare_app, monkeypatch) -> Iterator[Flask]:
    """The application whose package of notices was uninstalled while its tables are still there."""
    from consult.app import create_app
    from consult.testing.applications import settings as chosen

    database = spare_app.extensions["consult.testing.database"]
    monkeypatch.setattr("consult.registry.entry_points", lambda group: ())
    app = create_app(chosen(database))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_site_goes_on_without_a_plugin_whose_folder_is_gone(without_notices):
    client = without_notices.test_client()
    assert client.get("/stara-zagora/").status_code == 200
    assert client.get("/stara-zagora/obyavi").status_code == 404
    with without_notices.app_context():
        assert missing_plugins(db.engine) == ["notices"]


def test_its_tables_are_taken_out_without_its_migrations(without_notices):
    with pytest.raises(ContractError, match="'notices' is not installed"):
        upgrade(without_notices)
    assert "on in Стара Загора" in run(without_notices, remove_plugin, "notices").output
    ended = run(without_notices, remove_plugin, "notices", "--yes")
    assert ended.exit_code == 0, ended.output
    assert "notices_notice" not in tables(without_notices)
    upgrade(without_notices)
    with without_notices.app_context():
        assert missing_plugins(db.engine) == []


def test_without_the_row_that_stands_for_the_core_nothing_is_taken_out(without_notices):
    engine = owner_engine(without_notices.config["DATABASE_OWNER_URL"])
    with engine.begin() as connection:
        connection.execute(text("delete from alembic_version where version_num <> 'notices_0001'"))
    engine.dispose()
    with pytest.raises(ContractError, match="at which revision the core stands"):
        removal.take_out(without_notices, "notices")
    assert "notices_notice" in tables(without_notices)


def test_start_and_commands_name_a_missing_plugin_in_one_line(one_app):
    chosen = {"CONSULT_DATABASE_URL": one_app.config["DATABASE_URL"], "CONSULT_INSTANCE": one_app.config["INSTANCE"]}
    ended = program("consult", "upgrade", PYTHONPATH="", **chosen)
    assert ended.returncode == 2
    assert "the plugin 'notices' is not installed" in ended.stderr
    assert "consult remove-plugin notices" in ended.stderr
    assert "Traceback" not in ended.stderr
    started = program("wsgi", PYTHONPATH="", **chosen)
    assert started.returncode == 0
    assert started.stderr.count("the plugin 'notices' is not installed") == 1
