"""Which place an address names: a town, the region or the installation; and the address of any page of any place."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g
from sqlalchemy import Connection, Engine, Select, bindparam, func, select
from sqlalchemy.exc import OperationalError
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from consult.clock import now
from consult.db import read
from consult.i18n import LANGUAGES, path_of
from consult.tenancy import ContentMoment, ContentStamp, Municipality, Town, open_towns_query, town_of
from consult.web.headers import protect

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

BUSY = "Сайтът е зает. Опитайте отново след минута. The site is busy, please try again in a minute."
INSTALLATION_PATHS = frozenset({"/healthz", "/.well-known/security.txt", "/robots.txt"})


@dataclass(frozen=True)
class Place:
    """Where a request is. ``root`` is the place's own path, "" or "/yambol", without a language.

    ``stamp`` changes whenever anything that the place's pages show has changed, by a person or by the clock.
    """

    kind: str
    town: Town | None
    language: str
    root: str
    stamp: str


def place() -> Place:
    """The place of the running request."""
    here: Place = g.place
    return here


class Places:
    """WSGI: finds the place and moves its part of the path into SCRIPT_NAME, so that routes never see it."""

    def __init__(self, app: Flask, inner: WSGIApplication) -> None:
        self.config, self.inner = app.config, inner
        self.engine: Engine = app.extensions["consult.reading_engine"]
        self.slugs: frozenset[str] = frozenset()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        host = _host_name(environ.get("HTTP_HOST", ""))
        path = environ.get("PATH_INFO", "") or "/"
        try:
            found = self.find(host, path) if path.startswith("/") else None
        except OperationalError as error:
            log.error("the database did not answer: %s", error.orig)
            return self._answer(Response(BUSY, 503, {"Retry-After": "30"}))(environ, start_response)
        if found is None:
            return self._answer(Response("Няма такъв сайт. No such site.", 400))(environ, start_response)
        prefix = found.root + path_of(found.language)
        if path == prefix:
            query = environ.get("QUERY_STRING", "")
            return self._answer(redirect(f"{prefix}/" + (f"?{query}" if query else ""), 308))(environ, start_response)
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
        environ["PATH_INFO"] = path[len(prefix) :]
        environ["consult.place"] = found
        return self.inner(environ, start_response)

    def _answer(self, response: Response) -> Response:
        protect(response.headers, self.config["SECURE"])
        return response

    def find(self, host: str, path: str) -> Place | None:
        """The place that host and path name; None for a host that is not ours."""
        if path in INSTALLATION_PATHS:
            return Place("installation", None, "bg", "", "")
        return read(self.engine, lambda connection: self._ask(connection, host, path))

    def _ask(self, connection: Connection, host: str, path: str) -> Place | None:
        if host not in self.config["REGION_HOSTS"]:
            return _town_place(connection, "host", host, "", path)
        if self.config["PLACE"] != "region":
            return _town_place(connection, "code", self.config["PLACE"], "", path)
        first = path.split("/", 2)[1]
        if first in self._slugs(connection):
            return _town_place(connection, "slug", first, f"/{first}", path) or _region(connection, "")
        return _region(connection, path)

    def _slugs(self, connection: Connection) -> frozenset[str]:
        if not self.slugs:
            self.slugs = frozenset(connection.scalars(select(Municipality.slug)))
        return self.slugs


def _host_name(header: str) -> str:
    """The Host header without its port, in lower case; an IPv6 address keeps its brackets."""
    name = header.lower()
    return name[: name.index("]") + 1] if name.startswith("[") and "]" in name else name.split(":")[0]


def _town_place(connection: Connection, column: str, value: str, root: str, path: str) -> Place | None:
    row = connection.execute(_TOWN_NOW[column], {"value": value, "now": now()}).first()
    if row is None:
        return None
    town = town_of(row)
    return Place("town", town, _language(path[len(root) :]), root, f"{town.stamp}.{_seconds(row.moment)}")


def _region(connection: Connection, path: str) -> Place:
    row = connection.execute(_REGION_NOW, {"now": now()}).one()
    return Place("region", None, _language(path), "", f"{row.stamp}.{_seconds(row.moment)}")


def _language(path: str) -> str:
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in LANGUAGES and first != "bg" else "bg"


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0


def _town_query(column: Any) -> Select[Any]:
    passed = select(func.max(ContentMoment.at)).where(
        ContentMoment.municipality_id == Municipality.id, ContentMoment.at <= bindparam("now")
    )
    query = open_towns_query().add_columns(passed.scalar_subquery().label("moment"))
    return query.where(column == bindparam("value"))


def _region_query() -> Select[int, datetime]:
    passed = select(func.max(ContentMoment.at)).where(ContentMoment.at <= bindparam("now"))
    return select(func.sum(ContentStamp.value).label("stamp"), passed.scalar_subquery().label("moment"))


# Built once: SQLAlchemy prepares each statement object anew, which costs several times what the database takes.
_TOWN_NOW = {name: _town_query(getattr(Municipality, name)) for name in ("slug", "code", "host")}
_REGION_NOW = _region_query()


def root_of(town: Town | None) -> str:
    """The path of a place as seen from the request's own host, or its full address where it lies on another."""
    if current_app.config["PLACE"] != "region":
        return ""
    if town is not None and town.host:
        return f"{current_app.config['PREFERRED_URL_SCHEME']}://{town.host}"
    is_at_host_of_town = place().town is not None and not place().root
    start = str(current_app.config["ORIGIN"]) if is_at_host_of_town else ""
    return start + (f"/{town.slug}" if town is not None else "")
