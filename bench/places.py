"""How fast the places of an event are given when everybody wants one at once, and whether each is given once."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from flask import Flask
from sqlalchemy import select

from bench.measuring import bare_places
from bench.measuring.client import HOST
from bench.measuring.crowd import Rush, email_of, rush
from bench.measuring.in_turn import add_database_option, measure_databases
from bench.measuring.machine import machine_of
from bench.measuring.servers import Server, Strength, environment_of, running
from consult.clock import now
from consult.db import db, operation
from consult.outbox.models import Letter
from consult.publishing import publish, write
from consult.tenancy import inside
from consult.testing import run
from consult.testing.applications import furnished, settings
from consult.testing.counting import count_queries
from consult.testing.databases import Database
from consult.testing.factories import ON, town
from plugins.events.models import Event, Hall, Place, Standing
from plugins.events.operations import keep_event

GOAL = 3.0  # times the yardstick's time
AS_SERVED = {"TESTING": False, "REGION_HOSTS": ["localhost", HOST], "TRUSTED_PROXIES": 1}


@dataclass(frozen=True)
class Found:
    """What lies in the database after a rush, besides what people were answered."""

    rush: Rush
    seats: int
    waiting: int
    letters: int
    wrong: tuple[str, ...]  # in words; empty where all is well


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures one database after the other and prints what was found."""
    options = _options(arguments)
    measure_databases(options.database, lambda database: _measure(database, options))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_database_option(parser)
    parser.add_argument("--people", type=int, default=500, help="who compete (%(default)s)")
    parser.add_argument("--places", type=int, default=50, help="for so many places (%(default)s)")
    parser.add_argument("--at-once", type=int, default=24, help="asking at the same time (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="of the site and the yardstick in turn (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes of a server (%(default)s)")
    parser.add_argument("--threads", type=int, default=4, help="blocking threads of a process (%(default)s)")
    return parser.parse_args(arguments)


def _measure(database: Database, options: argparse.Namespace) -> None:
    with furnished(database, **AS_SERVED) as app:
        print(f"\n{database.kind}, {options.people} people for {options.places} places, {_server(app, options)}")
        print(f"queries: {_queries(app)}")
        print(f"\n{'rush':<22}{'places':>8}{'waiting':>9}{'letters':>9}{'errors':>8}{'seconds':>9}{'÷ bare':>8}")
        ratios = []
        strength = Strength(options.workers, options.threads)
        with site_of(database, strength) as site, _bare(database, strength) as bare:
            for _ in range(options.rounds):
                yardstick = _rush_bare(database, bare, options)
                found = compete(app, site, options.people, options.places, options.at_once)
                ratios.append(found.rush.seconds / yardstick.seconds)
                _print("bare view", yardstick, None, 1.0)
                _print("site", found.rush, found, ratios[-1])
            killed = compete(app, site, options.people, options.places, options.at_once, site.kill_a_worker)
            _print("site, worker killed", killed.rush, killed, 0.0)
        bare_places.clear(database.owner_url)
    print(f"site ÷ bare view: {median(ratios):.2f} (goal: at most {GOAL:.2f})")


# ---- What runs


def site_of(database: Database, strength: Strength) -> AbstractContextManager[Server]:
    """The site on ``database``, behind a proxy that says who asks; each person comes from a network of their own."""
    said = environment_of(settings(database, **AS_SERVED))
    return running("wsgi:app", said, strength, run.folder() / "places.log")


def _bare(database: Database, strength: Strength) -> AbstractContextManager[Server]:
    bare_places.lay(database.owner_url, 1)
    told = {bare_places.DATABASE: database.owner_url}
    return running(f"{bare_places.__name__}:application()", told, strength, run.folder() / "bare.log")


def _rush_bare(database: Database, bare: Server, options: argparse.Namespace) -> Rush:
    bare_places.lay(database.owner_url, options.places)
    found, _statuses = rush(bare.port, "/place", options.people, options.at_once)
    return found


def compete(
    app: Flask,
    site: Server,
    people: int,
    places: int,
    at_once: int,
    after_third: Callable[[], None] = lambda: None,
) -> Found:
    """Lets ``people`` compete for the ``places`` of a new event, and looks at what came of it."""
    number = _meet(app, places)
    happened, statuses = rush(site.port, f"/stara-zagora/sabitia/{number}/zapis", people, at_once, after_third)
    with app.app_context(), inside(town(ON)):
        return _look(number, places, happened, {who for who, status in enumerate(statuses) if 0 < status < 400})


def _look(number: int, places: int, happened: Rush, promised: set[int]) -> Found:
    hall = db.session.get_one(Hall, number)
    rows = db.session.scalars(select(Place).where(Place.event_id == number).order_by(Place.number)).all()
    seated = [place for place in rows if place.standing in (Standing.HELD, Standing.GIVEN)]
    line = [place for place in rows if place.standing == Standing.WAITING]
    keys = [key.split(" ") for key in db.session.scalars(select(Letter.key).where(Letter.key.like("events.place %")))]
    mine = {str(place.id) for place in rows}
    letters = Counter(key[1] for key in keys if key[1] in mine)
    missing = {email_of(who) for who in promised} - {place.email for place in rows}
    faults = {
        "more or fewer places than there are": len(seated) != min(places, len(rows)) or hall.taken != len(seated),
        "somebody is there twice": len({place.address_key for place in rows}) != len(rows),
        "a number is missing or there twice": [place.number for place in rows] != list(range(1, len(rows) + 1)),
        "somebody waits before one who sits": bool(line) and line[0].number < seated[-1].number,
        "a letter is missing or there twice": letters != dict.fromkeys(mine, 1),
        f"promised and lost: {sorted(missing)[:5]}": bool(missing),
    }
    wrong = tuple(what for what, is_so in faults.items() if is_so)
    return Found(happened, len(seated), len(line), letters.total(), wrong)


def _meet(app: Flask, places: int) -> int:
    with app.app_context(), inside(town(ON)):
        number = _publish_event(places).id
        db.session.commit()
        return number


@operation
def _publish_event(places: int) -> Event:
    words = {"title": "Кръгла маса за бюджета", "lead": "Какво се решава.", "body": "Елате.", "room": "Зала 1"}
    event = Event(topic="krugla-masa", takes_places=True, starts_at=now() + timedelta(days=9), **words)
    write(event)
    keep_event(event, places)
    publish(event)
    return event


# ---- What is printed


def _server(app: Flask, options: argparse.Namespace) -> str:
    return f"{machine_of(app)}, {options.workers} workers × {options.threads} threads, {options.at_once} at once"


def _queries(app: Flask) -> str:
    """How many statements it takes to give a place, to say that it is full, and to put somebody into the line."""
    path, client, counted = f"/stara-zagora/sabitia/{_meet(app, 2)}/zapis", app.test_client(), []
    form = {"name": "Жител", "consent": "y", "people": "1"}
    for who, more in enumerate(({}, {}, {}, {"or_wait": "y"})):
        with count_queries(app) as queries:
            sent = {**form, **more, "email": email_of(who)}
            client.post(path, data=sent, headers={"Sec-Fetch-Site": "same-origin"})
        counted.append(len(queries))
    return f"{counted[1]} for a place, {counted[2]} to say that it is full, {counted[3]} for the line"


def _print(name: str, happened: Rush, found: Found | None, ratio: float) -> None:
    errors = sum(times for status, times in happened.answers.items() if status != 303)
    places, waiting, letters = (found.seats, found.waiting, found.letters) if found else ("", "", "")
    said = f"{ratio:.2f}" if ratio else ""
    print(f"{name:<22}{places:>8}{waiting:>9}{letters:>9}{errors:>8}{happened.seconds:>9.2f}{said:>8}")
    if errors or happened.broken:
        print(f"    answers {dict(happened.answers)}, {happened.broken} connections broke and were tried again")
    for what in found.wrong if found else ():
        print(f"    WRONG: {what}")


if __name__ == "__main__":
    main()
