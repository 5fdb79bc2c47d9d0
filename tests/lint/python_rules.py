"""The house's own rules about Python: each looks at a syntax tree and says what is wrong, and where."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from tests.lint.sources import Finding, Remark, Source

UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
MIGRATIONS = ("consult/migrations/", "consult/schema.py", "plugins/*/migrations/")
WALLS = ("consult/tenancy/wall.py", "consult/publishing/models.py")
TESTS = ("tests/", "plugins/*/tests/", "consult/testing/", "bench/")


@dataclass(frozen=True)
class Rule:
    """A rule: how it ``look``s at a source, and the places (beginnings of paths) where what it forbids is at home."""

    look: Callable[[Source], Iterable[Remark]]
    at_home: tuple[str, ...] = ()

    def applies_to(self, path: str) -> bool:
        """Whether the rule is asked about the file at ``path``."""
        patterns = (re.escape(place).replace(r"\*", "[^/]+") for place in self.at_home)
        return not any(re.match(pattern, path) for pattern in patterns)


def check(name: str, source: Source) -> list[Finding]:
    """What the rule ``name`` finds in ``source``. A comment `lint: NAME why it is right` on the line excuses it."""
    rule = RULES[name]
    if not rule.applies_to(source.path):
        return []
    return [
        Finding(source.path, line, name, says)
        for line, says in rule.look(source)
        if not source.has_excuse(f"lint: {name}", line, line - 1)
    ]


def _docstring(source: Source) -> Iterator[Remark]:
    if not source.tree.body:
        return
    first = (ast.get_docstring(source.tree) or "").split("\n\n")[0]
    if len(first.split()) < 3 or not first.endswith("."):
        yield 1, "a module opens with one sentence on what lives here"


def _external(source: Source) -> Iterator[Remark]:
    for call in _calls(source):
        if any(keyword.arg == "_external" for keyword in call.keywords):
            yield call.lineno, "an absolute address comes from the town's configured host, never from the request"


def _markup(source: Source) -> Iterator[Remark]:
    for call in _calls(source):
        if _last_name(call.func) == "Markup" and not (call.args and _is_clean(call.args[0])):
            yield call.lineno, 'Markup("…").format(value) escapes the value; Markup(value) does not'


def _template_string(source: Source) -> Iterator[Remark]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name | ast.Attribute | ast.alias) and _last_name(node) == "render_template_string":
            yield node.lineno, "a template is a file, so that nothing typed becomes one"


def _built_sql(source: Source) -> Iterator[Remark]:
    asking = {"execute", "executemany", "executescript", "exec_driver_sql", "scalar", "scalars", "text"}
    for call in _calls(source):
        if _last_name(call.func) in asking and call.args and _is_built(call.args[0]):
            yield call.lineno, "values are bound, never written into SQL"


def _text_sql(source: Source) -> Iterator[Remark]:
    raw = {"text", "literal_column"}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
            if raw & {name.name for name in node.names}:
                yield node.lineno, "the wall cannot see into text; ask through the models"
        elif isinstance(node, ast.Attribute) and node.attr in raw and _last_name(node.value) in {"sa", "sqlalchemy"}:
            yield node.lineno, "the wall cannot see into text; ask through the models"


def _raw_table(source: Source) -> Iterator[Remark]:
    only_its_name = {id(node.value) for node in _attributes(source) if node.attr == "name"}
    for node in _attributes(source):
        if id(node) in only_its_name:
            continue
        if node.attr == "__table__" or (node.attr == "tables" and _last_name(node.value) == "metadata"):
            yield node.lineno, "the wall adds nothing to a raw table; ask through the model"


def _clock(source: Source) -> Iterator[Remark]:
    for node in _attributes(source):
        if node.attr in {"now", "utcnow", "today"} and _last_name(node.value) in {"datetime", "date", "dt"}:
            yield node.lineno, "time is read in consult.clock only"


def _print(source: Source) -> Iterator[Remark]:
    for call in _calls(source):
        if isinstance(call.func, ast.Name) and call.func.id == "print":
            yield call.lineno, "only the command line speaks to the terminal; elsewhere use logging"


def _unfinished(source: Source) -> Iterator[Remark]:
    for line, comment in source.comments.items():
        if UNFINISHED.search(comment):
            yield line, "finish it or write it down as work to do elsewhere"
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(source.tree):
        if isinstance(node, documented) and UNFINISHED.search(ast.get_docstring(node) or ""):
            yield getattr(node, "lineno", 1), "finish it or write it down as work to do elsewhere"


def _calls(source: Source) -> Iterator[ast.Call]:
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))


def _attributes(source: Source) -> Iterator[ast.Attribute]:
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Attribute))


def _last_name(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
            return name
    return ""


def _is_clean(node: ast.expr) -> bool:
    """Whether it is HTML written by us: a constant, or a template, which escapes what it is given."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Call) and _last_name(node.func) == "render_template")


def _is_built(node: ast.expr) -> bool:
    """Whether a string is put together here: by an f-string, by + or %, or by format."""
    match node:
        case ast.JoinedStr(values=values):
            return any(isinstance(value, ast.FormattedValue) for value in values)
        case ast.BinOp(op=ast.Add() | ast.Mod(), left=left, right=right):
            return _is_string(left) or _is_string(right)
        case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant())):
            return True
        case ast.Call(func=ast.Attribute(attr="encode", value=inner)):
            return _is_built(inner)
        case ast.Call(args=[first, *_]) if _last_name(node.func) == "text":
            return _is_built(first)
    return False


def _is_string(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.BinOp(left=left, right=right):
            return _is_string(left) or _is_string(right)
    return False


RULES = {
    "docstring": Rule(_docstring),
    "external": Rule(_external),
    "markup": Rule(_markup),
    "template-string": Rule(_template_string),
    # Names of tables and roles cannot be bound, and a PRAGMA takes no values at all.
    "built-sql": Rule(_built_sql, (*MIGRATIONS, *TESTS, "consult/db.py")),
    # The second wall's settings and the walls themselves are written in SQL.
    "text-sql": Rule(_text_sql, (*MIGRATIONS, *TESTS, "consult/db.py", *WALLS)),
    "raw-table": Rule(_raw_table, (*MIGRATIONS, *TESTS, "consult/db.py", *WALLS)),
    "clock": Rule(_clock, ("consult/clock.py", *TESTS)),
    "print": Rule(_print, ("consult/cli", *TESTS)),
    "unfinished": Rule(_unfinished),
}
