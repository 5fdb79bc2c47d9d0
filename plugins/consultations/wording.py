"""A consultation in words: where it stands, what is left of its term, the steps of its way, who discusses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from consult.api import (
    Publication,
    lazy_pgettext,
    linking,
    local,
    now,
    npgettext,
    page_of,
    pgettext,
    say_date,
    say_moment,
    today,
)
from plugins.consultations.drafts.comparing import PartChange, UnitChange
from plugins.consultations.drafts.provisions import Kind
from plugins.consultations.models import Consultation, Outcome, Phase, Trace

# How a phase is called, the colour of its tag and its drawing.
PHASES = {
    Phase.UPCOMING: (lazy_pgettext("consultations", "Upcoming"), "info", "cal"),
    Phase.OPEN: (lazy_pgettext("consultations", "Open"), "open", "chat"),
    Phase.CLOSING: (lazy_pgettext("consultations", "Closing soon"), "soon", "clock"),
    Phase.WORKING: (lazy_pgettext("consultations", "Working through opinions"), "info", "log"),
    Phase.DECIDING: (lazy_pgettext("consultations", "Awaiting decision"), "info", "clock"),
    Phase.CONCLUDED: (lazy_pgettext("consultations", "Concluded"), "", "check"),
    Phase.WITHDRAWN: (lazy_pgettext("consultations", "Withdrawn"), "late", "no"),
}
OUTCOMES = {
    Outcome.ADOPTED: lazy_pgettext("consultations", "Adopted"),
    Outcome.NOT_ADOPTED: lazy_pgettext("consultations", "Not adopted"),
}
# What others say, by stance, as a verb after their number: „38 предлагат промяна“.
SAY = {
    "change": lazy_pgettext("consultations", "propose a change"),
    "for": lazy_pgettext("consultations", "support it"),
    "ask": lazy_pgettext("consultations", "ask"),
    "against": lazy_pgettext("consultations", "do not support it"),
}
ORDER = (Phase.UPCOMING, Phase.OPEN, Phase.WORKING, Phase.DECIDING, Phase.CONCLUDED)
MEETINGS_MAX = 3  # beside a consultation; each costs a question for its day


def share_of_term(consultation: Consultation) -> int:
    """How much of the term is over, in percent."""
    first, last = consultation.counted_from, consultation.last_day
    if first is None or last is None or last <= first:
        return 0
    return max(0, min(100, round(100 * (today() - first).days / (last - first).days)))


def phase_words(consultation: Consultation) -> tuple[str, str, str]:
    """Its phase in words, the colour of its tag and its drawing."""
    word, colour, drawing = PHASES[Phase(consultation.phase)]
    return str(word), colour, drawing


def say_outcome(consultation: Consultation) -> str:
    """What was decided, or "" before that."""
    return str(OUTCOMES.get(Outcome(consultation.outcome), ""))


def say_opinions(count: int) -> str:
    """„12 мнения“."""
    return npgettext("consultations", "%(num)d opinion", "%(num)d opinions", count)


# ---- Meetings


@dataclass(frozen=True)
class Meeting:
    """An event at which the draft is discussed; ``starts_at`` is None for what has no hour, as an article of news."""

    publication: Publication
    url: str
    starts_at: datetime | None

    @property
    def is_past(self) -> bool:
        """Whether it has begun already."""
        return self.starts_at is not None and self.starts_at <= now()


def meetings_of(consultation: Consultation) -> list[Meeting]:
    """What people can read here about it elsewhere, the next meeting first, past ones at the end."""
    found = []
    for one in linking(consultation, "discusses")[:MEETINGS_MAX]:
        starts_at = getattr(one, "starts_at", None)
        found.append(Meeting(one, page_of(one), starts_at if isinstance(starts_at, datetime) else None))
    return sorted(found, key=lambda meeting: (meeting.is_past, meeting.starts_at or now()))


# ---- Steps


@dataclass(frozen=True)
class Step:
    """One step of the way: ``standing`` is "done", "now" or "next", ``says`` when, ``day`` the same for programs."""

    name: str
    standing: str
    says: str = ""
    day: str = ""
    url: str = ""


def steps_of(consultation: Consultation, meetings: Sequence[Meeting]) -> list[Step]:
    """The way of a draft from its publication to the decision; meetings stand after the collecting of opinions."""
    phase = Phase.OPEN if consultation.phase == Phase.CLOSING else Phase(consultation.phase)
    place = ORDER.index(phase) if phase in ORDER else 0
    standings = ["done" if step < place else "now" if step == place else "next" for step in range(len(ORDER))]
    opens = local(consultation.opens_at).date() if consultation.opens_at is not None else None
    return [
        _dated(pgettext("consultations", "The draft is published"), standings[0], opens),
        _collecting(consultation, standings[1]),
        *(_meeting(meeting) for meeting in meetings if meeting.starts_at is not None),
        _dated(
            pgettext("consultations", "An answer to every opinion"),
            standings[2],
            consultation.answers_due_on,
            is_until=True,
        ),
        _deciding(consultation, standings[3]),
    ]


def _dated(name: str, standing: str, day: date | None, is_until: bool = False) -> Step:
    if day is None:
        return Step(name, standing)
    says = pgettext("consultations", "until %(date)s", date=say_date(day)) if is_until else say_date(day)
    return Step(name, standing, says, day.isoformat())


def _collecting(consultation: Consultation, standing: str) -> Step:
    name, last = pgettext("consultations", "People give opinions"), consultation.last_day
    if last is None:
        return Step(name, standing)
    days = npgettext("consultations", "%(num)d day", "%(num)d days", consultation.days)
    says = pgettext("consultations", "%(days)s, until %(date)s", days=days, date=say_date(last))
    return Step(name, standing, says, last.isoformat())


def _meeting(meeting: Meeting) -> Step:
    starts = meeting.starts_at or now()
    title = meeting.publication.words().short_title
    standing = "done" if meeting.is_past else "next"
    day = local(starts).isoformat(timespec="minutes")
    return Step(title, standing, say_moment(starts, full=False), day, meeting.url)


def _deciding(consultation: Consultation, standing: str) -> Step:
    if consultation.outcome != Outcome.NONE:
        return _dated(str(OUTCOMES[Outcome(consultation.outcome)]), "done", consultation.decided_on)
    decided = _dated(pgettext("consultations", "Decision"), standing, consultation.sitting_on)
    parts = [part for part in (consultation.sitting, decided.says) if part]
    return Step(decided.name, standing, ", ".join(parts), decided.day)


# ---- The trace of changed documents


@dataclass(frozen=True)
class Replaced:
    """That a document changed while people could write: words as they were kept; of what was replaced, the new one."""

    day: str
    what: str
    last_day: str
    became: str


def replaced_in(consultation: Consultation) -> list[Replaced]:
    """The public trace, oldest first; a line is „дата | какво | нов последен ден“ and, if not replaced, what became."""
    lines = [[part.strip() for part in line.split("|")] for line in consultation.lines("replaced")]
    found = [(line, "") if line[-1] not in (Trace.ADDED, Trace.REMOVED) else (line[:-1], line[-1]) for line in lines]
    return [Replaced(line[0], " | ".join(line[1:-1]), line[-1], became) for line, became in found if len(line) > 2]


def say_replaced(one: Replaced) -> str:
    """One line of the public trace, in the reader's language."""
    words = {"day": one.day, "what": one.what, "last_day": one.last_day}
    if one.became == Trace.REMOVED:
        return pgettext(
            "consultations", "%(day)s: “%(what)s” was removed. The term was extended to %(last_day)s.", **words
        )
    if one.became == Trace.ADDED:
        return pgettext(
            "consultations", "%(day)s: “%(what)s” was added. The term was extended to %(last_day)s.", **words
        )
    return pgettext("consultations", "%(day)s: replaced by “%(what)s”. The term was extended to %(last_day)s.", **words)


# ---- The words of a draft


def say_mark(kind: str, number: str) -> str:
    """How the number of a provision stands before its words: „(1)“, „1.“, „а)“."""
    if not number:
        return ""
    marks = {Kind.PARAGRAPH: f"({number})", Kind.POINT: f"{number}.", Kind.LETTER: f"{number})"}
    return marks.get(Kind(kind), "")


def title_of_unit(unit: UnitChange) -> str:
    """How a unit is called above its words: „Чл. 14.“, „Глава трета“, „Приложение № 1“, as the act writes it."""
    if unit.kind in (Kind.TITLE, Kind.TEXT, Kind.TABLE):
        return ""
    title = f"{unit.label[:1].upper()}{unit.label[1:]}"
    return f"{title}." if unit.kind in (Kind.ARTICLE, Kind.CLAUSE) else title


def say_side(part: PartChange, is_old: bool) -> str:
    """The number before the words of a provision as one of the two versions has it."""
    number = part.old_number if is_old else part.number
    return say_mark(part.kind, number or "")
