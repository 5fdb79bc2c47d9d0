"""Fields of the staff's forms: a day, a whole number, an address of e-mail."""

from __future__ import annotations

import re
from typing import Any

import wtforms
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from consult.api import LineField, Refused, check_email, lazy_pgettext


class DayField(wtforms.DateField):
    """A day, typed as the browser's own field or as text, or None."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, [Optional()], format=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y г."], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(lazy_pgettext("consultations", "Enter a day, for example 18.12.2026.")) from None


class DaysField(wtforms.IntegerField):
    """A number of days from 1 to 365; None where it may be left out."""

    def __init__(self, label: Any, is_needed: bool = True, **kwargs: Any) -> None:
        self.sentence = lazy_pgettext("consultations", "Enter a number of days from 1 to 365.")
        first = InputRequired(self.sentence) if is_needed else Optional()
        super().__init__(label, [first, NumberRange(1, 365, self.sentence)], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed, self.data = str(valuelist[0]).strip() if valuelist else "", None
        if typed:
            if re.fullmatch(r"[0-9]{1,4}", typed) is None:
                raise ValueError(self.sentence)
            self.data = int(typed)


class EmailField(LineField):
    """An address of e-mail, or nothing."""

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        super().pre_validate(form)
        if self.data:
            try:
                check_email(self.data)
            except Refused as refused:
                raise ValidationError(refused.sentence) from None
