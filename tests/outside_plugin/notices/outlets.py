"""Where else notices show, and what they hear of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from consult.api import Fill, Listener, Publication, cut, now, setting

from .models import TEXT_MAX
from .operations import put_up
from .queries import hanging

BESIDE_NEWS = 3


def _beside_news(post: Publication) -> dict[str, Any] | None:
    notices = hanging(BESIDE_NEWS)
    return {"hanging": notices} if notices else None


def _notice(publication: Publication) -> None:
    days = int(setting("notices.days"))
    if days:
        put_up(cut(publication.title, TEXT_MAX), now() + timedelta(days=days), publication.id)


FILLS = (Fill("news.post_aside", "notices/_beside_news.html", _beside_news),)
LISTENS = (Listener("publishing.published", _notice),)
