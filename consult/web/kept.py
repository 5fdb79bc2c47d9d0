"""Remembered answers: an anonymous page is the same for all, so what was rendered once is given again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from cachetools import LRUCache
from flask import Flask, current_app, g, request
from markupsafe import Markup
from werkzeug.http import parse_etags
from werkzeug.wrappers import Response

from consult.clock import now
from consult.web.places import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BYTES_KEPT = 64 * 1024 * 1024
CHARACTERS_KEPT = 8 * 1024 * 1024  # of parts of pages
ADDRESS_MAX = 300  # longer addresses are not remembered: they are not links of ours

ABOUT_THE_BODY = ("Content-Type", "Content-Length")


@dataclass(frozen=True)
class Answer:
    """A finished answer: what it says, and all its headers."""

    body: bytes
    headers: list[tuple[str, str]]


class KeptAnswers:
    """The answers of this process by address and ETag, at most ``BYTES_KEPT``; the least used go first."""

    def __init__(self) -> None:
        self._answers: LRUCache[Any, Answer] = LRUCache(BYTES_KEPT, getsizeof=lambda answer: len(answer.body))
        self._lock = Lock()

    def find(self, key: tuple[str, str]) -> Answer | None:
        """The answer under this address and ETag, or None."""
        with self._lock:
            return self._answers.get(key)

    def keep(self, key: tuple[str, str], answer: Answer) -> None:
        """Remembers an answer, unless it alone would push out many others."""
        if len(answer.body) < BYTES_KEPT // 16:
            with self._lock:
                self._answers[key] = answer


class KeptParts:
    """Rendered parts of pages by name, at most ``CHARACTERS_KEPT``; the least used go first."""

    def __init__(self) -> None:
        self._parts: LRUCache[Any, str] = LRUCache(CHARACTERS_KEPT, getsizeof=len)
        self._lock = Lock()

    def find(self, key: tuple[object, ...]) -> str | None:
        """The part of this name, or None."""
        with self._lock:
            return self._parts.get(key)

    def keep(self, key: tuple[object, ...], html: str) -> str:
        """Remembers a part and answers it."""
        if len(html) < CHARACTERS_KEPT // 16:
            with self._lock:
                self._parts[key] = html
        return html


class KeptFirst:
    """WSGI, behind the places and before Flask: a repeated anonymous read ends here, after one tiny query.

    No gate is asked again: what is remembered was public, and its plugin on, under the very stamp that holds now.
    """

    def __init__(self, app: Flask, inner: WSGIApplication) -> None:
        self.app, self.inner = app, inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Settled before anything is rendered: what changes meanwhile must not be remembered under the newer tag.
        tag = environ["consult.tag"] = tag_of(environ["consult.place"], self.app.config["RELEASE"])
        is_anonymous = self.app.config["SESSION_COOKIE_NAME"] not in environ.get("HTTP_COOKIE", "")
        is_read = is_anonymous and environ["REQUEST_METHOD"] in ("GET", "HEAD")
        found = _kept(self.app).find((_address(environ), tag)) if is_read else None
        if found is None:
            return self.inner(environ, start_response)
        if parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_weak(tag):
            start_response("304 Not Modified", [pair for pair in found.headers if pair[0] not in ABOUT_THE_BODY])
            return ()
        start_response("200 OK", list(found.headers))
        return () if environ["REQUEST_METHOD"] == "HEAD" else (found.body,)


def tag_of(place: Place, release: str) -> str:
    """The ETag of every anonymous page of a place (RFC 9110, 8.8.3).

    Made of the release, the town, the language, the place's stamp (content and moments that have passed) and the
    hour, because pages say "yesterday" and "23 hours left". An hour of UTC: in Sofia one comes twice a year again.
    """
    whose = place.town.id if place.town else 0
    return f"{release}-{whose}-{place.language}-{place.stamp}-{now():%Y%m%d%H}"


def keep_answer(response: Response) -> None:
    """Marks a fresh anonymous answer with its ETag and remembers it."""
    tag, address = request.environ["consult.tag"], _address(request.environ)
    # Anybody may keep it, and must ask each time whether it still holds.
    response.headers |= {"ETag": f'"{tag}"', "Cache-Control": "public, max-age=0, must-revalidate", "Vary": "Cookie"}
    body = response.get_data()
    response.content_length = len(body)
    if len(address) <= ADDRESS_MAX:
        _kept(current_app).keep((address, tag), Answer(body, response.headers.to_wsgi_list()))


def kept_part(*name: object, caller: Callable[[], str]) -> Markup:
    """A part of a page that is the same for everybody: ``{% call kept_part('opinion', opinion.id) %}…{% endcall %}``.

    Remembered under the tag of the page, and so under the very stamp, language and hour that hold now; ``name`` says
    which part it is, with all that its words depend on besides. Nothing that depends on who reads may stand in it.
    """
    if "kept_parts" not in g:
        g.kept_parts = (_parts(current_app), request.environ["consult.tag"], request.script_root)
    parts, *place = g.kept_parts
    key = (*place, *name)
    found = parts.find(key)
    if found is None:
        found = parts.keep(key, caller())
    return Markup(found)  # lint: markup rendered by a template a moment ago


def _parts(app: Flask) -> KeptParts:
    parts: KeptParts | None = app.extensions.get("consult.kept_parts")
    if parts is None:
        parts = app.extensions["consult.kept_parts"] = KeptParts()
    return parts


def _kept(app: Flask) -> KeptAnswers:
    kept: KeptAnswers | None = app.extensions.get("consult.kept")
    if kept is None:
        kept = app.extensions["consult.kept"] = KeptAnswers()
    return kept


def _address(environ: WSGIEnvironment) -> str:
    return f"{environ['SCRIPT_NAME']}{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
