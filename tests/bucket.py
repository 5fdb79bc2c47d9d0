"""A bucket on this machine that answers as S3 does, as far as the store of files asks: put, get, list, delete.

It stands in for somebody else's service across the network; who signs a request is noted and not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

from consult.clock import now

NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
DAY = "%Y-%m-%dT%H:%M:%S.000Z"
HTTP_DAY = "%a, %d %b %Y %H:%M:%S GMT"


class Bucket:
    """``kept``: path → bytes; ``put_at``: path → moment; ``signed_by``: how the last request was signed."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.put_at: dict[str, datetime] = {}
        self.signed_by = ""

    def list(self, bucket: str, prefix: str) -> bytes:
        """ListObjectsV2, on one page."""
        start = f"/{bucket}/"
        keys = [path.removeprefix(start) for path in sorted(self.kept) if path.startswith(start + prefix)]
        rows = "".join(
            f"<Contents><Key>{key}</Key><LastModified>{self.put_at[start + key]:{DAY}}</LastModified><ETag>e</ETag>"
            f"<Size>{len(self.kept[start + key])}</Size></Contents>"
            for key in keys
        )
        return f"<ListBucketResult {NAMESPACE}><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()

    def delete(self, bucket: str, asked: str) -> bytes:
        """DeleteObjects."""
        keys = re.findall("<Key>(.*?)</Key>", asked)
        for key in keys:
            self.kept.pop(f"/{bucket}/{key}", None)
        rows = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        return f"<DeleteResult {NAMESPACE}>{rows}</DeleteResult>".encode()


class Served(ThreadingHTTPServer):
    """The server of one bucket."""

    bucket: Bucket


class Answers(BaseHTTPRequestHandler):
    """The door of the bucket that its server holds."""

    server: Served

    def do_PUT(self) -> None:
        self._note()
        self.server.bucket.kept[self._path()] = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bucket.put_at[self._path()] = now()
        self._answer(200)

    def do_GET(self) -> None:
        self._note()
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query:
            self._answer(200, self.server.bucket.list(self._path().strip("/"), query.get("prefix", [""])[0]))
        elif self._path() in self.server.bucket.kept:
            self._answer(200, self.server.bucket.kept[self._path()])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_POST(self) -> None:
        self._note()
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer(200, self.server.bucket.delete(self._path().strip("/"), asked))

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _note(self) -> None:
        self.server.bucket.signed_by = self.headers.get("Authorization", "")

    def _path(self) -> str:
        return unquote(urlsplit(self.path).path)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        headers = {"ETag": '"e"', "Last-Modified": f"{now():{HTTP_DAY}}", "Content-Length": str(len(body))}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def served_bucket() -> Iterator[tuple[Bucket, str]]:
    """A bucket and the address at which it answers."""
    server = Served(("127.0.0.1", 0), Answers)
    server.bucket = bucket = Bucket()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield bucket, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
