"""One commit: what is saved is told and shown, what is not saved leaves no word; two at once both get an answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import OperationalError

from consult import modules
from consult.announcements import Delivery, Listener
from consult.db import db
from consult.publishing import PublicationVersion, change, publish, share, towns_of, write
from consult.settings import setting
from consult.tenancy import ContentStamp, Municipality, WallBroken, inside, open_towns, set_open, through
from consult.testing.factories import OFF, ON, SignedIn, sign_in, town
from plugins.news.models import Category, Post
from tests.together import all_at_once

FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def here_on(app: Flask) -> Iterator[Flask]:
    """The application, inside the first town."""
    with app.app_context(), inside(town(ON)):
        yield app
        db.session.rollback()


def draft() -> Post:
    return write(Post(title="Кръгла маса", body="Елате."))  # type: ignore[return-value]


def stamp(code: str) -> int:
    found = select(ContentStamp.value).join(Municipality, Municipality.id == ContentStamp.municipality_id)
    value = db.session.scalar(found.where(Municipality.code == code))
    db.session.rollback()
    return value or 0


# ---- Stamps


def test_a_listener_that_fails_leaves_the_stamp_to_be_raised(here_on):
    def breaks(publication: Post) -> None:
        raise RuntimeError("on purpose")

    delivery: Delivery = here_on.extensions["consult.delivery"]
    post = draft()
    db.session.commit()
    before = stamp(ON)
    heard = {**delivery.listeners, "publishing.published": (("news", Listener("publishing.published", breaks)),)}
    here_on.extensions["consult.delivery"] = Delivery(delivery.announcements, heard)
    try:
        publish(post)
        db.session.commit()
    finally:
        here_on.extensions["consult.delivery"] = delivery
    assert stamp(ON) == before + 1


def test_stamps_are_raised_once_and_last(here_on):
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: said.append(args[2].split()[0] + args[2][:60]))
    post = draft()
    share(post, [town(OFF)])
    publish(post)
    db.session.commit()
    changes = [one for one in said if one.startswith(("INSERT", "UPDATE", "DELETE"))]
    raised = [place for place, one in enumerate(changes) if "content_stamp" in one]
    assert raised == [len(changes) - 2, len(changes) - 1]


def test_the_neighbours_pages_change_when_a_town_opens_or_closes(app):
    with app.app_context():
        before = stamp(ON)
        set_open(town(OFF).id, False)
        db.session.commit()
        assert stamp(ON) == before + 1
    assert "/yambol/" not in app.test_client().get("/stara-zagora/").text


# ---- Doors


def test_a_door_is_not_left_with_changes_that_no_commit_has_kept(app):
    with app.app_context(), pytest.raises(WallBroken, match="neither committed nor rolled back"), inside(town(ON)):
        draft()
        db.session.flush()


def test_nothing_is_changed_through_the_regions_door(app):
    with app.app_context():
        yambol = town(OFF)
        with pytest.raises(WallBroken), through("region"):
            modules.forbid(yambol.id, "news")
            db.session.flush()
        with pytest.raises((WallBroken, RuntimeError)), through("region"):
            db.session.execute(update(modules.EnabledPlugin).values(plugin="x"))


def test_a_bulk_change_outside_an_operation_is_a_mistake(here_on):
    with pytest.raises(RuntimeError, match="outside an operation"):
        db.session.execute(update(Category).values(name_en="x"))


# ---- Words that are no change, and words that stay


def test_words_that_say_nothing_new_are_no_change(here_on):
    post = write(Post(title="Заглавие", body="Текст"), {"en": {"title": "Title", "lead": "", "body": "Text"}})
    db.session.commit()
    change(post, 1, {"title": "Заглавие", "body": "Текст"}, {"en": {"title": "Title", "lead": "", "body": "Text"}})
    db.session.commit()
    assert post.revision == 1
    assert db.session.scalar(select(func.count()).select_from(PublicationVersion)) == 1


def test_translations_that_nobody_mentions_stay_and_an_empty_list_takes_them_away(here_on):
    post = write(Post(title="Заглавие", body="Текст"), {"en": {"title": "Title", "lead": "", "body": "Text"}})
    db.session.commit()
    change(post, 1, {"office": "Кмет"})
    db.session.commit()
    assert (post.words("en").title, post.body_html) == ("Title", "<p>Текст</p>\n")
    change(post, 2, {"office": "Кмет"}, {})
    db.session.commit()
    assert post.words("en").title == "Заглавие"


def test_a_town_that_is_closed_for_a_while_goes_on_sharing(here_on):
    post, yambol = draft(), town(OFF)
    share(post, [yambol])
    set_open(yambol.id, False)
    share(post, [], keep={yambol.id})
    db.session.commit()
    assert towns_of(post) == [OFF]
    share(post, [])
    db.session.commit()
    assert towns_of(post) == []


# ---- Two at once


def answers(app: Flask, path: str, fields: dict[str, str], times: int = 5) -> list[int]:
    """What the same form, each time with a key of its own, was answered when sent ``times`` at once."""
    people: list[SignedIn] = [sign_in(app, "admin") for _ in range(times)]

    def send(turn: int) -> int:
        form = {**fields, "_token": people[turn].token, "_key": f"key{turn}"}
        return people[turn].client.post(path, data=form, headers=FROM_HERE).status_code

    return sorted(all_at_once(send, times))


def test_of_many_who_add_one_category_one_does_and_the_others_are_told(app):
    assert answers(app, "/stara-zagora/rabota/novini/kategorii", {"name_bg": "Паркове"}) == [303, 422, 422, 422, 422]


def test_many_who_decide_the_same_setting_at_once_are_all_answered(app):
    fields = {"news.on_home": "5", "publishing.accepts_shared": "y", "notices.days": "3", "events.on_home": "4"}
    fields |= {"events.offer_hours": "24", "events.remind_hours": "24", "events.erase_after_days": "30"}
    fields |= {"consultations.on_home": "4", "participation.moderated": "after"}
    statuses = answers(app, "/stara-zagora/admin/nastroiki", fields)
    assert set(statuses) == {303}
    with app.app_context(), inside(town(ON)):
        assert setting("news.on_home") == 5


def test_many_who_plan_for_the_same_minute_are_all_answered(app):
    fields = {"title": "План", "body": "Текст", "do": "publish", "publish_at": "2099-01-05T09:00", "revision": "0"}
    assert answers(app, "/stara-zagora/rabota/novini/nova", fields) == [303] * 5


# ---- What fails is not said to have been done


def test_a_commit_that_fails_is_not_told_as_done(app, monkeypatch):
    editor = sign_in(app, "editor")
    fields = {"title": "Заглавие", "body": "Текст", "do": "publish", "revision": "0", "_token": editor.token}

    def fails() -> None:
        raise OperationalError("commit", {}, Exception("disk full"))

    with monkeypatch.context() as patch:
        patch.setattr(db.session, "commit", fails)
        failed = editor.client.post("/stara-zagora/rabota/novini/nova", data=fields, headers=FROM_HERE)
    assert failed.status_code == 503
    assert failed.headers["Retry-After"]
    after = editor.client.get("/stara-zagora/rabota")
    assert after.status_code == 200
    for page in (failed.text, after.text):
        assert "Публикувано." not in page


def test_a_database_that_is_away_is_a_calm_503(app, monkeypatch):
    def away(*_arguments: object) -> None:
        raise OperationalError("select", {}, Exception("no server"))

    monkeypatch.setattr("consult.web.places.read", away)
    answer = app.test_client().get("/stara-zagora/novini")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Сайтът е зает" in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_address_without_a_slash_is_no_site_of_ours(app):
    environ = {"REQUEST_METHOD": "OPTIONS", "PATH_INFO": "*", "HTTP_HOST": "localhost", "wsgi.url_scheme": "http"}
    said: list[str] = []
    list(app.wsgi_app(environ, lambda status, headers: said.append(status)))
    assert said[0].startswith("400")
    with app.app_context():
        assert len(open_towns()) == 2
