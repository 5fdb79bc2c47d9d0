"""Nothing grows too long without a written reason; what is getting long is listed among the warnings."""

from __future__ import annotations

import warnings

import pytest

from tests.lint.budgets import LIMITS, Size, python_sizes, template_sizes
from tests.lint.sources import Source, python_sources, template_sources


class GettingLong(UserWarning):
    """Things above their first limit: read them again before they reach the second."""


def sizes() -> list[Size]:
    measured = [size for source in python_sources() for size in python_sizes(source)]
    return measured + [size for source in template_sources() for size in template_sizes(source)]


def test_nothing_is_too_long():
    measured = sizes()
    if long := [str(size) for size in measured if size.is_long and not size.is_too_long]:
        warnings.warn(GettingLong("getting long:\n" + "\n".join(long)), stacklevel=1)
    too_long = [str(size) for size in measured if size.is_too_long]
    assert not too_long, "\n" + "\n".join(too_long)


def python(lines: int, above: str = "", decorator: str = "") -> Source:
    body = "    x = 1\n" * (lines - 1)
    return Source("consult/planted.py", f"{above}{decorator}def long():\n{body}")


@pytest.mark.parametrize(("kind", "decorator"), [("function", ""), ("view", '@pages.get("/", may="public")\n')])
def test_a_function_is_measured_with_its_limits(kind, decorator):
    first, last = LIMITS[kind]
    for lines, is_long, is_too_long in [(first, False, False), (first + 1, True, False), (last + 1, True, True)]:
        size = list(python_sizes(python(lines, decorator=decorator)))[1]
        assert (size.kind, size.lines, size.is_long, size.is_too_long) == (kind, lines, is_long, is_too_long)


def test_the_docstring_of_a_function_does_not_count():
    source = Source("consult/planted.py", 'def f():\n    """One.\n\n    Two.\n    """\n    return 1\n')
    assert list(python_sizes(source))[1].lines == 2


def test_a_file_and_a_template_are_measured():
    assert next(python_sizes(Source("consult/planted.py", "x = 1\n" * 401))).is_too_long
    assert next(template_sizes(Source("consult/templates/planted.html", "<p>\n" * 201))).is_too_long


def test_a_written_reason_excuses_and_an_empty_one_does_not():
    assert list(python_sizes(python(60, "# budget:\n")))[1].is_too_long
    assert not list(python_sizes(python(60, "# budget: one long list of columns\n")))[1].is_too_long
    text = "<p>\n" * 201
    assert not next(template_sizes(Source("a.html", "{# budget: the map of the region #}\n" + text))).is_too_long


def test_a_migration_is_not_measured():
    assert not list(python_sizes(Source("plugins/news/migrations/0001.py", "x = 1\n" * 900)))
