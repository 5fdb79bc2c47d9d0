"""The staff's pages of an event itself: written, called off, and what came of it."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.api import (
    Form,
    Workbench,
    attachments_of,
    change,
    lazy_npgettext,
    lazy_pgettext,
    render_markdown,
    tell,
)
from plugins.events.forms.event import AfterwardsForm, CancelForm, EventForm
from plugins.events.models import Event, Hall
from plugins.events.operations import cancel_event, keep_event, note_attendance, thank
from plugins.events.policy import KINDS
from plugins.events.queries import hall_of, places_known, places_to_thank
from plugins.events.views.blueprint import pages

MAY = "events.write"


def _keep(event: Event, form: EventForm) -> None:
    keep_event(event, form.capacity.data, form.is_sure.data, form.reason.data or "")


bench = Workbench(
    kind=Event,
    form=EventForm,
    path="sabitia",
    new_word="novo",
    may_write=MAY,
    may_withdraw="events.withdraw",
    title=lazy_pgettext("events", "Events"),
    new_title=lazy_pgettext("events", "New event"),
    article="events/_article.html",
    view_endpoint="events.event",
    topics=lambda: list(KINDS.items()),
    roles=(("minutes", lazy_pgettext("events", "Minutes")),),
    fields="events/desk/_fields.html",
    more="events/desk/_more.html",
    particulars=(
        ("questions", lazy_pgettext("events", "Questions to those who come")),
        ("heard", lazy_pgettext("events", "What was heard")),
        ("recording_url", lazy_pgettext("events", "Address of the recording")),
    ),
    keep=_keep,
)
bench.attach(pages)


def event_or_404(number: int) -> Event:
    """The municipality's own event, for any page of its staff."""
    event = bench.own_or_404(number)
    if not isinstance(event, Event):
        abort(404)
    return event


def with_hall_or_404(number: int) -> tuple[Event, Hall]:
    """The event and its seats; without any there is neither a list of places nor a door."""
    event = event_or_404(number)
    return event, hall_of(event.id) or abort(404)


@pages.route("/rabota/sabitia/<number:number>/otmeni", methods=["GET", "POST"], may=MAY)
def cancel(number: int) -> ResponseReturnValue:
    """Asked before an event is called off: how many get a letter, and why."""
    event, form = event_or_404(number), CancelForm.of_request()
    if form.is_sent_well():
        with form.catching():
            letters, _to_call = _told_by_letter(event)
            cancel_event(event, form.reason.data)
            tell(lazy_npgettext("events", "Cancelled. %(num)d letter goes out.",
                                "Cancelled. %(num)d letters go out.", letters)
                 if letters else lazy_pgettext("events", "Cancelled"))  # fmt: skip
            return redirect(bench.url("edit", event), 303)
    letters, to_call = _told_by_letter(event)
    page = render_template("events/desk/cancel.html", event=event, form=form, letters=letters, to_call=to_call)
    return page, form.status


def _told_by_letter(event: Event) -> tuple[int, int]:
    """How many of those who hold a place or wait get a letter, and how many gave no address and have to be called."""
    known = places_known(event.id)
    letters = sum(1 for place in known if place.email)
    return letters, len(known) - letters


@pages.route("/rabota/sabitia/<number:number>/sled", methods=["GET", "POST"], may=MAY)
def afterwards(number: int) -> ResponseReturnValue:
    """What was heard, the recording, how many came; the minutes are among the files."""
    event = event_or_404(number)
    form = AfterwardsForm.of_request(event)
    if form.is_sent_well():
        with form.catching():
            heard = form.heard.data or ""
            words = {"heard": heard, "heard_html": render_markdown(heard), "recording_url": form.recording_url.data}
            change(event, form.seen_revision(), words)
            note_attendance(event, form.attendance.data)
            tell(lazy_pgettext("events", "Saved."))
            return redirect(url_for("events.afterwards", number=event.id), 303)
    return _afterwards_page(event, form)


def _afterwards_page(event: Event, form: AfterwardsForm) -> ResponseReturnValue:
    event = event_or_404(event.id)  # what an operation refused was rolled back
    if form.status == 409:
        form.revision.data = str(event.revision)
    page = render_template(
        "events/desk/afterwards.html",
        event=event,
        form=form,
        hall=hall_of(event.id),
        minutes=attachments_of(event, "minutes"),
        letters=len(places_to_thank(event.id)),
        files_url=bench.url("files", event),
    )
    return page, form.status


@pages.route("/rabota/sabitia/<number:number>/sled/blagodari", methods=["GET", "POST"], may=MAY)
def thanks(number: int) -> ResponseReturnValue:
    """Asked before everybody who had a place is thanked: how many letters go out."""
    event, form = event_or_404(number), Form.of_request()
    if form.is_sent_well():
        with form.catching():
            letters = thank(event)
            tell(lazy_npgettext("events", "%(num)d letter goes out.", "%(num)d letters go out.", letters))
            return redirect(url_for("events.afterwards", number=event.id), 303)
    letters = len(places_to_thank(event.id))
    return render_template("events/desk/thanks.html", event=event, form=form, letters=letters), form.status
