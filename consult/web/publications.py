"""Publications as pages need them: cursors in addresses, feed entries, data for search engines."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort, request

from consult.clock import local
from consult.contract import FeedEntry
from consult.i18n import language
from consult.publishing import Cursor, Publication
from consult.tenancy import Town, here
from consult.text import cut, plain
from consult.web.places import address_of, open_towns


def read_cursor() -> Cursor | None:
    """Where the page of a list begins, from ``sled`` (moment and number) and ``ot`` (position). 404 for nonsense."""
    typed = request.args.get("sled")
    if typed is None:
        return None
    moment, _, number = typed.rpartition("-")
    position = request.args.get("ot", "")
    if not (_is_number(number) and _is_number(position)):
        abort(404)
    try:
        return Cursor(datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(number), int(position))
    except ValueError:
        abort(404)


def say_cursor(cursor: Cursor) -> dict[str, str | int]:
    """The words of an address that ``read_cursor`` reads."""
    moment = f"{cursor.listed_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}"
    return {"sled": f"{moment}-{cursor.publication_id}", "ot": cursor.position}


def feed_entry(publication: Publication, endpoint: str) -> FeedEntry:
    """A publication as an entry of a feed; ``endpoint`` takes ``number`` and ``tail``."""
    words = publication.words(language())
    return FeedEntry(
        number=publication.id,
        title=words.title,
        summary=words.lead or cut(plain(words.body), 300),
        html=words.body_html,
        url=address_of(here(), language(), endpoint, number=publication.id, tail=publication.slug),
        published_at=publication.published_at or publication.changed_at,
        changed_at=max(publication.changed_at, publication.published_at or publication.changed_at),
    )


def json_ld(publication: Publication, type_: str, endpoint: str) -> dict[str, Any]:
    """The publication in schema.org's words, as ``type_`` ("NewsArticle")."""
    words, owner = publication.words(language()), owner_of(publication)
    return {
        "@context": "https://schema.org",
        "@type": type_,
        "headline": cut(words.title, 110),
        "description": words.lead or cut(plain(words.body), 200),
        "inLanguage": words.language,
        "datePublished": local(publication.published_at or publication.changed_at).isoformat(timespec="seconds"),
        "dateModified": local(publication.changed_at).isoformat(timespec="seconds"),
        "url": address_of(here(), language(), endpoint, number=publication.id, tail=publication.slug),
        "publisher": {"@type": "GovernmentOrganization", "name": owner.name(language())},
    }


def owner_of(publication: Publication) -> Town:
    """The municipality whose words these are; it may be another than the one that shows them."""
    if publication.municipality_id == here().id:
        return here()
    return next((town for town in open_towns() if town.id == publication.municipality_id), here())


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 19
