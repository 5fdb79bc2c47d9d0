"""How fast the news pages are, beside what Flask and one query cost on the same server."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from flask import Flask

from bench.measuring import yardsticks
from bench.measuring.client import Sample, ask_for, ask_once, get
from bench.measuring.in_turn import add_database_option, measure_databases
from bench.measuring.machine import machine_of
from bench.measuring.servers import Strength, environment_of, served
from bench.measuring.town import name_categories, tell_news
from consult.testing import run
from consult.testing.applications import furnished, settings
from consult.testing.counting import count_queries
from consult.testing.databases import Database
from consult.testing.factories import sign_in

LIST, DESK = "/stara-zagora/novini", "/stara-zagora/rabota/novini"
FEW = 10  # posts; a page must need as many queries with them as with all
GOAL = 0.60  # of the second yardstick, for a page that is asked for again
FIRST, AGAIN, UNCHANGED, BARE, QUERY = "first time", "again, 200", "again, 304", "Flask", "Flask and a query"
_unseen = itertools.count(1)


@dataclass
class Target:
    """One row of the table: what is asked for, where, and what the rounds showed."""

    page: str
    name: str
    port: int
    requests: Iterator[bytes]
    status: int = 200
    samples: list[Sample] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Requests a second, the median of the rounds."""
        return median(sample.per_second for sample in self.samples)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures one database after the other and prints what was found."""
    options = _options(arguments)
    measure_databases(options.database, lambda database: _measure(database, options))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_database_option(parser)
    parser.add_argument("--rows", type=int, default=10_000, help="posts of the town (%(default)s)")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each row of the table (%(default)s)")
    parser.add_argument("--rounds", type=int, default=15, help="into which the seconds are divided (%(default)s)")
    parser.add_argument("--connections", type=int, default=8, help="asking at the same time (%(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes of a server (%(default)s)")
    parser.add_argument("--threads", type=int, default=4, help="blocking threads of a process (%(default)s)")
    return parser.parse_args(arguments)


def _measure(database: Database, options: argparse.Namespace) -> None:
    with furnished(database, **_as_served()) as app:
        print(f"\n{database.kind}, {options.rows} posts, {_server(app, options)}")
        first = _tell_and_count(app, options.rows)
        environment = environment_of(settings(database, **_as_served()))
        with _targets(app, first, environment, options) as targets:
            _ask_in_rounds(targets, options)
        _print_table(targets)


def _as_served() -> dict[str, object]:
    return {"TESTING": False, "REGION_HOSTS": ["localhost", "127.0.0.1"]}


def _server(app: Flask, options: argparse.Namespace) -> str:
    server = f"{options.workers} worker(s) × {options.threads} threads, {options.connections} connections"
    return f"{machine_of(app)}, {server}"


# ---- How many queries a page needs


def _tell_and_count(app: Flask, rows: int) -> int:
    name_categories(app)
    tell_news(app, FEW)
    few = _queries(app)
    first = tell_news(app, rows - FEW)
    many = _queries(app)
    print(f"queries of a list page: {few} with {FEW} posts, {many} with {rows} (must be the same, at most 8)")
    return first


def _queries(app: Flask) -> str:
    """How many queries the list costs right after a change, when it is new, and when it is asked for again."""
    client, new = app.test_client(), f"{LIST}?{next(_unseen)}"
    client.get(LIST)  # what a process asks once in its life
    app.extensions.pop("consult.remembered", None)  # what a raised stamp makes the process forget
    counted = []
    for address in (f"{LIST}?{next(_unseen)}", new, new):
        with count_queries(app) as queries:
            assert client.get(address).status_code == 200
        counted.append(str(len(queries)))
    return "/".join(counted)


# ---- What is asked for


@contextmanager
def _targets(
    app: Flask, first: int, environment: dict[str, str], options: argparse.Namespace
) -> Iterator[list[Target]]:
    folder, strength = run.folder(), Strength(options.workers, options.threads)
    pages = {"list": LIST, "article": f"{LIST}/{first}/novina-{first}"}
    with ExitStack() as stack:
        site = stack.enter_context(served("wsgi:app", environment, strength, folder / "site.log"))
        tags = _keep_bytes(site, pages, folder)
        told = {yardsticks.FOLDER: str(folder), yardsticks.DATABASE: environment["CONSULT_DATABASE_URL"]}
        name = f"{yardsticks.__name__}:application()"
        bare = stack.enter_context(served(name, told, strength, folder / "yardsticks.log"))
        targets = []
        for page, address in pages.items():
            again = itertools.repeat(get(address))
            unchanged = itertools.repeat(get(address, If_None_Match=tags[page]))
            targets += [
                Target(page, FIRST, site, (get(f"{address}?{number}") for number in _unseen)),
                Target(page, UNCHANGED, site, unchanged, 304),
                Target(page, AGAIN, site, again),
                Target(page, QUERY, bare, itertools.repeat(get(f"/query/{page}"))),
                Target(page, BARE, bare, itertools.repeat(get(f"/bare/{page}"))),
            ]
        yield [*targets, Target("staff's list", "signed in", site, itertools.repeat(get(DESK, Cookie=_cookie(app))))]


def _keep_bytes(port: int, pages: dict[str, str], folder: Path) -> dict[str, str]:
    """Puts each page's bytes where the yardsticks find them; answers the ETags."""
    tags = {}
    for page, address in pages.items():
        status, headers, body = ask_once(port, get(address))
        assert status == 200, body.decode()
        (folder / f"{page}.html").write_bytes(body)
        tags[page] = headers["etag"]
        print(f"{page}: {len(body)} bytes")
    return tags


def _cookie(app: Flask) -> str:
    name = str(app.config["SESSION_COOKIE_NAME"])
    cookie = sign_in(app, "editor").client.get_cookie(name)
    assert cookie is not None
    return f"{name}={cookie.value}"


def _ask_in_rounds(targets: list[Target], options: argparse.Namespace) -> None:
    """Each in turn, round by round: a busy moment of the machine meets all of them alike."""
    for target in targets:  # what is done once in a process is done now
        ask_for(0.3, target.port, target.requests, target.status, options.connections * options.workers)
    for _ in range(options.rounds):
        for target in targets:
            seconds = options.seconds / options.rounds
            target.samples.append(ask_for(seconds, target.port, target.requests, target.status, options.connections))


# ---- What was found


def _print_table(targets: list[Target]) -> None:
    print(f"\n{'page':<14}{'asked for':<20}{'a second':>10}{'median ms':>11}{'÷ Flask':>10}{'÷ with query':>14}")
    for target in targets:
        bare, query = _ratio(target, targets, BARE), _ratio(target, targets, QUERY)
        milliseconds = median(sample.median_ms for sample in target.samples)
        print(f"{target.page:<14}{target.name:<20}{target.per_second:>10.0f}{milliseconds:>11.2f}{bare:>10}{query:>14}")
    for target in targets:
        if target.name == AGAIN:
            ratio = _ratio(target, targets, QUERY)
            print(f"{target.page} again ÷ Flask and one query: {ratio} (goal: at least {GOAL:.2f})")


def _ratio(target: Target, targets: list[Target], yardstick: str) -> str:
    """Of the same page in the same round; the median of the rounds. Nothing where a page has no yardstick."""
    for other in targets:
        if other.page == target.page and other.name == yardstick:
            pairs = zip(target.samples, other.samples, strict=True)
            return f"{median(one.per_second / two.per_second for one, two in pairs):.2f}"
    return ""


if __name__ == "__main__":
    main()
