"""What is typed about a notice."""

from typing import Any

import wtforms

from consult.api import Form, LineField, MomentField, lazy_pgettext

from .models import TEXT_MAX


class NoticeForm(Form):
    """Its text, and until when it hangs."""

    text = LineField(
        lazy_pgettext("notices", "Notice"), TEXT_MAX, missing=lazy_pgettext("notices", "Write the notice.")
    )
    ends_at = MomentField(lazy_pgettext("notices", "It hangs until"))

    def validate_ends_at(self, field: Any) -> None:
        """A notice without an end would hang for ever."""
        if field.data is None:
            raise wtforms.ValidationError(str(lazy_pgettext("notices", "Say until when it hangs.")))
