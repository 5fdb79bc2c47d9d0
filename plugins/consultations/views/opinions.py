"""What people say: the thread of a draft or of one passage, one opinion in its place, writing, answering, agreeing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from consult.api import (
    Counts,
    KeptFile,
    Thread,
    address_key,
    agree,
    agreed_with,
    counts_of,
    db,
    here,
    is_in_pace,
    keep_file,
    lazy_pgettext,
    link_in,
    network,
    owner_of,
    read_number,
    read_upload,
    reader,
    receipt_key,
    render_plain,
    replies_to,
    require_pace,
    shown_or_404,
    stop_agreeing,
    tell,
    thread,
    versions_of_contribution,
)
from plugins.consultations.drafts.provisions import say_label
from plugins.consultations.drafts.words import compare_words
from plugins.consultations.forms.opinion import OpinionForm, ReplyForm, opinion_form, reply_form, saying_of, sender_of
from plugins.consultations.models import Consultation, Opinion, Passage, Phase, ProvisionRow
from plugins.consultations.operations import require_open, send_opinion
from plugins.consultations.policy import SAID_STANCES, STANCES
from plugins.consultations.queries import passage_by_slug, passages_of, provision_of, rows_of, version_of
from plugins.consultations.views.blueprint import pages

# An office, a library or a mobile operator's network is many people; a village can write on one evening.
PER_NETWORK = "30 per 10 minutes"
PER_ADDRESS = "10 per hour"
OPINION = "/konsultatsii/<number:number>/mnenia/<number:contribution>"
ORDERS = {"novi": "new", "saglasni": "agreed"}


class PassageConverter(BaseConverter):
    """The address of an article, a § or an appendix: chl-14a, par-5, pril-1. It goes before the tail of a title."""

    regex = r"(?:chl|par|pril)(?:-[a-z0-9]+)*"
    weight = 50


pages.viewers["consultations.opinion"] = "consultations.opinion"
pages.record_once(lambda state: state.app.url_map.converters.update(passage=PassageConverter))


@pages.get("/konsultatsii/<number:number>/mnenia", may="public")
def opinions(number: int) -> ResponseReturnValue:
    """All opinions, or those of one stance (``vid``) or answered ones (``otg``), in an order (``red``)."""
    return _page(_own(number))


@pages.get("/konsultatsii/<number:number>/<passage:slug>", may="public")
def passage(number: int, slug: str) -> ResponseReturnValue:
    """One article: its text and what people say of it; ``al`` chooses one of its paragraphs in the form."""
    consultation = _own(number)
    return _page(consultation, _passage_or_404(consultation, slug))


@pages.route("/konsultatsii/<number:number>/mnenia", methods=["POST"], may="public", takes_files=True)
def send(number: int) -> ResponseReturnValue:
    """Hands in an opinion, or shows first how it will look. A guest is answered the same whoever it is."""
    consultation = _own(number)
    form = _form(consultation, None)
    if form.is_sent_well() and "popravi" not in request.form:
        if "pregled" in request.form:
            return _preview(consultation, form)
        with form.catching():
            return _send(consultation, form)
    return _page(_own(number), form=form)


@pages.get("/konsultatsii/<number:number>/mnenia/proverete", may="public")
def check_mail(number: int) -> ResponseReturnValue:
    """What a guest sees who has sent something: the same for all, whoever they are."""
    return render_template("consultations/check_mail.html", consultation=_own(number))


@pages.get(OPINION, may="public")
def opinion(number: int, contribution: int) -> ResponseReturnValue:
    """One opinion in its thread, wherever it is; ``otgovori`` shows the replies from one on."""
    consultation = _own(number)
    found = _opinion_or_404(consultation, contribution)
    if found.reply_to_id is not None:
        after = max(0, found.reply_number - 1) // 20 * 20
        values: dict[str, Any] = {"number": number, "contribution": found.reply_to_id, "otgovori": after or None}
        return redirect(url_for("consultations.opinion", **values, _anchor=f"m{found.id}"), 301)
    return _page(consultation, focus=found)


@pages.route(f"{OPINION}/otgovor", methods=["GET", "POST"], may="public", is_kept=False)
def reply(number: int, contribution: int) -> ResponseReturnValue:
    """Answers an opinion, below what it says."""
    consultation = _own(number)
    found, form = _opinion_or_404(consultation, contribution), reply_form()
    if not found.is_shown:
        abort(410)
    if form.is_sent_well():
        with form.catching():
            return _send(consultation, form, found.id)
    consultation, found = _own(number), _opinion_or_404(_own(number), contribution)  # what was refused was rolled back
    facts = {"consultation": consultation, "answered": found, "form": form}
    return render_template("consultations/reply.html", **facts, said_stances=SAID_STANCES), form.status


@pages.get(f"{OPINION}/redaktsii", may="public")
def wordings(number: int, contribution: int) -> ResponseReturnValue:
    """How its author edited an opinion: each wording against the one before, but for those that were sealed."""
    consultation = _own(number)
    found = _opinion_or_404(consultation, contribution)
    if not found.is_shown:
        abort(410)
    kept = [(version, str((words.words or {}).get("text", ""))) for version, words in versions_of_contribution(found)]
    before = ["", *(text for _version, text in kept)]
    compared = [(version, compare_words(old, text)) for (version, text), old in zip(kept, before, strict=False)]
    facts = {"consultation": consultation, "opinion": found, "wordings": compared}
    return render_template("consultations/wordings.html", **facts)


@pages.post(f"{OPINION}/saglasni", may="signed-in")
def agree_with(number: int, contribution: int) -> ResponseReturnValue:
    """Agrees, once a person; ``ne`` takes it back."""
    person, found = reader() or abort(401), _opinion_or_404(_own(number), contribution)
    if "ne" in request.form:
        stop_agreeing(found, person.id)
        tell(lazy_pgettext("consultations", "You do not agree any more."))
    else:
        agree(found, person.id)
        tell(lazy_pgettext("consultations", "You agree."))
    return redirect(url_for("consultations.opinion", number=number, contribution=contribution), 303)


def _own(number: int) -> Consultation:
    """A consultation of this municipality; opinions of another's are collected on its own site."""
    found = shown_or_404(Consultation, number, "", "consultations.consultation_with_tail")
    owner = owner_of(found) or abort(404)
    if owner.id != here().id:
        abort(redirect(link_in(owner, "consultations.opinions", number=number), 303))
    if found.phase == Phase.WITHDRAWN:
        abort(redirect(url_for("consultations.consultation", number=number), 303))
    return found


def _passage_or_404(consultation: Consultation, slug: str) -> Passage:
    if consultation.phase == Phase.UPCOMING:
        abort(404)
    return passage_by_slug(consultation.id, slug) or abort(404)


def _opinion_or_404(consultation: Consultation, number: int) -> Opinion:
    found = db.session.get(Opinion, number)
    if found is None or found.publication_id != consultation.id or not found.is_accepted:
        abort(404)
    return found


def _asked(consultation: Consultation, passage: Passage | None, focus: Opinion | None) -> Thread:
    """What of the thread the address asks for. 404 for nonsense."""
    over = "novi" if consultation.takes_opinions else "saglasni"
    order = ORDERS.get(request.args.get("red") or over) or abort(404)
    stance, answered = request.args.get("vid") or None, request.args.get("otg") or None
    if (stance is not None and stance not in STANCES) or answered not in (None, "da"):
        abort(404)
    after = _read_after()
    if focus is not None:
        order, after = "new", after or (focus.id, focus.agreed)
    return Thread(
        consultation.id,
        order=order,
        part_id=passage.id if passage is not None else None,
        stance=stance,
        is_answered=True if answered else None,
        after=after,
        is_from=focus is not None and "sled" not in request.args,
    )


def _read_after() -> tuple[int, int] | None:
    typed = request.args.get("sled")
    if typed is None:
        return None
    number, _dot, agreed = typed.partition(".")
    last = read_number(number) or abort(404)
    if agreed and (not agreed.isdecimal() or len(agreed) > 9):
        abort(404)
    return last, int(agreed or 0)


def _page(
    consultation: Consultation,
    passage: Passage | None = None,
    focus: Opinion | None = None,
    form: OpinionForm | None = None,
) -> ResponseReturnValue:
    """The thread with its form. What was typed comes back in it, on a page of its own status."""
    passages = passages_of(consultation.id) if consultation.phase != Phase.UPCOMING else ()
    asked = _asked(consultation, passage, focus)
    found = thread(Opinion, asked)
    counts, person = counts_of(consultation.id), reader()
    rows = _rows(consultation, passage)
    if form is None:
        form = opinion_form(_parts(passages, passage, rows), _chosen(passage))
    else:
        form.part.choices = opinion_form(_parts(passages, passage, rows), "0").part.choices
    everybody = [*found.items, *(one for replies in found.replies.values() for one in replies)]
    facts = {
        "consultation": consultation,
        "passage": passage,
        "rows": rows,
        "focus": focus,
        "focus_replies": _focus_replies(focus),
        "page": found,
        "asked": asked,
        "total": _total(counts, asked),
        "first": read_number(request.args.get("ot", "")) or 1,
        "next_url": _next_url(found.next),
        "counts": counts,
        "form": form,
        "labels": {one.id: one for one in passages},
        "stances": STANCES,
        "said_stances": SAID_STANCES,
        "mine": agreed_with([one.id for one in everybody], person.id) if person is not None else set(),
    }
    template = "consultations/passage.html" if passage is not None else "consultations/opinions.html"
    return render_template(template, **facts), form.status


def _rows(consultation: Consultation, passage: Passage | None) -> Sequence[ProvisionRow]:
    if passage is None:
        return ()
    version = version_of(consultation, consultation.version)
    return rows_of(version.id, passage.id) if version is not None else ()


def _focus_replies(focus: Opinion | None) -> Sequence[Opinion]:
    if focus is None or not focus.replies:
        return ()
    after = request.args.get("otgovori", "0")
    return replies_to(focus, int(after) if after.isdecimal() and len(after) < 10 else abort(404))


def _total(counts: Counts, asked: Thread) -> int | None:
    """How many the whole list holds; None where no count is kept of just these."""
    return None if asked.is_answered else counts.of(asked.part_id, asked.stance).accepted


def _next_url(following: Thread | None) -> str | None:
    if following is None or following.after is None:
        return None
    number, agreed = following.after
    values: dict[str, Any] = {name: value for name, value in request.args.items() if name in ("red", "vid", "otg")}
    values["sled"] = f"{number}.{agreed}" if following.order == "agreed" else str(number)
    values["ot"] = str((read_number(request.args.get("ot", "")) or 1) + 20)
    endpoint, view = str(request.endpoint), dict(request.view_args or {})
    if endpoint == "consultations.opinion":
        endpoint = "consultations.opinions"
        view.pop("contribution", None)
        values.pop("ot")
    return url_for(endpoint, **view, **values, _anchor="mnenia")


def _parts(passages: Sequence[Passage], passage: Passage | None, rows: Sequence[ProvisionRow]) -> list[tuple[str, str]]:
    """What one can speak of: the whole, every article, and of the article on the page each of its paragraphs."""
    parts = [("0", str(lazy_pgettext("consultations", "The whole draft")))]
    for one in passages:
        if one.dropped_in:
            continue
        parts.append((str(one.id), f"{one.label[:1].upper()}{one.label[1:]}. {one.heading}".rstrip(". ")))
        if passage is not None and one.id == passage.id:
            inner = (row for row in rows if row.eid != passage.eid and row.kind in ("paragraph", "point"))
            parts += [(f"{one.id}/{row.eid}", say_label(provision_of(row))) for row in inner]
    return parts


def _chosen(passage: Passage | None) -> str:
    if passage is None:
        return "0"
    eid = request.args.get("al")
    return f"{passage.id}/{eid}" if eid else str(passage.id)


def _form(consultation: Consultation, passage: Passage | None) -> OpinionForm:
    return opinion_form(_parts(passages_of(consultation.id), passage, ()), _chosen(passage))


def _preview(consultation: Consultation, form: OpinionForm) -> ResponseReturnValue:
    """How it will look; nothing is kept yet, and a chosen file has to be chosen again."""
    require_open(consultation)
    said = saying_of(form)
    part = db.session.get(Passage, said.passage_id) if said.passage_id > 0 else None
    drawn = Opinion(text=said.text, text_html=render_plain(said.text))
    facts = {"consultation": consultation, "form": form, "said": said, "drawn": drawn, "part": part}
    return render_template("consultations/preview.html", said_stances=SAID_STANCES, **facts)


def _send(consultation: Consultation, form: ReplyForm, reply_to_id: int | None = None) -> ResponseReturnValue:
    """Raises Refused in an order in which nothing depends on whose address was typed."""
    number, person, sender = consultation.id, reader(), sender_of(form)
    require_pace("consultations.send", (PER_NETWORK, f"{network()} {number}"))
    require_open(consultation)
    saying, file = saying_of(form, reply_to_id), _kept_file(form)
    if person is not None:
        sent = send_opinion(consultation, saying, sender, file)
        tell(lazy_pgettext("consultations", "We have received your opinion."))
        return redirect(url_for("participation.receipt", number=sent.id, key=receipt_key(sent)), 303)
    # To a mailbox that has had its letters, silence: a refusal would tell a stranger that somebody is using it.
    if is_in_pace("consultations.send", (PER_ADDRESS, address_key(sender.email))):
        send_opinion(consultation, saying, sender, file)
    return redirect(url_for("consultations.check_mail", number=number), 303)


def _kept_file(form: ReplyForm) -> KeptFile | None:
    """Before anything is written: a picture takes a while, and others wait to write."""
    if not isinstance(form, OpinionForm) or form.file.data is None:
        return None
    return keep_file(read_upload(form.file.data, form.file.data.filename or ""))
