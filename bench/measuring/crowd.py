"""A crowd: people who send a form at the same time, each over a connection of their own, and try again as people do."""

from __future__ import annotations

import http.client
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlencode

from bench.measuring.client import HOST, SILENCE

TRIES = 60  # of a person whose connection breaks; a server that lost a process needs some seconds
PAUSE = 0.25  # seconds before the next try
FORM = {  # what a browser says of a form that it sends from our own page
    "Host": "localhost",
    "Content-Type": "application/x-www-form-urlencoded",
    "Sec-Fetch-Site": "same-origin",
}


@dataclass
class Rush:
    """What the people of one rush were answered."""

    answers: Counter[int] = field(default_factory=Counter)  # by status, the last answer that each person got
    refused: int = 0  # people who were told that it is full, and then asked to wait
    broken: int = 0  # connections that ended without an answer
    seconds: float = 0.0


def rush(
    port: int, path: str, people: int, at_once: int, after_third: Callable[[], None] = lambda: None
) -> tuple[Rush, list[int]]:
    """Lets ``people`` ask for a place at ``path``, so many at once, or else for one in the line, which is one request.

    Who is told 409 all the same presses the button of the waiting list.
    ``after_third`` is called when a third of them have their answers. Answers what happened, and each one's status.
    """
    found, lock, begun = Rush(), Lock(), time.perf_counter()

    def one(who: int) -> int:
        status = _ask(port, path, who, found, lock)
        with lock:
            found.answers[status] += 1
            is_the_third = found.answers.total() == people // 3
        if is_the_third:
            after_third()
        return status

    with ThreadPoolExecutor(at_once) as crowd:
        statuses = list(crowd.map(one, range(people)))
    found.seconds = time.perf_counter() - begun
    return found, statuses


def _ask(port: int, path: str, who: int, found: Rush, lock: Lock) -> int:
    status = _send(port, path, who, {}, found, lock)
    if status != 409:
        return status
    with lock:
        found.refused += 1
    return _send(port, path, who, {"waits": "1"}, found, lock)


def _send(port: int, path: str, who: int, more: dict[str, str], found: Rush, lock: Lock) -> int:
    form = {"name": f"Жител {who}", "email": email_of(who), "consent": "y", "people": "1", "or_wait": "y", **more}
    return send_form(port, path, form, {"X-Forwarded-For": network_of(who)}, found, lock)


def send_form(port: int, path: str, form: dict[str, str], said: dict[str, str], found: Rush, lock: Lock) -> int:
    """Sends a form over a new connection, and again while connections break; answers the status, 0 if it gave up."""
    body, headers = urlencode(form), {**FORM, **said}
    for _ in range(TRIES):
        connection = http.client.HTTPConnection(HOST, port, timeout=SILENCE)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            with lock:
                found.broken += 1
            time.sleep(PAUSE)
        finally:
            connection.close()
    return 0


def email_of(who: int) -> str:
    """The address of the person number ``who``."""
    return f"zhitel{who}@crowd.example"


def network_of(who: int) -> str:
    """The network from which the person number ``who`` comes, as the proxy tells it: one for each."""
    return f"10.{who // 62500 % 250}.{who // 250 % 250}.{who % 250 + 1}"
