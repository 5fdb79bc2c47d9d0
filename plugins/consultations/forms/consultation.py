"""What is typed about a consultation by the staff: what people read of it, its term, what was decided."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms.fields import SelectChoice

from consult.api import (
    ChoiceField,
    Form,
    LineField,
    MomentField,
    PublicationForm,
    TextField,
    lazy_pgettext,
    read_number,
)
from plugins.consultations.forms.fields import DayField, DaysField, EmailField
from plugins.consultations.models import Consultation, Outcome
from plugins.consultations.policy import ACT_TYPES, PROCEDURES
from plugins.consultations.queries import offered_procedures

LINES = (
    *("act_type", "changes", "affected", "ask", "legal_basis", "mover", "contact_role", "contact_email"),
    *("contact_phone", "post_address", "counter", "questions", "promise", "sitting"),
)
DAYS = ("sitting_on", "answers_due_on")
OUTCOMES = {
    Outcome.NONE: lazy_pgettext("consultations", "Nothing yet"),
    Outcome.ADOPTED: lazy_pgettext("consultations", "The act was adopted"),
    Outcome.NOT_ADOPTED: lazy_pgettext("consultations", "The act was not adopted"),
}


class ConsultationForm(PublicationForm):
    """A consultation: the words of any publication, the brief, whom to ask, and its term until it is open."""

    procedure = ChoiceField(lazy_pgettext("consultations", "Type of procedure"), choices=[])
    act_type = ChoiceField(
        lazy_pgettext("consultations", "Type of act"),
        choices=[SelectChoice(value=k, label=v) for k, v in ACT_TYPES.items()],
    )
    changes = TextField(lazy_pgettext("consultations", "What changes"), 1500)
    affected = TextField(lazy_pgettext("consultations", "Who is affected"), 600)
    ask = TextField(lazy_pgettext("consultations", "What we ask"), 600)
    legal_basis = LineField(lazy_pgettext("consultations", "Legal basis"), 600, is_needed=False)
    mover = LineField(lazy_pgettext("consultations", "Who moves it"), 200, is_needed=False)
    contact_role = LineField(lazy_pgettext("consultations", "Who answers questions (post, not name)"), 200, False)
    contact_email = EmailField(lazy_pgettext("consultations", "E-mail for questions"), 254, is_needed=False)
    contact_phone = LineField(lazy_pgettext("consultations", "Telephone for questions"), 40, is_needed=False)
    post_address = LineField(lazy_pgettext("consultations", "Address for letters"), 300, is_needed=False)
    counter = LineField(lazy_pgettext("consultations", "Counter and its hours"), 300, is_needed=False)
    questions = TextField(lazy_pgettext("consultations", "Questions to people"), 3000)
    promise = TextField(lazy_pgettext("consultations", "What we promise"), 600)
    sitting_on = DayField(lazy_pgettext("consultations", "Day of the council’s sitting"))
    sitting = LineField(lazy_pgettext("consultations", "The sitting in words"), 200, is_needed=False)
    answers_due_on = DayField(lazy_pgettext("consultations", "Day by which everybody is answered"))
    days = DaysField(lazy_pgettext("consultations", "Days for opinions"), default=30)
    short_reasons = TextField(lazy_pgettext("consultations", "Reasons for a shorter term"), 3000)
    opens_on = DayField(lazy_pgettext("consultations", "Opens on"))

    def __init__(self, formdata: Any = None, obj: Consultation | None = None, **kwargs: Any) -> None:
        self.known = {procedure.key: procedure for procedure in offered_procedures(obj)}
        self.has_term = obj is not None and obj.is_open
        if obj is not None:
            kwargs["procedure"] = next((k for k, one in self.known.items() if one.id == obj.procedure_id), None)
        super().__init__(formdata, obj=obj, **kwargs)
        names = {key: one.name for key, one in self.known.items()} or {key: name for key, name, *_rest in PROCEDURES}
        self.procedure.choices = [SelectChoice(value=key, label=name) for key, name in names.items()]
        if self.has_term:  # what people were told stays: these fields do not stand on the page
            for name in ("procedure", "days", "short_reasons", "opens_on"):
                del self[name]

    def words(self) -> dict[str, Any]:
        """See PublicationForm; the name and the law of the procedure are copied, so that they stay with it."""
        words = super().words() | {name: self[name].data or "" for name in LINES}
        words |= {name: self[name].data for name in DAYS}
        if self.has_term:
            return words
        procedure = self.known.get(self.procedure.data)
        if procedure is not None:
            words |= {"procedure_id": procedure.id, "procedure_name": procedure.name, "basis": procedure.basis}
        words |= {"days": self.days.data, "short_reasons": self.short_reasons.data or ""}
        return words | {"opens_on": self.opens_on.data}


class TimeForm(Form):
    """When the consultation shows itself, asked before it is opened; nothing: now."""

    publish_at = MomentField(lazy_pgettext("consultations", "Publish at"))


class OpeningForm(TimeForm):
    """The same on the page that asks once more, with the last day that stands on its button."""

    promised = wtforms.HiddenField(default="")


class OutcomeForm(Form):
    """What was decided in the end."""

    outcome = wtforms.RadioField(
        lazy_pgettext("consultations", "What was decided"),
        choices=[SelectChoice(value=str(key), label=words) for key, words in OUTCOMES.items()],
        default="",
    )
    decided_on = DayField(lazy_pgettext("consultations", "On which day"))
    outcome_text = TextField(lazy_pgettext("consultations", "In words: what changed because of people"), 20_000)
    unreported_why = TextField(lazy_pgettext("consultations", "Why there was no report before the decision"), 2_000)
    revision = wtforms.HiddenField(default="0")

    def seen_revision(self) -> int:
        """The revision that was on the page when the person began; 0 for anything that is no number."""
        return read_number(str(self.revision.data or "")) or 0

    def words(self) -> dict[str, Any]:
        """What ``decide`` takes besides the revision."""
        said = {"outcome": self.outcome.data or "", "decided_on": self.decided_on.data}
        return {**said, "text": self.outcome_text.data or "", "unreported_why": self.unreported_why.data or ""}
