"""What handing in an opinion is measured against: a bare Flask view that inserts one row."""

from __future__ import annotations

import os

from flask import Flask, Response, redirect, request
from sqlalchemy import Column, Integer, MetaData, String, Table, Text, create_engine, insert

from consult.db import owner_engine

DATABASE = "BENCH_DATABASE"
METADATA = MetaData()
OPINION = Table(
    "bench_opinion",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("stance", String(10)),
    Column("text", Text),
    Column("name", String(120)),
    Column("email", String(254)),
)


def lay(url: str) -> None:
    """Makes its table anew."""
    engine = create_engine(url)
    METADATA.drop_all(engine)
    METADATA.create_all(engine)
    engine.dispose()


def clear(url: str) -> None:
    """Takes it away."""
    engine = create_engine(url)
    METADATA.drop_all(engine)
    engine.dispose()


def application() -> Flask:
    """``POST /opinion``: one row in one transaction, by the site's driver and as durable as there."""
    app, engine = Flask("bare opinions", static_folder=None), owner_engine(os.environ[DATABASE])

    @app.post("/opinion")
    def opinion() -> Response:
        row = {name: request.form[name] for name in ("stance", "text", "name", "email")}
        with engine.connect().execution_options(writing=True) as connection, connection.begin():
            connection.execute(insert(OPINION), row)
        return redirect("/opinion", 303)  # type: ignore[return-value]

    return app
