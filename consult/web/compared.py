"""What each version of a publication changed against the one before it, field by field, for the staff's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from consult.db import db
from consult.people import Person
from consult.publishing import PublicationVersion


@dataclass(frozen=True)
class FieldChange:
    """One field before and after; ``start`` says that equal lines above the change were left out, ``end`` below it."""

    field: str
    before: str
    after: str
    start: bool = False
    end: bool = False


@dataclass(frozen=True)
class VersionStep:
    """A version and its author's name ("" when nobody is known).

    ``is_erased``: its own words were blanked. ``changes`` is None where they cannot be told: on the first version,
    or when the words of one side are erased. ``texts`` are the words of the first version by the form's fields.
    """

    version: PublicationVersion
    by: str
    is_first: bool
    is_erased: bool
    changes: Sequence[FieldChange] | None
    texts: Mapping[str, str]


def steps(versions: Sequence[PublicationVersion], limit: int) -> list[VersionStep]:
    """The first ``limit`` of ``versions`` (newest first), each compared with the one that follows it."""
    names = names_of({one.by_id for one in versions[:limit] if one.by_id is not None})
    before: list[PublicationVersion | None] = [*versions[1:], None]
    return [
        _step(version, earlier, names.get(version.by_id or 0, ""))
        for version, earlier in zip(versions[:limit], before, strict=False)
    ]


def _step(version: PublicationVersion, earlier: PublicationVersion | None, by: str) -> VersionStep:
    new, old = version.words.words, earlier.words.words if earlier else None
    changes = _changes(old, new) if new is not None and old is not None else None
    texts = _flat(new) if new is not None and earlier is None else {}
    return VersionStep(version, by, earlier is None, new is None, changes, texts)


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldChange]:
    before, after = _flat(old), _flat(new)
    names = [*after, *(name for name in before if name not in after)]
    return [
        _change(name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def _change(field: str, before: str, after: str) -> FieldChange:
    """Without the lines at the start and the end that are equal: of a long text, only the part that changed is read."""
    old, new = before.split("\n"), after.split("\n")
    shorter = min(len(old), len(new))
    start = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    end = next((i for i in range(shorter - start) if old[-1 - i] != new[-1 - i]), shorter - start)
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    return FieldChange(field, "\n".join(old).strip(), "\n".join(new).strip(), start > 0, end > 0)


def _flat(words: Mapping[str, Any]) -> dict[str, str]:
    """The words by the names of the form's fields: ``title``, ``en_title``, …"""
    flat = {name: str(value) for name, value in words.items() if name != "translations"}
    for language, parts in words.get("translations", {}).items():
        flat |= {f"{language}_{part}": str(value) for part, value in parts.items()}
    return flat


def names_of(ids: set[int]) -> dict[int, str]:
    """The names of these people as they are called today."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}
