"""The staff's pages of a consultation: written, made ready, opened after a question, decided in the end."""

from __future__ import annotations

from datetime import date, datetime

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.api import Workbench, attachments_of, lazy_pgettext, say_date, tell
from plugins.consultations.forms.consultation import ConsultationForm, OpeningForm, OutcomeForm, TimeForm
from plugins.consultations.models import Consultation
from plugins.consultations.operations import (
    Step,
    add_usual_procedures,
    decide,
    keep_consultation,
    open_consultation,
    planned_term,
    require_ready,
    rule_for,
    steps,
    term,
)
from plugins.consultations.policy import AREAS, DOCUMENTS
from plugins.consultations.queries import procedures
from plugins.consultations.terms import why_earliest_adoption, why_last_day
from plugins.consultations.views.blueprint import pages

MAY = "consultations.write"

bench = Workbench(
    kind=Consultation,
    form=ConsultationForm,
    path="konsultatsii",
    new_word="nova",
    may_write=MAY,
    may_withdraw="consultations.withdraw",
    title=lazy_pgettext("consultations", "Consultations"),
    new_title=lazy_pgettext("consultations", "New consultation"),
    article="consultations/desk/_article.html",
    view_endpoint="consultations.consultation",
    topics=lambda: list(AREAS.items()),
    roles=tuple(DOCUMENTS.items()),
    fields="consultations/desk/_fields.html",
    more="consultations/desk/_more.html",
    particulars=(
        ("days", lazy_pgettext("consultations", "Days for opinions")),
        ("short_reasons", lazy_pgettext("consultations", "Reasons for a shorter term")),
        ("replaced", lazy_pgettext("consultations", "Documents that were changed")),
        ("outcome", lazy_pgettext("consultations", "What was decided")),
        ("outcome_text", lazy_pgettext("consultations", "In words: what changed because of people")),
        ("decided_on", lazy_pgettext("consultations", "On which day")),
        ("unreported_why", lazy_pgettext("consultations", "Why there was no report before the decision")),
    ),
    keep=lambda consultation, _form: keep_consultation(consultation),
    require=require_ready,
    asks="consultations.ready",
    files_note="consultations/desk/_files_note.html",
)
bench.attach(pages)


@pages.before_request
def add_procedures_for_the_first() -> None:
    """Who writes the first consultation of a town chooses among the usual types; showing the form keeps none."""
    if request.method == "POST" and request.endpoint == "consultations.desk_new" and not procedures():
        add_usual_procedures()


def consultation_or_404(number: int) -> Consultation:
    """The municipality's own consultation, for any page of its staff."""
    consultation = bench.own_or_404(number)
    if not isinstance(consultation, Consultation):
        abort(404)
    return consultation


def mended_at(consultation: Consultation, step: Step) -> str:
    """Where a person does what a step of the task list asks for."""
    if step.page == "text":
        return url_for("consultations.texts", number=consultation.id)
    return (
        bench.url("files", consultation) if step.page == "files" else f"{bench.url('edit', consultation)}#{step.name}"
    )


@pages.get("/rabota/konsultatsii/<number:number>/gotova", may=MAY)
def ready(number: int) -> ResponseReturnValue:
    """What is still missing before people can be asked, each with the page where it is mended."""
    consultation, form = consultation_or_404(number), TimeForm()
    form.publish_at.process_data(consultation.published_at)
    known = term(consultation) if consultation.is_open else planned_term(consultation, consultation.published_at)
    return render_template(
        "consultations/desk/ready.html",
        consultation=consultation,
        form=form,
        steps=[(step, mended_at(consultation, step)) for step in steps(consultation)],
        term=known,
        whys=(why_last_day(known), why_earliest_adoption(known)) if known is not None else (),
        edit_url=bench.url("edit", consultation),
    )


@pages.route("/rabota/konsultatsii/<number:number>/otvori", methods=["GET", "POST"], may=MAY)
def open_it(number: int) -> ResponseReturnValue:
    """Asked before people are asked: what opens, when, and until which day they may write."""
    consultation = consultation_or_404(number)
    if consultation.is_open:
        return redirect(url_for("consultations.ready", number=number), 303)
    form = OpeningForm.of_request() if request.method == "POST" else OpeningForm(request.args)
    if form.is_sent_well():
        with form.catching():
            open_consultation(consultation, form.publish_at.moment, _day(form.promised.data))
            _say_opened(consultation)
            return redirect(bench.url("edit", consultation), 303)
    return _opening_page(number, form)


def _opening_page(number: int, form: OpeningForm) -> ResponseReturnValue:
    consultation = consultation_or_404(number)  # what an operation refused was rolled back
    at: datetime | None = None
    if form.validate() or request.method == "POST":
        at = form.publish_at.moment
    else:
        form.status = 422
    planned = planned_term(consultation, at)
    form.promised.data = planned.last_day.isoformat()
    page = render_template(
        "consultations/desk/open.html",
        consultation=consultation,
        form=form,
        term=planned,
        at=at,
        missing=[step for step in steps(consultation) if step.missing],
        edit_url=bench.url("edit", consultation),
    )
    return page, form.status


def _day(typed: str | None) -> date | None:
    try:
        return date.fromisoformat(typed or "")
    except ValueError:
        return None


def _say_opened(consultation: Consultation) -> None:
    day = say_date(consultation.last_day, year=True) if consultation.last_day is not None else ""
    if consultation.is_open:
        url = url_for("consultations.consultation", number=consultation.id)
        verb = lazy_pgettext("consultations", "See it on the site")
        tell(lazy_pgettext("consultations", "Published. People can write until %(day)s.", day=day), url=url, verb=verb)
    else:
        tell(lazy_pgettext("consultations", "It will show itself at its time. The last day is %(day)s.", day=day))


@pages.route("/rabota/konsultatsii/<number:number>/ishod", methods=["GET", "POST"], may=MAY)
def outcome(number: int) -> ResponseReturnValue:
    """What was decided in the end, and whether the report on the opinions is there."""
    consultation = consultation_or_404(number)
    form = OutcomeForm.of_request(consultation)
    if form.is_sent_well():
        with form.catching():
            decide(consultation, form.seen_revision(), **form.words())
            tell(lazy_pgettext("consultations", "Saved."))
            return redirect(url_for("consultations.outcome", number=number), 303)
    return _outcome_page(number, form)


def _outcome_page(number: int, form: OutcomeForm) -> ResponseReturnValue:
    consultation = consultation_or_404(number)
    if form.status == 409:
        form.revision.data = str(consultation.revision)
    counted = term(consultation) if consultation.is_open else None
    page = render_template(
        "consultations/desk/outcome.html",
        consultation=consultation,
        form=form,
        term=counted,
        is_normative=rule_for(consultation).is_normative,
        reports=attachments_of(consultation, "report"),
        files_url=bench.url("files", consultation),
    )
    return page, form.status
