"""Where else news shows: on the home pages of the town and of the region."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from consult.api import Card, in_region, language, owner_of, recent, setting, start_of_day, today
from plugins.news.models import Post
from plugins.news.queries import category_names


def _on_town_home() -> dict[str, Any] | None:
    posts = recent(Post, limit) if (limit := int(setting("news.on_home"))) else ()
    return {"posts": posts, "categories": category_names(language())} if posts else None


def _on_region_home() -> dict[str, Any] | None:
    a_week_ago = start_of_day(today() - timedelta(days=6))
    posts = [
        post
        for post in in_region(Post, "news", 6)
        if owner_of(post) is not None and post.published_at is not None and post.published_at >= a_week_ago
    ]
    return {"posts": posts} if posts else None


CARDS = (
    Card("news.latest", "news/_card.html", _on_town_home, column="main", order=80),
    Card("news.region", "news/_region_card.html", _on_region_home, place="region", column="week", order=80),
)
