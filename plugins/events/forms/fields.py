"""Fields that an event needs and no other form has: codes, a link, a point on the map, publications, questions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import wtforms
from flask import current_app
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange, Optional, ValidationError

from consult.api import (
    ChoicesField,
    LineField,
    Publication,
    Refused,
    TextField,
    check_email,
    lazy_pgettext,
    pgettext,
    read_number,
    shown,
)
from plugins.events.models import Event

QUESTIONS = 5
KINDS_OF_ANSWER = {
    "text": lazy_pgettext("events", "A line of text"),
    "choice": lazy_pgettext("events", "One of several answers"),
    "yes": lazy_pgettext("events", "Yes or nothing"),
}
CHOICES_MAX, CHOICE_MAX = 20, 100
POINT = re.compile(r"(-?\d{1,2}(?:[.,]\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:[.,]\d+)?)")
ABOUT_MAX = 10


def offered(words: Mapping[str, Any]) -> list[SelectChoice]:
    """Choices of a field, by key."""
    return [SelectChoice(value=key, label=label) for key, label in words.items()]


class CodesField(ChoicesField):
    """Choices whose codes are kept in one column with blanks between them."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, option_widget=wtforms.widgets.CheckboxInput(), **kwargs)
        self.type = "ChoicesField"  # by which the macros know how to draw it

    def process_data(self, value: Any) -> None:
        super().process_data(value.split() if isinstance(value, str) else value)

    def codes(self) -> str:
        """As the column keeps them, in the order in which they are offered."""
        return " ".join(self.data or ())


class EmailField(LineField):
    """An address of e-mail, or nothing."""

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        super().pre_validate(form)
        if self.data:
            try:
                check_email(self.data)
            except Refused as refused:
                raise ValidationError(refused.sentence) from None


class LinkField(LineField):
    """The address of a page elsewhere, or nothing. Only http and https: no other scheme may stand in our pages."""

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        super().pre_validate(form)
        if self.data and not _is_link(self.data):
            raise ValidationError(lazy_pgettext("events", "Enter the whole address, for example https://example.bg/1."))


def _is_link(typed: str) -> bool:
    try:
        parts = urlsplit(typed)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", typed)


class NumberField(wtforms.IntegerField):
    """A whole number from ``least`` to ``most``, or None; ``missing`` is said where it may not be left out.

    ``said`` goes before the ordinary sentence about what is no such number.
    """

    def __init__(self, label: Any, least: int, most: int, missing: Any = None, said: Any = None, **kwargs: Any) -> None:
        self.sentence = missing or said or lazy_pgettext("events", "Enter a number from %(least)s to %(most)s.",
                                                 least=least, most=most)  # fmt: skip
        first = [] if missing else [Optional()]
        super().__init__(label, [*first, NumberRange(least, most, self.sentence)], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if typed:
            if re.fullmatch(r"-?[0-9]{1,9}", typed) is None:
                raise ValueError(self.sentence)
            self.data = int(typed)


class DayField(wtforms.DateField):
    """A day, typed as the browser's own field or as text, or None."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, [Optional()], format=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%Y г."], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(lazy_pgettext("events", "Enter a day, for example 18.12.2026.")) from None


class PointField(LineField):
    """A point on the map as other maps give it to be pasted: "42.4258, 25.6345"; ``point`` is it as numbers."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, 60, is_needed=False, **kwargs)

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude (WGS 84 degrees), or None where nothing, or no point, was typed."""
        found = POINT.fullmatch(self.data or "")
        if found is None:
            return None
        latitude, longitude = (float(part.replace(",", ".")) for part in found.groups())
        return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        super().pre_validate(form)
        if self.data and self.point is None:
            sentence = lazy_pgettext("events", "Paste two numbers, for example 42.4258, 25.6345.")
            raise ValidationError(sentence)


class AboutField(TextField):
    """Pasted addresses of publications of this site, one a line; kept as their numbers."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, 3000, **kwargs)
        self.numbers: list[int] = []

    def process_data(self, value: Any) -> None:
        self.data = "\n".join(address_of_number(number) for number in value or ())

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        super().pre_validate(form)
        lines = [line.strip() for line in (self.data or "").splitlines() if line.strip()]
        if len(lines) > ABOUT_MAX:
            raise ValidationError(lazy_pgettext("events", "Leave the ten most important ones."))
        self.numbers = []
        for line in lines:
            number = _number_of(line)
            if number is None:
                sentence = lazy_pgettext("events", "No page of ours that people can read: %(line)s", line=line[:100])
                raise ValidationError(sentence)
            self.numbers.append(number)


def address_of_number(number: int) -> str:
    """The address inside the municipality of what people read under this number; a plain number for what is gone."""
    found = shown(Publication, number)
    endpoint = _endpoint_of(found.kind) if found is not None else None
    return current_app.url_map.bind("x").build(endpoint, {"number": number}) if endpoint else f"/{number}"


def _endpoint_of(kind: str) -> str | None:
    """The page of a kind ("news.post") is the endpoint of that name, as its plugin says in the kind's identity."""
    return kind if kind in current_app.view_functions else None


def _number_of(line: str) -> int | None:
    """The number of the publication that is shown here at this address, whatever host, town and language lead to it."""
    parts = [part for part in urlsplit(line).path.split("/") if part]
    urls = current_app.url_map.bind("x")
    for start in range(min(3, len(parts))):  # a town and a language may stand before the path
        try:
            endpoint, values = urls.match("/" + "/".join(parts[start:]), "GET")
        except (HTTPException, RequestRedirect):
            continue
        number = values.get("number")
        found = shown(Publication, number) if isinstance(number, int) else None
        if found is not None and endpoint.removesuffix("_with_tail") == _endpoint_of(found.kind):
            return number
    return read_number(line.strip("/")) if shown(Publication, read_number(line.strip("/")) or 0) else None


def question_fields() -> dict[str, Any]:
    """The plain fields of five questions: what is asked, how it is answered, the answers to choose from."""
    fields: dict[str, Any] = {}
    for number in range(1, QUESTIONS + 1):
        fields[f"q{number}_label"] = LineField(lazy_pgettext("events", "Question"), 120, is_needed=False)
        fields[f"q{number}_kind"] = wtforms.SelectField(
            lazy_pgettext("events", "How it is answered"), choices=offered(KINDS_OF_ANSWER), default="text"
        )
        fields[f"q{number}_choices"] = TextField(lazy_pgettext("events", "Answers to choose from"), 2000)
        fields[f"q{number}_needed"] = wtforms.BooleanField(lazy_pgettext("events", "It has to be answered"))
    return fields


def questions_as_typed(event: Event | None) -> dict[str, Any]:
    """What stands in those fields for an event that was saved."""
    values: dict[str, Any] = {}
    for number, question in enumerate(event.asked if event is not None else (), 1):
        values |= {
            f"q{number}_label": question["label"],
            f"q{number}_kind": question["kind"],
            f"q{number}_choices": "\n".join(question["choices"]),
            f"q{number}_needed": question["is_needed"],
        }
    return values


def read_questions(form: Mapping[str, Any], kept: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """The questions that were typed, and behind them those of the ``kept`` ones that are asked no more.

    A question is its words and the way in which it is answered, wherever it stands in the form: with both unchanged it
    has the key that it had, and its answers; with other words it is a new one, whose key was nobody's before.
    """
    left, questions = list(kept), []
    last = max([0, *(int(one["key"].removeprefix("q")) for one in kept)])
    for slot in (f"q{number}" for number in range(1, QUESTIONS + 1)):
        label, kind = form[f"{slot}_label"].data, form[f"{slot}_kind"].data
        if label:
            same = next((one for one in left if (one["label"], one["kind"]) == (label, kind)), None)
            if same is not None:
                left.remove(same)
            else:
                last += 1
            choices = _lines(form[f"{slot}_choices"].data) if kind == "choice" else []
            said = {"key": same["key"] if same is not None else f"q{last}", "label": label, "kind": kind}
            questions.append(said | {"choices": choices, "is_needed": bool(form[f"{slot}_needed"].data)})
    return questions + [{**one, "is_former": True} for one in left]


def check_question(form: Mapping[str, Any], key: str) -> bool:
    """Whether one question is whole; else its fields hold their sentences."""
    label, kind, choices = form[f"{key}_label"], form[f"{key}_kind"].data, form[f"{key}_choices"]
    typed = _lines(choices.data)
    if label.data and kind == "choice" and not 2 <= len(typed) <= CHOICES_MAX:
        choices.errors = [pgettext("events", "Enter from two to twenty answers, one a line.")]
    elif any(len(one) > CHOICE_MAX for one in typed):
        choices.errors = [pgettext("events", "Shorten each answer to a hundred characters.")]
    elif not label.data and (typed or form[f"{key}_needed"].data):
        label.errors = [pgettext("events", "Write the question.")]
    return not (choices.errors or label.errors)


def _lines(typed: str | None) -> Sequence[str]:
    return list(dict.fromkeys(line.strip() for line in (typed or "").splitlines() if line.strip()))
