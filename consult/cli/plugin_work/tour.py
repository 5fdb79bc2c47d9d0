"""`consult tour`: one real GET, and what each of its ten steps found, took and asked the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask
from flask.cli import ScriptInfo, pass_script_info
from werkzeug.routing import MapAdapter

from consult import db
from consult.cli.plugin_work.guide import STEPS, Guide, Visit
from consult.web import forms, journey, places

# Each function that begins a step, by where it is looked up: (step, owner, name).
MARKS: tuple[tuple[int, Any, str], ...] = (
    (1, places.Places, "find"),
    (2, places, "_language"),
    (3, MapAdapter, "match"),
    (4, journey, "_gate"),
    (5, journey, "reader"),
    (5, journey, "may"),
    (7, forms.Form, "is_sent_well"),
    (8, db, "begin_writing"),
    (9, Flask, "update_template_context"),
    (10, Flask, "process_response"),
    (10, Flask, "do_teardown_request"),
)


@click.command("tour")
@click.argument("address")
@pass_script_info
def tour(info: ScriptInfo, address: str) -> None:
    """Carry out one GET of ADDRESS (/stara-zagora/novini, or a full one) and print its ten steps."""
    app = info.load_app()
    guide = Guide()
    with ExitStack() as open_marks:
        for number, owner, name in MARKS:
            open_marks.enter_context(guide.marking(number, owner, name))
        for endpoint in app.view_functions:
            open_marks.enter_context(guide.marking(6, app.view_functions, endpoint))
        open_marks.enter_context(guide.rendering(9))
        open_marks.enter_context(guide.listening())
        visit = guide.visit(app, *_split(app, address))
    click.echo("\n".join(_report(app, guide, visit)))


def _split(app: Flask, address: str) -> tuple[str, str]:
    """The start (scheme and host) and the rest of the address; a path alone lies on the region's host."""
    parts = urlsplit(address)
    if not parts.path.startswith("/") or parts.scheme not in ("", "http", "https"):
        raise click.ClickException("An address begins with a slash, or with http:// and a host of this installation.")
    scheme = parts.scheme or app.config["PREFERRED_URL_SCHEME"]
    rest = parts.path + (f"?{parts.query}" if parts.query else "")
    return f"{scheme}://{parts.netloc or app.config['REGION_HOSTS'][0]}", rest


def _report(app: Flask, guide: Guide, visit: Visit) -> Iterator[str]:
    queries = sum(len(one.queries) for one in guide.walked.values())
    yield f"GET {visit.address}"
    yield f"{visit.status}, {visit.size} bytes, {visit.seconds * 1000:.1f} ms, queries: {queries}"
    yield "The first request of a fresh process: templates are compiled on the way, nothing is remembered.\n"
    for number, step in STEPS.items():
        walked = guide.walked.get(number)
        cost = f"{walked.seconds * 1000:6.1f} ms" if walked else "        –"
        yield f"{number:2}. {step.title:<16}{cost}   {visit.said(app, number)}"
        yield f"    {step.where}"
        for query in walked.queries if walked else ():
            yield f"      {query}"
    yield f"    {'Between the steps':<16}{guide.between * 1000:5.1f} ms"
