"""Pages as a browser sees them: parsed by html5lib, with their links and their forms, which can be filled and sent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.testing.factories import ON, sign_in

OURS = {"Sec-Fetch-Site": "same-origin"}  # what a browser says of a form that one of our own pages sent
HOST = "http://localhost"


@dataclass
class TypedForm:
    """A form of a page: where it goes, and what it holds. ``texts`` are the names of what a person types."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


def parse(answer: TestResponse | str) -> Element:
    """The tree that a browser makes of an answer."""
    page: Element = html5lib.parse(answer if isinstance(answer, str) else answer.text, namespaceHTMLElements=False)
    return page


def links(page: Element, base: str) -> Iterator[str]:
    """The pages of ours that a page leads to, as paths with their queries."""
    for element in page.iter("a"):
        parts = urlsplit(urljoin(HOST + base, element.get("href", "")))
        if parts.netloc == urlsplit(HOST).netloc and not parts.path.startswith("/static/"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def forms(page: Element, base: str) -> Iterator[TypedForm]:
    """The forms of a page with what stands in them."""
    for element in page.iter("form"):
        action = urlsplit(urljoin(HOST + base, element.get("action", base)))
        found = TypedForm(action.path, element.get("method", "get").lower())
        for control in element.iter():
            _take(found, control)
        yield found


def _take(found: TypedForm, control: Element) -> None:
    name, kind = control.get("name"), control.get("type", "text")
    if not name:
        return
    if control.tag == "button" or kind == "submit":
        found.buttons.append((name, control.get("value", "")))
    elif control.tag == "textarea":
        found.fields[name] = "".join(control.itertext())
        found.texts.append(name)
    elif control.tag == "select":
        chosen = [option for option in control.iter("option") if option.get("selected") is not None]
        found.fields[name] = (chosen or [*control.iter("option")])[0].get("value", "")
    elif control.tag == "input" and kind not in ("checkbox", "radio"):
        found.fields[name] = control.get("value", "")
        if kind in ("text", "email", "password", "search", "tel", "url"):
            found.texts.append(name)


def text_of(page: Element) -> str:
    """All that a person reads on a page."""
    return " ".join("".join(page.itertext()).split())


@dataclass
class Visitor:
    """Somebody's browser. ``who`` is a role, or "visitor"."""

    who: str
    client: FlaskClient
    token: str = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        """A page."""
        return self.client.get(path, **options)

    def send(self, path: str, values: dict[str, Any] | Iterable[tuple[str, Any]] = (), **options: Any) -> TestResponse:
        """A form, as this person's browser sends it from a page of ours."""
        pairs = dict(values)
        if self.token:
            pairs.setdefault("_token", self.token)
        return self.client.post(path, data=pairs, headers=OURS | options.pop("headers", {}), **options)


def visitor(app: Flask, who: str = "visitor", code: str = ON) -> Visitor:
    """The browser of a visitor, a resident, the operator, or somebody with a role in the town."""
    if who == "visitor":
        return Visitor(who, app.test_client())
    signed_in = sign_in(app, who, code)
    return Visitor(who, signed_in.client, signed_in.token)


def walk(
    somebody: Visitor, starts: Iterable[str], at_most: int = 400, but: str = r"^$"
) -> Iterator[tuple[str, TestResponse]]:
    """Every page of ours that links lead to from ``starts``, and what it answered; not those that match ``but``."""
    waiting, seen = list(starts), set(starts)
    while waiting and len(seen) < at_most:
        path = waiting.pop(0)
        answer = somebody.get(path)
        yield path, answer
        if answer.mimetype == "text/html" and answer.status_code < 400:
            for link in links(parse(answer), path):
                if link not in seen and not re.search(but, link):
                    seen.add(link)
                    waiting.append(link)
        elif answer.status_code in (301, 302, 303, 308) and answer.location not in seen:
            seen.add(answer.location)
            waiting.append(answer.location)
