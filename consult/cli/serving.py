"""Commands that stay: the web server, and the worker that does things by the clock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from consult.jobs import run_clock

ROOT = Path(__file__).resolve().parents[2]


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT")
@click.option("--workers", default=2, show_default=True, help="Processes; four threads each.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site (granian). Run `consult worker` beside it."""
    command = web_command(host, port, workers)
    os.execv(command[0], command)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Do what is done by the clock, until told to stop."""
    run_clock(current_app._get_current_object())  # type: ignore[attr-defined]


def web_command(host: str, port: int, workers: int = 1) -> list[str]:
    """The command line of the web server: blocking threads, about four a worker."""
    granian = str(Path(sys.executable).with_name("granian"))
    options = ["--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "4", "--no-access-log"]
    options += ["--workers-kill-timeout", "10"]  # a worker that is still starting when the end comes
    return [granian, *options, "--host", host, "--port", str(port), "--working-dir", str(ROOT), "wsgi:app"]


def run(port: int) -> None:
    """Web server and worker together, for the demonstration; ends both when either ends or on Ctrl-C."""
    origin = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "CONSULT_ORIGIN": origin}
    commands = (web_command("127.0.0.1", port), [sys.executable, "-m", "consult", "worker"])
    processes = [subprocess.Popen(command, env=environment) for command in commands]
    click.echo(f"Open {origin}/  (Ctrl-C ends it)")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        os.wait()
    except KeyboardInterrupt:
        click.echo("")
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)


COMMANDS = (serve, worker)
