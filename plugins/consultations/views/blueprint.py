"""The blueprint that all pages of consultations join, and the words of opinions that every template may use."""

from __future__ import annotations

from consult.api import RULES, Pages, shown_line

pages = Pages("consultations", "plugins.consultations")


def initials(name: str) -> str:
    """At most two letters that stand for a name in its avatar: „Мария Д.“ → МД."""
    words = [word for word in shown_line(name).split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "–"


pages.add_app_template_global(initials, "initials")
pages.add_app_template_global(shown_line, "shown_line")
pages.add_app_template_global(lambda rule: RULES.get(rule, rule), "rule_words")
