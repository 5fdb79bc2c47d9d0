"""The questions of an event as fields of a form about a place.

A question is kept as ``{"key": "q1", "label": "…", "kind": "text" | "choice" | "yes", "choices": ["…"], "is_needed":
bool}``; an answer is kept under its key, as the words that were typed or chosen, and "yes" as "1".
"""

from __future__ import annotations

from typing import Any, TypeVar

import wtforms
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional

from consult.api import Form, LineField, lazy_pgettext, pgettext
from plugins.events.models import Event

ANSWER_MAX = 200  # characters

F = TypeVar("F", bound=Form)


def with_questions(form: type[F], event: Event) -> type[F]:
    """A kind of ``form`` that asks the event's questions too, under their keys."""
    fields = {question["key"]: _field(question) for question in event.questions or ()}
    asked: type[F] = type(f"{form.__name__}WithQuestions", (form,), fields)
    return asked


def answers_of(form: Form, event: Event) -> dict[str, str]:
    """What was answered, by key; a question without an answer is left out."""
    said = {question["key"]: form[question["key"]].data for question in event.questions or ()}
    return {key: "1" if answer is True else str(answer) for key, answer in said.items() if answer}


def say_answers(event: Event, answers: dict[str, str]) -> list[tuple[str, str]]:
    """Question and answer as people read them, in the order of the questions; without those left open."""
    said = [(question["label"], say_answer(question, answers)) for question in event.questions or ()]
    return [pair for pair in said if pair[1]]


def say_answer(question: dict[str, Any], answers: dict[str, str]) -> str:
    """The answer to one question as people read it, or nothing."""
    answer = answers.get(question["key"], "")
    return pgettext("events", "Yes") if answer and question["kind"] == "yes" else answer


def _field(question: dict[str, Any]) -> Any:
    label, is_needed = question["label"], bool(question.get("is_needed"))
    if question["kind"] == "yes":
        return wtforms.BooleanField(label)
    if question["kind"] == "choice":
        needed = InputRequired(lazy_pgettext("events", "Choose one.")) if is_needed else Optional()
        choices = [SelectChoice(value=choice, label=choice) for choice in question["choices"]]
        return wtforms.RadioField(label, [needed], choices=choices, validate_choice=True)
    return LineField(label, ANSWER_MAX, is_needed=is_needed)
