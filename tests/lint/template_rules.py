"""The house's own rules about templates and file names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import PurePosixPath

from tests.lint.python_rules import UNFINISHED
from tests.lint.sources import Finding, Remark, Source

NAMES_THAT_SAY_NOTHING = {"util", "helper", "common", "misc", "base", "manager", "service"}


def check(name: str, source: Source) -> list[Finding]:
    """What the rule ``name`` finds in ``source``. A comment `{# lint: NAME why it is right here #}` excuses it."""
    return [
        Finding(source.path, line, name, says)
        for line, says in RULES[name](source)
        if not source.has_excuse(f"lint: {name}", line, line - 1)
    ]


def names(paths: list[str]) -> Iterator[Finding]:
    """Files and folders of code whose name tells nobody what lives there."""
    for path in paths:
        for part in PurePosixPath(path).with_suffix("").parts:
            words = {word.removesuffix("s") for word in (part, *part.split("_"))}
            if path.endswith((".py", ".html", ".txt")) and words & NAMES_THAT_SAY_NOTHING:
                yield Finding(path, 1, "names", f"“{part}” does not say what lives there")


def _written(pattern: str, says: str) -> Callable[[Source], Iterator[Remark]]:
    """A rule about what is written inside Jinja's braces."""

    def look(source: Source) -> Iterator[Remark]:
        for match in re.finditer(r"\{[{%].*?[%}]\}", source.text, re.DOTALL):
            if re.search(pattern, match[0]):
                yield source.line_of(match.start()), says

    return look


def _unfinished(source: Source) -> Iterator[Remark]:
    for number, line in enumerate(source.lines, 1):
        if UNFINISHED.search(line):
            yield number, "finish it or write it down as work to do elsewhere"


def _inline(source: Source) -> Iterator[Remark]:
    if not source.path.endswith(".html"):
        return
    for line, tag, attributes in _Tags(source.html).opened:
        if tag == "style" or "style" in attributes:
            yield line, "styles lie in style sheets; the content security policy lets no other through"
        if tag == "script" and "src" not in attributes:
            yield line, "scripts lie in files; the content security policy lets no other through"
        for name, value in attributes.items():
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                yield line, "scripts lie in files and listen there"


def _form_guard(source: Source) -> Iterator[Remark]:
    for first, last in _Tags(source.html).forms:
        inside = "\n".join(source.lines[first - 1 : last])
        lines = range(max(first - 1, 1), last + 1)
        if not re.search(r"\{\{-?\s*form_guard\(", inside) and not source.has_excuse("guest:", *lines):
            yield first, "a form by POST holds {{ form_guard() }}; a guest's says {# guest: and why #}"


class _Tags(HTMLParser):
    """The tags of a page: ``opened`` (line, name, attributes), ``forms`` by POST (first line, last line)."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.opened: list[tuple[int, str, dict[str, str | None]]] = []
        self.forms: list[tuple[int, int]] = []
        self._unended: list[int] = []
        self.feed(html)
        self.close()
        self.forms.extend((line, line) for line in self._unended)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.opened.append((self.getpos()[0], tag, attributes))
        if tag == "form" and (attributes.get("method") or "get").lower() not in {"get", "dialog"}:
            self._unended.append(self.getpos()[0])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._unended:
            self.forms.append((self._unended.pop(), self.getpos()[0]))


RULES: dict[str, Callable[[Source], Iterator[Remark]]] = {
    "safe": _written(r"\|\s*safe\b", "what is safe was cleaned when it was written and comes as Markup"),
    "autoescape": _written(r"\bautoescape\s+false\b", "everything is escaped"),
    "external": _written(r"\b_external\b", "an absolute address comes from the town's configured host"),
    "inline": _inline,
    "form-guard": _form_guard,
    "unfinished": _unfinished,
}
