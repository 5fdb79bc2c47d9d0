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
TERM_DOCUMENTS = {"draft", "reasons", "assessment", "consultation", "consolidated"}  # changed, they extend the term
STANCES = {
    "change": lazy_pgettext("consultations", "I propose a change"),
    "for": lazy_pgettext("consultations", "I support it"),
    "against": lazy_pgettext("consultations", "I do not support it"),
    "ask": lazy_pgettext("consultations", "I have a question"),
}

# The types of procedures with which a municipality begins, in Bulgarian as the law names them: key, name, days, days
# with stated reasons, whether чл. 26 ЗНА binds, documents that must be there at opening, what follows, by which law.
PROCEDURES = (
    (
        *("ordinance", "Проект на наредба или друг нормативен акт", 30, 14, True, ("draft", "reasons")),
        "справка за постъпилите предложения преди приемането; решение на Общинския съвет; обнародване",
        "чл. 26, ал. 2–5 ЗНА",
    ),
    (
        *("general_act", "Общ административен акт", 30, None, False, ("draft", "reasons")),
        "преценка на предложенията и възраженията; издаване и обявяване на акта",
        "чл. 66–69 АПК",
    ),
    (
        *("budget", "Проект на общински бюджет", 7, None, False, ("draft", "reasons")),
        "протокол от публичното обсъждане; решение на Общинския съвет",
        "чл. 84, ал. 6 ЗПФ",
    ),
    (
        *("debt", "Поемане на общински дълг", 7, None, False, ("draft", "reasons")),
        "протокол от обсъждането; решение на Общинския съвет",
        "чл. 4–5 ЗОД",
    ),
    (
        *("strategy", "Стратегия, план или програма", 30, 14, False, ("draft",)),
        "справка за постъпилите предложения; решение на Общинския съвет",
        "Стандарти за провеждане на обществени консултации",
    ),
    (
        *("other", "Друго", 14, None, False, ("draft",)),
        "обобщение на мненията и решение на компетентния орган",
        "правила на общината",
    ),
)
CONSENTS = {
    "full": lazy_pgettext("consultations", "Yes, with my name"),
    "nameless": lazy_pgettext("consultations", "Yes, without my name"),
    "none": lazy_pgettext("consultations", "No. The municipality reads and counts it all the same"),
}
# How the stance of somebody else reads beside their words, the colour of its tag and its drawing.
SAID_STANCES = {
    "change": (lazy_pgettext("consultations", "Proposes a change"), "brand", "pencil"),
    "for": (lazy_pgettext("consultations", "Supports"), "open", "check"),
    "against": (lazy_pgettext("consultations", "Does not support"), "late", "no"),
    "ask": (lazy_pgettext("consultations", "Question"), "info", "ask"),
}
