"""What is typed by who asks for a place, and by who changes one."""

from __future__ import annotations

from typing import Any

import wtforms
from flask import request
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from consult.api import Form, LineField, Refused, check_email, lazy_npgettext, lazy_pgettext, setting
from plugins.events.forms.questions import with_questions
from plugins.events.models import Event

EMAIL_MAX = 254  # characters (RFC 5321, 4.5.3.1.3)
NAME_MAX = 120
HALL, ONLINE = "zala", "online"
WAYS = (
    SelectChoice(value=HALL, label=lazy_pgettext("events", "In the hall")),
    SelectChoice(value=ONLINE, label=lazy_pgettext("events", "Online")),
)
CHOOSE_WAY = lazy_pgettext("events", "Choose how you will take part.")


class PeopleField(wtforms.IntegerField):
    """How many people come, from 1 to ``most``; whatever else is typed gets one and the same sentence."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        self.sentence = lazy_pgettext("events", "Enter a number from 1 to %(most)s.", most=most)
        checks = [InputRequired(self.sentence), NumberRange(1, most, self.sentence)]
        super().__init__(lazy_pgettext("events", "How many of you are coming?"), checks, default=1, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([str(typed).strip() for typed in valuelist])
        except ValueError:
            raise ValueError(self.sentence) from None


class WayField(wtforms.RadioField):
    """In the hall or online."""

    def __init__(self, **kwargs: Any) -> None:
        label = lazy_pgettext("events", "How will you take part?")
        super().__init__(label, choices=list(WAYS), default=HALL, **kwargs)
        self.type = "RadioField"  # by which the macros know how to draw it

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.data not in (HALL, ONLINE):
            raise wtforms.ValidationError(CHOOSE_WAY)


class PartyForm(Form):
    """What may be changed later: how many, in which way, and the answers to the event's questions."""

    def people_said(self, before: int = 1) -> int:
        """The size of the party; what it was ``before`` where the event does not ask."""
        return int(self["people"].data) if "people" in self else before

    def is_online(self, event: Event) -> bool:
        """Whether they take part online; of an event in one way only, that way."""
        return bool(self["way"].data == ONLINE) if "way" in self else not event.has_room


class AskingForm(PartyForm):
    """What a signed-in person is asked for besides: nothing, as name and address are those of the account."""


class GuestForm(PartyForm):
    """What a guest is asked for besides: a name, an address, and leave to keep both for a while."""

    name = LineField(lazy_pgettext("events", "Name"), NAME_MAX, missing=lazy_pgettext("events", "Enter your name."))
    email = LineField(
        lazy_pgettext("events", "Email"),
        EMAIL_MAX,
        missing=lazy_pgettext("events", "Enter your email."),
        description=lazy_pgettext("events", "We send a letter there: you confirm by it, and cancel by it if you must."),
    )

    def validate_email(self, field: wtforms.Field) -> None:
        """The sentence stands beside the field, together with those of the other fields."""
        try:
            field.data = check_email(field.data or "")
        except Refused as refused:
            raise wtforms.ValidationError(refused.sentence) from None


def asking_form(event: Event, is_guest: bool) -> PartyForm:
    """The form by which a place at ``event`` is asked for, as sent, or empty."""
    kind = with_questions(with_party(GuestForm if is_guest else AskingForm, event), event)
    kind = _with(kind, or_wait=wtforms.BooleanField(OR_WAIT))
    if is_guest:
        kind = _with(kind, consent=wtforms.BooleanField(_consent(), [InputRequired(NEEDS_CONSENT)]))
    form: PartyForm = kind.of_request()
    return form


def change_form(event: Event, people: int, is_online: bool, answers: dict[str, str]) -> PartyForm:
    """The form by which a place is changed, as sent, or filled with what it is now."""
    way = ONLINE if is_online else HALL
    typed = with_questions(with_party(PartyForm, event), event)
    form: PartyForm = typed.of_request(None, **(answers | {"people": people, "way": way}))
    return form


OR_WAIT = lazy_pgettext("events", "If the places run out while I write, put me on the waiting list.")
NEEDS_CONSENT = lazy_pgettext("events", "Without this we cannot keep a place for you. You can also call us.")


def _consent() -> Any:
    days = int(setting("events.erase_after_days"))
    return lazy_npgettext(
        "events",
        "The municipality may keep my name, email and answers until %(num)d day after the event.",
        "The municipality may keep my name, email and answers until %(num)d days after the event.",
        days,
    )


def with_party(form: type[PartyForm], event: Event) -> type[PartyForm]:
    """A kind of ``form`` that asks what this event leaves open: the way, the size of the party."""
    fields: dict[str, Any] = {}
    if event.online_url and event.has_room:
        fields["way"] = WayField()
    if event.most_people > 1:
        fields["people"] = PeopleField(event.most_people)
    return _with(form, **fields)


def _with(form: type[PartyForm], **fields: Any) -> type[PartyForm]:
    return type(form.__name__, (form,), fields)


def wants_to_wait(form: PartyForm) -> bool:
    """Whether the button of the waiting list was pressed, or the box for the case that others are quicker is ticked."""
    return request.form.get("waits") == "1" or bool(form["or_wait"].data)
