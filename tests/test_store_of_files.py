"""The store of files: a folder or a bucket, what happens when it is away, and who tidies up."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import obstore
import pytest
import time_machine
from flask import Flask
from obstore.store import S3Store

from consult import files
from consult.clock import now
from consult.configuration import configure
from consult.db import db
from consult.errors import ContractError
from consult.files import StoreAway, keep, read_kept, read_upload
from consult.files.store import store_of
from consult.jobs import chores, do
from consult.publishing import Attachment, detach, publish, write
from consult.tenancy import inside, open_towns
from consult.testing.factories import OFF, ON, PDF, add_file, town
from plugins.news.models import Post
from tests.bucket import Bucket, served_bucket
from tests.pages import visitor


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket, and the environment that leads to it."""
    with served_bucket() as (made, url):
        for name, value in {
            "AWS_ENDPOINT_URL": url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "eu-test-1",
            "AWS_ACCESS_KEY_ID": "the-key",
            "AWS_SECRET_ACCESS_KEY": "the-secret",
        }.items():
            monkeypatch.setenv(name, value)
        yield made


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, app: Flask, bucket: Bucket, tmp_path: Path) -> Iterator[object]:
    """An empty store instead of the one that the tests of this process share."""
    before = app.extensions["consult.files"]
    made = store_of({"folder": "file:", "bucket": "s3://uchastvay/files"}[request.param], tmp_path)
    app.extensions["consult.files"] = made
    yield made
    app.extensions["consult.files"] = before


def keys(store: object) -> list[str]:
    return [one["path"] for pieces in obstore.list(store) for one in pieces]  # type: ignore[call-overload]


def published(app: Flask) -> int:
    """The number of a file of a published post."""
    with app.app_context(), inside(town(ON)):
        post = write(Post(title="Новина", body="x"))
        publish(post)
        file = add_file(post)
        db.session.commit()
        return file.id


# ---- The setting


def test_without_a_word_files_lie_in_a_folder_of_the_installation(tmp_path):
    made = store_of("file:", tmp_path)
    obstore.put(made, "SZR31/ab/abc", b"x")
    assert (tmp_path / "files" / "SZR31" / "ab" / "abc").read_bytes() == b"x"


def test_a_bucket_is_named_with_its_prefix_and_the_rest_stands_in_the_environment(tmp_path, bucket):
    made = store_of("s3://uchastvay/files/2026", tmp_path)
    obstore.put(made, "SZR31/ab/abc", b"x")
    assert bucket.kept == {"/uchastvay/files/2026/SZR31/ab/abc": b"x"}
    assert "Credential=the-key/" in bucket.signed_by
    assert "/eu-test-1/s3/" in bucket.signed_by


@pytest.mark.parametrize(
    "wrong", ["", "files", "s3:", "s3://", "s3://A", "s3://bucket/../x y", "gs://bucket", 5, "file:///x"]
)
def test_a_store_that_cannot_be_stops_the_start(tmp_path, wrong):
    with pytest.raises(ContractError, match="the setting FILES"):
        configure(Flask("empty"), tmp_path, {"FILES": wrong, "INSTANCE": str(tmp_path), "TESTING": True})


# ---- Keeping


def test_a_key_says_whose_it_is_and_nothing_else(app, store):
    with app.app_context(), inside(town(ON)):
        kept = [keep(read_upload(io.BytesIO(PDF), "../Тайно име.pdf")) for _ in range(2)]
        assert kept[0].key != kept[1].key
        assert all(one.key.startswith(f"{ON}/") and len(one.key) == len(f"{ON}/ab/") + 32 for one in kept)
        assert b"".join(read_kept(kept[0].key)) == PDF
        assert sorted(keys(store)) == sorted(one.key for one in kept)


def test_a_file_whose_bytes_are_gone_is_no_mistake_of_the_reader(app, client, store):
    number = published(app)
    obstore.delete(store, keys(store))
    answer = client.get(f"/stara-zagora/fayl/{number}/Програма.pdf")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_a_store_that_is_away_loses_nothing_and_says_so(app, client, tmp_path):
    number = published(app)
    before = app.extensions["consult.files"]
    app.extensions["consult.files"] = S3Store(
        "bucket",
        endpoint="http://127.0.0.1:9",
        region="none",
        access_key_id="x",
        secret_access_key="x",
        client_options={"allow_http": True, "timeout": "2s"},
        retry_config={"max_retries": 0},
    )
    try:
        assert client.get(f"/stara-zagora/fayl/{number}/Програма.pdf").status_code == 503
        editor = visitor(app, "editor")
        with app.app_context(), inside(town(ON)):
            post = db.session.get_one(Attachment, number).publication_id
        words = {"title": "Дълго описание на файла", "file": (io.BytesIO(PDF), "x.pdf")}
        path = f"/stara-zagora/rabota/novini/{post}/faylove"
        answer = editor.send(path, words, content_type="multipart/form-data")
        assert answer.status_code == 503
        assert "Дълго описание на файла" in answer.text
        with app.app_context(), inside(town(ON)), pytest.raises(StoreAway):
            keep(read_upload(io.BytesIO(PDF), "x.pdf"))
    finally:
        app.extensions["consult.files"] = before


# ---- The sweep


def test_the_sweep_takes_what_nothing_names_and_only_after_a_day(app, store):
    published(app)
    with app.app_context():
        with inside(town(ON)):
            [named] = keys(store)
            orphan = keep(read_upload(io.BytesIO(PDF), "x.pdf")).key
        with inside(town(OFF)):
            foreign = keep(read_upload(io.BytesIO(PDF), "x.pdf")).key
        for hours, left in ((23, {named, orphan, foreign}), (25, {named})):
            with time_machine.travel(now() + timedelta(hours=hours), tick=False):
                files.sweep(open_towns(), (Attachment.key,))
            assert set(keys(store)) == left


def test_what_was_removed_goes_with_the_next_sweep(app, store):
    number = published(app)
    with app.app_context(), inside(town(ON)):
        detach(db.session.get_one(Attachment, number))
        db.session.commit()
    assert len(keys(store)) == 1
    [chore] = [one for one in chores(app) if one.name == "files.sweep"]
    assert chore.minutes == 24 * 60
    with time_machine.travel(now() + timedelta(hours=25), tick=False):
        do(app, chore)
    assert keys(store) == []
