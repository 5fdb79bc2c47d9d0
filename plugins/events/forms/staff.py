"""What the staff type about a place: one for somebody who called or came, and a change of it."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from consult.api import Form, LineField, lazy_pgettext
from plugins.events.forms.fields import EmailField, NumberField
from plugins.events.models import PEOPLE_MAX
from plugins.events.policy import CHANNELS, FOR_OTHERS

WAYS = {"hall": lazy_pgettext("events", "In the hall"), "online": lazy_pgettext("events", "Online")}


class PartyForm(Form):
    """How many come, and in which way."""

    people = NumberField(
        lazy_pgettext("events", "How many people"),
        1,
        PEOPLE_MAX,
        missing=lazy_pgettext("events", "Enter a number from 1 to 20."),
        default=1,
    )
    way = wtforms.RadioField(lazy_pgettext("events", "How they take part"), choices=list(WAYS.items()), default="hall")

    @property
    def is_online(self) -> bool:
        """Whether they take part online."""
        return bool(self.way.data == "online")


class EnterForm(PartyForm):
    """A place for somebody who asked in another way than on the site."""

    name = LineField(
        lazy_pgettext("events", "Name"), 120, missing=lazy_pgettext("events", "Enter the name of who comes.")
    )
    email = EmailField(lazy_pgettext("events", "E-mail"), 254, is_needed=False)
    phone = LineField(lazy_pgettext("events", "Telephone"), 40, is_needed=False)
    channel = wtforms.RadioField(
        lazy_pgettext("events", "How they asked"),
        [InputRequired(lazy_pgettext("events", "Choose how they asked."))],
        choices=[SelectChoice(value=key, label=CHANNELS[key]) for key in FOR_OTHERS],
    )
    waits = wtforms.BooleanField(lazy_pgettext("events", "Put them on the waiting list"))


def party_of(form: PartyForm) -> dict[str, Any]:
    """The party as ``operations.Asking`` names it."""
    return {"people": form.people.data, "is_online": form.is_online}
