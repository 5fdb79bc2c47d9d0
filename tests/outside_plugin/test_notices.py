"""A plugin from outside does what a bundled one does, and nothing can tell it apart."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

from consult import registry, settings
from consult.db import db
from consult.publishing import publish, write
from consult.tenancy import inside
from consult.testing.factories import ON, sign_in, town
from plugins.news.models import Post

FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}
BOARD, DESK = "/stara-zagora/obyavi", "/stara-zagora/rabota/obyavi"


def publish_news(app, title: str) -> int:
    with app.app_context(), inside(town(ON)):
        post = write(Post(title=title, body="Текст"))
        publish(post)
        db.session.commit()
        return post.id


def test_it_lies_in_a_package_of_its_own_and_is_found_like_any_other(app):
    assert "notices" in {point.name for point in entry_points(group="consult.plugins")}
    plugin = app.extensions["consult.registry"].plugins["notices"]
    assert plugin.folder
    assert not plugin.folder.is_relative_to(registry.BUNDLED)
    assert not plugin.folder.is_relative_to(Path(__file__).parent), "it is the built package that runs"


def test_a_new_publication_is_noticed_on_the_board_and_beside_the_news(app):
    visitor = app.test_client()
    assert "Ремонт на моста" not in visitor.get(BOARD).text
    publish_news(app, "Ремонт на моста")
    assert "Ремонт на моста" in visitor.get(BOARD).text
    number = publish_news(app, "Друга новина")
    beside = visitor.get(f"/stara-zagora/novini/{number}").text
    assert 'id="notices-heading"' in beside


def test_a_municipality_may_decide_that_it_is_not_noticed(app):
    with app.app_context(), inside(town(ON)):
        settings.decide("notices.days", 0)
        db.session.commit()
    publish_news(app, "Ремонт на моста")
    assert "Ремонт на моста" not in app.test_client().get(BOARD).text


def test_an_editor_puts_a_notice_up_and_takes_it_down(app):
    editor = sign_in(app, "editor")
    form = {"text": "Без вода до обяд", "ends_at": "2099-01-01T12:00", "_token": editor.token}
    assert editor.client.post(DESK, data=form, headers=FROM_OUR_PAGE).status_code == 303
    assert "Без вода до обяд" in app.test_client().get(BOARD).text
    gone = editor.client.post(f"{DESK}/1/svali", data={"_token": editor.token}, headers=FROM_OUR_PAGE)
    assert gone.status_code == 303
    assert "Без вода до обяд" not in app.test_client().get(BOARD).text


def test_a_notice_says_what_it_needs(app):
    editor = sign_in(app, "editor")
    for form in ({"text": "", "ends_at": "2099-01-01T12:00"}, {"text": "Без вода", "ends_at": "2001-01-01T12:00"}):
        answer = editor.client.post(DESK, data={**form, "_token": editor.token}, headers=FROM_OUR_PAGE)
        assert answer.status_code == 422
    assert "Без вода" not in app.test_client().get(BOARD).text


def test_it_speaks_the_languages_of_the_place(app):
    visitor = app.test_client()
    assert "В момента няма обявления" in visitor.get(BOARD).text
    assert "No notices now" in visitor.get("/stara-zagora/en/obyavi").text
    assert "Şu anda duyuru yok" in visitor.get("/stara-zagora/tr/obyavi").text
