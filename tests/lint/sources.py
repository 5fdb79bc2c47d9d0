"""What the lint rules read: the files of the repository, their comments, and the excuses written in them."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("consult", "plugins", "tests", "bench")
MADE_BY_TOOLS = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
JINJA_COMMENT = re.compile(r"\{#-?(.*?)-?#\}", re.DOTALL)
WORDS_OF_A_REASON = 3

Remark = tuple[int, str]  # the line, and what is wrong there


@dataclass(frozen=True)
class Finding:
    """A broken rule: where, which, and what to do."""

    path: str
    line: int
    rule: str
    says: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.says}"


@dataclass(frozen=True)
class Source:
    """A file: its ``path`` from the root with forward slashes, and its ``text``."""

    path: str
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The lines."""
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        return ast.parse(self.text, self.path)

    @cached_property
    def comments(self) -> dict[int, str]:
        """The comments by the number of their (last) line, without their marks."""
        if self.path.endswith(".py"):
            tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
            return {token.start[0]: token.string.lstrip("# ") for token in tokens if token.type == tokenize.COMMENT}
        return {self.line_of(match.end()): match[1].strip() for match in JINJA_COMMENT.finditer(self.text)}

    @cached_property
    def html(self) -> str:
        """A template without its Jinja: statements and comments are blanks, expressions are x; every place stays."""
        return JINJA.sub(lambda match: _blank(match[0]), self.text)

    def line_of(self, offset: int) -> int:
        """The number of the line in which a character stands."""
        return self.text.count("\n", 0, offset) + 1

    def has_excuse(self, mark: str, *lines: int) -> bool:
        """Whether one of ``lines`` has a comment that says ``mark`` and then a reason of at least three words."""
        for line in lines:
            said, _, reason = self.comments.get(line, "").partition(mark)
            if not said.strip() and len(reason.split()) >= WORDS_OF_A_REASON:
                return True
        return False


def _blank(jinja: str) -> str:
    filling = "x" if jinja.startswith("{{") else " "
    return "".join("\n" if letter == "\n" else filling for letter in jinja)


def files(*endings: str) -> Iterator[Path]:
    """All files of the repository's code folders whose name ends in one of ``endings``; without any, all."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if not path.is_file() or MADE_BY_TOOLS & set(path.parts):
                continue
            if not endings or path.name.endswith(endings):
                yield path


def python_sources() -> Iterator[Source]:
    """Every Python file."""
    yield from map(_read, files(".py"))


def template_sources() -> Iterator[Source]:
    """Every template: pages, letters and feeds."""
    for path in files(".html", ".txt", ".xml"):
        if "templates" in path.parts:
            yield _read(path)


def written_sources() -> Iterator[Source]:
    """Style sheets, scripts and texts."""
    yield from map(_read, files(".css", ".js", ".mjs", ".md", ".html", ".txt"))


def _read(path: Path) -> Source:
    return Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
