"""The front door: what Notices brings."""

from consult.api import NavigationItem, Plugin, lazy_npgettext, lazy_pgettext

from .models import Notice
from .outlets import FILLS, LISTENS
from .policy import PERMISSIONS, SETTINGS
from .queries import count
from .views import pages

plugin = Plugin(
    name="notices",
    title=lazy_pgettext("notices", "Notices"),
    summary=lazy_pgettext("notices", "A board of short notices in the menu and beside the news, each until its day."),
    path="obyavi",
    keeps=lambda: lazy_npgettext("notices", "%(num)d notice", "%(num)d notices", count()),
    pages=pages,
    navigation=(
        NavigationItem(lazy_pgettext("notices", "Notices"), "notices.board", order=60),
        NavigationItem(lazy_pgettext("notices", "Notices"), "notices.desk", "desk", "info", 60),
    ),
    models=(Notice,),
    permissions=PERMISSIONS,
    settings=SETTINGS,
    fills=FILLS,
    listens=LISTENS,
)
