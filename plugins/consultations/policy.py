"""Who may do what with consultations, what a municipality may decide about them, and the words they are sorted by."""

from __future__ import annotations

from consult.api import Permission, Setting, lazy_pgettext

PERMISSIONS = (
    Permission("consultations.write", lazy_pgettext("consultations", "Write and open consultations"),
               ("editor", "admin")),
    Permission("consultations.withdraw", lazy_pgettext("consultations", "Withdraw consultations"), ("admin",)),
    Permission("consultations.procedures", lazy_pgettext("consultations", "Edit the types of procedures"), ("admin",)),
)  # fmt: skip

SETTINGS = (
    Setting(
        name="consultations.on_home",
        title=lazy_pgettext("consultations", "How many consultations stand on the home page"),
        default=4,
        least=0,
        most=10,
    ),
    Setting(
        name="consultations.rolls_over",
        title=lazy_pgettext("consultations", "A term that ends on a day off ends on the next working day"),
        hint=lazy_pgettext("consultations", "Art. 60, para. 6 of the Civil Procedure Code. People only get more time."),
        default=True,
    ),
)

CLOSING_SOON_DAYS = 5

# Policy area: its key in addresses, and its name. The keys are topics of the publication.
AREAS = {
    "okolna-sreda": lazy_pgettext("consultations", "Environment and green areas"),
    "finansi": lazy_pgettext("consultations", "Budget and finance"),
    "gradoustroystvo": lazy_pgettext("consultations", "Town planning and roads"),
    "obrazovanie": lazy_pgettext("consultations", "Education and children"),
    "sotsialni": lazy_pgettext("consultations", "Social services and health"),
    "kultura": lazy_pgettext("consultations", "Culture and sport"),
    "ikonomika": lazy_pgettext("consultations", "Trade and tourism"),
    "drugo": lazy_pgettext("consultations", "Other"),
}
ACT_TYPES = {
    "council": lazy_pgettext("consultations", "Act of the municipal council"),
    "mayor": lazy_pgettext("consultations", "Act of the mayor"),
    "other": lazy_pgettext("consultations", "Not a normative act"),
}
# Documents of a consultation: the role of an attachment, and its name.
DOCUMENTS = {
    "draft": lazy_pgettext("consultations", "Draft of the act"),
    "reasons": lazy_pgettext("consultations", "Reasons"),
    "assessment": lazy_pgettext("consultations", "Impact assessment"),
    "consultation": lazy_pgettext("consultations", "Consultation document"),
    "consolidated": lazy_pgettext("consultations", "Consolidated text"),
    "report": lazy_pgettext("consultations", "Report on opinions"),
    "minutes": lazy_pgettext("consultations", "Minutes"),
    "adopted": lazy_pgettext("consultations", "Adopted act"),
}
STANCES = {
    "change": lazy_pgettext("consultations", "I propose a change"),
    "for": lazy_pgettext("consultations", "I support it"),
    "against": lazy_pgettext("consultations", "I do not support it"),
    "ask": lazy_pgettext("consultations", "I have a question"),
}
