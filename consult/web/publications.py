"""Publications as pages need them: what an address asks for, whose words they are, feeds, data for search engines."""

from __future__ import annotations

from collections.abc import Container
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import abort, current_app, g, redirect, request, url_for
from markupsafe import Markup

from consult.addresses import address_of
from consult.clock import local
from consult.contract import FeedEntry
from consult.db import read_number
from consult.i18n import language, path_of
from consult.participation import Contribution
from consult.publishing import Cursor, Publication, Words, shown
from consult.tenancy import Town, here, open_towns
from consult.text import cut, plain, render_plain
from consult.web.places import place, root_of

K = TypeVar("K", bound=Publication)


def shown_or_404(kind: type[K], number: int, tail: str, endpoint: str) -> K:
    """What the address of ``number`` shows here; a wrong ``tail`` leads to the right one at ``endpoint`` (301)."""
    found = shown(kind, number) or abort(404)
    if tail and tail != found.slug:
        abort(redirect(url_for(endpoint, number=number, tail=found.slug), 301))
    return found


def read_topic(topics: Container[str]) -> str | None:
    """The category that the address asks for (``kategoria``), or None for all. 404 where ``topics`` has none such."""
    topic = request.args.get("kategoria")
    if topic is not None and topic not in topics:
        abort(404)
    return topic


def read_cursor() -> Cursor | None:
    """Where the page of a list begins, from ``sled`` (moment and number) and ``ot`` (position). 404 for nonsense."""
    typed = request.args.get("sled")
    if typed is None:
        return None
    moment, _, last = typed.rpartition("-")
    number, position = read_number(last), read_number(request.args.get("ot", ""))
    if number is None or position is None:
        abort(404)
    try:
        return Cursor(datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), number, position)
    except ValueError:
        abort(404)


def say_cursor(cursor: Cursor) -> dict[str, str | int]:
    """The words of an address that ``read_cursor`` reads."""
    moment = f"{cursor.listed_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}"
    return {"sled": f"{moment}-{cursor.publication_id}", "ot": cursor.position}


def feed_entry(publication: Publication, endpoint: str) -> FeedEntry:
    """A publication as an entry of a feed; ``endpoint`` takes ``number`` and ``tail``."""
    words, domain = publication.words(language()), urlsplit(current_app.config["ORIGIN"]).hostname
    return FeedEntry(
        id=f"tag:{domain},2026:{publication.kind}/{publication.id}",  # a tag URI (RFC 4151): titles change, it stays
        title=words.title,
        summary=words.lead or cut(plain(words.body), 300),
        html=words.body_html,
        url=address_of(here(), language(), endpoint, number=publication.id, tail=publication.slug),
        published_at=publication.published_at or publication.changed_at,
        changed_at=max(publication.changed_at, publication.published_at or publication.changed_at),
    )


def json_ld(publication: Publication, type_: str, endpoint: str) -> dict[str, Any]:
    """The publication in schema.org's words, as ``type_`` ("NewsArticle"). ``url`` is its one true address."""
    words, owner = publication.words(language()), owner_of(publication)
    publisher = {"publisher": {"@type": "GovernmentOrganization", "name": owner.name(language())}} if owner else {}
    return {
        "@context": "https://schema.org",
        "@type": type_,
        "headline": cut(words.title, 110),
        "description": words.lead or cut(plain(words.body), 200),
        "inLanguage": words.language,
        "datePublished": local(publication.published_at or publication.changed_at).isoformat(timespec="seconds"),
        "dateModified": local(publication.changed_at).isoformat(timespec="seconds"),
        "url": address_of(owner or here(), language(), endpoint, number=publication.id, tail=publication.slug),
        **publisher,
    }


def owner_of(publication: Publication) -> Town | None:
    """The municipality whose words these are, often another than the one that shows them; None if it has left.

    The towns are asked for once a request, so a list of publications costs no query an item.
    """
    town = place().town
    if town is not None and publication.municipality_id == town.id:
        return town
    if "owners" not in g:
        g.owners = {one.id: one for one in open_towns()}
    owners: dict[int, Town] = g.owners
    return owners.get(publication.municipality_id)


def page_of(publication: Publication) -> str:
    """The page here that shows a publication of whatever kind, or "" for a kind that no workbench writes."""
    viewers: dict[str, str] = current_app.extensions.get("consult.viewers", {})
    endpoint = viewers.get(publication.kind)
    return url_for(endpoint, number=publication.id) if endpoint is not None else ""


def page_of_contribution(contribution: Contribution) -> str:
    """The page here that shows a contribution in its thread, or "" for a kind that names none.

    A kind names it as ``Pages.viewers[kind]``; it takes ``number`` (of the publication) and ``contribution``.
    """
    viewers: dict[str, str] = current_app.extensions.get("consult.viewers", {})
    endpoint = viewers.get(contribution.kind)
    if endpoint is None:
        return ""
    return url_for(endpoint, number=contribution.publication_id, contribution=contribution.id)


def link_in(town: Town, endpoint: str, **values: Any) -> str:
    """The link from this page to a page of ``town``, in the reader's language."""
    path = current_app.url_map.bind("unused").build(endpoint, values)
    return root_of(town) + path_of(language()) + path


def text_of(contribution: Contribution) -> Markup:
    """What a resident wrote as HTML: ``render_plain`` escaped all of it when it was kept."""
    return Markup(contribution.text_html)  # lint: markup escaped whole before it was stored


def shown_words(text: str) -> Markup:
    """The same of a text whose HTML is not kept: sealed words, for who may read them."""
    return Markup(render_plain(text))  # lint: markup everything in it is escaped


def body_of(words: Words) -> Markup:
    """The text as HTML. Only here does stored HTML pass unescaped: ``render_markdown`` cleaned it when it was kept."""
    return Markup(words.body_html)  # lint: markup cleaned by an allow-list before it was stored
