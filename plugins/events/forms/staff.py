"""What the staff type about a place for somebody who called, wrote or came."""

from __future__ import annotations

import wtforms
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from consult.api import LineField, lazy_pgettext
from plugins.events.forms.fields import EmailField
from plugins.events.forms.place import EMAIL_MAX, NAME_MAX, PartyForm, with_party
from plugins.events.forms.questions import with_questions
from plugins.events.models import Event
from plugins.events.policy import CHANNELS, FOR_OTHERS


class EnterForm(PartyForm):
    """A place for somebody who asked in another way than on the site."""

    name = LineField(
        lazy_pgettext("events", "Name"), NAME_MAX, missing=lazy_pgettext("events", "Enter the name of who comes.")
    )
    email = EmailField(lazy_pgettext("events", "Email"), EMAIL_MAX, is_needed=False)
    phone = LineField(lazy_pgettext("events", "Telephone"), 40, is_needed=False)
    channel = wtforms.RadioField(
        lazy_pgettext("events", "How they asked"),
        [InputRequired(lazy_pgettext("events", "Choose how they asked."))],
        choices=[SelectChoice(value=key, label=CHANNELS[key]) for key in FOR_OTHERS],
    )
    waits = wtforms.BooleanField(lazy_pgettext("events", "Put them on the waiting list"))


def enter_form(event: Event) -> EnterForm:
    """The form by which a place is entered, as sent, or empty."""
    form: EnterForm = with_questions(with_party(EnterForm, event), event).of_request()
    return form
