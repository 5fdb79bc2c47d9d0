"""A small HTTP client that asks as fast as it is answered, over a bounded number of kept connections."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

HOST = "127.0.0.1"  # never another machine
SILENCE = 20.0  # seconds without any answer, after which the run ends
END_OF_HEADERS = b"\r\n\r\n"


@dataclass(frozen=True)
class Sample:
    """What one stretch of asking showed."""

    per_second: float
    median_ms: float
    answers: int


class Failed(RuntimeError):
    """The server fell silent, or answered with another status than the one that is measured."""


def get(path: str, **headers: str) -> bytes:
    """A GET request as it goes over the wire; underscores in the names of headers stand for hyphens."""
    said = {"Host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def post(path: str, form: Mapping[str, str], **headers: str) -> bytes:
    """A form as a browser sends it from our own page."""
    body = urlencode(form)
    said = {"Content_Type": "application/x-www-form-urlencoded", "Sec_Fetch_Site": "same-origin", **headers}
    head = get(path, Content_Length=str(len(body)), **said).replace(b"GET", b"POST", 1)
    return head + body.encode()


def ask_once(port: int, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body of one answer."""
    with socket.create_connection((HOST, port), timeout=SILENCE) as connection:
        connection.sendall(request)
        received = b""
        while not _is_whole(received):
            chunk = connection.recv(65536)
            if not chunk:
                raise Failed("the connection was closed in the middle of an answer")
            received += chunk
    head, _, body = received.partition(END_OF_HEADERS)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split(" ")[1]), headers, body


def ask_for(seconds: float, port: int, requests: Iterator[bytes], status: int, connections: int) -> Sample:
    """Keeps ``connections`` busy for ``seconds``: each sends its next request when its answer has come.

    One thread waits for all of them, so that the client takes little of the machine that it shares with the server.
    """
    sockets = [socket.create_connection((HOST, port), timeout=SILENCE) for _ in range(connections)]
    try:
        return _asked(seconds, sockets, requests, b"HTTP/1.1 %d" % status)
    finally:
        for one in sockets:
            one.close()


def _asked(seconds: float, sockets: list[socket.socket], requests: Iterator[bytes], expected: bytes) -> Sample:
    took: list[float] = []
    begun = time.perf_counter()
    until = begun + seconds
    with selectors.DefaultSelector() as waiting:
        for one in sockets:
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            waiting.register(one, selectors.EVENT_READ, _Answer())
            one.sendall(next(requests))
        while waiting.get_map():
            ready = waiting.select(SILENCE)
            if not ready:
                raise Failed("the server has fallen silent")
            for key, _ in ready:
                connection, answer = key.fileobj, key.data
                assert isinstance(connection, socket.socket)
                if not answer.is_whole_with(connection.recv(262144), expected):
                    continue
                ended = time.perf_counter()
                took.append(ended - answer.asked_at)
                if ended > until:
                    waiting.unregister(connection)
                    continue
                answer.begin()
                connection.sendall(next(requests))
    return Sample(len(took) / (time.perf_counter() - begun), median(took) * 1000, len(took))


class _Answer:
    """The answer that a connection is receiving."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        self.asked_at, self.received = time.perf_counter(), b""

    def is_whole_with(self, chunk: bytes, expected: bytes) -> bool:
        self.received += chunk
        if not chunk or (len(self.received) > len(expected) and not self.received.startswith(expected)):
            raise Failed(f"wanted {expected!r} and got {self.received[:300]!r}")
        return _is_whole(self.received)


def _is_whole(received: bytes) -> bool:
    end = received.find(END_OF_HEADERS)
    if end < 0:
        return False
    head = received[:end].lower()
    if head.startswith(b"http/1.1 304"):
        return True
    _, named, rest = head.partition(b"\r\ncontent-length: ")
    if not named:
        raise Failed(f"an answer without its length: {head[:300]!r}")
    return len(received) - end - len(END_OF_HEADERS) >= int(rest.split(b"\r\n", 1)[0])
