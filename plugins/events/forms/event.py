"""What is typed about an event: its particulars, why it is cancelled, what came of it."""

from __future__ import annotations

from typing import Any

import wtforms

from consult.api import (
    Form,
    LineField,
    MomentField,
    PublicationForm,
    TextField,
    language,
    lazy_pgettext,
    open_towns,
    read_number,
)
from plugins.events.forms.fields import (
    QUESTIONS,
    AboutField,
    CodesField,
    DayField,
    EmailField,
    LinkField,
    NumberField,
    PointField,
    check_question,
    offered,
    question_fields,
    questions_as_typed,
    read_questions,
)
from plugins.events.models import PEOPLE_MAX, Event
from plugins.events.policy import SPOKEN
from plugins.events.queries import hall_of

CAPACITY_MAX, ATTENDANCE_MAX = 10_000, 100_000
LINES = (
    *("area", "room", "building", "address", "directions", "online_url", "accessibility", "partners"),
    *("contact_email", "contact_phone", "contact_person", "agenda"),
)
MOMENTS = ("starts_at", "ends_at", "opens_at", "closes_at")

QuestionsForm = type("QuestionsForm", (Form,), question_fields())


class EventForm(PublicationForm, QuestionsForm):  # type: ignore[valid-type,misc]  # its fields are made in a loop
    """An event: the words of any publication, when and where it is, who holds it, and how places are given."""

    starts_at = MomentField(
        lazy_pgettext("events", "It begins"), True, lazy_pgettext("events", "Say on which day and at what hour.")
    )
    ends_at = MomentField(lazy_pgettext("events", "It ends"))
    area = LineField(lazy_pgettext("events", "Town, village or quarter"), 80, is_needed=False)
    room = LineField(lazy_pgettext("events", "Room"), 120, is_needed=False)
    building = LineField(lazy_pgettext("events", "Building"), 160, is_needed=False)
    address = LineField(lazy_pgettext("events", "Address"), 200, is_needed=False)
    directions = TextField(lazy_pgettext("events", "How to get there"), 600)
    accessibility = TextField(lazy_pgettext("events", "Access"), 600)
    spoken = CodesField(lazy_pgettext("events", "Languages spoken"), choices=offered(SPOKEN), default="bg")
    point = PointField(lazy_pgettext("events", "Point on the map"))
    online_url = LinkField(lazy_pgettext("events", "Address for taking part online"), 500, is_needed=False)
    agenda = TextField(lazy_pgettext("events", "Agenda"), 6000)
    about = AboutField(lazy_pgettext("events", "What it is about on this site"))
    organisers = CodesField(lazy_pgettext("events", "Municipalities that hold it"), choices=[], default="")
    partners = LineField(lazy_pgettext("events", "Together with"), 300, is_needed=False)
    contact_email = EmailField(lazy_pgettext("events", "E-mail for questions"), 254, is_needed=False)
    contact_phone = LineField(lazy_pgettext("events", "Telephone for questions"), 40, is_needed=False)
    contact_person = LineField(lazy_pgettext("events", "Who answers"), 120, is_needed=False)
    contact_until = DayField(lazy_pgettext("events", "Last day on which the person and the telephone are shown"))
    takes_places = wtforms.BooleanField(lazy_pgettext("events", "People take a place in advance"))
    capacity = NumberField(lazy_pgettext("events", "How many places"), 1, CAPACITY_MAX)
    is_sure = wtforms.BooleanField(
        lazy_pgettext("events", "I am sure that there should be fewer places than are taken")
    )
    most_people = NumberField(
        lazy_pgettext("events", "How many people one may bring along, oneself included"),
        1,
        PEOPLE_MAX,
        missing=lazy_pgettext("events", "Enter a number from 1 to 20."),
        default=5,
    )
    opens_at = MomentField(lazy_pgettext("events", "Registration opens"))
    closes_at = MomentField(lazy_pgettext("events", "Registration closes"))
    reason = TextField(lazy_pgettext("events", "Why the time changes"), 600)

    def __init__(self, formdata: Any = None, obj: Event | None = None, **kwargs: Any) -> None:
        self.kept_questions = list(obj.questions or ()) if obj is not None else []
        if obj is not None:
            hall = hall_of(obj.id)
            kwargs |= {"capacity": hall.wanted if hall is not None else None, **questions_as_typed(obj)}
            kwargs["point"] = f"{obj.latitude}, {obj.longitude}" if obj.latitude is not None else ""
        super().__init__(formdata, obj=obj, **kwargs)
        self.organisers.choices = offered({town.code: town.name(language()) for town in open_towns()})

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Besides the fields: each of the questions is whole."""
        is_well = super().validate(*args, **kwargs)
        are_whole = [check_question(self, f"q{number}") for number in range(1, QUESTIONS + 1)]
        return bool(is_well) and all(are_whole)

    def words(self) -> dict[str, Any]:
        """See PublicationForm; capacity, reason and whether one is sure are ``operations.keep_event``'s."""
        latitude, longitude = self.point.point or (None, None)
        return (
            super().words()
            | {name: self[name].data or "" for name in LINES}
            | {name: self[name].moment for name in MOMENTS}
            | {"latitude": latitude, "longitude": longitude, "about": self.about.numbers}
            | {"spoken": self.spoken.codes(), "organisers": self.organisers.codes()}
            | {"contact_until": self.contact_until.data, "questions": read_questions(self, self.kept_questions)}
            | {"takes_places": self.takes_places.data, "most_people": self.most_people.data}
        )


class CancelForm(Form):
    """Why an event does not take place."""

    reason = TextField(
        lazy_pgettext("events", "Why is it cancelled?"),
        600,
        is_needed=True,
        missing=lazy_pgettext("events", "Say why it is cancelled; people will read it."),
    )


class AfterwardsForm(Form):
    """What came of an event."""

    heard = TextField(lazy_pgettext("events", "What was heard"), 20_000)
    recording_url = LinkField(lazy_pgettext("events", "Address of the recording"), 500, is_needed=False)
    attendance = NumberField(lazy_pgettext("events", "How many people came"), 0, ATTENDANCE_MAX)
    revision = wtforms.HiddenField(default="0")

    def seen_revision(self) -> int:
        """The revision that was on the page when the person began; 0 for anything that is no number."""
        return read_number(str(self.revision.data or "")) or 0
