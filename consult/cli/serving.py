"""Commands that stay: the web server, and the worker that does things by the clock."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from consult.jobs import run_clock

ROOT = Path(__file__).resolve().parents[2]


class NotAPort(click.ClickException):
    """What was typed is the number of no port."""

    exit_code = 2


class Port(click.ParamType):
    """The number of a port. It may come from the environment, so what is wrong is said without the command's usage."""

    name = "port"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, or one sentence and exit status 2."""
        if re.fullmatch("[0-9]{1,5}", str(value)) and 0 < int(str(value)) < 2**16:
            return int(str(value))
        raise NotAPort(f"PORT is a number from 1 to 65535, not {value!r}.")


PORT = Port()


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, envvar="PORT", type=PORT)
@click.option("--workers", default=2, show_default=True, help="Processes; four threads each.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site (granian). Run `consult worker` beside it."""
    check_port(host, port)
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
    options.append("--respawn-failed-workers")  # else the death of one, for want of memory say, is the end of all
    return [granian, *options, "--host", host, "--port", str(port), "--working-dir", str(ROOT), "wsgi:app"]


def check_port(host: str, port: int) -> None:
    """Stops in one sentence when nothing can be served there; the web server itself would say it in a traceback."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        raise click.ClickException(
            f"Port {port} of {host} cannot be used ({os.strerror(error.errno or 0)}); choose another, as in PORT=8080."
        ) from None


def run(port: int) -> int:
    """Web server and worker together, for the demonstration; ends both when either ends or on Ctrl-C.

    Answers the exit status of the one that ended by itself, and 0 after Ctrl-C.
    """
    origin, status = f"http://127.0.0.1:{port}", 0
    environment = {**os.environ, "CONSULT_ORIGIN": origin}
    commands = (web_command("127.0.0.1", port), [sys.executable, "-m", "consult", "worker"])
    processes = [subprocess.Popen(command, env=environment) for command in commands]
    click.echo(f"Open {origin}/  (Ctrl-C ends it)")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        code = os.waitstatus_to_exitcode(os.wait()[1])
        status = code if code >= 0 else 128 - code  # as a shell says that a signal ended it
    except KeyboardInterrupt:
        click.echo("")
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)
    return status


COMMANDS = (serve, worker)
