"""How fast the opinions of a consultation are shown, whether it has a hundred of them or a hundred thousand."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import median

from flask import Flask
from sqlalchemy import create_engine, update

from bench.measuring import bare_thread, yardsticks
from bench.measuring.client import Sample, ask_for, ask_once, get
from bench.measuring.in_turn import add_database_option, measure_kinds
from bench.measuring.machine import machine_of
from bench.measuring.opinions import say_much
from bench.measuring.servers import Server, Strength, environment_of, running
from consult.tenancy import ContentStamp
from consult.testing import run
from consult.testing.applications import furnished, migrate, settings
from consult.testing.counting import count_queries
from consult.testing.databases import Database, Databases
from consult.testing.factories import ON, sign_in, town

MOST_QUERIES = 8
FLAT, REMEMBERED, FRESH = 1.2, 0.60, 2.5  # the goals; see README.md
FIRST, AGAIN, UNCHANGED, SIGNED_IN, NEWS = "first time", "again, 200", "again, 304", "signed in", "after news"
AS_SERVED: dict[str, object] = {"TESTING": False, "REGION_HOSTS": ["localhost", "127.0.0.1"]}
_unseen = itertools.count(1)


@dataclass
class Target:
    """One thing that is asked for at one size, and what the rounds showed."""

    page: str
    name: str
    server: Server
    requests: Callable[[], Iterator[bytes]]  # for each stretch anew: a tag holds for an hour at most
    status: int = 200
    samples: list[Sample] = field(default_factory=list)
    computed: float = 0.0  # seconds of the processor

    def ask(self, seconds: float, connections: int) -> None:
        """Asks for a stretch, and notes how long the server computed meanwhile."""
        requests, before = self.requests(), self.server.processor_seconds()
        self.samples.append(ask_for(seconds, self.server.port, requests, self.status, connections))
        self.computed += self.server.processor_seconds() - before

    @property
    def per_second(self) -> float:
        """Requests a second, the median of the rounds."""
        return median(sample.per_second for sample in self.samples)

    @property
    def milliseconds(self) -> float:
        """Of the processor, for one request."""
        return 1000 * self.computed / sum(sample.answers for sample in self.samples)


@dataclass(frozen=True)
class Stage:
    """A town with one size of thread: its site, the pages that are asked for by what they are called, the cookie."""

    size: int
    app: Flask
    site: Server
    pages: dict[str, str]
    cookie: str
    publication_id: int
    town_id: int
    database: Database

    @property
    def is_sqlite(self) -> bool:
        """For SQLite SQLAlchemy writes OFFSET 0 behind every LIMIT; PostgreSQL is sent the same without it."""
        return self.database.url.startswith("sqlite")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures one database after the other and prints what was found."""
    options = _options(arguments)
    measure_kinds(options.database, lambda kind: _measure(kind, options))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_database_option(parser)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10_000, 100_000], help="of the thread")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each thing that is asked for (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="into which the seconds are divided (%(default)s)")
    parser.add_argument("--connections", type=int, default=4, help="asking at the same time (%(default)s)")
    parser.add_argument("--workers", type=int, default=1, help="processes of a server (%(default)s)")
    parser.add_argument("--threads", type=int, default=4, help="blocking threads of a process (%(default)s)")
    return parser.parse_args(arguments)


def _measure(kind: str, options: argparse.Namespace) -> None:
    strength = Strength(options.workers, options.threads)
    with ExitStack() as stack:
        stages = [stack.enter_context(_stage(kind, size, strength)) for size in options.sizes]
        server = f"{options.workers} worker(s) × {options.threads} threads, {options.connections} connections"
        print(f"\n{kind}, {machine_of(stages[0].app)}, {server}")
        _count(stages)
        bare = stack.enter_context(_bare(stages[-1], strength))
        targets = {stage.size: _targets(stage) for stage in stages}
        _ask_in_rounds([*itertools.chain(*targets.values()), *bare], options)
        _print_table(targets, {target.name: target for target in bare})


@contextmanager
def _stage(kind: str, size: int, strength: Strength) -> Iterator[Stage]:
    """A database of its own for each size, so that all sizes are asked in turns and meet the same busy moments."""
    databases = Databases(f"bench{size}", migrate)
    database = databases.clean(kind)
    with furnished(database, **AS_SERVED) as app:
        number, rows = say_much(app, size)
        with app.app_context():
            town_id = town(ON).id
        client = sign_in(app, "resident").client.get_cookie(str(app.config["SESSION_COOKIE_NAME"]))
        assert client is not None
        cookie, said = f"{client.key}={client.value}", environment_of(settings(database, **AS_SERVED))
        with running("wsgi:app", said, strength, run.folder() / f"site{size}.log") as site:
            yield Stage(size, app, site, _pages(number, rows), cookie, number, town_id, database)
    databases.remove()


def _pages(number: int, rows: range) -> dict[str, str]:
    """The middle is always the same place of a block, so that its page holds the same mixture at every size."""
    its, block = f"/stara-zagora/konsultatsii/{number}/mnenia", rows[len(rows) % 30 + len(rows) // 60 * 30]
    return {
        "newest": f"{its}?",
        "most agreed": f"{its}?red=saglasni&",
        "deep inside": f"{its}?red=novi&sled={block + 20}&",
        "permalink": f"{its}/{block + 15}?",
    }


# ---- How many queries a page needs


def _count(stages: list[Stage]) -> None:
    """The same at every size, few, and none that counts or skips rows. Stops the bench where it is not so."""
    print(f"queries, for a new page / signed in, at {', '.join(str(stage.size) for stage in stages)} opinions:")
    for page in stages[0].pages:
        counted = [(_queries(stage, page, ""), _queries(stage, page, stage.cookie)) for stage in stages]
        print(f"  {page:<14}{', '.join(f'{first} / {signed_in}' for first, signed_in in counted)}")
        assert len(set(counted)) == 1, f"{page}: the number of queries grows with the thread"
        assert max(counted[0]) <= MOST_QUERIES, f"{page}: more than {MOST_QUERIES} queries"


def _queries(stage: Stage, page: str, cookie: str) -> int:
    client, headers = stage.app.test_client(use_cookies=False), {"Cookie": cookie} if cookie else {}
    client.get(stage.pages[page], headers=headers)  # what a process asks once in its life
    with count_queries(stage.app) as queries:
        answer = client.get(f"{stage.pages[page]}{next(_unseen)}", headers=headers)
    assert answer.status_code == 200, answer.status
    for query in map(str.lower, queries):
        assert "count(" not in query, query
        assert "offset" not in query or stage.is_sqlite, query
    return len(queries)


# ---- What is asked for


def _targets(stage: Stage) -> list[Target]:
    targets = []
    for page, address in stage.pages.items():
        targets += [
            Target(page, FIRST, stage.site, partial(_never_asked, address)),
            Target(page, AGAIN, stage.site, partial(itertools.repeat, get(address))),
            Target(page, UNCHANGED, stage.site, partial(_with_its_tag, stage.site, address), 304),
            Target(page, SIGNED_IN, stage.site, partial(itertools.repeat, get(address, Cookie=stage.cookie))),
            Target(page, NEWS, stage.site, partial(_after_news, stage, address)),
        ]
    return targets


def _never_asked(address: str) -> Iterator[bytes]:
    return (get(f"{address}{number}") for number in _unseen)


def _after_news(stage: Stage, address: str) -> Iterator[bytes]:
    """Before each request the town's stamp is raised, as every new opinion does: nothing that is kept holds."""
    engine = create_engine(stage.database.owner_url)
    news = update(ContentStamp).where(ContentStamp.municipality_id == stage.town_id)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for request in _never_asked(address):
            connection.execute(news.values(value=ContentStamp.value + 1))
            yield request


def _with_its_tag(site: Server, address: str) -> Iterator[bytes]:
    status, headers, body = ask_once(site.port, get(address))
    assert status == 200, body.decode()
    return itertools.repeat(get(address, If_None_Match=headers["etag"]))


@contextmanager
def _bare(stage: Stage, strength: Strength) -> Iterator[list[Target]]:
    """The yardsticks, on the database of the longest thread."""
    body = ask_once(stage.site.port, get(stage.pages["newest"]))[2]
    (run.folder() / "thread.html").write_bytes(body)
    told = {yardsticks.FOLDER: str(run.folder()), yardsticks.DATABASE: stage.database.url}
    its = {bare_thread.PUBLICATION: str(stage.publication_id), bare_thread.TOWN: str(stage.town_id)}
    with ExitStack() as stack:
        query, thread = (
            stack.enter_context(
                running(f"{module.__name__}:application()", told | its, strength, run.folder() / f"{name}.log")
            )
            for name, module in (("query", yardsticks), ("thread", bare_thread))
        )
        drawn = ask_once(thread.port, get("/thread"))[2]
        print(f"{len(body)} bytes; the minimal page has {len(drawn)}, {drawn.count(b'<li ')} opinions and replies")
        yield [
            Target("yardstick", "same bytes", query, partial(itertools.repeat, get("/query/thread"))),
            Target("yardstick", "same opinions", thread, partial(itertools.repeat, get("/thread"))),
        ]


def _ask_in_rounds(targets: list[Target], options: argparse.Namespace) -> None:
    for target in targets:  # what is done once in a process is done now
        ask_for(0.2, target.server.port, target.requests(), target.status, options.connections * options.workers)
    calm = [target for target in targets if target.name != NEWS]
    news = [
        target for target in targets if target.name == NEWS
    ]  # apart: they would leave the others nothing that holds
    for some in (calm, news):
        for _ in range(options.rounds):
            for target in some:
                target.ask(options.seconds / options.rounds, options.connections)


# ---- What was found


def _print_table(targets: dict[int, list[Target]], bare: dict[str, Target]) -> None:
    least, most = min(targets), max(targets)
    for name, target in bare.items():
        print(f"yardstick, {name}: {target.per_second:.0f} a second, {target.milliseconds:.2f} ms of the processor")
    sizes = "".join(f"{size:>9}" for size in targets)
    print(
        f"\n{'page':<13}{'asked for':<12}{sizes}   a second{'longer':>8}{'÷ bytes':>9}{'CPU ms':>8}{'÷ opinions':>12}"
    )
    for row in zip(*targets.values(), strict=True):
        by_size = dict(zip(targets, row, strict=True))
        small, large = by_size[least], by_size[most]
        speeds = "".join(f"{target.per_second:>9.0f}" for target in row)
        longer, of_bytes = _ratio(small, large), _ratio(large, bare["same bytes"])
        computed = large.milliseconds / max(bare["same opinions"].milliseconds, 0.001)
        print(f"{large.page:<13}{large.name:<12}{speeds}{'':>11}{longer:>8.2f}{of_bytes:>9.2f}"
              f"{large.milliseconds:>8.2f}{computed:>12.2f}")  # fmt: skip
    print(f"goals: longer at most {FLAT}; again, 200: ÷ bytes at least {REMEMBERED:.2f};"
          f" first time and signed in: ÷ opinions at most {FRESH}")  # fmt: skip


def _ratio(one: Target, other: Target) -> float:
    """Requests a second of one by those of the other in the same round; the median of the rounds."""
    pairs = zip(one.samples, other.samples, strict=True)
    return median(first.per_second / second.per_second for first, second in pairs)


if __name__ == "__main__":
    main()
