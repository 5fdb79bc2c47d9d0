"""What waits for the staff: a term that ends, opinions that nobody has reported on, a draft that is not ready."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import url_for

from consult.api import Task, end_of_day, lazy_npgettext, lazy_pgettext, may, now, say_date, say_moment, today
from plugins.consultations.models import Consultation
from plugins.consultations.operations import steps
from plugins.consultations.operations.opening import STOPPED_BEFORE
from plugins.consultations.queries import own_unopened, own_unreported, own_writable

CLOSING_DAYS = 3
UNREADY_MAX = 10  # of the task list; each is looked into
UNREPORTED_MAX = 20  # of the task list


def closing() -> Sequence[Task]:
    """Consultations whose last day is one of these."""
    near = own_writable(end_of_day(today() + timedelta(days=CLOSING_DAYS))) if may("consultations.write") else ()
    return [_closing(one) for one in near]


def _closing(one: Consultation) -> Task:
    day = say_date(one.last_day) if one.last_day is not None else ""
    return Task(
        lazy_pgettext("consultations", "Closes soon: %(title)s", title=one.title),
        lazy_pgettext("consultations", "The last day is %(day)s.", day=day),
        url_for("consultations.consultation", number=one.id),
        lazy_pgettext("consultations", "Read"),
    )


def to_report() -> Sequence[Task]:
    """Closed, and the report on the opinions is not published yet: the oldest, and how many more there are."""
    if not may("consultations.write"):
        return ()
    first, total = own_unreported(UNREPORTED_MAX)
    tasks = [_to_report(one) for one in first]
    return [*tasks, _more(total - len(first))] if total > len(first) else tasks


def _more(number: int) -> Task:
    return Task(
        lazy_npgettext(
            "consultations",
            "%(num)d more report on opinions is waiting",
            "%(num)d more reports on opinions are waiting",
            number,
        ),
        lazy_pgettext("consultations", "Here stand those that closed first."),
        url_for("consultations.desk_list"),
        lazy_pgettext("consultations", "See all"),
    )


def _to_report(one: Consultation) -> Task:
    return Task(
        lazy_pgettext("consultations", "Publish the report on opinions: %(title)s", title=one.title),
        lazy_npgettext(
            "consultations",
            "%(num)d day has passed since the last day.",
            "%(num)d days have passed since the last day.",
            one.days_since_closing,
        ),
        url_for("consultations.outcome", number=one.id),
        lazy_pgettext("consultations", "To the outcome"),
        is_late=one.answers_due_on is not None and one.answers_due_on < today(),
    )


def unready() -> Sequence[Task]:
    """Drafts in which something is missing; late is what would show itself without it, or was stopped before that."""
    drafts = own_unopened(UNREADY_MAX) if may("consultations.write") else ()
    counted = [(one, sum(1 for step in steps(one) if step.missing)) for one in drafts]
    return [_unready(one, missing) for one, missing in counted if missing]


def _unready(one: Consultation, missing: int) -> Task:
    title, stopped_at = lazy_pgettext("consultations", "Not ready yet: %(title)s", title=one.title), _stopped_at(one)
    says = lazy_npgettext("consultations", "%(num)d thing is missing.", "%(num)d things are missing.", missing)
    if stopped_at is not None:
        title = lazy_pgettext("consultations", "Did not open, something is missing: %(title)s", title=one.title)
        says = lazy_npgettext(
            "consultations",
            "It was to open on %(moment)s. %(num)d thing is missing.",
            "It was to open on %(moment)s. %(num)d things are missing.",
            missing,
            moment=say_moment(stopped_at),
        )
    return Task(
        title,
        says,
        url_for("consultations.ready", number=one.id),
        lazy_pgettext("consultations", "See what is missing"),
        is_late=one.published_at is not None or stopped_at is not None,
    )


def _stopped_at(one: Consultation) -> datetime | None:
    """The moment at which a draft was to open: it had its term already, and the time has come or is about to."""
    if one.published_at is not None or one.rule_days is None or one.opens_at is None:
        return None
    return one.opens_at if one.opens_at <= now() + STOPPED_BEFORE else None
