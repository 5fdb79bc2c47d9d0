"""Remembered answers: what was rendered once for everybody is given again, and never to whom or when it may not."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from consult.clock import now
from consult.db import db, operation
from consult.publishing import publish, write
from consult.tenancy import Municipality, inside
from consult.testing.counting import count_queries
from consult.testing.factories import ON, sign_in, town
from plugins.news.models import Post

PAGE = "/stara-zagora/novini"


def tell(app: Flask, title: str) -> None:
    with app.app_context(), inside(town(ON)):
        publish(write(Post(title=title, body="Елате.")))
        db.session.commit()


def test_a_repeated_read_costs_one_query_and_is_the_same_answer(app, client):
    first = client.get(PAGE)
    with count_queries(app) as queries:
        again = client.get(PAGE)
    assert (again.status_code, again.data, len(queries)) == (200, first.data, 1)
    assert sorted(again.headers) == sorted(first.headers)
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize("form", ['"{}"', 'W/"{}"', '"another", "{}"'])
def test_who_holds_the_page_is_told_that_it_still_holds(client, form):
    tag = client.get(PAGE).headers["ETag"].strip('"')
    answer = client.get(PAGE, headers={"If-None-Match": form.format(tag)})
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == f'"{tag}"'
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert "Content-Security-Policy" in answer.headers


def test_the_head_of_a_page_is_that_of_the_whole(client):
    whole, head = client.get(PAGE), client.head(PAGE)
    assert (head.status_code, head.data) == (200, b"")
    assert sorted(head.headers) == sorted(whole.headers)


def test_a_page_that_does_not_exist_is_never_said_to_be_unchanged(client):
    tag = client.get(PAGE).headers["ETag"]
    for said in (tag, "*"):
        assert client.get(f"{PAGE}/999", headers={"If-None-Match": said}).status_code == 404


def test_who_is_signed_in_is_given_a_page_of_their_own(app, client):
    client.get(PAGE)
    own = sign_in(app, "editor").client.get(PAGE)
    assert "/izhod" in own.text
    assert own.headers["Cache-Control"] == "no-store"
    assert "/izhod" not in client.get(PAGE).text


def test_a_change_ends_what_was_remembered_in_that_town_only(app, client):
    before, next_door = client.get(PAGE), client.get("/yambol/")
    tell(app, "Нова новина")
    after = client.get(PAGE, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Нова новина" in after.text
    assert client.get("/yambol/").headers["ETag"] == next_door.headers["ETag"]


def test_what_is_remembered_ends_with_the_day(client):
    with time_machine.travel("2026-03-01 21:59:00 +0000", tick=False) as clock:  # 23:59 in Sofia
        evening = client.get(PAGE).headers["ETag"]
        clock.shift(120)
        assert client.get(PAGE).headers["ETag"] != evening


def test_two_addresses_are_two_answers(client):
    assert client.get(f"{PAGE}?a=1").text != client.get("/stara-zagora/en/novini?a=1").text
    assert "a=2" in client.get(f"{PAGE}?a=2").text


def test_a_town_that_closes_is_gone_at_once(app, client):
    assert client.get(PAGE).status_code == 200
    with app.app_context():
        close(ON)
        db.session.commit()
    assert client.get(PAGE).status_code == 404


@operation
def close(code: str) -> None:
    """Without a new stamp: what is remembered must not outlive the town that shows it."""
    db.session.scalars(select(Municipality).where(Municipality.code == code)).one().is_open = False


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite has no server that could be restarted
def test_a_database_that_was_restarted_meanwhile_is_asked_again(app, client):
    client.get(PAGE)
    with app.app_context(), db.engine.connect() as connection:
        others = (
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and usename = user"
            " and datname = current_database()"
        )
        connection.exec_driver_sql(others)
    assert client.get(PAGE).status_code == 200
    assert client.get(f"{PAGE}?{now().timestamp()}").status_code == 200
