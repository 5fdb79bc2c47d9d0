"""What the pages are measured against: Flask giving the same bytes, alone and after one query by SQLAlchemy."""

from __future__ import annotations

import os
from pathlib import Path

from flask import Flask, Response
from sqlalchemy import bindparam, column, create_engine, select, table

FOLDER, DATABASE = "BENCH_FOLDER", "BENCH_DATABASE"  # where the bytes lie; the database that is asked


def application() -> Flask:
    """Two views, as bare as Flask and SQLAlchemy allow: ``/bare/<page>`` and ``/query/<page>``.

    The query is the cheapest there is: one row by a unique index, by a statement built once, in autocommit, without
    the question whether the connection still lives.
    """
    app = Flask("yardsticks", static_folder=None)
    folder = Path(os.environ[FOLDER])
    bodies = {path.stem: path.read_bytes() for path in folder.glob("*.html")}
    engine = create_engine(os.environ[DATABASE], isolation_level="AUTOCOMMIT")
    municipality = table("municipality", column("id"), column("name_bg"), column("slug"))
    one_row = select(municipality.c.id, municipality.c.name_bg).where(municipality.c.slug == bindparam("slug"))

    @app.get("/bare/<page>")
    def bare(page: str) -> Response:
        return Response(bodies[page], content_type="text/html; charset=utf-8")

    @app.get("/query/<page>")
    def query(page: str) -> Response:
        with engine.connect() as connection:
            connection.execute(one_row, {"slug": "stara-zagora"}).one()
        return Response(bodies[page], content_type="text/html; charset=utf-8")

    return app
