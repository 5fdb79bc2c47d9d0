"""The front door: what Events brings."""

from consult.api import (
    Announcement,
    Job,
    Listener,
    NavigationItem,
    Plugin,
    Slot,
    count_own,
    lazy_npgettext,
    lazy_pgettext,
)
from plugins.events.demo import fill
from plugins.events.models import Event, Hall, Place
from plugins.events.operations import erase_due, hear_published, hear_withdrawn, lapse_due, remind_due
from plugins.events.outlets import CALENDAR, CARDS
from plugins.events.policy import PERMISSIONS, SETTINGS
from plugins.events.tasks import near, to_report, waiting
from plugins.events.views import pages

plugin = Plugin(
    name="events",
    title=lazy_pgettext("events", "Events"),
    summary=lazy_pgettext(
        "events", "A section “Events” with a calendar, places that people take by e-mail, and the list at the door."
    ),
    path="sabitia",
    keeps=lambda: lazy_npgettext("events", "%(num)d event", "%(num)d events", count_own(Event)),
    pages=pages,
    navigation=(
        NavigationItem(
            lazy_pgettext("events", "Events"),
            "events.events",
            order=20,
            invitation=lazy_pgettext("events", "See what is coming"),
        ),
        NavigationItem(lazy_pgettext("events", "Events"), "events.desk_list", "desk", "cal", 20),
        NavigationItem(lazy_pgettext("events", "New event"), "events.desk_new", "make", "cal", 20),
    ),
    cards=CARDS,
    calendars=(CALENDAR,),
    desk=(near, waiting, to_report),
    publishes=(Event,),
    models=(Hall, Place),
    permissions=PERMISSIONS,
    settings=SETTINGS,
    jobs=(
        Job("events.lapse", lapse_due, 1),
        Job("events.remind", remind_due, 10),
        Job("events.erase", erase_due, 60, even_when_off=True),
    ),
    demo=fill,
    demo_after=("news",),
    slots=(Slot("events.event_aside", ("event",), "Beside an event."),),
    announces=(
        Announcement("events.place_given", ("event", "place"), "Somebody has a place, with a confirmed address."),
        Announcement("events.place_cancelled", ("event", "place"), "A place was given back, or the line was left."),
        Announcement("events.changed", ("event",), "It takes place at another time, or elsewhere."),
        Announcement("events.cancelled", ("event",), "It does not take place."),
    ),
    listens=(
        Listener("publishing.published", hear_published),
        Listener("publishing.withdrawn", hear_withdrawn),
    ),
)
