"""What the export of opinions is measured against: a bare cursor whose rows a Flask view writes as CSV."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from io import StringIO

from flask import Flask, Response
from sqlalchemy import create_engine, select

from bench.measuring.bare_thread import CONTRIBUTION, DATABASE, OPINION, TOWN

AT_ONCE = 500  # rows that the cursor hands over
ITS = ("id", "reply_to_id", "publication_id", "accepted_at", "name", "organisation", "stance", "text")
OF_KIND = ("label", "eid", "version", "proposed", "quote_exact")
STANDS = ("standing", "rule", "reason", "agreed", "replies")


def application() -> Flask:
    """``/<number>``: the same rows and columns as the site's, as they lie there, of a cursor on the server."""
    app, url = Flask("bare export", static_folder=None), os.environ[DATABASE]
    wall = {"options": f"-c consult.town={os.environ[TOWN]}"} if url.startswith("postgresql") else {}
    engine = create_engine(url, connect_args=wall).execution_options(stream_results=True, max_row_buffer=AT_ONCE)
    columns = [*(CONTRIBUTION.c[name] for name in (*ITS, *STANDS)), *(OPINION.c[name] for name in OF_KIND)]
    said = select(*columns).join(OPINION, OPINION.c.id == CONTRIBUTION.c.id)

    @app.get("/<int:number>")
    def export(number: int) -> Response:
        asked = said.where(CONTRIBUTION.c.publication_id == number, CONTRIBUTION.c.accepted_at.is_not(None))

        def pieces() -> Iterator[bytes]:
            with engine.connect() as connection:
                for rows in connection.execute(asked).partitions(AT_ONCE):
                    written = StringIO()
                    csv.writer(written).writerows(rows)
                    yield written.getvalue().encode()

        return Response(pieces(), content_type="text/csv; charset=utf-8")

    return app
