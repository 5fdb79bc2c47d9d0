"""The databases that a bench is run on, one after the other, and the option that chooses among them."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from consult.testing import postgres, run
from consult.testing.applications import migrate
from consult.testing.databases import Database, Databases

KINDS = ("sqlite", "postgresql")


def add_database_option(parser: argparse.ArgumentParser) -> None:
    """Adds ``--database``, whose value is what the functions below take as ``chosen``."""
    parser.add_argument("--database", choices=(*KINDS, "both"), default="both")


def measure_kinds(chosen: str, measure: Callable[[str], None]) -> None:
    """Calls ``measure`` with each kind of database chosen, inside a run whose servers and folders end with it."""
    run.begin(postgres.stop)
    try:
        for kind in KINDS if chosen == "both" else (chosen,):
            measure(kind)
    finally:
        run.end(postgres.stop)


def measure_databases(chosen: str, measure: Callable[[Database], None]) -> None:
    """The same with a clean database of each kind, which is removed before the next one is made."""

    def on_a_clean_one(kind: str) -> None:
        databases = Databases("bench", migrate)
        measure(databases.clean(kind))
        databases.remove()

    measure_kinds(chosen, on_a_clean_one)
