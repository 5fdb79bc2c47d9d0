"""Consultations and what people say of them as open data: fixed columns, CSV and JSON, a piece at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from io import StringIO
from typing import Any

from defusedcsv import csv  # type: ignore[import-untyped]

from consult.api import Town, address_of, local
from plugins.consultations.entries import PAGE
from plugins.consultations.models import Consultation, Opinion
from plugins.consultations.queries import accepted_after, consultations_after, opinions_to

AT_ONCE = 500  # rows held in memory
BOM = "\ufeff"  # by it a spreadsheet knows that the file is UTF-8
# A spreadsheet takes a cell that begins so for a formula; ``defusedcsv`` knows neither the full-width signs nor a tab.
FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
# The names that strategy.bg gives to the same things (date, text, author_name), and our own for what it does not have.
COLUMNS = (
    *("number", "reply_to", "reg_num", "date", "author_name", "organisation", "stance", "text"),
    *("passage", "eid", "version", "proposed", "quote", "standing", "rule", "reason", "agreed", "replies"),
)


def record_of(opinion: Opinion) -> dict[str, Any]:
    """What everybody may see of an opinion, or of the tombstone in its place; never whose address it came from.

    ``standing``: "published", or why nothing can be read there: "held", "hidden", "withdrawn", "disowned", "private".
    """
    is_shown = opinion.is_shown
    return {
        "number": opinion.id,
        "reply_to": opinion.reply_to_id,
        "reg_num": str(opinion.publication_id),
        "date": _moment(opinion.accepted_at),
        "author_name": opinion.shown_name,
        "organisation": opinion.organisation if opinion.shown_name else "",
        "stance": opinion.stance,
        "text": opinion.text if is_shown else "",
        "passage": opinion.label,
        "eid": opinion.eid,
        "version": opinion.version,
        "proposed": opinion.proposed if is_shown else "",
        "quote": _quote(opinion) if is_shown else None,
        "standing": opinion.absence or "published",
        "rule": opinion.rule,
        "reason": opinion.reason,
        "agreed": opinion.agreed,
        "replies": opinion.replies,
    }


def records(consultation: Consultation) -> Iterator[dict[str, Any]]:
    """All that was accepted: the opinions by their numbers, then the replies to them; so many in memory at once."""
    for is_listed in (True, False):
        yield from _walk(partial(accepted_after, consultation.id, is_listed, limit=AT_ONCE))


def _walk(following: Callable[..., Sequence[Opinion]]) -> Iterator[dict[str, Any]]:
    rows = following(number=0)
    while rows:
        for opinion in rows:
            if opinion.is_accepted:
                yield record_of(opinion)
        rows = following(number=rows[-1].id) if len(rows) == AT_ONCE else ()


def as_csv(consultation: Consultation) -> Iterator[bytes]:
    """RFC 4180, in UTF-8 with its mark, every cell defused; a piece for each row."""
    yield (BOM + ",".join(COLUMNS) + "\r\n").encode()
    for record in records(consultation):
        quote = record["quote"]
        row = {**record, "quote": quote["exact"] if quote else ""}
        written = StringIO()
        csv.writer(written).writerow([_defused(row[column]) for column in COLUMNS])
        yield written.getvalue().encode()


def as_json(consultation: Consultation, owner: Town, language: str) -> Iterator[bytes]:
    """One object: the consultation, its opinions, and how many they are; a piece for each row."""
    about = about_consultation(consultation, owner, language)
    yield b'{"consultation": ' + _json(about) + b', "opinions": ['
    shown = gone = 0
    for record in records(consultation):
        yield (b",\n" if shown or gone else b"\n") + _json(record)
        shown, gone = (shown + 1, gone) if record["standing"] == "published" else (shown, gone + 1)
    yield b'\n], "counts": ' + _json({"accepted": shown + gone, "shown": shown, "gone": gone}) + b"}\n"


def list_as_json(owner_of: Callable[[Consultation], Town | None], language: str) -> Iterator[bytes]:
    """An array of the consultations that lists show; a piece for each."""
    separator, rows = b"[\n", consultations_after(0, AT_ONCE)
    while rows:
        opinions = opinions_to(rows)
        for one in rows:
            owner = owner_of(one)
            if owner is not None:
                yield separator + _json(
                    {**about_consultation(one, owner, language), "opinions": opinions.get(one.id, 0)}
                )
                separator = b",\n"
        rows = consultations_after(rows[-1].id, AT_ONCE) if len(rows) == AT_ONCE else ()
    yield b"[]\n" if separator == b"[\n" else b"\n]\n"


def about_consultation(one: Consultation, owner: Town, language: str) -> dict[str, Any]:
    """A consultation in the names of strategy.bg; days are those of Sofia, moments carry their offset (ISO 8601)."""
    return {
        "reg_num": str(one.id),
        "name": one.title,
        "description": one.lead,
        "url": address_of(owner, language, PAGE, number=one.id, tail=one.slug),
        "consultation_type": "municipal",
        "procedure": one.procedure_name,
        "act_type": one.act_type,
        "policy_area": one.topic,
        "date_open": _moment(one.opens_at),
        "date_close": _moment(one.closes_at),
        "days": one.days,
        "short_term_reason": one.short_reasons,
        "active": one.takes_opinions,
        "phase": str(one.phase),
        "version": one.version,
        "legal_basis": one.legal_basis,
        "mover": one.mover,
        "responsible_institution_name": owner.name("bg"),
        "responsible_institution_address": owner.address,
        "responsible_unit": one.office,
        "proposal_ways": [way for way in (one.contact_email, one.post_address, one.counter) if way],
        "contacts": [{"name": one.contact_role, "email": one.contact_email}],
        "outcome": one.outcome,
        "decided_on": one.decided_on.isoformat() if one.decided_on else None,
    }


def _quote(opinion: Opinion) -> dict[str, str] | None:
    """The marked phrase as a W3C TextQuoteSelector (Web Annotation Data Model, 4.2.4)."""
    if not opinion.quote_exact:
        return None
    around = {"prefix": opinion.quote_prefix, "suffix": opinion.quote_suffix}
    return {"type": "TextQuoteSelector", "exact": opinion.quote_exact, **around}


def _moment(moment: datetime | None) -> str | None:
    return local(moment).isoformat(timespec="seconds") if moment is not None else None


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _defused(value: object) -> str:
    cell = "" if value is None else str(value)
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(FORMULA_SIGNS) or cell.startswith(FORMULA_SIGNS) else cell
