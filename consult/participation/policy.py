"""The rules for what people say, what a municipality may decide about them, and who moderates."""

from __future__ import annotations

from datetime import timedelta

from consult.access import Permission
from consult.i18n import lazy_gettext as _
from consult.settings import Setting, setting

CONFIRM_WITHIN = timedelta(hours=72)  # how long a guest may take to open the letter and press the button
EDIT_FOR = timedelta(minutes=30)

# Key of a rule in addresses, files and the register, and how people read it.
RULES = {
    "lichni": _("Personal data of somebody else"),
    "obida": _("Insult or threat"),
    "spam": _("Advertising or repetition"),
    "tema": _("Not about this draft"),
    "zakon": _("Against the law"),
    "chuzhdo": _("Written in somebody else’s name"),
}

PERMISSIONS = (
    Permission("participation.moderate", _("Read what people send, publish and hide it"), ("moderator", "admin")),
)

SETTINGS = (
    Setting(
        name="participation.moderated",
        title=_("When a moderator reads what people send"),
        hint=_("What seems to hold personal data always waits for a moderator."),
        default="after",
        choices=(("after", _("After it is shown")), ("before", _("Before it is shown"))),
    ),
)


def is_read_before() -> bool:
    """Whether this municipality shows only what a moderator has read."""
    return setting("participation.moderated") == "before"
