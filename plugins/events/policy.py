"""Who may do what with events, what a municipality may decide about them, and the words they are sorted by."""

from __future__ import annotations

from datetime import timedelta

from consult.api import Permission, Setting, lazy_pgettext, setting

PERMISSIONS = (
    Permission("events.write", lazy_pgettext("events", "Write and publish events"), ("editor", "admin")),
    Permission("events.withdraw", lazy_pgettext("events", "Withdraw events"), ("admin",)),
    Permission("events.see_places", lazy_pgettext("events", "See who has a place, enter places"), ("editor", "admin")),
    Permission(
        "events.check_in", lazy_pgettext("events", "Tick people off at the door"), ("editor", "moderator", "admin")
    ),
)

SETTINGS = (
    Setting(
        name="events.on_home",
        title=lazy_pgettext("events", "How many events stand on the home page"),
        default=4,
        least=0,
        most=10,
    ),
    Setting(
        name="events.offer_hours",
        title=lazy_pgettext("events", "For how many hours a freed place is kept for the next in line"),
        hint=lazy_pgettext("events", "Never longer than until two hours before the event."),
        default=24,
        least=1,
        most=96,
    ),
    Setting(
        name="events.remind_hours",
        title=lazy_pgettext("events", "How many hours before an event its people are reminded"),
        hint=lazy_pgettext("events", "0: nobody is reminded."),
        default=24,
        least=0,
        most=168,
    ),
    Setting(
        name="events.erase_after_days",
        title=lazy_pgettext("events", "After how many days the names of those who came are erased"),
        hint=lazy_pgettext("events", "How many came is kept."),
        default=30,
        least=1,
        most=365,
    ),
)

HOLD = timedelta(hours=1)  # how long a guest's place is kept until the address is confirmed
HOLD_IN_LINE = timedelta(days=2)  # and how long a place in the line, which keeps nobody else out

# Kind of event: its key in addresses, and its name. The keys are topics of the publication.
KINDS = {
    "krugla-masa": lazy_pgettext("events", "Round table"),
    "obsazhdane": lazy_pgettext("events", "Public discussion"),
    "sreshta": lazy_pgettext("events", "Meeting"),
    "obuchenie": lazy_pgettext("events", "Training"),
    "kultura": lazy_pgettext("events", "Culture and holidays"),
    "drugo": lazy_pgettext("events", "Other"),
}
SPOKEN = {
    "bg": lazy_pgettext("events", "Bulgarian"),
    "tr": lazy_pgettext("events", "Turkish"),
    "en": lazy_pgettext("events", "English"),
    "rom": lazy_pgettext("events", "Romani"),
    "bgs": lazy_pgettext("events", "Bulgarian sign language"),
}
CHANNELS = {
    "site": lazy_pgettext("events", "On the site"),
    "phone": lazy_pgettext("events", "By telephone"),
    "counter": lazy_pgettext("events", "At the counter"),
    "mail": lazy_pgettext("events", "By e-mail"),
    "paper": lazy_pgettext("events", "On paper"),
    "door": lazy_pgettext("events", "At the door"),
}
FOR_OTHERS = ("phone", "counter", "mail", "paper")  # the channels of a place that the staff enter


def offer_lasts() -> timedelta:
    """How long this municipality keeps a freed place for the next in line."""
    return timedelta(hours=int(setting("events.offer_hours")))
