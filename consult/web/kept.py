"""Remembered answers: an anonymous page is the same for all, so what was rendered once is given again."""

from __future__ import annotations

from threading import Lock
from typing import Any

from cachetools import LRUCache
from flask import current_app, request
from werkzeug.wrappers import Response

from consult.clock import today
from consult.web.places import Place

BYTES_KEPT = 64 * 1024 * 1024
ADDRESS_MAX = 300  # longer addresses are not remembered: they are not links of ours


class KeptAnswers:
    """The answers of this process by address and ETag, at most ``BYTES_KEPT``; the least used go first."""

    def __init__(self) -> None:
        self._answers: LRUCache[Any, tuple[bytes, str]] = LRUCache(BYTES_KEPT, getsizeof=lambda kept: len(kept[0]))
        self._lock = Lock()

    def find(self, key: tuple[str, str]) -> tuple[bytes, str] | None:
        """Body and content type of the answer, or None."""
        with self._lock:
            return self._answers.get(key)

    def keep(self, key: tuple[str, str], response: Response) -> None:
        """Remembers a finished answer, unless it is larger than all that may be kept."""
        body = response.get_data()
        if len(body) < BYTES_KEPT // 16:
            with self._lock:
                self._answers[key] = (body, response.content_type or "text/html")

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._answers.clear()


def tag_of(place: Place) -> str:
    """The ETag of every anonymous page of a place (RFC 9110, 8.8.3).

    Made of the release, the language, the place's stamp (content and moments that have passed) and the local day,
    because pages say "yesterday".
    """
    release = current_app.config["RELEASE"]
    return f"{release}-{place.language}-{place.stamp}-{today():%Y%m%d}"


def kept_answer(place: Place) -> Response | None:
    """304 when the reader has this very page, else the remembered answer, else None."""
    tag = tag_of(place)
    if tag in request.if_none_match:
        return marked(Response(status=304), tag)
    found = _kept().find((_address(), tag))
    return marked(Response(found[0], content_type=found[1]), tag) if found else None


def keep_answer(place: Place, response: Response) -> None:
    """Marks a fresh anonymous answer with its ETag and remembers it."""
    tag = tag_of(place)
    marked(response, tag)
    address = _address()
    if len(address) <= ADDRESS_MAX:
        _kept().keep((address, tag), response)


def marked(response: Response, tag: str) -> Response:
    """Says that anybody may keep this answer, and must ask each time whether it still holds."""
    response.headers["ETag"] = f'"{tag}"'
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.headers["Vary"] = "Cookie"
    return response


def _kept() -> KeptAnswers:
    kept: KeptAnswers = current_app.extensions.setdefault("consult.kept", KeptAnswers())
    return kept


def _address() -> str:
    return f"{request.script_root}{request.full_path}"
