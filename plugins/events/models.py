"""What is kept of events: the meeting, its hall with the counted seats, and the places that people hold in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, Text, UniqueConstraint

from consult.api import (
    Base,
    Local,
    Mapped,
    Publication,
    Shown,
    ends_of,
    its_publication,
    kind_columns,
    local,
    mapped_column,
    now,
    today,
)

PEOPLE_MAX = 20  # the largest party that an event may allow
LAST_CALL = timedelta(hours=2)  # before the start: from then on nothing is offered and kept any more


class Course(StrEnum):
    """How the event goes: as planned, at another time than was said, or not at all."""

    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"


class Event(Publication):
    """A meeting, from its announcement to what was heard there. Its topic is one of ``policy.KINDS``."""

    __tablename__ = "events_event"
    __table_args__ = (its_publication(), Index(None, "starts_at"), Index(None, "municipality_id", "starts_at"))
    __mapper_args__ = {"polymorphic_identity": "events.event"}

    id, municipality_id = kind_columns()
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]  # the notices of municipalities often give none
    area: Mapped[str] = mapped_column(String(80), default="")
    room: Mapped[str] = mapped_column(String(120), default="")
    building: Mapped[str] = mapped_column(String(160), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    directions: Mapped[str] = mapped_column(String(600), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    online_url: Mapped[str] = mapped_column(String(500), default="")  # shown only to those who hold a place
    accessibility: Mapped[str] = mapped_column(String(600), default="")
    spoken: Mapped[str] = mapped_column(String(60), default="bg")  # codes of ``policy.SPOKEN``, blanks between them
    organisers: Mapped[str] = mapped_column(String(240), default="")  # codes of municipalities, blanks between them
    partners: Mapped[str] = mapped_column(String(300), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    contact_person: Mapped[str] = mapped_column(String(120), default="")
    contact_until: Mapped[date | None]
    agenda: Mapped[str] = mapped_column(Text, default="")  # one item a line: "17:30 Регистрация | фоайето"

    takes_places: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    most_people: Mapped[int] = mapped_column(default=5)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    course: Mapped[str] = mapped_column(String(10), default=Course.PLANNED)
    course_reason: Mapped[str] = mapped_column(String(600), default="")
    course_at: Mapped[datetime | None]
    moved_from: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)  # RFC 5545, 3.8.7.4
    told: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # when and where, as calendars were last told

    recording_url: Mapped[str] = mapped_column(String(500), default="")
    heard: Mapped[str] = mapped_column(Text, default="")
    heard_html: Mapped[str] = mapped_column(Text, default="")
    attendance: Mapped[int | None]
    reminded_at: Mapped[datetime | None]
    thanked_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    is_outside_hours: Mapped[bool] = mapped_column(default=False)  # indicators, kept when the event is written
    is_hybrid: Mapped[bool] = mapped_column(default=False)

    # What was given to ``about`` and is linked by ``operations.keep_event``; an annotation would be read as a column.
    _about = cast("tuple[int, ...] | None", None)

    @property
    def about(self) -> list[int]:
        """The numbers of the publications that it discusses, whether or not people can read them."""
        if self._about is not None:
            return list(self._about)
        return [end.id for end in ends_of(self, "discusses")] if self.id is not None else []

    @about.setter
    def about(self, numbers: Sequence[int]) -> None:
        self._about = tuple(numbers)

    @property
    def over_at(self) -> datetime:
        """When it is over; without an end that is the last second of its day in Sofia."""
        if self.ends_at is not None:
            return self.ends_at
        return local(self.starts_at).replace(hour=23, minute=59, second=59, microsecond=0).astimezone(now().tzinfo)

    @property
    def is_past(self) -> bool:
        """Whether it is over."""
        return self.over_at <= now()

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.course == Course.CANCELLED

    @property
    def is_called_off(self) -> bool:
        """Whether there is nothing to come to: cancelled, or withdrawn."""
        return self.is_cancelled or self.withdrawn_at is not None

    @property
    def registration_ends_at(self) -> datetime:
        """Until when people may ask for a place; where nobody decided it, until it begins."""
        return self.closes_at or self.starts_at

    @property
    def last_call_at(self) -> datetime:
        """From when a freed place is kept for nobody: the first who takes it has it."""
        return self.starts_at - LAST_CALL

    @property
    def is_last_call(self) -> bool:
        """Whether the event is so near."""
        return now() >= self.last_call_at

    @property
    def has_room(self) -> bool:
        """Whether one can come to it in person."""
        return bool(self.room or self.building or self.address) or not self.online_url

    @property
    def person(self) -> tuple[str, str]:
        """The person to ask and the telephone, or nothing after the day until which they may be shown."""
        if self.contact_until is not None and self.contact_until < today():
            return "", ""
        return self.contact_person, self.contact_phone

    def where(self) -> str:
        """The room, the building and the address in one line."""
        return ", ".join(part for part in (self.room, self.building, self.address) if part)

    def heard_words(self) -> Any:
        """What was heard, as text that a page shows like any other."""
        return replace(self.words(), lead="", body=self.heard, body_html=self.heard_html)

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The questions that are asked now, without those kept only for the answers that they were given."""
        return [question for question in self.questions or () if not question.get("is_former")]

    def particulars(self) -> dict[str, str]:
        """See Publication; what stands here is in every version, with its author.

        Left out is who answers, and the telephone: they are shown until a day, and a version stays. The seats, and
        that it was moved or cancelled, are no words of one author: the journal has them.
        """
        said = {name: str(getattr(self, name) or "") for name in _SAID}
        said |= {name: _hour(getattr(self, name)) for name in ("starts_at", "ends_at", "opens_at", "closes_at")}
        said["point"] = f"{self.latitude}, {self.longitude}" if self.latitude is not None else ""
        said["about"] = ", ".join(str(number) for number in self.about)
        said["takes_places"] = "✓" if self.takes_places else ""
        return said | {"questions": "\n".join(_question(question) for question in self.asked)}


_SAID = (
    *("area", "room", "building", "address", "directions", "online_url", "accessibility", "spoken", "organisers"),
    *("partners", "contact_email", "agenda", "most_people", "recording_url", "heard"),
)


def _hour(moment: datetime | None) -> str:
    return f"{local(moment):%d.%m.%Y %H:%M}" if moment is not None else ""


def _question(question: dict[str, Any]) -> str:
    """In one line, with the sign by which forms mark what has to be answered."""
    choices = f" ({' / '.join(question['choices'])})" if question.get("choices") else ""
    return f"{question['label']}{choices}{' *' if question.get('is_needed') else ''}"


class Hall(Shown, Base):
    """The seats of one event, counted when places are given: the one row for which all who want a place queue.

    ``capacity`` None: as many as come. ``wanted`` is smaller than ``capacity`` while more places are given than the
    municipality would like by now: the hall shrinks as they are given back. ``waiting`` counts people in the line whose
    address is confirmed, ``number`` is the last that was given to anybody, ``arrived`` counts heads at the door.
    """

    __tablename__ = "events_hall"
    __table_args__ = (
        ForeignKeyConstraint(["municipality_id", "event_id"], ["publication.municipality_id", "publication.id"]),
        CheckConstraint("taken >= 0 and waiting >= 0 and arrived >= 0", "counted"),
        CheckConstraint("capacity is null or taken <= capacity", "never_one_too_many"),
    )
    shown_by = "event_id"

    event_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    capacity: Mapped[int | None]
    wanted: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    arrived: Mapped[int] = mapped_column(default=0)
    number: Mapped[int] = mapped_column(default=0)

    @property
    def free(self) -> int | None:
        """Seats that nobody holds; None where there is no limit."""
        return None if self.capacity is None else self.capacity - self.taken

    def has_seats(self, seats: int) -> bool:
        """Whether ``seats`` more can be given."""
        return self.free is None or seats <= self.free


class Standing(StrEnum):
    """Where a place stands; see ``operations.places`` for the ways from one to another."""

    HELD = "held"  # asked for by a guest, kept until the address is confirmed or the time is over
    GIVEN = "given"
    WAITING = "waiting"
    OFFERED = "offered"  # a freed place, kept for the next in line for a while
    CANCELLED = "cancelled"
    LAPSED = "lapsed"  # not confirmed, or not accepted, in time


SEATED = (Standing.HELD, Standing.GIVEN, Standing.OFFERED)
ALIVE = (*SEATED, Standing.WAITING)


class Place(Local, Base):
    """One party's place at one event, or its place in the line. One address has one, whatever was clicked."""

    __tablename__ = "events_place"
    __table_args__ = (
        ForeignKeyConstraint(["municipality_id", "event_id"], ["publication.municipality_id", "publication.id"]),
        UniqueConstraint("event_id", "address_key"),
        UniqueConstraint("event_id", "code"),
        Index(None, "event_id", "standing", "number"),
        Index(None, "municipality_id", "until"),
        Index(None, "person_id"),
        CheckConstraint(f"people between 1 and {PEOPLE_MAX}", "people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int]
    code: Mapped[str] = mapped_column(String(8))
    salt: Mapped[str] = mapped_column(String(32))  # what the key in the letter's link is made from
    standing: Mapped[str] = mapped_column(String(10), default=Standing.HELD)
    step: Mapped[int] = mapped_column(default=0)  # raised with each change; no letter of a step is written twice
    number: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=1)
    is_online: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    address_key: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    language: Mapped[str] = mapped_column(String(2), default="bg")
    channel: Mapped[str] = mapped_column(String(10), default="site")
    person_id: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    arrived: Mapped[int] = mapped_column(default=0)
    erased_at: Mapped[datetime | None]

    @property
    def seats(self) -> int:
        """How many seats in the hall it needs; who takes part online needs none."""
        return 0 if self.is_online else self.people

    @property
    def is_alive(self) -> bool:
        """Whether it is held, given, offered or in the line."""
        return self.standing in ALIVE
