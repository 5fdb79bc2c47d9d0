"""The staff's page of the texts of a draft: those so far, one more read and checked before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.api import lazy_pgettext, tell
from plugins.consultations.drafts.checking import CheckedDraft, check_draft
from plugins.consultations.drafts.matching import Change
from plugins.consultations.drafts.reading import ReadDraft, read_draft
from plugins.consultations.forms.draft import WISH, DraftForm, wishes_in
from plugins.consultations.models import Consultation, Source
from plugins.consultations.operations import add_text, extended_by, require_addable
from plugins.consultations.queries import count_versions, provisions_of, version_of, versions_of
from plugins.consultations.terms import Term
from plugins.consultations.views.blueprint import pages
from plugins.consultations.views.staff import MAY, bench, consultation_or_404

CHANGES = {
    Change.SAME: lazy_pgettext("consultations", "The same"),
    Change.CHANGED: lazy_pgettext("consultations", "Changed"),
    Change.MOVED: lazy_pgettext("consultations", "Moved"),
    Change.NEW: lazy_pgettext("consultations", "New"),
}


@dataclass(frozen=True)
class Reading:
    """A text as it was read, its articles beside those of the version before, and the longer term that it gives."""

    draft: ReadDraft
    checked: CheckedDraft
    longer: Term | None


@pages.route("/rabota/konsultatsii/<number:number>/tekst", methods=["GET", "POST"], may=MAY, takes_files=True)
def texts(number: int) -> ResponseReturnValue:
    """The versions so far and a form for one more: read and shown ("check"), asked about ("save"), kept ("keep")."""
    consultation = consultation_or_404(number)
    form = DraftForm.of_request(seen=str(count_versions(consultation)))
    reading = None
    if form.is_sent_well():
        with form.catching():
            reading = _read(consultation, form)
            step = request.form.get("do", "check")
            if step == "keep" or (step == "save" and reading.longer is None):
                return _keep(consultation, form, reading)
            if step == "save":
                return render_template("consultations/desk/text_keep.html", **_facts(consultation, form, reading))
    return _page(number, form, reading)


def _read(consultation: Consultation, form: DraftForm) -> Reading:
    """Everything that takes a while, before anything is written."""
    form.read_file()
    require_addable(consultation, form.source.data)
    draft = read_draft(form.text.data)
    before = version_of(consultation, consultation.version) if form.source.data == Source.DRAFT else None
    old = provisions_of(before.id) if before is not None and consultation.version else ()
    return Reading(draft, check_draft(draft, old, wishes_in(request.form)), extended_by(consultation, form.source.data))


def _keep(consultation: Consultation, form: DraftForm, reading: Reading) -> ResponseReturnValue:
    typed = form.text.data, form.source.data, form.title.data or "", form.note.data or ""
    add_text(consultation, form.seen_count(), reading.draft.provisions, *typed, matching=reading.checked.matching)
    tell(lazy_pgettext("consultations", "The text is kept."))
    return redirect(url_for("consultations.texts", number=consultation.id), 303)


def _page(number: int, form: DraftForm, reading: Reading | None) -> ResponseReturnValue:
    consultation = consultation_or_404(number)  # what an operation refused was rolled back
    if form.status == 409:
        form.seen.data = str(count_versions(consultation))
    template = "texts" if reading is None else "text_check"
    page = render_template(f"consultations/desk/{template}.html", **_facts(consultation, form, reading))
    return page, form.status


def _facts(consultation: Consultation, form: DraftForm, reading: Reading | None) -> dict[str, object]:
    versions = versions_of(consultation)
    theirs = versions[-1] if versions and form.status == 409 else None
    return {
        "consultation": consultation,
        "form": form,
        "versions": versions,
        "theirs": theirs,
        "reading": reading,
        "changes": CHANGES,
        "wish": WISH,
        "wishes": wishes_in(request.form),
        "edit_url": bench.url("edit", consultation),
    }
