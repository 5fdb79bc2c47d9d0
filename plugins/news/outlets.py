"""Where else news shows: on the home pages, in feeds, in the demo."""

from __future__ import annotations

from typing import Any

from flask import Response

from consult.api import (
    Card,
    Feed,
    FeedEntry,
    feed_entry,
    in_region,
    lazy_pgettext,
    listing,
    recent,
    render_feed,
    setting,
)
from plugins.news.models import Post


def _on_town_home() -> dict[str, Any] | None:
    limit = setting("news.on_home")
    return {"posts": recent(Post, int(limit))} if limit else None


def _on_region_home() -> dict[str, Any] | None:
    posts = in_region(Post, "news", 6)
    return {"posts": posts} if posts else None


CARDS = (
    Card("news.latest", "news/_card.html", _on_town_home, column="main", order=80),
    Card("news.region", "news/_region_card.html", _on_region_home, place="region", order=80),
)


def _entries(topic: str | None) -> list[FeedEntry]:
    return [feed_entry(post, "news.post_with_tail") for post in listing(Post, topic).items]


FEEDS = (Feed("news.feed", lazy_pgettext("news", "News"), _entries),)


def posts_feed(topic: str | None, topic_title: str) -> Response:
    """The Atom feed of one category or of all."""
    return render_feed(FEEDS[0], topic, topic_title)
