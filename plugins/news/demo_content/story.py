"""The shape of one invented story and of a category, before the operations of News make rows of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

State = Literal["published", "scheduled", "draft", "archived", "withdrawn"]


class Category(NamedTuple):
    """A category of one town; ``key`` ties stories to it and is never shown."""

    key: str
    name_bg: str
    name_en: str
    name_tr: str


class Translation(NamedTuple):
    """An informative translation; the Bulgarian text stays the official one."""

    title: str
    lead: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Story:
    """One piece of news. ``body`` is Markdown, in which # is the first heading under the title.

    Its moment is either ``published_on`` or ``days_ago`` (negative: so many days from now), never both.
    ``short_title`` is empty where the title fits everywhere. ``translations`` are by language, "en" or "tr".
    """

    town: str
    category: str
    title: str
    lead: str
    body: str
    office: str
    short_title: str = ""
    days_ago: float | None = None
    published_on: date | None = None
    state: State = "published"
    withdrawn_reason: str = ""
    shared_with: tuple[str, ...] = ()
    translations: Mapping[str, Translation] = field(default_factory=dict)

    def moment(self, now: datetime) -> datetime:
        """When it was, or will be, published: aware, in the time zone of ``now``, which should be Sofia's.

        What is a day or more away stands at ten in the morning, when an office would publish it.
        """
        if self.published_on is not None:
            return datetime.combine(self.published_on, time(10), tzinfo=now.tzinfo)
        if self.days_ago is None:
            raise ValueError(f"no moment is known for the story {self.title!r}")
        moment = now - timedelta(days=self.days_ago)
        is_another_day = abs(self.days_ago) >= 1
        return moment.replace(hour=10, minute=0, second=0, microsecond=0) if is_another_day else moment
