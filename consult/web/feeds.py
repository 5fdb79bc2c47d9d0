"""Atom feeds (RFC 4287) of whatever a plugin says that it feeds."""

from __future__ import annotations

from feedgen.feed import FeedGenerator
from flask import Response

from consult.addresses import address_of
from consult.contract import Feed
from consult.i18n import language
from consult.tenancy import here


def atom(feed: Feed, topic: str | None, topic_title: str = "") -> Response:
    """The feed of this municipality, of one ``topic`` or of all, newest first."""
    town, words = here(), str(feed.title)
    where = {"kategoria": topic} if topic else {}
    address = address_of(town, language(), feed.endpoint, **where)
    generator = FeedGenerator()
    generator.id(address)
    generator.title(": ".join(part for part in (town.name(language()), words, topic_title) if part))
    generator.author({"name": town.name(language())})
    generator.link(href=address, rel="self", type="application/atom+xml")
    generator.language(language())
    newest = None
    for item in feed.entries(topic):
        entry = generator.add_entry(order="append")
        entry.id(item.id)
        entry.title(item.title)
        entry.link(href=item.url)
        entry.summary(item.summary)
        entry.content(item.html, type="html")
        entry.published(item.published_at)
        entry.updated(item.changed_at)
        newest = max(newest or item.changed_at, item.changed_at)
    if newest is not None:
        generator.updated(newest)
    return Response(generator.atom_str(pretty=True), content_type="application/atom+xml; charset=utf-8")
