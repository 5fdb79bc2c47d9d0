"""What anybody may do with an opinion of somebody else: say that it breaks a rule, and open the file beside it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import wtforms
from flask import Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from consult.access import PUBLIC, may, reader
from consult.i18n import lazy_gettext as _
from consult.participation import REASON_MAX, RULES, Contribution, contribution_here, report
from consult.publishing import shown_among
from consult.web.attachments import answer_file
from consult.web.forms import Form, WordsField
from consult.web.pace import network, require_pace
from consult.web.pages import Pages
from consult.web.publications import page_of_contribution

pages = Pages("reporting", __name__)

PER_NETWORK, OF_ONE = "20 per 10 minutes", "3 per hour"  # whole offices stand behind one network


class ReportForm(Form):
    """Which rule, and some words."""

    rule = wtforms.RadioField(
        _("What is wrong with it?"),
        [wtforms.validators.InputRequired(_("Choose one of the rules."))],
        choices=[SelectChoice(value=key, label=title) for key, title in RULES.items()],
    )
    text = WordsField(_("In your words"), description=_("At most %(max)d characters.", max=REASON_MAX))


@pages.route("/mnenia/<number:number>/signal", methods=["GET", "POST"], may=PUBLIC, endpoint="report")
def tell_of(number: int) -> ResponseReturnValue:
    """Asks why; who reports learns nothing of others who did."""
    contribution, person = _shown(number), reader()
    form: Any = ReportForm.of_request()
    if form.is_sent_well():
        with form.catching():
            require_pace("participation.report", (PER_NETWORK, network()), (OF_ONE, f"{network()} {number}"))
            report(contribution, form.rule.data, form.text.data or "", person.id if person else None)
            return redirect(url_for("reporting.thanks", number=number), 303)
    contribution = _shown(number)  # what was refused was rolled back
    url = page_of_contribution(contribution)
    return render_template("report.html", contribution=contribution, form=form, url=url), form.status


@pages.get("/mnenia/<number:number>/signal/priet", may=PUBLIC)
def thanks(number: int) -> ResponseReturnValue:
    """A moderator will look; the same for whatever was reported."""
    contribution = contribution_here(number)
    if contribution is None or not contribution.is_accepted:
        abort(404)
    return render_template("report_taken.html", number=number, url=page_of_contribution(contribution))


@pages.get("/mnenia/<number:number>/fayl/<name>", may=PUBLIC, is_kept=False)
def file(number: int, name: str) -> Response:
    """The file beside an opinion: for everybody while the opinion is shown, for moderators always."""
    contribution = contribution_here(number) or abort(404)
    if contribution.file_key is None or contribution.file_name != name:
        abort(404)
    is_open = contribution.is_shown and bool(shown_among([contribution.publication_id]))
    if not is_open and not (contribution.is_accepted and may("participation.moderate")):
        abort(410 if contribution.is_accepted else 404)
    key, size = contribution.file_key, contribution.file_size
    return answer_file(key, name, contribution.file_type, size, tag=sha256(key.encode()).hexdigest(), is_open=is_open)


def _shown(number: int) -> Contribution:
    """What everybody can read now. What is hidden or taken back is gone; what nobody confirmed was never there."""
    contribution = contribution_here(number)
    if contribution is None or not contribution.is_accepted or not shown_among([contribution.publication_id]):
        abort(404)
    if not contribution.is_shown:
        abort(410)
    return contribution
