"""Several at once: the same thing done by many threads that begin together."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

R = TypeVar("R")


def all_at_once(does: Callable[[int], R], times: int) -> list[R]:
    """What ``does(0)``, ``does(1)`` … answered, each in a thread of its own; an error in one is raised here."""
    start = Barrier(times)

    def run(turn: int) -> R:
        start.wait(10)
        return does(turn)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(run, range(times)))
