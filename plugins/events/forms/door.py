"""What is typed at the door: how many came, when that was, who comes without a place."""

from __future__ import annotations

from datetime import UTC, datetime

import wtforms

from consult.api import Form, LineField, lazy_pgettext
from plugins.events.forms.fields import NumberField
from plugins.events.models import PEOPLE_MAX

MANY = lazy_pgettext("events", "Enter how many of them have come.")
ONE_TO = lazy_pgettext("events", "Enter a number from 1 to 20.")


class CameForm(Form):
    """A tick: how many of the party, and the hour at which a telephone without network noted it (ISO 8601)."""

    people = NumberField(lazy_pgettext("events", "How many people"), 1, PEOPLE_MAX, said=MANY)
    at = wtforms.StringField(default="")

    def moment(self) -> datetime | None:
        """When it was ticked; None for now, and for anything that is no hour."""
        try:
            noted = datetime.fromisoformat((self.at.data or "").replace("Z", "+00:00"))
        except ValueError:
            return None
        return noted.astimezone(UTC) if noted.tzinfo is not None else None


class LetInForm(Form):
    """Somebody without a place."""

    name = LineField(
        lazy_pgettext("events", "Name"), 120, missing=lazy_pgettext("events", "Enter the name, or “guest”.")
    )
    people = NumberField(lazy_pgettext("events", "How many people"), 1, PEOPLE_MAX, missing=ONE_TO, default=1)
