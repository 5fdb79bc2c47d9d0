"""The pages of docs say what is so: settings, links, files, tests and decisions that they name are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from consult.configuration import DEFAULTS

ROOT = Path(__file__).resolve().parents[1]

# ---- the settings


def test_the_page_tells_every_setting_that_the_application_reads() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.M))
    assert told == read_settings() | {"TESTING"}


def read_settings() -> set[str]:
    """The names that the code looks up in the configuration, less those that it writes there itself."""
    read: set[str] = set()
    made: set[str] = set()
    for path in sorted((ROOT / "consult").rglob("*.py")):
        if "testing" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Subscript(value=owner, slice=ast.Constant(value=str(name))) if _is_config(owner):
                    (read if isinstance(node.ctx, ast.Load) else made).add(name)
                case ast.Call(func=ast.Attribute(attr="get", value=owner), args=[ast.Constant(value=str(name)), *_]):
                    read |= {name} if _is_config(owner) else set()
                case ast.Call(func=ast.Attribute(attr="update", value=owner), keywords=pairs) if _is_config(owner):
                    made |= {one.arg for one in pairs if one.arg and not _reads_itself(one)}
    defaults = set(DEFAULTS) - {"TESTING"} | {"INSTANCE"}
    return {name for name in read | defaults if name in defaults or name not in made}


def _is_config(node: ast.expr) -> bool:
    return ast.unparse(node).endswith("config")


def _reads_itself(pair: ast.keyword) -> bool:
    return f"config['{pair.arg}']" in ast.unparse(pair.value)


# ---- the pages themselves


def pages() -> list[Path]:
    """The README, SECURITY.md and all pages of docs."""
    return [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_each_link_inside_the_repository_leads_somewhere() -> None:
    for page in pages():
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, heading = target.partition("#")
            found = (page.parent / path).resolve() if path else page
            assert found.exists(), f"{page.relative_to(ROOT)} links to {target}"
            if heading:
                assert heading in headings(found), f"{page.relative_to(ROOT)} links to {target}"


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as the usual viewers make them."""
    found = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in found}


def test_each_file_named_in_the_pages_exists() -> None:
    for page in pages():
        for name in re.findall(r"`((?:consult|plugins|tests|docs|bench)/[\w/.-]+\.\w+)`", page.read_text("utf-8")):
            assert (ROOT / name).exists(), f"{page.relative_to(ROOT)} names {name}"


def test_each_test_that_the_threats_are_held_by_exists() -> None:
    cited = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "security.md").read_text("utf-8")))
    folders = (ROOT / "tests", ROOT / "plugins", ROOT / "consult" / "testing")
    written = "".join(path.read_text("utf-8") for folder in folders for path in folder.rglob("*.py"))
    assert len(cited) > 20
    assert {name for name in cited if f"def {name}(" not in written} == set()


def test_each_decision_is_short_in_the_index_and_has_its_four_parts() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {path.name[:4]} "), path.name
        parts = re.findall(r"^\*\*(Context|Decision|Why|What it costs)\.\*\*", text, re.M)
        assert parts == ["Context", "Decision", "Why", "What it costs"], path.name
        assert len(text.split()) < 450, f"{path.name} is too long to be read"
        assert f"[{path.name[:4]}](decisions/{path.name}) | {text.splitlines()[0][7:]} |" in index, path.name
