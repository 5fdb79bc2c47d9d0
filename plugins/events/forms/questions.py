"""The questions of an event as fields of a form about a place.

A question is kept as ``{"key": "q1", "label": "…", "kind": "text" | "choice" | "yes", "choices": ["…"], "is_needed":
bool}``; an answer is kept under its key, as the words that were typed or chosen, and "yes" as "1". A question that was
replaced stays behind the others with ``"is_former": True`` and is asked no more: what people answered is read under the
words that they answered, and its key is never another question's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    fields = {question["key"]: _field(question) for question in event.asked}
    asked: type[F] = type(f"{form.__name__}WithQuestions", (form,), fields)
    return asked


def answers_of(form: Form, event: Event, earlier: Mapping[str, str] | None = None) -> dict[str, str]:
    """What was answered, by key; a question without an answer is left out.

    Of the ``earlier`` answers those stay that belong to questions which are asked no more.
    """
    said = {question["key"]: form[question["key"]].data for question in event.asked}
    kept = {key: answer for key, answer in (earlier or {}).items() if key not in said}
    return kept | {key: "1" if answer is True else str(answer) for key, answer in said.items() if answer}


def say_answers(event: Event, answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Question and answer as people read them, in the order of the questions, former ones last; none left open."""
    said = [(question["label"], say_answer(question, answers)) for question in event.questions or ()]
    return [pair for pair in said if pair[1]]


def columns_of(event: Event, answered: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The questions of a table of these answers: those that are asked, and those of before that anybody answered."""
    keys = {key for answers in answered for key in answers}
    return [one for one in event.questions or () if not one.get("is_former") or one["key"] in keys]


def say_answer(question: dict[str, Any], answers: Mapping[str, str]) -> str:
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
