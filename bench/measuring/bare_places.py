"""What places are measured against: a bare Flask view with one conditional update and one insert."""

from __future__ import annotations

import os

from flask import Flask, Response, redirect, request
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, update

from consult.db import owner_engine

DATABASE = "BENCH_DATABASE"
METADATA = MetaData()
HALL = Table("bench_hall", METADATA, Column("id", Integer, primary_key=True), Column("free", Integer, nullable=False))
PLACE = Table(
    "bench_place",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), unique=True),
    Column("name", String(120)),
    Column("standing", String(10)),
)


def lay(url: str, seats: int) -> None:
    """Makes its two tables anew, with one hall of so many seats."""
    engine = create_engine(url)
    with engine.begin() as connection:
        METADATA.drop_all(connection)
        METADATA.create_all(connection)
        connection.execute(insert(HALL), {"id": 1, "free": seats})
    engine.dispose()


def clear(url: str) -> None:
    """Takes them away."""
    engine = create_engine(url)
    METADATA.drop_all(engine)
    engine.dispose()


def application() -> Flask:
    """``POST /place``: a seat if there is one, else a row in the line for who wants that. As durable as the site."""
    app, engine = Flask("bare places", static_folder=None), owner_engine(os.environ[DATABASE])

    @app.post("/place")
    def place() -> Response:
        waits, person = (
            bool({"waits", "or_wait"} & set(request.form)),
            {name: request.form[name] for name in ("name", "email")},
        )
        with engine.connect().execution_options(writing=True) as connection, connection.begin():
            taken = connection.execute(update(HALL).where(HALL.c.id == 1, HALL.c.free > 0).values(free=HALL.c.free - 1))
            if taken.rowcount != 1 and not waits:
                return Response("Full.", 409)
            standing = "held" if taken.rowcount == 1 else "waiting"
            connection.execute(insert(PLACE), {**person, "standing": standing})
        return redirect("/place", 303)  # type: ignore[return-value]

    return app
