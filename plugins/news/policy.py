"""Who may do what with news, and what a municipality may decide about it."""

from consult.api import Permission, Setting, lazy_pgettext

PERMISSIONS = (
    Permission("news.write", lazy_pgettext("news", "Write and publish news"), ("editor", "admin")),
    Permission("news.withdraw", lazy_pgettext("news", "Withdraw news"), ("admin",)),
    Permission("news.name_categories", lazy_pgettext("news", "Name the categories of news"), ("admin",)),
)
SETTINGS = (
    Setting(
        name="news.on_home",
        title=lazy_pgettext("news", "How many news stand on the home page"),
        default=3,
        least=0,
        most=10,
    ),
)
