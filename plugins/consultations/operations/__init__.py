"""What is done: texts of a draft kept, terms set and extended, opinions taken in; every rule about consultations."""

from plugins.consultations.operations.drafts import keep_draft
from plugins.consultations.operations.opinions import Saying, require_open, send_opinion
from plugins.consultations.operations.procedures import add_usual_procedures, procedures
from plugins.consultations.operations.terms import extend_term, hear_published, rule_of, set_term, term

__all__ = [
    "Saying",
    "add_usual_procedures",
    "extend_term",
    "hear_published",
    "keep_draft",
    "procedures",
    "require_open",
    "rule_of",
    "send_opinion",
    "set_term",
    "term",
]
