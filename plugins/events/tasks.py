"""What waits for the staff: an event of today or tomorrow, people in line, an event that nobody has reported on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import url_for

from consult.api import Task, lazy_npgettext, lazy_pgettext, local, may, now, say_moment, say_time, today
from plugins.events.models import Event
from plugins.events.queries import halls_of, own_between, people_expected, unreported

REPORT_WITHIN = timedelta(days=14)  # after that the report is late


def near() -> Sequence[Task]:
    """Events of today and tomorrow, with the way to the door."""
    events = own_between(now() - timedelta(hours=6), now() + timedelta(days=2)) if may("events.check_in") else ()
    last = today() + timedelta(days=1)
    return [_near(event) for event in events if not event.is_past and local(event.starts_at).date() <= last]


def _near(event: Event) -> Task:
    is_today = local(event.starts_at).date() <= today()
    words = {"title": event.title, "time": say_time(event.starts_at)}
    today_, tomorrow = (
        lazy_pgettext("events", "Today at %(time)s: %(title)s", **words),
        lazy_pgettext("events", "Tomorrow at %(time)s: %(title)s", **words),
    )
    expected = people_expected(event.id)
    detail = lazy_npgettext("events", "%(num)d person is expected.", "%(num)d people are expected.", expected)
    url = url_for("events.door", number=event.id)
    return Task(today_ if is_today else tomorrow, detail, url, lazy_pgettext("events", "To the door"))


def waiting() -> Sequence[Task]:
    """Events to come for which people stand in line."""
    events = own_between(now(), now() + timedelta(days=120)) if may("events.see_places") else ()
    halls = halls_of(events)
    lines = [(event, halls[event.id].waiting) for event in events if event.id in halls and halls[event.id].waiting]
    return [
        Task(
            lazy_npgettext(
                "events", "%(num)d person waits for a place", "%(num)d people wait for a place", in_line
            ),
            f"{event.title}, {say_moment(event.starts_at, full=False)}",
            url_for("events.place_list", number=event.id, vid="chakashti"),
            lazy_pgettext("events", "See who waits"),
        )
        for event, in_line in lines
    ]  # fmt: skip


def to_report() -> Sequence[Task]:
    """Events of the last months of which nobody has said yet what was heard."""
    events = unreported(now() - timedelta(days=90)) if may("events.write") else ()
    return [
        Task(
            lazy_pgettext("events", "Say what was heard: %(title)s", title=event.title),
            lazy_pgettext("events", "It was on %(moment)s.", moment=say_moment(event.starts_at, full=False)),
            url_for("events.afterwards", number=event.id),
            lazy_pgettext("events", "Write"),
            is_late=event.over_at < now() - REPORT_WITHIN,
        )
        for event in events
        if event.is_past
    ]
