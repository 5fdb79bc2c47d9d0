"""The admins' pages of the types of procedures."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.api import db, lazy_pgettext, tell
from plugins.consultations.forms.procedure import ProcedureForm
from plugins.consultations.models import Procedure
from plugins.consultations.operations import add_procedure, add_usual_procedures, change_procedure
from plugins.consultations.policy import DOCUMENTS, PROCEDURES
from plugins.consultations.queries import mark_of, procedures
from plugins.consultations.views.blueprint import pages

MAY = "consultations.procedures"


@pages.get("/rabota/konsultatsii/protseduri", may=MAY)
def procedure_list() -> ResponseReturnValue:
    """The types with their terms; where there are none, those with which every municipality begins."""
    usual = [one[1] for one in PROCEDURES]
    return render_template("consultations/desk/procedures.html", procedures=procedures(), usual=usual)


@pages.post("/rabota/konsultatsii/protseduri/obichayni", may=MAY)
def procedure_usual() -> ResponseReturnValue:
    """Adds the usual types where there are none."""
    add_usual_procedures()
    tell(lazy_pgettext("consultations", "The usual types are added."))
    return redirect(url_for("consultations.procedure_list"), 303)


@pages.route("/rabota/konsultatsii/protseduri/nova", methods=["GET", "POST"], may=MAY)
def procedure_new() -> ResponseReturnValue:
    """A type of the municipality's own."""
    form = ProcedureForm.of_request()
    if form.is_sent_well():
        with form.catching():
            add_usual_procedures()
            add_procedure(form.words())
            tell(lazy_pgettext("consultations", "The type is added."))
            return redirect(url_for("consultations.procedure_list"), 303)
    page = render_template("consultations/desk/procedure.html", form=form, procedure=None, documents=DOCUMENTS)
    return page, form.status


@pages.route("/rabota/konsultatsii/protseduri/<number:number>", methods=["GET", "POST"], may=MAY)
def procedure_edit(number: int) -> ResponseReturnValue:
    """Other terms or documents for a type, or the end of offering it."""
    procedure = _procedure_or_404(number)
    form = ProcedureForm.of_request(procedure, seen=mark_of(procedure))
    if form.is_sent_well():
        with form.catching():
            change_procedure(procedure, form.seen.data or "", form.words())
            tell(lazy_pgettext("consultations", "Saved."))
            return redirect(url_for("consultations.procedure_list"), 303)
    procedure = _procedure_or_404(number)  # what an operation refused was rolled back
    if form.status == 409:
        form.seen.data = mark_of(procedure)
    page = render_template("consultations/desk/procedure.html", form=form, procedure=procedure, documents=DOCUMENTS)
    return page, form.status


def _procedure_or_404(number: int) -> Procedure:
    return db.session.get(Procedure, number) or abort(404)
