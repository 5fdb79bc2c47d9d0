"""The front door: what Consultations brings."""

from consult.api import (
    Announcement,
    Listener,
    NavigationItem,
    Plugin,
    count_own,
    lazy_npgettext,
    lazy_pgettext,
)
from plugins.consultations.demo import fill
from plugins.consultations.models import Consultation, DraftVersion, Opinion, Passage, Procedure, ProvisionRow
from plugins.consultations.operations import hear_published
from plugins.consultations.policy import PERMISSIONS, SETTINGS
from plugins.consultations.views import pages

plugin = Plugin(
    name="consultations",
    title=lazy_pgettext("consultations", "Consultations"),
    summary=lazy_pgettext(
        "consultations",
        "A section “Consultations”: drafts by article, opinions of people, and what became of them.",
    ),
    path="konsultatsii",
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
    ),
    publishes=(Consultation,),
    receives=(Opinion,),
    models=(Procedure, DraftVersion, Passage, ProvisionRow),
    permissions=PERMISSIONS,
    settings=SETTINGS,
    announces=(
        Announcement("consultations.extended", ("consultation",), "A document was replaced, so people have more time."),
    ),
    listens=(Listener("publishing.published", hear_published),),
    demo=fill,
    demo_after=("news", "events"),
)
