"""Where the bytes lie: one object store, a folder of the installation or a bucket of any S3 service."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from flask import Flask, current_app
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from consult.files.reading import Upload
from consult.tenancy import here

if TYPE_CHECKING:
    from obstore.store import ObjectStore

ADDRESS = re.compile(
    r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[\w.-]+(?:/[\w.-]+)*))?/?", re.ASCII
)
CHUNK = 256 * 1024  # bytes handed to the web server at a time
ANSWERS_WITHIN = "20s"  # a store that is slower is away
TRIES_WITHIN = timedelta(seconds=20)


class StoreAway(Exception):
    """The store did not answer, or refused: nobody's mistake but the installation's. Status 503."""


@dataclass(frozen=True)
class KeptFile:
    """A file in the store. ``size`` in bytes; ``sha256`` in hex; ``width`` and ``height`` in pixels, of pictures."""

    key: str
    name: str
    media_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None


def bucket_of(setting: str) -> tuple[str, str] | None:
    """Bucket and prefix that the setting FILES names, or None for the folder. ValueError says what it must be."""
    if setting == "file:":
        return None
    found = ADDRESS.fullmatch(setting)
    if found is None:
        raise ValueError('is "file:", or the address of a bucket: s3://bucket or s3://bucket/prefix')
    return found["bucket"], found["prefix"] or ""


def store_of(setting: str, instance: Path) -> ObjectStore:
    """The store that the setting FILES names: "file:" is the folder ``files`` in ``instance``.

    A bucket asks the usual AWS_… variables of the environment for the service's address, the region and the keys.
    """
    bucket = bucket_of(setting)
    if bucket is None:
        return LocalStore(prefix=instance / "files", mkdir=True, automatic_cleanup=True)
    return S3Store(
        bucket[0],
        prefix=bucket[1] or None,
        client_options={
            "timeout": ANSWERS_WITHIN,
            "connect_timeout": "5s",
            # Named options hide this variable of the environment, which a service on one's own network needs.
            "allow_http": os.environ.get("AWS_ALLOW_HTTP", "").lower() in ("1", "true"),
        },
        retry_config={"max_retries": 2, "retry_timeout": TRIES_WITHIN},
    )


def init_files(app: Flask) -> None:
    """Gives the application its store; nothing is asked of it yet."""
    app.extensions["consult.files"] = store_of(app.config["FILES"], Path(app.config["INSTANCE"]))


def keep(upload: Upload) -> KeptFile:
    """Puts what was read into the store, under a name that says nothing and that nobody can guess.

    Before the operation that names it, so that no transaction waits for the store. If that operation fails, nobody
    names the file, and the sweep takes it away.
    """
    secret = secrets.token_hex(16)
    key = f"{here().code}/{secret[:2]}/{secret}"
    with _asked():
        obstore.put(_store(), key, upload.content)
    return KeptFile(
        key, upload.name, upload.media_type, len(upload.content), upload.sha256, upload.width, upload.height
    )


def read_kept(key: str) -> Iterator[bytes]:
    """The bytes under ``key``, piece by piece. Raises StoreAway at once where there are none."""
    with _asked():
        found = obstore.get(_store(), key)
    return (bytes(piece) for piece in found.stream(min_chunk_size=CHUNK))


def keys_before(moment: datetime) -> Iterator[list[str]]:
    """The keys of this municipality that are older than ``moment``, some hundreds at a time."""
    with _asked():
        for pieces in obstore.list(_store(), prefix=here().code, chunk_size=500):
            yield [one["path"] for one in pieces if one["last_modified"] < moment]


def forget(keys: list[str]) -> None:
    """Takes these keys out of the store."""
    with _asked():
        obstore.delete(_store(), keys)


def _store() -> ObjectStore:
    store: ObjectStore = current_app.extensions["consult.files"]
    return store


@contextmanager
def _asked() -> Iterator[None]:
    """A folder answers with mistakes of the system, a bucket with its own."""
    try:
        yield
    except (BaseError, OSError) as error:
        raise StoreAway(str(error).partition("\n")[0]) from error
