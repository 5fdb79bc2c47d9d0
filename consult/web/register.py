"""The rules for opinions, and the public register of what moderators did under them, month by month."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO

from defusedcsv import csv  # type: ignore[import-untyped]
from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from consult.access import PUBLIC
from consult.clock import local, start_of_day, today
from consult.errors import Sentence
from consult.i18n import gettext as _
from consult.participation import RULES, is_read_before, register, register_begins
from consult.text import shown_line
from consult.web.moderation import pages
from consult.web.publications import page_of_contribution
from consult.web.standings import ACTS

MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
BOM = "\ufeff"  # by it a spreadsheet knows that the file is UTF-8


@dataclass(frozen=True)
class Line:
    """One act in the register."""

    at: datetime
    number: int
    url: str
    what: Sentence
    rule: Sentence
    reason: str


@pages.get("/pravila", may=PUBLIC)
def rules() -> ResponseReturnValue:
    """What is hidden and what never, who decides, and how to object."""
    return render_template("rules.html", rules=RULES, is_read_before=is_read_before())


@pages.get("/mnenia/registar", may=PUBLIC, endpoint="register")
def of_month() -> ResponseReturnValue:
    """What was hidden, blacked out and shown again in a month, oldest first."""
    first, begins = _month(), register_begins()
    last, after = first - timedelta(days=1), _next(first)
    before = last if begins is not None and local(begins).date() <= last else None
    following = after if after <= today() else None
    return render_template("register.html", lines=_lines(first), first=first, before=before, following=following)


@pages.get("/mnenia/registar.csv", may=PUBLIC, endpoint="register_csv")
def of_month_as_csv() -> Response:
    """The same for any program that reads tables (RFC 4180, in UTF-8 with its mark)."""
    first, written = _month(), StringIO()
    table = csv.writer(written)
    table.writerow([_("Day"), _("Opinion №"), _("What was done"), _("Rule"), _("Reason")])
    for line in _lines(first):
        table.writerow([f"{local(line.at):%Y-%m-%d}", line.number, str(line.what), str(line.rule), line.reason])
    headers = {"Content-Disposition": f'attachment; filename="registar-{first:%Y-%m}.csv"'}
    return Response(f"{BOM}{written.getvalue()}", content_type="text/csv; charset=utf-8", headers=headers)


def _month() -> date:
    """The first day of the month that the address asks for (``mesets``), of this one where it asks for none."""
    typed = request.args.get("mesets")
    if typed is None:
        return today().replace(day=1)
    found = MONTH.fullmatch(typed)
    if found is None:
        abort(404)
    return date(int(found[1]), int(found[2]), 1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _lines(first: date) -> Sequence[Line]:
    found = register(start_of_day(first), start_of_day(_next(first)))
    return [
        Line(
            act.at,
            contribution.id,
            page_of_contribution(contribution),
            ACTS[act.act],
            RULES.get(act.rule, ""),
            shown_line((act.words.words or {}).get("reason", "")),
        )
        for act, contribution in found
    ]
