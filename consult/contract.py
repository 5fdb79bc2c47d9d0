"""What a plugin may say of itself: ``Plugin``, and the small frozen values that it lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Blueprint

from consult.access import Permission
from consult.announcements import Announcement, Listener
from consult.errors import ContractError, Sentence
from consult.participation import Contribution
from consult.publishing import Publication
from consult.settings import Setting
from consult.tenancy import Town


@dataclass(frozen=True)
class NavigationItem:
    """One entry of a menu. ``where``: "public" (the site's menu), "desk" (the staff's) or "make" (its "new …" tiles).

    ``endpoint`` is the page's name; who lacks its permission does not see the entry. ``invitation`` is the button of
    the home page when this is the menu's first entry ("Read the news").
    """

    title: Sentence
    endpoint: str
    where: str = "public"
    icon: str = "doc"
    order: int = 50
    invitation: Sentence = ""


CARD_COLUMNS = {"town": ("main", "side"), "region": ("soon", "week", "answered")}


@dataclass(frozen=True)
class Card:
    """A part of a home page. ``place``: "town" or "region"; ``facts()`` answers the template's context, or None.

    None means that there is nothing to show. ``column`` on the home page of a town: "main" or "side"; of the region:
    "soon" (what closes in the coming days), "week" (what happens, or was told, in these seven days) or "answered".
    There a card stands under its section's heading: its own headings begin with ``h3``.
    """

    name: str
    template: str
    facts: Callable[[], dict[str, Any] | None]
    place: str = "town"
    column: str = "main"
    order: int = 50

    def __post_init__(self) -> None:
        columns = CARD_COLUMNS.get(self.place, ())
        if self.column not in columns:
            where, why = f"the card {self.name}", "its template would be shown nowhere"
            what = f"the home page of {self.place!r} has no column {self.column!r}"
            raise ContractError(what, where, why, f"use one of {columns or CARD_COLUMNS}")


@dataclass(frozen=True)
class Slot:
    """A named place on a page that plugins may fill; ``facts`` are the names of what a fill is given."""

    name: str
    facts: tuple[str, ...]
    means: str


@dataclass(frozen=True)
class Fill:
    """Fills ``slot`` with ``template``, rendered with what ``facts`` answers; None leaves it empty."""

    slot: str
    template: str
    facts: Callable[..., dict[str, Any] | None]
    order: int = 50


@dataclass(frozen=True)
class FeedEntry:
    """One entry of a feed; ``url`` is absolute, ``id`` (RFC 4287, 4.2.6) never changes."""

    id: str
    title: str
    summary: str
    html: str
    url: str
    published_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Feed:
    """An Atom feed (RFC 4287) at ``endpoint``: its ``title`` and ``entries(topic)``, newest first."""

    endpoint: str
    title: Sentence
    entries: Callable[[str | None], Sequence[FeedEntry]]


@dataclass(frozen=True)
class CalendarEntry:
    """One entry of a calendar (RFC 5545, VEVENT). Moments are aware, ``description`` is plain, ``url`` is absolute.

    ``uid`` never changes, so that a change is the same entry; ``sequence`` rises with each change of time or place
    and with a cancellation. ``ends_at`` is None where nobody knows. ``latitude`` and ``longitude``: WGS 84 degrees.
    """

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    description: str
    url: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool = False
    latitude: float | None = None
    longitude: float | None = None
    organiser_name: str = ""
    organiser_email: str = ""


@dataclass(frozen=True)
class Calendar:
    """What a plugin puts into the calendar of the place (``/kalendar.ics``); ``title`` says what sort of things.

    ``entries()`` answers those of the municipality that we are in, ``region_entries()`` those of all municipalities
    where the plugin is on, through the door "region"; None keeps them out of the region's. Each chooses how far back
    and ahead it looks.
    """

    title: Sentence
    entries: Callable[[], Sequence[CalendarEntry]]
    region_entries: Callable[[], Sequence[CalendarEntry]] | None = None


@dataclass(frozen=True)
class Job:
    """Something done by the clock, every ``minutes``, in each open town where the plugin is on.

    ``even_when_off``: where it was switched off too. For what people were promised, such as that names are erased.
    """

    name: str
    does: Callable[[], None]
    minutes: int
    even_when_off: bool = False


@dataclass(frozen=True)
class Task:
    """Something that waits for the staff, on their page "today"; ``late`` ones come first."""

    title: Sentence
    detail: Sentence
    url: str
    verb: Sentence
    is_late: bool = False


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """A plugin's front door: a value that says what the plugin brings. See docs/plugin-book.md.

    ``keeps()`` answers in words what data it holds here; ``path`` is the resident's word in the address, and ``short``
    the letter of its addresses on paper, kept for it by the core ("k": /k/142). ``demo_after``
    are plugins that fill the demonstration before it, where they are installed, so that it can refer to what they told.
    """

    name: str
    title: Sentence
    summary: Sentence
    path: str
    keeps: Callable[[], Sentence]
    pages: Blueprint
    short: str = ""
    requires: tuple[str, ...] = ()
    navigation: tuple[NavigationItem, ...] = ()
    cards: tuple[Card, ...] = ()
    publishes: tuple[type[Publication], ...] = ()
    receives: tuple[type[Contribution], ...] = ()
    models: tuple[type[Any], ...] = ()
    permissions: tuple[Permission, ...] = ()
    settings: tuple[Setting, ...] = ()
    feeds: tuple[Feed, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    jobs: tuple[Job, ...] = ()
    desk: tuple[Callable[[], Sequence[Task]], ...] = ()
    slots: tuple[Slot, ...] = ()
    fills: tuple[Fill, ...] = ()
    announces: tuple[Announcement, ...] = ()
    listens: tuple[Listener, ...] = ()
    commands: tuple[click.Command, ...] = ()
    demo: Callable[[Town], None] | None = None
    demo_after: tuple[str, ...] = ()
    folder: Path | None = field(default=None)

    @property
    def tables(self) -> tuple[type[Any], ...]:
        """All the models whose rows are its own: what it publishes, what it receives, and the rest."""
        return (*self.publishes, *self.receives, *self.models)
