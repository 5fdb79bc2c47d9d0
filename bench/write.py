"""How fast opinions are handed in and confirmed, and whether each that was acknowledged is there and counted."""

from __future__ import annotations

import argparse
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median
from threading import Event, Thread

from flask import Flask
from sqlalchemy import func, select

from bench.measuring import bare_opinions
from bench.measuring.client import HOST, Sample, ask_for, ask_once, get, post
from bench.measuring.crowd import email_of, network_of
from bench.measuring.in_turn import add_database_option, measure_databases
from bench.measuring.machine import machine_of
from bench.measuring.opinions import consult_people
from bench.measuring.servers import Server, Strength, environment_of, running
from consult.db import db
from consult.outbox.models import Letter
from consult.participation import Contribution, counts_of, receipt_key
from consult.tenancy import inside
from consult.testing import run
from consult.testing.applications import furnished, settings
from consult.testing.databases import Database
from consult.testing.factories import ON, town

GOAL = 0.40  # of the yardstick, with 16 clients
CLIENTS = (1, 16)
AS_SERVED: dict[str, object] = {
    "TESTING": False,
    "REGION_HOSTS": ["localhost", HOST],
    "TRUSTED_PROXIES": 1,  # each opinion comes from a network of its own, as a proxy would tell it
}
TEXT = "Три млади фиданки не заменят една липа на четиридесет години. Мнение номер {}. " * 3
_people = itertools.count(1)


@dataclass
class Found:
    """What the rounds showed of the site and of the yardstick, by how many clients wrote at the same time."""

    site: dict[int, list[Sample]] = field(default_factory=lambda: {clients: [] for clients in CLIENTS})
    bare: dict[int, list[Sample]] = field(default_factory=lambda: {clients: [] for clients in CLIENTS})
    computed: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures one database after the other and prints what was found."""
    options = _options(arguments)
    measure_databases(options.database, lambda database: _measure(database, options))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_database_option(parser)
    parser.add_argument("--seconds", type=float, default=6.0, help="for each row of the table (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="into which the seconds are divided (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes of a server (%(default)s)")
    parser.add_argument("--threads", type=int, default=4, help="blocking threads of a process (%(default)s)")
    return parser.parse_args(arguments)


def _measure(database: Database, options: argparse.Namespace) -> None:
    strength, said = Strength(options.workers, options.threads), environment_of(settings(database, **AS_SERVED))
    bare_opinions.lay(database.owner_url)
    told = {bare_opinions.DATABASE: database.owner_url}
    with ExitStack() as stack:
        app = stack.enter_context(furnished(database, **AS_SERVED))
        print(f"\n{database.kind}, {machine_of(app)}, {options.workers} workers × {options.threads} threads")
        number = consult_people(app)[0]
        site = stack.enter_context(running("wsgi:app", said, strength, run.folder() / "write.log"))
        name = f"{bare_opinions.__name__}:application()"
        bare = stack.enter_context(running(name, told, strength, run.folder() / "bare_opinions.log"))
        wrong: list[str] = []
        with _watched(app, site, number, wrong):
            found = _write_in_rounds(site, bare, number, options)
            confirmed = _confirm(app, site, number, options)
        wrong += _look(app, site, number, found.acknowledged)
    bare_opinions.clear(database.owner_url)
    _print(found, confirmed, wrong)


# ---- What is sent


def _opinions(path: str) -> Iterator[bytes]:
    for who in _people:
        form = {"part": "0", "stance": ("change", "for", "against", "ask")[who % 4], "text": TEXT.format(*[who] * 3)}
        form |= {"name": f"Жител {who}", "email": email_of(who), "consent": "full"}
        yield post(path, form, X_Forwarded_For=network_of(who))


def _write_in_rounds(site: Server, bare: Server, number: int, options: argparse.Namespace) -> Found:
    found, seconds = Found(), options.seconds / options.rounds
    path = f"/stara-zagora/konsultatsii/{number}/mnenia"
    found.acknowledged += ask_for(0.5, site.port, _opinions(path), 303, 2 * options.workers).answers
    ask_for(0.3, bare.port, _opinions("/opinion"), 303, 2 * options.workers)  # what is done once is done now
    for _round in range(options.rounds):
        for clients in CLIENTS:
            for name, server, address, samples in (
                ("bare", bare, "/opinion", found.bare[clients]),
                ("site", site, path, found.site[clients]),
            ):
                before = server.processor_seconds()
                samples.append(ask_for(seconds, server.port, _opinions(address), 303, clients))
                found.computed[f"{name} {clients}"] += server.processor_seconds() - before  # type: ignore[assignment]
            found.acknowledged += found.site[clients][-1].answers
    return found


def _confirm(app: Flask, site: Server, number: int, options: argparse.Namespace) -> Sample:
    """Presses the button of the letters, as many as fit into one round."""
    with app.app_context(), inside(town(ON)):
        waiting = db.session.scalars(select(Contribution).where(Contribution.publication_id == number)).all()
        paths = [f"/stara-zagora/moeto/{one.id}/{receipt_key(one)}/potvardi" for one in waiting]
    pressed = (post(path, {}) for path in itertools.cycle(paths))  # twice is once
    return ask_for(options.seconds / options.rounds, site.port, pressed, 303, CLIENTS[-1])


# ---- Whether nothing vanished


@contextmanager
def _watched(app: Flask, site: Server, number: int, wrong: list[str]) -> Iterator[None]:
    """Looks at the counts and at the page again and again while the block writes."""
    is_over, seen = Event(), []

    def watch() -> None:
        while not is_over.wait(0.2):
            seen.append(_watch_once(app, site, number, wrong))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()
        print(f"looked {len(seen)} times while it was written: {seen[-1] if seen else 0} counted at last")


def _watch_once(app: Flask, site: Server, number: int, wrong: list[str]) -> int:
    before, shown, after = _accepted(app, number, wrong), _on_the_page(site, number), _accepted(app, number, wrong)
    if not before <= shown <= after:
        wrong.append(f"the page says {shown} while between {before} and {after} are counted")
    return after


def _accepted(app: Flask, number: int, wrong: list[str]) -> int:
    with app.app_context(), inside(town(ON)):
        everything = counts_of(number).everything
    if everything.accepted != everything.shown + everything.gone:
        wrong.append(f"{everything.accepted} accepted, {everything.shown} shown, {everything.gone} gone")
    return everything.accepted


def _on_the_page(site: Server, number: int) -> int:
    page = ask_once(site.port, get(f"/stara-zagora/konsultatsii/{number}/mnenia"))[2].decode()
    said = re.search(r'id="mnenia-h">[^(]*\(([\d\s]+)\)', page)
    assert said is not None, page
    return int(re.sub(r"\s", "", said[1]))


def _look(app: Flask, site: Server, number: int, acknowledged: int) -> list[str]:
    """What is not as it was acknowledged, in words."""
    with app.app_context(), inside(town(ON)):
        its = Contribution.publication_id == number
        rows = db.session.execute(select(Contribution.text, Contribution.accepted_at).where(its)).all()
        letters = db.session.scalar(select(func.count()).where(Letter.key.like("participation % confirm")))
        really = sum(row.accepted_at is not None for row in rows)
        counted = counts_of(number).everything
    print(f"{acknowledged} acknowledged, {len(rows)} rows, {letters} letters, {really} confirmed")
    faults = {
        "an opinion was acknowledged and is missing, or is there unasked": len(rows) != acknowledged,
        "an opinion is there twice": len({row.text for row in rows}) != len(rows),
        "a letter is missing or there twice": letters != len(rows),
        "the counts are wrong": (counted.accepted, counted.shown + counted.gone) != (really, really),
        "the page says another number": _on_the_page(site, number) != really,
    }
    return [what for what, is_so in faults.items() if is_so]


# ---- What was found


def _print(found: Found, confirmed: Sample, wrong: list[str]) -> None:
    print(
        f"\n{'clients':<9}{'bare a second':>15}{'site a second':>15}{'÷ bare':>8}{'bare CPU ms':>13}{'site CPU ms':>13}"
    )
    for clients in CLIENTS:
        bare, site = found.bare[clients], found.site[clients]
        ratio = median(one.per_second / other.per_second for one, other in zip(site, bare, strict=True))
        speeds = "".join(f"{median(sample.per_second for sample in samples):>15.0f}" for samples in (bare, site))
        computed = "".join(
            f"{1000 * found.computed[f'{name} {clients}'] / sum(sample.answers for sample in samples):>13.2f}"
            for name, samples in (("bare", bare), ("site", site))
        )
        print(f"{clients:<9}{speeds}{ratio:>8.2f}{computed}")
    print(f"site ÷ bare view with {CLIENTS[-1]} clients: {ratio:.2f} (goal: at least {GOAL:.2f})")
    print(f"confirmed: {confirmed.per_second:.0f} a second, {CLIENTS[-1]} clients")
    for what in wrong:
        print(f"WRONG: {what}")


if __name__ == "__main__":
    main()
