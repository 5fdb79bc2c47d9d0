"""The staff's queue of opinions: why each waits, what was said, and what a moderator decides about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import wtforms
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from consult.access import may, reader
from consult.clock import now
from consult.contract import NavigationItem, Task
from consult.db import db, read_number
from consult.errors import Conflict, Sentence
from consult.i18n import lazy_gettext as _
from consult.i18n import lazy_pgettext, ngettext, say_relative
from consult.identifiers import find_identifiers, mask
from consult.participation import (
    PER_PAGE,
    REASON_MAX,
    RULES,
    Contribution,
    contribution_here,
    decide_appeal,
    dismiss_reports,
    hide,
    look_at_original,
    mask_and_publish,
    publish_held,
    queue,
    waiting,
)
from consult.web.forms import Form, WordsField
from consult.web.layout import tell
from consult.web.pages import Pages
from consult.web.standings import ACTS
from consult.web.weighing import facts_of, listed

pages = Pages("moderation", __name__)

MAY = "participation.moderate"
NAVIGATION = (NavigationItem(lazy_pgettext("desk", "Opinions"), "moderation.waiting_list", "desk", "chat", 20),)
MISSING = _("Say in a sentence why. The author gets it in a letter.")
ONE = "/rabota/mnenia/<number:number>"
WAITS_LONG = timedelta(hours=24)  # by the clock, days off included: the core knows no calendar of working days


class RuleForm(Form):
    """Under which rule, and why; the author reads it."""

    rule = wtforms.RadioField(
        _("Under which rule?"),
        [wtforms.validators.InputRequired(_("Choose one of the rules."))],
        choices=[SelectChoice(value=key, label=title) for key, title in RULES.items()],
    )


class HideForm(RuleForm):
    """Before something is hidden."""

    reason = WordsField(
        _("A word to the author"),
        is_needed=True,
        missing=MISSING,
        description=_("The author gets it by email, and it stands in the public register."),
    )
    watches = wtforms.BooleanField(_("Read this author’s next opinions before they are shown"))


class MaskForm(RuleForm):
    """The words with the masks. ``edition``: the version that was read."""

    text = WordsField(
        _("As everybody will read it"),
        description=_("Replace words by [скрито: …] and change nothing else; the author’s words are the author’s."),
    )
    reason = WordsField(_("A word to the author"), description=_("At most %(max)d characters.", max=REASON_MAX))
    edition = wtforms.HiddenField()


class AppealForm(Form):
    """What the second person decides: ``decision`` is "show" or "keep"."""

    reason = WordsField(_("Why?"), is_needed=True, missing=MISSING, description=_("The author gets it by email."))


@pages.get("/rabota/mnenia", may=MAY)
def waiting_list() -> ResponseReturnValue:
    """What waits for a moderator, oldest first."""
    found = queue(_read_place(), PER_PAGE + 1)
    items, following = found[:PER_PAGE], ""
    if len(found) > PER_PAGE and items[-1].queued_at is not None:
        following = f"{items[-1].queued_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{items[-1].id}"
    late = now() - WAITS_LONG
    return render_template("desk/opinions.html", items=listed(items), following=following, late=late)


@pages.get(ONE, may=MAY)
def opinion(number: int) -> ResponseReturnValue:
    """One of them, with all that was done about it."""
    return _page(_one(number))


@pages.post(f"{ONE}/publikuvay", may=MAY)
def publish(number: int) -> ResponseReturnValue:
    """It is shown as it is."""
    seen = read_number(request.form.get("edition", ""))
    return _do(number, lambda one: publish_held(one, seen), _("Published."))


@pages.post(f"{ONE}/ostavi", may=MAY)
def dismiss(number: int) -> ResponseReturnValue:
    """The reports need nothing to be done."""
    return _do(number, dismiss_reports, _("It stays as it is; the reports are settled."))


@pages.route(f"{ONE}/zakriy-danni", methods=["GET", "POST"], may=MAY, endpoint="mask")
def mask_it(number: int) -> ResponseReturnValue:
    """Blacks words out and publishes the rest."""
    one = _one(number)
    text = mask(one.text, find_identifiers(one.text))
    form: Any = MaskForm.of_request(text=text, rule="lichni", edition=one.edition)

    def does(one: Contribution) -> None:
        seen = read_number(form.edition.data or "") or 0
        mask_and_publish(one, form.text.data or "", seen, form.rule.data, form.reason.data or "")

    return _decide(
        number, form, "desk/opinion_mask.html", does, _("Published with blacked out data. The author is told.")
    )


@pages.route(f"{ONE}/skriy", methods=["GET", "POST"], may=MAY, endpoint="hide")
def hide_it(number: int) -> ResponseReturnValue:
    """Takes it from what everybody reads, under a rule."""
    form: Any = HideForm.of_request()

    def does(one: Contribution) -> None:
        hide(one, form.rule.data, form.reason.data or "", watches_author=bool(form.watches.data))

    return _decide(
        number, form, "desk/opinion_hide.html", does, _("Hidden. The author is told why, and may object once.")
    )


@pages.route(f"{ONE}/vazrazhenie", methods=["GET", "POST"], may=MAY, endpoint="decide")
def decide_it(number: int) -> ResponseReturnValue:
    """A second person decides whether it stays hidden."""
    form: Any = AppealForm.of_request()

    def does(one: Contribution) -> None:
        decide_appeal(one, request.form.get("decision") == "show", form.reason.data or "")

    return _decide(number, form, "desk/opinion_appeal.html", does, _("Decided. The author is told."))


@pages.post(f"{ONE}/original", may=MAY)
def original(number: int) -> ResponseReturnValue:
    """The sealed words, for this look only; the look is in the journal."""
    one = _one(number)
    words = look_at_original(one)
    return _page(one, original=words)


def tasks() -> list[Task]:
    """What the page "today" says of the queue."""
    if not may(MAY):
        return []
    count, oldest = waiting()
    if oldest is None:
        return []
    title = ngettext("One opinion waits for review", "%(num)d opinions wait for review", count)
    is_late = now() - oldest > WAITS_LONG
    when = say_relative(oldest)
    detail = (
        _("The oldest one came %(when)s and waits longer than 24 hours.", when=when)
        if is_late
        else _("The oldest one came %(when)s.", when=when)
    )
    return [Task(title, detail, url_for("moderation.waiting_list"), _("Review"), is_late)]


def _read_place() -> tuple[datetime, int] | None:
    """Where the page of the queue begins, from ``sled``. 404 for nonsense."""
    typed = request.args.get("sled")
    if typed is None:
        return None
    moment, _hyphen, last = typed.rpartition("-")
    number = read_number(last)
    try:
        return datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), number or abort(404)
    except ValueError:
        abort(404)


def _one(number: int) -> Contribution:
    """What was accepted here; what nobody confirmed is not read by the staff either."""
    found = contribution_here(number)
    if found is None or not found.is_accepted:
        abort(404)
    return found


def _decide(
    number: int, form: Form, template: str, does: Callable[[Contribution], None], said: Sentence
) -> ResponseReturnValue:
    """A page that asks, and then does it; a colleague who was quicker is named on the opinion's own page (409)."""
    one = _one(number)
    if form.is_sent_well():
        with form.catching():
            does(one)
            return _lead_on(number, said)
    one = _one(number)  # what was refused was rolled back
    if form.status == 409:
        return _page(one, refusal=form.form_errors[0]), form.status
    return render_template(template, form=form, **facts_of(one)), form.status


def _do(number: int, does: Callable[[Contribution], None], said: Sentence) -> ResponseReturnValue:
    try:
        does(_one(number))
    except Conflict as conflict:
        db.session.rollback()
        return _page(_one(number), refusal=conflict.sentence), conflict.status
    return _lead_on(number, said)


def _lead_on(number: int, said: Sentence) -> ResponseReturnValue:
    """Back to the queue, where the next one waits, with a link to what was decided."""
    tell(said, url=url_for("moderation.opinion", number=number), verb=_("See it"))
    return redirect(url_for("moderation.waiting_list"), 303)


def _page(one: Contribution, refusal: Sentence = "", original: str = "") -> str:
    person = reader()
    me = person.id if person is not None else 0
    return render_template("desk/opinion.html", refusal=refusal, original=original, me=me, acts=ACTS, **facts_of(one))
