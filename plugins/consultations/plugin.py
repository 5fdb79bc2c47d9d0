"""The front door: what Consultations brings."""

from consult.api import (
    Announcement,
    Job,
    Listener,
    NavigationItem,
    Plugin,
    count_own,
    lazy_npgettext,
    lazy_pgettext,
)
from plugins.consultations.demo import fill
from plugins.consultations.models import Consultation, DraftVersion, Opinion, Passage, Procedure, ProvisionRow
from plugins.consultations.operations import (
    hear_files_changed,
    hear_published,
    hear_scheduled,
    stop_unready,
    tell_due,
)
from plugins.consultations.outlets import CALENDAR, CARDS, FEED
from plugins.consultations.policy import PERMISSIONS, SETTINGS
from plugins.consultations.tasks import closing, to_report, unready
from plugins.consultations.views import pages

plugin = Plugin(
    name="consultations",
    title=lazy_pgettext("consultations", "Consultations"),
    summary=lazy_pgettext(
        "consultations",
        "A section “Consultations”: drafts by article, opinions of people, and what became of them.",
    ),
    path="konsultatsii",
    short="k",
    keeps=lambda: lazy_npgettext(
        "consultations", "%(num)d consultation", "%(num)d consultations", count_own(Consultation)
    ),
    pages=pages,
    navigation=(
        NavigationItem(
            lazy_pgettext("consultations", "Consultations"),
            "consultations.consultations",
            order=10,
            invitation=lazy_pgettext("consultations", "Have your say"),
        ),
        NavigationItem(lazy_pgettext("consultations", "Consultations"), "consultations.desk_list", "desk", "chat", 10),
        NavigationItem(
            lazy_pgettext("consultations", "Procedures"), "consultations.procedure_list", "desk", "gear", 60
        ),
        NavigationItem(
            lazy_pgettext("consultations", "New consultation"), "consultations.desk_new", "make", "chat", 10
        ),
    ),
    cards=CARDS,
    feeds=(FEED,),
    calendars=(CALENDAR,),
    publishes=(Consultation,),
    receives=(Opinion,),
    models=(Procedure, DraftVersion, Passage, ProvisionRow),
    permissions=PERMISSIONS,
    settings=SETTINGS,
    announces=(
        Announcement("consultations.extended", ("consultation",), "The documents changed, so people have more time."),
    ),
    listens=(
        Listener("publishing.scheduled", hear_scheduled),
        Listener("publishing.published", hear_published),
        Listener("publishing.files_changed", hear_files_changed),
    ),
    desk=(closing, to_report, unready),
    jobs=(Job("consultations.tell", tell_due, 10), Job("consultations.stop_unready", stop_unready, 1)),
    demo=fill,
    demo_after=("news", "events"),
)
