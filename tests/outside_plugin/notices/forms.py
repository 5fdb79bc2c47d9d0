"""What is typed about a notice."""

from consult.api import Form, LineField, MomentField, lazy_pgettext

from .models import TEXT_MAX


class NoticeForm(Form):
    """Its text, and until when it hangs."""

    text = LineField(
        lazy_pgettext("notices", "Notice"), TEXT_MAX, missing=lazy_pgettext("notices", "Write the notice.")
    )
    ends_at = MomentField(
        lazy_pgettext("notices", "It hangs until"),
        is_needed=True,  # without an end it would hang for ever
        missing=lazy_pgettext("notices", "Say until when it hangs."),
    )
