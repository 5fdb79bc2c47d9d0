"""The page of what somebody handed in, opened by the key in its letter or by who is signed in.

The key in the address is all that is asked for, so it works signed out; a GET changes nothing, as programs open links.
Where the module was switched off since, its author still reads it, takes it back and takes the data along.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.access import PUBLIC, SIGNED_IN, reader
from consult.capabilities import holds
from consult.clock import now
from consult.contract import Slot
from consult.db import db, read_number
from consult.errors import Refused
from consult.i18n import lazy_gettext as _
from consult.participation import (
    PER_PAGE,
    PURPOSE,
    REASON_MAX,
    RULES,
    TEXT_MAX,
    Contribution,
    Standing,
    appeal,
    confirm,
    confirm_until,
    contribution_kept,
    disown,
    edit,
    kinds_on,
    may_edit,
    mine,
    original_of,
    receipt_key,
    versions_of_contribution,
    withdraw_contribution,
)
from consult.publishing import Publication, shown_among
from consult.tenancy import here
from consult.text import cut, shown_line
from consult.web.difference import wordings
from consult.web.forms import Form, WordsField
from consult.web.handed_in import everything_of, masked_email
from consult.web.pace import require_pace
from consult.web.pages import Pages
from consult.web.publications import page_of, shown_words
from consult.web.standings import STANDINGS, Step, trail_of

pages = Pages("participation", __name__)

SLOTS = (Slot("participation.receipt", ("contribution",), "On the page of what its author handed in."),)
RECEIPT = "/moeto/<number:number>/<key>"
SWITCHED_OFF = _("This part of the site is switched off now, so it cannot be confirmed, changed or objected to.")
EDITS = "20 per 30 minutes"  # of one contribution: every one of them is kept for good


class EditForm(Form):
    """Other words."""

    text = WordsField(_("Your opinion"), description=_("From 10 to %(most)d characters.", most=TEXT_MAX))


class AppealForm(Form):
    """Why a second person should look."""

    text = WordsField(_("Why should it be shown?"), description=_("At most %(max)d characters.", max=REASON_MAX))


@pages.get("/moeto", may=SIGNED_IN)
def own() -> ResponseReturnValue:
    """What whoever is signed in has handed in here, newest first."""
    person, before = reader() or abort(401), None
    if "predi" in request.args:
        before = read_number(request.args["predi"]) or abort(404)
    found = mine(person.id, before, PER_PAGE + 1)
    items = found[:PER_PAGE]
    titles = {one.id: one for one in shown_among([item.publication_id for item in items])}
    following = items[-1].id if len(found) > PER_PAGE else 0
    told = [(item, cut(shown_line(item.text), 90), trail_of(item)) for item in items]
    return render_template("my_part.html", told=told, titles=titles, following=following)


@pages.get("/moeto/<number:number>", may=SIGNED_IN)
def own_receipt(number: int) -> ResponseReturnValue:
    """The same page as the receipt, for who was signed in when it was handed in."""
    person, contribution = reader() or abort(401), contribution_kept(number)
    if contribution is None or contribution.person_id != person.id:
        abort(404)
    return _page(contribution)


@pages.get(RECEIPT, may=PUBLIC, is_kept=False)
def receipt(number: int, key: str) -> ResponseReturnValue:
    """Where it stands, what happens next, and what its author can do."""
    return _page(_open(number, key))


@pages.post(f"{RECEIPT}/potvardi", may=PUBLIC, endpoint="confirm")
def confirm_it(number: int, key: str) -> ResponseReturnValue:
    """Shows that the address is theirs."""
    contribution = _open(number, key)
    return _do(_confirm, contribution, key)


@pages.route(f"{RECEIPT}/promeni", methods=["GET", "POST"], may=PUBLIC, is_kept=False, endpoint="edit")
def edit_it(number: int, key: str) -> ResponseReturnValue:
    """Other words, while nobody has answered or agreed."""
    contribution = _open(number, key)
    form: Any = EditForm.of_request(text=contribution.text)
    if form.is_sent_well():
        with form.catching():
            _require_on(contribution)
            require_pace("participation.edit", (EDITS, str(number)))
            edit(contribution, form.text.data or "")
            return _lead_back(number, key)
    contribution = _open(number, key)  # what was refused was rolled back
    return render_template("receipt_edit.html", form=form, **_facts(contribution)), form.status


@pages.route(f"{RECEIPT}/ottegli", methods=["GET", "POST"], may=PUBLIC, is_kept=False, endpoint="withdraw")
def withdraw_it(number: int, key: str) -> ResponseReturnValue:
    """Asks once before it is taken back, because that is for good."""
    return _ask_once("withdraw", withdraw_contribution, number, key)


@pages.route(f"{RECEIPT}/ne-sam-az", methods=["GET", "POST"], may=PUBLIC, is_kept=False, endpoint="disown")
def disown_it(number: int, key: str) -> ResponseReturnValue:
    """Asks once before what somebody else wrote in this person's name is removed."""
    return _ask_once("disown", disown, number, key)


@pages.route(f"{RECEIPT}/vazrazi", methods=["GET", "POST"], may=PUBLIC, is_kept=False, endpoint="appeal")
def appeal_it(number: int, key: str) -> ResponseReturnValue:
    """Asks that a second person looks at what was hidden."""
    contribution = _open(number, key)
    form: Any = AppealForm.of_request()
    if form.is_sent_well():
        with form.catching():
            _require_on(contribution)
            appeal(contribution, form.text.data or "")
            return _lead_back(number, key)
    contribution = _open(number, key)  # what was refused was rolled back
    return render_template("receipt_appeal.html", form=form, **_facts(contribution)), form.status


@pages.get(f"{RECEIPT}/danni.json", may=PUBLIC, is_kept=False)
def data(number: int, key: str) -> ResponseReturnValue:
    """All that is kept of it, field by field (GDPR art. 15 and 20)."""
    contribution = _open(number, key)
    publication = db.session.get_one(Publication, contribution.publication_id)
    content = json.dumps(everything_of(contribution, publication), ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": f'attachment; filename="mnenie-{number}.json"'}
    return Response(f"{content}\n", content_type="application/json", headers=headers)


def _open(number: int, key: str) -> Contribution:
    """What the key opens, or a page that says what to do: 410 where nothing is left to confirm, else 404."""
    contribution = contribution_kept(number)
    if contribution is None or not holds(key, PURPOSE, number, contribution.salt):
        _gone(404)
    if contribution.erased_at is not None or _is_late(contribution):
        _gone(410, contribution)
    return contribution


def _is_on(contribution: Contribution) -> bool:
    return contribution.kind in kinds_on()


def _require_on(contribution: Contribution) -> None:
    """Raises Refused where nobody here would read or decide what its author asks for."""
    if not _is_on(contribution):
        raise Refused(SWITCHED_OFF, status=409)


def _confirm(contribution: Contribution) -> None:
    _require_on(contribution)
    confirm(contribution)


def _is_late(contribution: Contribution) -> bool:
    return contribution.standing == Standing.UNCONFIRMED and now() > confirm_until(contribution)


def _gone(status: int, contribution: Contribution | None = None) -> NoReturn:
    found = next(iter(shown_among([contribution.publication_id])), None) if contribution is not None else None
    url = page_of(found) if found is not None else ""
    page = render_template("receipt_gone.html", status=status, publication=found, url=url, town=here())
    abort(make_response(page, status))


def _ask_once(way: str, does: Callable[[Contribution], None], number: int, key: str) -> ResponseReturnValue:
    contribution = _open(number, key)
    if Form.of_request().is_sent_well():
        was_unconfirmed = contribution.standing == Standing.UNCONFIRMED
        does(contribution)
        return render_template("receipt_removed.html") if was_unconfirmed else _lead_back(number, key)
    return render_template("receipt_ask.html", way=way, **_facts(contribution))


def _do(what: Callable[[Contribution], None], contribution: Contribution, key: str) -> ResponseReturnValue:
    """Does it and leads back to the page; what is refused is said on it, above how things stand now."""
    number = contribution.id
    try:
        what(contribution)
    except Refused as refused:
        db.session.rollback()
        return _page(_open(number, key), refusal=refused.sentence), refused.status
    return _lead_back(number, key)


def _lead_back(number: int, key: str) -> ResponseReturnValue:
    return redirect(url_for("participation.receipt", number=number, key=key), 303)


def _page(contribution: Contribution, refusal: Any = "") -> str:
    versions = versions_of_contribution(contribution) if contribution.is_shown else []
    return render_template("receipt.html", refusal=refusal, wordings=wordings(versions), **_facts(contribution))


def _facts(contribution: Contribution) -> dict[str, Any]:
    """What the pages of a receipt show."""
    publication = db.session.get_one(Publication, contribution.publication_id)
    is_read, is_on = bool(shown_among([publication.id])), _is_on(contribution)
    return {
        "is_on": is_on,
        "switched_off": SWITCHED_OFF,
        "masked_email": masked_email(contribution.email),
        "contribution": contribution,
        "publication": publication,
        "publication_url": page_of(publication) if is_read else "",
        "address": {"number": contribution.id, "key": receipt_key(contribution)},
        "standing": STANDINGS[contribution.standing],
        "trail": [step for step in trail_of(contribution) if is_on or _is_so(step, contribution)],
        "own_words": shown_words(_own_words(contribution)),
        "rule": RULES.get(contribution.rule, ""),
        "until": confirm_until(contribution),
        "may_edit": is_on and may_edit(contribution),
        "may_appeal": is_on and contribution.standing == Standing.HIDDEN and contribution.appealed_at is None,
        "unsettled": contribution.standing in (Standing.PUBLISHED, Standing.HELD, Standing.HIDDEN),
    }


def _is_so(step: Step, contribution: Contribution) -> bool:
    """Whether a step holds while the module is off: nobody reads or answers then, so nothing is promised."""
    waits = contribution.standing in (Standing.UNCONFIRMED, Standing.HELD)
    return step.when == "done" or (step.when == "now" and not waits)


def _own_words(contribution: Contribution) -> str:
    """What was hidden its author may read, to know what to object to; what was taken back is shown to nobody."""
    return original_of(contribution) if contribution.standing == Standing.HIDDEN else contribution.text
