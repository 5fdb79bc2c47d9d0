"""How long all opinions of a consultation take as open data, and whether the memory stays the same however many."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from bench.measuring import bare_export
from bench.measuring.client import HOST
from bench.measuring.in_turn import add_database_option, measure_databases
from bench.measuring.machine import machine_of
from bench.measuring.opinions import say_much
from bench.measuring.servers import Server, Strength, environment_of, running
from consult.testing import run
from consult.testing.applications import furnished, settings
from consult.testing.databases import Database
from consult.testing.factories import ON, town

ONE = Strength(1, 1)
GOAL = 6.0  # times what the bare cursor computes
AS_SERVED: dict[str, object] = {"TESTING": False, "REGION_HOSTS": ["localhost", HOST]}


@dataclass
class Target:
    """One file that is asked for at one size, and what the rounds showed."""

    name: str
    size: int
    server: Server
    path: str
    seconds: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)  # seconds of the processor, without PostgreSQL's own
    grown: list[float] = field(default_factory=list)  # MB above what the process had before, at the most
    bytes: int = 0

    def ask(self) -> None:
        """Takes the file once, from its first byte to its last."""
        (worker,) = self.server.workers()
        Path(f"/proc/{worker}/clear_refs").write_text("5")  # the peak begins anew (Linux)
        before, begun, had = self.server.processor_seconds(), time.perf_counter(), _megabytes(worker, "VmRSS")
        self.bytes = _take(self.server.port, self.path)
        self.seconds.append(time.perf_counter() - begun)
        self.computed.append(self.server.processor_seconds() - before)
        self.grown.append(_megabytes(worker, "VmHWM") - had)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures one database after the other and prints what was found."""
    options = _options(arguments)
    measure_databases(options.database, lambda database: _measure(database, options))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add_database_option(parser)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 100_000], help="opinions, replies included")
    parser.add_argument("--rounds", type=int, default=3, help="of all files in turn (%(default)s)")
    return parser.parse_args(arguments)


def _measure(database: Database, options: argparse.Namespace) -> None:
    with furnished(database, **AS_SERVED) as app, ExitStack() as stack:
        numbers = {size: say_much(app, size)[0] for size in options.sizes}
        print(f"\n{database.kind}, {machine_of(app)}, 1 worker × 1 thread")
        with app.app_context():
            told = {bare_export.DATABASE: database.url, bare_export.TOWN: str(town(ON).id)}
        said, name = environment_of(settings(database, **AS_SERVED)), f"{bare_export.__name__}:application()"
        site = stack.enter_context(running("wsgi:app", said, ONE, run.folder() / "site.log"))
        bare = stack.enter_context(running(name, told, ONE, run.folder() / "bare.log"))
        targets = []
        for size, number in numbers.items():
            its = f"/stara-zagora/konsultatsii/{number}/mnenia"
            targets.append(Target("bare cursor", size, bare, f"/{number}"))
            targets += [Target(kind, size, site, f"{its}.{kind}") for kind in ("csv", "json")]
        for target in targets[:3]:
            _take(target.server.port, target.path)  # what a process does once in its life
        for _ in range(options.rounds):
            for target in targets:
                target.ask()
        _print(targets)


def _take(port: int, path: str) -> int:
    connection, size = HTTPConnection(HOST, port, timeout=300), 0
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == 200, f"{path}: {answer.status}"
    while piece := answer.read(65536):
        size += len(piece)
    connection.close()
    return size


def _megabytes(process: int, what: str) -> float:
    (line,) = (one for one in Path(f"/proc/{process}/status").read_text().splitlines() if one.startswith(what))
    return int(line.split()[1]) / 1024


def _print(targets: list[Target]) -> None:
    print(f"{'file':<14}{'opinions':>10}{'MB':>8}{'seconds':>10}{'CPU s':>8}{'grown MB':>10}")
    for one in targets:
        found = f"{median(one.seconds):>10.2f}{median(one.computed):>8.2f}{max(one.grown):>10.1f}"
        print(f"{one.name:<14}{one.size:>10}{one.bytes / 1e6:>8.1f}{found}")
    computed = {one.name: median(one.computed) for one in targets[-3:]}
    ratio = computed["csv"] / max(computed["bare cursor"], 0.01)
    print(f"csv ÷ bare cursor, {targets[-1].size} opinions: {ratio:.2f} of the processor (goal: at most {GOAL:.2f})")


if __name__ == "__main__":
    main()
