"""Real servers on this machine: granian with the very command line of `consult serve`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bench.measuring.client import HOST
from consult.cli.serving import web_command


@dataclass(frozen=True)
class Strength:
    """How many processes a server has, and how many blocking threads each of them."""

    workers: int
    threads: int


@dataclass(frozen=True)
class Server:
    """A running server: its port, and the number of the process from which its workers come."""

    port: int
    process: int

    def workers(self) -> list[int]:
        """The numbers of its worker processes (Linux)."""
        listed = Path(f"/proc/{self.process}/task/{self.process}/children").read_text()
        children = {one: Path(f"/proc/{one}/cmdline").read_bytes() for one in map(int, listed.split())}
        return [one for one, command in children.items() if b"resource_tracker" not in command]

    def processor_seconds(self) -> float:
        """What its workers have computed so far, in steps of a hundredth (Linux); those that died are not in it."""
        told = (Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in self.workers())
        return sum(int(fields[11]) + int(fields[12]) for fields in told) / os.sysconf("SC_CLK_TCK")

    def kill_a_worker(self) -> None:
        """Ends one of them at once, in the middle of whatever it does."""
        os.kill(self.workers()[0], signal.SIGKILL)


def environment_of(chosen: Mapping[str, object]) -> dict[str, str]:
    """The settings ``chosen`` as a process is told them: variables CONSULT_…, lists as JSON."""
    said = {name: value if isinstance(value, str) else json.dumps(value) for name, value in chosen.items()}
    return {f"CONSULT_{name}": value for name, value in said.items()}


@contextmanager
def served(application: str, environment: Mapping[str, str], strength: Strength, log: Path) -> Iterator[int]:
    """Serves ``application`` ("module:name", or with "()" behind it a factory) for the block; answers the port."""
    with running(application, environment, strength, log) as server:
        yield server.port


@contextmanager
def running(application: str, environment: Mapping[str, str], strength: Strength, log: Path) -> Iterator[Server]:
    """The same, and answers the server itself."""
    port = _free_port()
    *command, _site = web_command(HOST, port, strength.workers)
    command += ["--blocking-threads", str(strength.threads)]  # said last, it is what holds
    if application.endswith("()"):
        command.append("--factory")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, application.removesuffix("()")],
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            _wait(process, port, log)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            with suppress(ProcessLookupError):  # a worker that took a dead one's place may outlive its server
                os.killpg(process.pid, signal.SIGKILL)


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(600):
        try:
            socket.create_connection((HOST, port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
    raise RuntimeError(f"the server does not answer:\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
