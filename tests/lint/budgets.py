"""How long things may be: up to the first number nobody minds, above the second the suite fails.

Who goes over it writes down why, with at least three words: `# budget: reason` among the first lines of a file or right
above a function, `{# budget: reason #}` on top of a template.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tests.lint.python_rules import Rule
from tests.lint.sources import Source

LIMITS = {"file": (250, 400), "function": (30, 50), "view": (12, 20), "template": (100, 200)}
TOP = 20  # lines in which the excuse of a file is looked for

# A migration is a list of statements, written once and never changed after its release.
MEASURED = Rule(lambda source: (), ("consult/migrations/versions/", "plugins/*/migrations/"))


@dataclass(frozen=True)
class Size:
    """How long a thing of some ``kind`` is, and whether a written reason lets it be longer."""

    path: str
    line: int
    kind: str
    name: str
    lines: int
    is_excused: bool

    @property
    def is_too_long(self) -> bool:
        """Above the hard limit, with no reason given."""
        return self.lines > LIMITS[self.kind][1] and not self.is_excused

    @property
    def is_long(self) -> bool:
        """Above the first limit, with no reason given."""
        return self.lines > LIMITS[self.kind][0] and not self.is_excused

    def __str__(self) -> str:
        first, last = LIMITS[self.kind]
        return f"{self.path}:{self.line}: {self.kind} {self.name}: {self.lines} lines (aim {first}, limit {last})"


def template_sizes(source: Source) -> Iterator[Size]:
    """The size of a template."""
    excused = source.has_excuse("budget:", *range(1, TOP))
    yield Size(source.path, 1, "template", source.path.rsplit("/", 1)[-1], len(source.lines), excused)


def python_sizes(source: Source) -> Iterator[Size]:
    """The sizes of a Python file and of each of its functions; a function's docstring does not count."""
    if not MEASURED.applies_to(source.path):
        return
    excused = source.has_excuse("budget:", *range(1, TOP))
    yield Size(source.path, 1, "file", source.path.rsplit("/", 1)[-1], len(source.lines), excused)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            top = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            kind = "view" if _is_view(node) else "function"
            excused = source.has_excuse("budget:", *range(top - 1, node.lineno + 1))
            yield Size(source.path, node.lineno, kind, node.name, _length(node), excused)


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    whole = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is None:
        return whole
    return whole - ((first.end_lineno or first.lineno) - first.lineno + 1)


def _is_view(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(func=ast.Attribute(attr="route" | "get" | "post")):
                return True
    return False
