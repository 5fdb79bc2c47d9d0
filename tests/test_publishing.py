"""Publications: from draft to archive, in their own town and next door, in lists that lose and double nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from consult.announcements import Delivery, Listener
from consult.clock import now
from consult.db import db
from consult.errors import Conflict, Refused
from consult.publishing import (
    State,
    archive,
    change,
    listing,
    own,
    publish,
    publish_due,
    recent,
    restore,
    schedule,
    share,
    shown,
    towns_of,
    withdraw,
    write,
)
from consult.settings import decide
from consult.tenancy import ContentStamp, Municipality, inside, open_towns
from consult.testing.factories import OFF, ON, town
from plugins.news.models import Post
from tests.together import all_at_once

SOON = timedelta(hours=2)


@pytest.fixture
def here_on(app: Flask) -> Iterator[Flask]:
    """The application, inside the first town."""
    with app.app_context(), inside(town(ON)):
        yield app
        db.session.rollback()


def draft(title: str = "Кръгла маса", **words: Any) -> Post:
    return write(Post(title=title, body="Елате.", **words))  # type: ignore[return-value]


def told(title: str = "Кръгла маса", shared: bool = False, on: datetime | None = None) -> int:
    """A published post of the town that we are in; answers its number."""
    post = draft(title)
    share(post, [town(OFF)] if shared else [])
    publish(post, on)
    db.session.commit()
    return post.id


def numbers(code: str = ON) -> set[int]:
    """What the list of a town shows."""
    with inside(town(code)):
        return {post.id for post in listing(Post).items}


# ---- States


def in_state(state: str) -> Post:
    post = draft()
    if state in ("scheduled", "due"):
        schedule(post, now() + SOON)
    if state in ("published", "archived", "withdrawn"):
        publish(post)
    if state == "archived":
        archive(post)
    if state == "withdrawn":
        withdraw(post, "Грешка.")
    db.session.commit()
    return post


DEEDS: dict[str, Callable[[Post], None]] = {
    "schedule": lambda post: schedule(post, now() + SOON),
    "publish": publish,
    "archive": archive,
    "restore": restore,
    "withdraw": lambda post: withdraw(post, "Причина."),
    "change": lambda post: change(post, post.revision, {"title": "Друго"}, {}),
}
# Where each deed leads from each state; "no" is refused. A scheduled one is due when its time has come.
LEADS = """
           schedule   publish    archive   restore    withdraw   change
draft      scheduled  published  no        no         no         draft
scheduled  scheduled  published  no        draft      no         scheduled
due        no         published  archived  no         withdrawn  published
published  no         published  archived  no         withdrawn  published
archived   no         no         no        published  withdrawn  archived
withdrawn  no         no         no        no         no         no
"""
STEPS = [
    (line.split()[0], deed, end)
    for line in LEADS.strip("\n").splitlines()[1:]
    for deed, end in zip(LEADS.split("\n")[1].split(), line.split()[1:], strict=True)
]


@pytest.mark.parametrize(("state", "deed", "end"), STEPS)
def test_a_deed_leads_from_state_to_state_or_is_refused(here_on, state, deed, end):
    post = in_state(state)
    before = post.state
    with time_machine.travel(now() + (SOON if state == "due" else timedelta())):
        if end == "no":
            with pytest.raises(Refused):
                DEEDS[deed](post)
            db.session.rollback()
            assert post.state == before
        else:
            DEEDS[deed](post)
            db.session.commit()
            assert post.state == end
            assert (post.published_at is None) == (end == "draft")


def test_a_time_that_has_passed_is_refused(here_on):
    post = draft()
    with pytest.raises(Refused) as refused:
        schedule(post, now() - timedelta(seconds=1))
    assert refused.value.field == "publish_at"


def test_nothing_is_withdrawn_without_a_reason(here_on):
    post = in_state("published")
    with pytest.raises(Refused) as refused:
        withdraw(post, " \n ")
    assert refused.value.field == "reason"


def test_what_is_published_twice_keeps_its_first_moment(here_on):
    post = in_state("published")
    first = post.published_at
    with time_machine.travel(now() + SOON):
        publish(post)
    assert post.published_at == first


# ---- Times


@pytest.mark.parametrize("code", [ON, OFF])
def test_what_is_scheduled_shows_itself_at_its_second_without_the_worker(here_on, code):
    at = (now() + SOON).replace(microsecond=0)
    post = draft()
    share(post, [town(OFF)])
    schedule(post, at)
    db.session.commit()
    number = post.id

    def is_there() -> set[bool]:
        with inside(town(code)):
            found = shown(Post, number) is not None, bool(recent(Post, 3)), bool(listing(Post).total)
        return {*found, number in numbers(code)}

    with time_machine.travel(at - timedelta(seconds=1), tick=False):
        assert is_there() == {False}
    with time_machine.travel(at, tick=False):
        assert is_there() == {True}


def listen(app: Flask, name: str) -> list[int]:
    """The numbers of what is announced as ``name`` from now on."""
    heard: list[int] = []
    delivery: Delivery = app.extensions["consult.delivery"]
    listener = Listener(name, lambda publication, **_rest: heard.append(publication.id))
    others = delivery.listeners.get(name, ())
    changed = delivery.listeners | {name: (*others, (None, listener))}
    app.extensions["consult.delivery"] = Delivery(delivery.announcements, changed)
    return heard


def due_posts(count: int) -> list[int]:
    posts = [draft(f"Новина {one}") for one in range(count)]
    for post in posts:
        schedule(post, now() + SOON)
    db.session.commit()
    return [post.id for post in posts]


def test_the_clock_announces_once_what_has_come_of_age(here_on):
    heard = listen(here_on, "publishing.published")
    due, [waiting] = due_posts(3), due_posts(1)
    schedule(db.session.get_one(Post, waiting), now() + 2 * SOON)
    db.session.commit()
    assert publish_due(open_towns()) == 0
    with time_machine.travel(now() + SOON):
        assert publish_due(open_towns()) == 3
        assert publish_due(open_towns()) == 0
    assert sorted(heard) == due
    assert db.session.get_one(Post, due[0]).state == State.PUBLISHED
    assert db.session.get_one(Post, waiting).state == State.SCHEDULED


def test_two_clocks_at_once_announce_once(app):
    heard = listen(app, "publishing.published")
    with app.app_context(), inside(town(ON)):
        due = due_posts(4)

    def clock(_turn: int) -> int:
        with app.app_context():
            return publish_due(open_towns())

    with time_machine.travel(now() + SOON):
        assert sum(all_at_once(clock, 4)) == 4
    assert sorted(heard) == due


# ---- Two people at once


def test_of_ten_who_change_the_same_words_one_succeeds(app):
    with app.app_context(), inside(town(ON)):
        number = told()

    def edit(turn: int) -> str:
        with app.app_context(), inside(town(ON)):
            try:
                change(db.session.get_one(Post, number), 1, {"title": f"Заглавие {turn}"}, {})
                db.session.commit()
            except Conflict:
                db.session.rollback()
                return "conflict"
            return "changed"

    assert sorted(all_at_once(edit, 10)) == ["changed", *["conflict"] * 9]
    with app.app_context(), inside(town(ON)):
        assert db.session.get_one(Post, number).revision == 2


def test_of_ten_who_publish_the_same_draft_one_is_announced(app):
    heard = listen(app, "publishing.published")
    with app.app_context(), inside(town(ON)):
        post = draft()
        db.session.commit()
        number = post.id

    def press(_turn: int) -> None:
        with app.app_context(), inside(town(ON)):
            publish(db.session.get_one(Post, number))
            db.session.commit()

    all_at_once(press, 10)
    assert heard == [number]


# ---- Towns


def stamps() -> dict[str, int]:
    asked = select(Municipality.code, ContentStamp.value).join(
        ContentStamp, ContentStamp.municipality_id == Municipality.id
    )
    return {code: value for code, value in db.session.execute(asked) if code in (ON, OFF, "SLV20")}


def raised(deed: Callable[[], Any]) -> set[str]:
    """The towns whose pages change by what ``deed`` does."""
    before = stamps()
    deed()
    db.session.commit()
    after = stamps()
    return {code for code in before if after[code] != before[code]}


def test_a_change_is_told_to_the_towns_that_show_it_and_to_no_others(here_on):
    post, neighbour = db.session.get_one(Post, told()), town(OFF)
    assert raised(lambda: change(post, 1, {"title": "Едно"}, {})) == {ON}
    assert raised(lambda: share(post, [neighbour])) == {ON, OFF}
    assert towns_of(post) == [OFF]
    assert raised(lambda: change(post, 2, {"title": "Две"}, {})) == {ON, OFF}
    assert raised(lambda: archive(post)) == {ON, OFF}
    assert raised(lambda: share(post, [])) == {ON, OFF}
    assert towns_of(post) == []
    assert raised(lambda: restore(post)) == {ON}
    assert raised(lambda: share(post, [])) == set()


def test_a_town_that_takes_nothing_from_others_shows_only_its_own(here_on):
    foreign = told(shared=True)
    with inside(town(OFF)):
        own_number = told("Наше")
        decide("publishing.accepts_shared", False)
        db.session.commit()
    assert numbers(OFF) == {own_number}
    with inside(town(OFF)):
        assert shown(Post, foreign) is None
        assert [post.id for post in recent(Post, 5)] == [own_number]
        assert listing(Post).total == 1
        decide("publishing.accepts_shared", True)
        db.session.commit()
    assert numbers(OFF) == {own_number, foreign}


def test_the_staffs_list_holds_its_own_town_only(here_on):
    told(shared=True)
    with inside(town(OFF)):
        assert own(Post, tuple(State)) == []


# ---- Words


def test_an_informative_translation_is_shown_in_its_language_and_bulgarian_in_the_others(here_on):
    post = Post(title="Кръгла маса", short_title="Маса", body="Елате.")
    write(post, {"en": {"title": "Round table", "lead": "", "body": "*Come.*"}})
    db.session.commit()
    english, turkish, bulgarian = post.words("en"), post.words("tr"), post.words("bg")
    assert (english.language, english.title, english.is_translation) == ("en", "Round table", True)
    assert english.body_html.strip() == "<p><em>Come.</em></p>"
    assert (turkish.language, turkish.title, turkish.is_translation) == ("bg", "Кръгла маса", False)
    assert (bulgarian.title, bulgarian.short_title) == ("Кръгла маса", "Маса")
    change(post, 1, {}, {"tr": {"title": "Yuvarlak masa", "lead": "", "body": ""}})
    db.session.commit()
    db.session.expire_all()
    assert [one.language for one in post.translations] == ["tr"]
    assert post.words("en").language == "bg"


def test_the_tail_of_the_address_follows_the_title_and_the_number_stays(here_on):
    post = db.session.get_one(Post, told("Кръгла маса в Стара Загора"))
    number = post.id
    assert post.slug == "kragla-masa-v-stara-zagora"
    change(post, 1, {"title": "Дискусия", "short_title": ""}, {})
    db.session.commit()
    assert (post.id, post.slug) == (number, "diskusia")
