"""The record: versions and the journal are only ever added to, and the database itself sees to that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from consult.clock import now
from consult.db import begin_writing, db, owner_engine
from consult.errors import Refused
from consult.journal import Entry, EntryWords, acting, digest, record
from consult.publishing import (
    Publication,
    PublicationVersion,
    VersionWords,
    archive,
    change,
    publish,
    restore,
    schedule,
    share,
    versions_of,
    withdraw,
    write,
)
from consult.tenancy import here, inside
from consult.testing.factories import OFF, ON, town
from plugins.news.models import Post

RECORDS = ("journal_entry", "publication_version")
WORDS = ("journal_entry_words", "publication_version_words")
REFUSED = r"append-only|may only be blanked|permission denied"


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    """A published post of the first town with two versions, in a session that may write."""
    with app.app_context(), inside(town(ON)):
        made = Post(title="Ремонтът започва", lead="На 1 декември", body="**Улица** „Лале“", topic="remonti")
        write(made, {"en": {"title": "Works begin", "lead": "", "body": "On the street"}})
        publish(made)
        change(made, 1, {"title": "Ремонтът се отлага"}, {})
        db.session.commit()
        yield made
        db.session.rollback()


def execute(statement: str, table: str = "") -> Any:
    """Text SQL in the writing transaction; TABLE in it stands for the name of ``table``."""
    begin_writing()
    return db.session.execute(text(statement.replace("TABLE", table)))


def is_refused(statement: str, table: str) -> None:
    assert execute("select count(*) from TABLE", table).scalar() > 0, f"{table} is empty, and nothing would be tried"
    with pytest.raises(DBAPIError, match=REFUSED):
        execute(statement, table)
    db.session.rollback()


# ---- The database refuses


@pytest.mark.parametrize("table", RECORDS)
def test_a_record_is_never_changed_or_deleted(post, table):
    is_refused("update TABLE set at = at", table)
    is_refused("update TABLE set digest = 'x'", table)
    is_refused("delete from TABLE", table)


@pytest.mark.parametrize("table", WORDS)
def test_the_words_of_a_record_are_never_changed_or_deleted(post, table):
    is_refused("update TABLE set words = '{}'", table)
    is_refused("update TABLE set salt = null", table)
    is_refused("update TABLE set words = null", table)
    is_refused("update TABLE set municipality_id = 1, salt = null, words = null", table)
    is_refused("delete from TABLE", table)


@pytest.mark.parametrize("table", [*RECORDS, *WORDS])
def test_a_record_is_not_replaced_by_another_with_its_number(post, table):
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL has no REPLACE; its ON CONFLICT is an update
    is_refused("insert or replace into TABLE select * from TABLE", table)


@pytest.mark.parametrize("table", WORDS)
def test_words_may_be_blanked_and_never_come_back(post, table):
    execute("update TABLE set salt = null, words = null", table)
    db.session.commit()
    assert execute("select count(*) from TABLE where words is not null or salt is not null", table).scalar() == 0
    is_refused("update TABLE set salt = 'x', words = '{}'", table)


@pytest.mark.parametrize("table", [*RECORDS, *WORDS])
def test_the_owner_of_the_tables_cannot_change_a_record_either(app, post, table):
    owner = owner_engine(app.config["DATABASE_OWNER_URL"])
    with owner.connect() as connection:
        if owner.dialect.name == "postgresql":
            connection.execute(text("select set_config('consult.town', :town, true)"), {"town": str(here().id)})
        assert connection.scalar(text("select count(*) from TABLE".replace("TABLE", table)))
        with pytest.raises(DBAPIError, match=r"append-only|may only be blanked"):
            connection.execute(text("delete from TABLE".replace("TABLE", table)))
    owner.dispose()


def test_a_version_has_its_number_once(post):
    begin_writing()
    db.session.add(PublicationVersion(publication_id=post.id, number=1, at=now(), digest="x"))
    with pytest.raises(IntegrityError):
        db.session.flush()


# ---- What is written with what


def test_the_digest_of_an_entry_and_of_a_version_is_that_of_its_words(post):
    for row in (*db.session.scalars(select(Entry)), *versions_of(post)):
        assert row.words.words
        assert row.digest == digest(row.words.salt, row.words.words)
        assert row.digest != digest(row.words.salt, row.words.words | {"title": "друго"})
        assert row.digest != digest("", row.words.words)


def test_the_digest_stays_when_the_words_are_blanked(post):
    before = db.session.execute(select(Entry.id, Entry.digest).order_by(Entry.id)).all()
    begin_writing()
    for words in (*db.session.scalars(select(EntryWords)), *db.session.scalars(select(VersionWords))):
        words.salt = words.words = None
    db.session.commit()
    assert db.session.execute(select(Entry.id, Entry.digest).order_by(Entry.id)).all() == before
    assert {version.words.words for version in versions_of(post)} == {None}


def test_equal_words_have_different_digests(post):
    begin_writing()
    for _ in range(2):
        record("publication.read", "news.post", post.id, {"title": "едно и също"})
    db.session.commit()
    found = db.session.scalars(select(Entry.digest).where(Entry.what == "publication.read")).all()
    assert len(set(found)) == 2


def test_versions_keep_what_was_said_and_who_said_it(app, post):
    begin_writing()
    with acting(7):
        change(
            post,
            2,
            {"title": "Ремонтът приключи", "body": "Готово"},
            {"tr": {"title": "Bitti", "lead": "", "body": ""}},
        )
    db.session.commit()
    newest, second, first = versions_of(post)
    assert [one.number for one in (newest, second, first)] == [3, 2, 1]
    said_third, said_second, said_first = (one.words.words or {} for one in (newest, second, first))
    assert said_first["title"] == "Ремонтът започва"
    assert said_first["translations"] == {"en": {"title": "Works begin", "lead": "", "body": "On the street"}}
    assert said_second["title"] == "Ремонтът се отлага"
    assert "translations" not in said_second
    assert said_third["translations"]["tr"]["title"] == "Bitti"
    assert (newest.by_id, second.by_id, first.by_id) == (7, None, None)
    assert newest.at == post.changed_at


Deed = Callable[[Post], None]
DEEDS: dict[str, tuple[Deed, str]] = {
    "change": (lambda post: change(post, 2, {"title": "Ново"}, {}), "publication.changed"),
    "archive": (archive, "publication.archived"),
    "withdraw": (lambda post: withdraw(post, "Грешна дата."), "publication.withdrawn"),
    "share": (lambda post: share(post, [town(OFF)]), "publication.shared"),
}


def entries(post: Publication) -> list[str]:
    asked = select(Entry.what).where(Entry.subject_kind == post.kind, Entry.subject_id == post.id)
    return list(db.session.scalars(asked.order_by(Entry.id)))


def versions(post: Publication) -> int:
    asked = select(func.count()).where(PublicationVersion.publication_id == post.id)
    return db.session.scalar(asked) or 0


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_and_its_entry_are_kept_together_or_not_at_all(post, deed):
    act, what = DEEDS[deed]
    before, kept = entries(post), versions(post)
    assert before == ["publication.written", "publication.published", "publication.changed"]
    act(post)
    db.session.flush()
    assert entries(post) == [*before, what]
    db.session.rollback()
    assert entries(post) == before
    assert versions(post) == kept
    act(post)
    db.session.commit()
    assert entries(post) == [*before, what]


def test_every_step_of_a_publications_life_has_its_entry(app):
    with app.app_context(), inside(town(ON)), acting(5):
        one = Post(title="Път", body="През състоянията")
        write(one)
        schedule(one, now() + timedelta(days=1))
        restore(one)
        publish(one)
        archive(one)
        restore(one)
        withdraw(one, "Причина.")
        db.session.commit()
        steps = ["written", "scheduled", "restored", "published", "archived", "restored", "withdrawn"]
        assert entries(one) == [f"publication.{step}" for step in steps]
        assert set(db.session.scalars(select(Entry.by_id).where(Entry.subject_id == one.id))) == {5}
        last = db.session.scalars(select(EntryWords).order_by(EntryWords.entry_id.desc())).first()
        assert last is not None
        assert last.words == {"title": "Път", "reason": "Причина."}


def test_what_is_refused_leaves_no_entry(post):
    before = entries(post)
    for refused in (
        lambda: change(post, 1, {"title": "Късно"}, {}),
        lambda: withdraw(post, "  "),
        lambda: restore(post),
    ):
        with pytest.raises(Refused):
            refused()
        db.session.rollback()
    assert entries(post) == before
    assert versions(post) == 2


def test_an_entry_is_not_written_outside_an_operation(post):
    record("publication.read", "news.post", post.id)
    with pytest.raises(RuntimeError, match="outside an operation"):
        db.session.commit()
