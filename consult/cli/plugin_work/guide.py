"""Who watches a request on its tour: which step it is in, how long each takes, what each asks the database."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, before_render_template, template_rendered
from sqlalchemy import Engine, event

from consult.web.places import Place

QUERY_MAX, COLUMNS_MAX = 160, 60  # characters of a query, and of its list of columns, that are printed
ABOUT_TRANSACTIONS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Step:
    """One of the ten steps of docs/tour.md, and where it lives."""

    title: str
    where: str


STEPS = {
    1: Step("The place", "consult/web/places.py: Places.find"),
    2: Step("The language", "consult/web/places.py: _language"),
    3: Step("The page", "consult/web/pages.py: Pages.route"),
    4: Step("The gate", "consult/web/journey.py: _enter, _gate"),
    5: Step("The permission", "consult/access.py: may"),
    6: Step("The view", "consult/tenancy/wall.py: _add_the_wall"),
    7: Step("The form", "consult/web/forms.py: Form.is_sent_well"),
    8: Step("The operation", "consult/db.py: operation"),
    9: Step("The template", "consult/web/layout.py: _context, slot"),
    10: Step("The end", "consult/web/journey.py: Journey.dispatch_request, _carry_out, _leave, _close"),
}


@dataclass
class Walked:
    """What a step took (seconds) and asked."""

    seconds: float = 0.0
    queries: list[str] = field(default_factory=list)


@dataclass
class Visit:
    """What came of the request."""

    address: str
    status: str
    size: int
    seconds: float
    place: Place | None
    endpoint: str | None
    templates: list[str]
    reached: frozenset[int]

    def said(self, app: Flask, number: int) -> str:
        """What the step found, in a few words."""
        if number in (7, 8) and number not in self.reached:
            return "nothing was typed: a GET sends no form" if number == 7 else "nothing is done: a GET changes nothing"
        if number not in self.reached:
            return "not reached"
        rule = app.extensions["consult.page_rules"].get(self.endpoint)
        words = {
            1: self._whereabouts(),
            2: self.place.language if self.place else "",
            3: self.endpoint or "no page has this address",
            4: f"{(self.endpoint or '').split('.')[0]} is the core's, or on here"
            if 5 in self.reached
            else "closed: 404",
            5: f"may={rule.may!r}" if rule else "",
            6: f"{app.view_functions[self.endpoint].__module__}" if self.endpoint else "",
            9: ", ".join(self.templates),
            10: "nothing to commit; headers; the door closes",
        }
        return words.get(number, "")

    def _whereabouts(self) -> str:
        if self.place is None:
            return "no place of this installation"
        town = f" {self.place.town.name_bg} ({self.place.town.code})" if self.place.town else ""
        return f"{self.place.kind}{town}, root {self.place.root or '/'}"


class Guide:
    """Time and queries go to the step that began last and has not ended."""

    def __init__(self) -> None:
        self.walked: dict[int, Walked] = {}
        self.between = 0.0
        self.templates: list[str] = []
        self._path: list[int] = []
        self._since = time.perf_counter()
        self._found: dict[int, Any] = {}

    @contextmanager
    def step(self, number: int) -> Iterator[None]:
        """The block belongs to the step."""
        self._note_time()
        self._path.append(number)
        self.walked.setdefault(number, Walked())
        depth = len(self._path)
        try:
            yield
        finally:
            self._note_time()
            del self._path[depth - 1 :]

    @contextmanager
    def marking(self, number: int, owner: Any, name: str) -> Iterator[None]:
        """While the block runs, the function ``name`` of a module, a class or a dictionary begins the step."""
        is_mapping = isinstance(owner, dict)
        original = owner[name] if is_mapping else getattr(owner, name)

        def walk(*args: Any, **kwargs: Any) -> Any:
            with self.step(number):
                found = original(*args, **kwargs)
                self._found.setdefault(number, found)
                return found

        put = owner.__setitem__ if is_mapping else lambda key, value: setattr(owner, key, value)
        put(name, walk)
        try:
            yield
        finally:
            put(name, original)

    @contextmanager
    def rendering(self, number: int) -> Iterator[None]:
        """While the block runs, rendering a template belongs to the step."""
        open_steps: list[Any] = []

        def begin(_app: Flask, template: Any, **_: Any) -> None:
            self.templates.append(template.name)
            open_steps.append(self.step(number))
            open_steps[-1].__enter__()

        def end(_app: Flask, **_: Any) -> None:
            open_steps.pop().__exit__(None, None, None)

        with before_render_template.connected_to(begin), template_rendered.connected_to(end):
            yield

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While the block runs, queries of all connections are written down."""

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if not statement.startswith(ABOUT_TRANSACTIONS):
                walked = self.walked.setdefault(self._path[-1] if self._path else 0, Walked())
                walked.queries.append(_short(statement))

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    def visit(self, app: Flask, start: str, path: str) -> Visit:
        """Carries out the request."""
        self._since = began = time.perf_counter()
        answer = app.test_client().get(path, base_url=start)
        seconds = time.perf_counter() - began
        self._note_time()
        endpoint = self._found.get(3, (None, {}))[0]
        if hasattr(endpoint, "endpoint"):  # Flask asks for the rule itself
            endpoint = endpoint.endpoint
        return Visit(
            f"{start}{path}",
            answer.status,
            len(answer.data),
            seconds,
            self._found.get(1),
            endpoint,
            self.templates,
            frozenset(self.walked),
        )

    def _note_time(self) -> None:
        now = time.perf_counter()
        if self._path:
            self.walked[self._path[-1]].seconds += now - self._since
        else:
            self.between += now - self._since
        self._since = now


def _short(statement: str) -> str:
    """A query on one line, without a long list of columns."""
    words = re.sub(r"\s+", " ", statement)
    columns, found, rest = words.partition(" FROM ")
    if found and len(columns) > COLUMNS_MAX:
        words = f"SELECT …{found}{rest}"
    return words if len(words) <= QUERY_MAX else f"{words[:QUERY_MAX]}…"
