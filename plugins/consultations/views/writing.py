"""Writing: an opinion is sent, looked at before it is sent, answered, agreed with."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.api import (
    KeptFile,
    Sender,
    address_key,
    agree,
    db,
    find_identifiers,
    is_in_pace,
    keep_file,
    language,
    lazy_pgettext,
    network,
    now,
    operation,
    read_number,
    read_upload,
    reader,
    receipt_key,
    render_plain,
    require_pace,
    say_identifier_kind,
    stop_agreeing,
    tell,
)
from plugins.consultations.forms.opinion import OpinionForm, ReplyForm, opinion_form, reply_form
from plugins.consultations.models import Consultation, Opinion, Passage
from plugins.consultations.operations import Saying, require_open, send_opinion
from plugins.consultations.policy import SAID_STANCES
from plugins.consultations.views.blueprint import pages
from plugins.consultations.views.opinions import OPINION, opinion_or_404, own_consultation, thread_page

# An office, a library or a mobile operator's network is many people; a village can write on one evening.
PER_NETWORK = "30 per 10 minutes"
PER_ADDRESS = "10 per hour"
TOP = "main"  # else the browser would look on the next page for the form, whose place the sent address names
SEEN = "vidyano"  # the field by which the preview says that its reader has seen it


@pages.route("/konsultatsii/<number:number>/mnenia", methods=["POST"], may="public", takes_files=True)
def send(number: int) -> ResponseReturnValue:
    """Hands in an opinion, or shows first how it will look. A guest is answered the same whoever it is."""
    form = opinion_form()
    if form.is_sent_well() and "popravi" not in request.form:
        if "pregled" in request.form or (SEEN not in request.form and _found_in(form)):
            return _preview(own_consultation(number), form)
        with form.catching():
            return _send(number, form)
    consultation = own_consultation(number)
    if not consultation.takes_opinions and not form.form_errors:  # mistakes in a form that is shown no more say nothing
        form = opinion_form()
        with form.catching():
            require_open(consultation)
    return thread_page(consultation, _chosen_passage(consultation), form=form)


@pages.get("/konsultatsii/<number:number>/mnenia/proverete", may="public")
def check_mail(number: int) -> ResponseReturnValue:
    """What a guest sees who has sent something: the same for all, whoever they are."""
    return render_template("consultations/check_mail.html", consultation=own_consultation(number))


@pages.route(f"{OPINION}/otgovor", methods=["GET", "POST"], may="public", is_kept=False)
def reply(number: int, contribution: int) -> ResponseReturnValue:
    """Answers an opinion, below what it says."""
    consultation = own_consultation(number)
    found, form = opinion_or_404(consultation, contribution), reply_form()
    if not found.is_shown:
        abort(410)
    if form.is_sent_well():
        with form.catching():
            return _send(number, form, found.id)
    consultation = own_consultation(number)  # what was refused was rolled back
    facts = {"consultation": consultation, "answered": opinion_or_404(consultation, contribution), "form": form}
    return render_template("consultations/reply.html", **facts), form.status


@pages.post(f"{OPINION}/saglasni", may="signed-in")
def agree_with(number: int, contribution: int) -> ResponseReturnValue:
    """Agrees, once a person; ``ne`` takes it back."""
    person, found = reader() or abort(401), opinion_or_404(own_consultation(number), contribution)
    if "ne" in request.form:
        stop_agreeing(found, person.id)
        tell(lazy_pgettext("consultations", "You do not agree any more."))
    else:
        agree(found, person.id)
        tell(lazy_pgettext("consultations", "You agree."))
    return redirect(url_for("consultations.opinion", number=number, contribution=contribution), 303)


def _chosen_passage(consultation: Consultation) -> Passage | None:
    """The passage that the form was sent with, so that its page is shown again with what was typed."""
    number = read_number(request.form.get("part", "").partition("/")[0])
    found = db.session.get(Passage, number) if number is not None else None
    return found if found is not None and found.consultation_id == consultation.id and not found.dropped_in else None


def _preview(consultation: Consultation, form: OpinionForm) -> ResponseReturnValue:
    """How it will look; nothing is kept yet, and a chosen file has to be chosen again."""
    require_open(consultation)
    said = _saying_of(form)
    part = db.session.get(Passage, said.passage_id) if said.passage_id > 0 else None
    drawn = Opinion(text=said.text, text_html=render_plain(said.text))
    facts = {"consultation": consultation, "form": form, "said": said, "drawn": drawn, "part": part}
    facts |= {"warned": _found_in(form), "seen": SEEN, "said_stances": SAID_STANCES}
    return render_template("consultations/preview.html", **facts)


def _found_in(form: OpinionForm) -> list[str]:
    """What seems to identify a person in what was typed: its author is warned once, before anybody reads it."""
    typed = ("text", "proposed", "name", "home", "organisation")
    found = find_identifiers("\n".join(form[name].data or "" for name in typed if name in form))
    return [str(say_identifier_kind(kind)) for kind in dict.fromkeys(one.kind for one in found)]


def _send(number: int, form: ReplyForm, reply_to_id: int | None = None) -> ResponseReturnValue:
    """Raises Refused in an order in which nothing depends on whose address was typed."""
    person, sender = reader(), _sender_of(form)
    require_pace("consultations.send", (PER_NETWORK, f"{network()} {number}"))
    saying, file = _saying_of(form, reply_to_id), _kept_file(form, number)
    if person is not None:
        sent = _hand_in(number, saying, sender, file)
        receipt = url_for("participation.receipt", number=sent.id, key=receipt_key(sent), _anchor=TOP)
        return redirect(receipt, 303)
    begun = now()
    is_new = _hand_in(number, saying, sender, file).received_at >= begun
    # Counted is what writes a letter. To a mailbox that has had its letters, silence: what is refused above is refused
    # whoever it is, and a refusal here would tell a stranger that somebody uses that mailbox.
    if is_new and not is_in_pace("consultations.send", (PER_ADDRESS, address_key(sender.email))):
        db.session.rollback()
    return redirect(url_for("consultations.check_mail", number=number, _anchor=TOP), 303)


@operation
def _hand_in(number: int, saying: Saying, sender: Sender, file: KeptFile | None) -> Opinion:
    """The consultation is read in the transaction that writes: what holds there holds for the opinion, too."""
    return send_opinion(own_consultation(number), saying, sender, file)


def _kept_file(form: ReplyForm, number: int) -> KeptFile | None:
    """Before anything is written: a picture takes a while, and others wait to write."""
    if not isinstance(form, OpinionForm) or form.file.data is None:
        return None
    require_open(own_consultation(number))
    return keep_file(read_upload(form.file.data, form.file.data.filename or ""))


def _saying_of(form: ReplyForm, reply_to_id: int | None = None) -> Saying:
    """What is said, as the operation takes it. A part that is no number is refused there."""
    if not isinstance(form, OpinionForm):
        return Saying(text=form.text.data or "", reply_to_id=reply_to_id)
    number, _slash, eid = (form.part.data or "0").partition("/")
    return Saying(
        text=form.text.data or "",
        stance=form.stance.data or "",
        passage_id=0 if number == "0" else read_number(number) or -1,
        eid=eid,
        quote=form.quote.data or "",
        proposed=(form.proposed.data or "").strip(),
    )


def _sender_of(form: ReplyForm) -> Sender:
    """Who says it: the account, or the name and address that a guest typed."""
    person = reader()
    return Sender(
        name=person.name if person is not None else form["name"].data,
        email=person.email if person is not None else form["email"].data,
        person_id=person.id if person is not None else None,
        home=form["home"].data or "" if "home" in form else "",
        organisation=form["organisation"].data or "" if "organisation" in form else "",
        consent=form.consent.data or "",
        language=language(),
    )
