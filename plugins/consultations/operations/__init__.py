"""What is done: texts of a draft kept, terms set and extended, opinions taken in; every rule about consultations."""

from plugins.consultations.operations.drafts import keep_draft
from plugins.consultations.operations.opening import (
    Step,
    decide,
    keep_consultation,
    open_consultation,
    require_ready,
    steps,
    stop_unready,
)
from plugins.consultations.operations.opinions import Saying, require_open, send_opinion
from plugins.consultations.operations.procedures import add_procedure, add_usual_procedures, change_procedure
from plugins.consultations.operations.telling import tell_due
from plugins.consultations.operations.terms import (
    extend_term,
    hear_files_changed,
    hear_published,
    hear_scheduled,
    planned_term,
    rule_for,
    rule_of,
    set_term,
    term,
)
from plugins.consultations.operations.texts import add_text, extended_by, require_addable

__all__ = [
    "Saying",
    "Step",
    "add_procedure",
    "add_text",
    "add_usual_procedures",
    "change_procedure",
    "decide",
    "extend_term",
    "extended_by",
    "hear_files_changed",
    "hear_published",
    "hear_scheduled",
    "keep_consultation",
    "keep_draft",
    "open_consultation",
    "planned_term",
    "require_addable",
    "require_open",
    "require_ready",
    "rule_for",
    "rule_of",
    "send_opinion",
    "set_term",
    "steps",
    "stop_unready",
    "tell_due",
    "term",
]
