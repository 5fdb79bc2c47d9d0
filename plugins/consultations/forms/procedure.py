"""What is typed about a type of procedure."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms.fields import SelectChoice

from consult.api import ChoicesField, Form, LineField, TextField, lazy_pgettext
from plugins.consultations.forms.fields import DaysField
from plugins.consultations.models import Procedure
from plugins.consultations.policy import DOCUMENTS
from plugins.consultations.queries import PROCEDURE_COLUMNS


class ProcedureForm(Form):
    """A type of procedure: its terms, by which law, what has to be attached, what follows."""

    name = LineField(
        lazy_pgettext("consultations", "Name"), 120, missing=lazy_pgettext("consultations", "Give the type a name.")
    )
    basis = LineField(
        lazy_pgettext("consultations", "Article that sets the term"),
        300,
        missing=lazy_pgettext("consultations", "Say by which article; people will read it."),
    )
    days_legal = DaysField(lazy_pgettext("consultations", "Days at least"), default=30)
    days_shortened = DaysField(lazy_pgettext("consultations", "Days at least, with stated reasons"), is_needed=False)
    is_normative = wtforms.BooleanField(lazy_pgettext("consultations", "A normative act: art. 26 of its law binds"))
    documents = ChoicesField(
        lazy_pgettext("consultations", "Documents that must be there"),
        choices=[SelectChoice(value=key, label=words) for key, words in DOCUMENTS.items()],
        option_widget=wtforms.widgets.CheckboxInput(),
        default=(),
    )
    follows = TextField(lazy_pgettext("consultations", "What follows"), 2000)
    is_offered = wtforms.BooleanField(lazy_pgettext("consultations", "Offered for new consultations"), default=True)
    seen = wtforms.HiddenField(default="")

    def __init__(self, formdata: Any = None, obj: Procedure | None = None, **kwargs: Any) -> None:
        super().__init__(formdata, obj=obj, **kwargs)
        self.documents.type = "ChoicesField"  # by which the macros know how to draw it

    def words(self) -> dict[str, Any]:
        """What was typed, by column."""
        words = {name: self[name].data for name in PROCEDURE_COLUMNS}
        return words | {"documents": list(self.documents.data or ()), "follows": self.follows.data or ""}
