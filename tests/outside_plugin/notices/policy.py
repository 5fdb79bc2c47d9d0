"""Who may do what with notices, and what a municipality may decide about them."""

from consult.api import Permission, Setting, lazy_pgettext

PERMISSIONS = (Permission("notices.post", lazy_pgettext("notices", "Put up notices"), ("editor", "admin")),)
SETTINGS = (
    Setting(
        name="notices.days",
        title=lazy_pgettext("notices", "For how many days a new publication is noticed on the board"),
        hint=lazy_pgettext("notices", "0 means that it is not."),
        default=7,
        least=0,
        most=30,
    ),
)
