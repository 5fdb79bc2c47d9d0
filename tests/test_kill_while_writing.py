"""A thousand opinions while the web server is killed twenty times: every one acknowledged is there, none twice."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from threading import Lock
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import make_server

from bench.measuring.client import HOST
from bench.measuring.crowd import Rush, email_of, network_of, send_form
from consult.app import create_app
from consult.db import db
from consult.outbox.models import Letter
from consult.participation import Standing
from consult.testing.applications import furnished, settings
from consult.testing.databases import Database
from consult.testing.factories import sign_in
from tests.asking import in_town
from tests.opinions import accepted, check_counts, consult_people, opinions

POSTS, KILLS, AT_ONCE = 1000, 20, 8
AS_SERVED: dict[str, object] = {"TESTING": False, "REGION_HOSTS": ["localhost", HOST], "TRUSTED_PROXIES": 1}
STANCES = ("change", "for", "against", "ask")


@pytest.fixture
def served(database: Database) -> Iterator[tuple[Flask, int, Any]]:
    """The application, the port at which a server of its own answers, and the number of that server's process."""
    with furnished(database, **AS_SERVED) as app, _server(settings(database, **AS_SERVED)) as (port, process):
        yield app, port, process


@contextmanager
def _server(chosen: dict[str, object]) -> Iterator[tuple[int, Any]]:
    """A server that is there again a moment after it was killed: its successor takes over the same open door.

    It is forked with everything imported, so that twenty deaths take seconds and not a minute.
    """
    context, listening = get_context("fork"), socket.create_server((HOST, 0), backlog=128)
    process = context.Value("i", 0)
    keeper = context.Process(target=_serve_again_and_again, args=(chosen, listening, process))
    keeper.start()
    try:
        yield listening.getsockname()[1], process
    finally:
        os.killpg(keeper.pid or 0, signal.SIGKILL)
        keeper.join()
        listening.close()


def _serve_again_and_again(chosen: dict[str, object], listening: socket.socket, process: Any) -> None:
    os.setsid()
    app = create_app(chosen)
    while True:
        child = os.fork()
        if not child:
            make_server(HOST, 0, app, threaded=True, fd=listening.fileno()).serve_forever()
        process.value = child
        os.waitpid(child, 0)


def test_every_acknowledged_opinion_is_there_once_and_the_counts_are_right(served):
    app, port, process = served
    with in_town(app):
        number = consult_people().id
        db.session.commit()
        answered = accepted(number, who=POSTS).id
        db.session.commit()
    texts, person = [f"Мнение номер {who} за липите в парка." for who in range(POSTS)], sign_in(app, "resident")
    name = str(app.config["SESSION_COOKIE_NAME"])
    kept = person.client.get_cookie(name)
    assert kept is not None
    cookie = f"{name}={kept.value}"
    found, lock = Rush(), Lock()

    def post(who: int) -> int:
        sent = _sent(number, answered, who, texts[who], cookie, person.token)
        status = send_form(port, *sent, found, lock)
        if status >= 500:  # on a machine that is busy enough a lock runs into its timeout: that is no acknowledgement
            status = send_form(port, *sent, found, lock)
        with lock:
            found.answers[status] += 1
            is_time = found.answers.total() % (POSTS // (KILLS + 1)) == 0 and killed["times"] < KILLS
            killed["times"] += is_time
        if is_time:
            time.sleep(who % 7 / 1000)  # in the middle of one thing or another that it does for somebody else
            os.kill(process.value, signal.SIGKILL)
        return status

    killed = Counter(times=0)
    with ThreadPoolExecutor(AT_ONCE) as people:
        assert set(people.map(post, range(POSTS))) == {303}
    assert killed["times"] == KILLS
    assert found.broken >= KILLS // 2, "nobody was in the middle of anything"
    with in_town(app):
        rows = [one for one in opinions(number) if one.id != answered]
        assert Counter(one.text for one in rows) == dict.fromkeys(texts, 1)
        assert Counter(one.standing for one in rows) == {
            Standing.UNCONFIRMED: POSTS // 2,
            Standing.PUBLISHED: POSTS // 2,
        }
        letters = select(func.count()).where(Letter.key.like("participation %"))
        assert db.session.scalar(letters) == POSTS + 2  # one each; the answered opinion was confirmed, so it has two
        check_counts(number)


def _sent(
    number: int, answered: int, who: int, text: str, cookie: str, token: str
) -> tuple[str, dict[str, str], dict[str, str]]:
    """Address, form and headers: an opinion or a reply, in turns of a guest and of somebody who is signed in."""
    path = f"/stara-zagora/konsultatsii/{number}/mnenia"
    form = {"text": text, "consent": "full"}
    said = {"X-Forwarded-For": network_of(who)}
    if who % 5 == 0:
        path += f"/{answered}/otgovor"
    else:
        form |= {"part": "0", "stance": STANCES[who % len(STANCES)]}
    if who % 2:
        form |= {"name": f"Жител {who}", "email": email_of(who)}
    else:
        said["Cookie"] = cookie
        form |= {"_token": token, "_key": f"the-form-of-{who}"}
    return path, form, said
