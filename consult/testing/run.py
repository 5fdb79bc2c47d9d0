"""A test run: the folders that all its processes share, and what is said when a tool is missing."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

VARIABLE = "CONSULT_TEST_FOLDER"
MEMORY = Path("/dev/shm")  # noqa: S108 — where Linux keeps files in memory; elsewhere it does not exist


def begin(stop: Callable[[Path], None]) -> None:
    """Makes the folder of this run; the workers inherit its name. First ends what a killed run left behind.

    ``stop`` ends whatever still runs in a folder.
    """
    for left in Path(tempfile.gettempdir()).glob("consult-tests-*-*"):
        number = left.name.split("-")[2]
        if number.isdigit() and not _is_alive(int(number)):
            _remove(left, stop)
    os.environ[VARIABLE] = tempfile.mkdtemp(prefix=f"consult-tests-{os.getpid()}-")


def end(stop: Callable[[Path], None]) -> None:
    """Ends what runs in the folder of this run, and removes it."""
    _remove(Path(os.environ.pop(VARIABLE)), stop)


def folder() -> Path:
    """The folder of this run."""
    return Path(os.environ[VARIABLE])


def quick_folder() -> Path:
    """A folder of this run that waits for no disk, where there is one."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else folder()
    (place / folder().name).mkdir(mode=0o700, exist_ok=True)
    return place / folder().name


def absent(what: str) -> NoReturn:
    """Says that ``what`` is missing: the test is skipped, but where CI is set it fails."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI is set", pytrace=False)
    pytest.skip(f"{what} is missing")


@contextmanager
def one_process_at_a_time() -> Iterator[None]:
    """Lets the processes of this run into the block one after the other."""
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remove(run: Path, stop: Callable[[Path], None]) -> None:
    stop(run)
    shutil.rmtree(run, ignore_errors=True)
    shutil.rmtree(MEMORY / run.name, ignore_errors=True)


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
