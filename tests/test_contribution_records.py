"""The records of contributions: the database itself refuses to change or delete a wording, an act, or a count."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from consult.db import begin_writing, db
from consult.participation import edit, everything_said, hide, original_of
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.consultations.models import Opinion
from tests.opinions import SAYS, accepted, consult_people, texts

REFUSED = r"append-only|may only be blanked|permission denied"


def execute(statement: str, table: str) -> None:
    begin_writing()
    db.session.execute(sql(statement.replace("TABLE", table)))


def is_refused(statement: str, table: str) -> None:
    with pytest.raises(DBAPIError, match=REFUSED):
        execute(statement, table)
    db.session.rollback()


@pytest.fixture
def recorded(app: Flask) -> Iterator[Opinion]:
    """An opinion with two wordings and an act, in a session of its town."""
    with app.app_context(), inside(town(ON)):
        opinion = accepted(consult_people().id)
        edit(opinion, f"{SAYS} Нека са пет.")
        hide(opinion, "obida", "Обижда.")
        db.session.commit()
        yield opinion
        db.session.rollback()


@pytest.mark.parametrize("table", ["contribution_version", "moderation_act"])
def test_a_wording_and_an_act_are_never_changed_or_deleted(recorded, table):
    for statement in ("update TABLE set digest = 'x'", "update TABLE set at = at", "delete from TABLE"):
        is_refused(statement, table)


@pytest.mark.parametrize("table", ["contribution_version_words", "moderation_act_words"])
def test_their_words_may_be_blanked_and_nothing_else(recorded, table):
    for statement in ("update TABLE set words = '{}'", "update TABLE set words = null", "delete from TABLE"):
        is_refused(statement, table)
    execute("update TABLE set salt = null, words = null", table)
    db.session.commit()
    is_refused("update TABLE set salt = 'x', words = '{}'", table)
    if table == "contribution_version_words":
        assert texts(everything_said(recorded)) == [None, None]
        assert original_of(recorded) == ""


def test_the_counts_cannot_lose_one(recorded):
    begin_writing()
    with pytest.raises(DBAPIError, match="nothing_vanishes"):
        db.session.execute(sql("update contribution_tally set gone = gone - 1"))
    db.session.rollback()
