"""What people say: the thread of a draft or of one passage, one opinion in its place, writing, answering, agreeing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from consult.api import (
    Thread,
    ThreadPage,
    agreed_with,
    counts_of,
    db,
    here,
    lazy_pgettext,
    link_in,
    owner_of,
    read_number,
    reader,
    shown_or_404,
    thread,
    versions_of_contribution,
)
from plugins.consultations.drafts.provisions import say_label
from plugins.consultations.drafts.words import compare_words
from plugins.consultations.forms.opinion import OpinionForm, offer_parts, opinion_form
from plugins.consultations.models import Consultation, Opinion, Passage, Phase, ProvisionRow
from plugins.consultations.operations import require_open
from plugins.consultations.policy import SAID_STANCES, STANCES
from plugins.consultations.queries import passage_by_slug, passages_of, provision_of, rows_of, version_of
from plugins.consultations.views.blueprint import pages
from plugins.consultations.views.drafts import what_became_of
from plugins.consultations.wording import SAY

OPINION = "/konsultatsii/<number:number>/mnenia/<number:contribution>"
ORDERS = {"novi": "new", "saglasni": "agreed"}


class PassageConverter(BaseConverter):
    """The address of an article, a § or an appendix: chl-14a, par-5, pril-1. It goes before the tail of a title."""

    regex = r"(?:chl|par|pril)(?:-[a-z0-9]+)*"
    weight = 50
    example = "chl-1"


pages.viewers["consultations.opinion"] = "consultations.opinion"
pages.record_once(lambda state: state.app.url_map.converters.update(passage=PassageConverter))


@pages.get("/konsultatsii/<number:number>/mnenia", may="public")
def opinions(number: int) -> ResponseReturnValue:
    """All opinions, or only some (``vid``: a stance, ``otg``: answered, ``chast``: a passage), in order (``red``)."""
    return thread_page(own_consultation(number))


@pages.get("/konsultatsii/<number:number>/<passage:slug>", may="public")
def passage(number: int, slug: str) -> ResponseReturnValue:
    """One article: its text and what people say of it; ``al`` chooses one of its paragraphs in the form."""
    consultation = own_consultation(number)
    return thread_page(consultation, _passage_or_404(consultation, slug))


@pages.get(OPINION, may="public")
def opinion(number: int, contribution: int) -> ResponseReturnValue:
    """One opinion in its thread, wherever it is; ``otgovori`` shows the replies from one on."""
    consultation, after = own_consultation(number), request.args.get("otgovori", "0")
    replies_after = int(after) if after.isdecimal() and len(after) < 10 else abort(404)
    found = thread(Opinion, Thread(number, after=(contribution, 0), is_from=True, replies_after=replies_after))
    if found.items and found.items[0].id == contribution:
        return thread_page(consultation, of_opinion=found)
    reply = opinion_or_404(consultation, contribution)  # what is accepted and stands in no thread is one
    skipped = max(0, reply.reply_number - 1) // 20 * 20
    values: dict[str, Any] = {"number": number, "contribution": reply.reply_to_id, "otgovori": skipped or None}
    return redirect(url_for("consultations.opinion", **values, _anchor=f"m{reply.id}"), 301)


@pages.get(f"{OPINION}/redaktsii", may="public")
def wordings(number: int, contribution: int) -> ResponseReturnValue:
    """How its author edited an opinion: each wording against the one before, but for those that were sealed."""
    consultation = own_consultation(number)
    found = opinion_or_404(consultation, contribution)
    if not found.is_shown:
        abort(410)
    kept = [(version, str((words.words or {}).get("text", ""))) for version, words in versions_of_contribution(found)]
    before = ["", *(text for _version, text in kept)]
    compared = [(version, compare_words(old, text)) for (version, text), old in zip(kept, before, strict=False)]
    facts = {"consultation": consultation, "opinion": found, "wordings": compared}
    return render_template("consultations/wordings.html", **facts)


def own_consultation(number: int) -> Consultation:
    """A consultation of this municipality; opinions of another's are collected on its own site."""
    found = shown_or_404(Consultation, number, "", "consultations.consultation_with_tail")
    owner = owner_of(found) or abort(404)
    if owner.id != here().id:
        abort(redirect(link_in(owner, "consultations.opinions", number=number), 303))
    if found.phase == Phase.WITHDRAWN:
        if request.method == "POST":
            require_open(found)  # refuses with a sentence, and what was typed is given back
        abort(redirect(url_for("consultations.consultation", number=number), 303))
    return found


def _passage_or_404(consultation: Consultation, slug: str) -> Passage:
    if consultation.phase == Phase.UPCOMING:
        abort(404)
    return passage_by_slug(consultation.id, slug) or abort(404)


def opinion_or_404(consultation: Consultation, number: int) -> Opinion:
    found = db.session.get(Opinion, number)
    if found is None or found.publication_id != consultation.id or not found.is_accepted:
        abort(404)
    return found


def _asked(consultation: Consultation, passage: Passage | None) -> Thread:
    """What of the thread the address asks for. 404 for nonsense."""
    over = "novi" if consultation.takes_opinions else "saglasni"
    order = ORDERS.get(request.args.get("red") or over) or abort(404)
    stance, answered = request.args.get("vid") or None, request.args.get("otg") or None
    if (stance is not None and stance not in STANCES) or answered not in (None, "da"):
        abort(404)
    return Thread(
        consultation.id,
        order=order,
        part_id=passage.id if passage is not None else _read_part(),
        stance=stance,
        is_answered=True if answered else None,
        after=_read_after(),
    )


def _read_part() -> int | None:
    """The passage (``chast``) whose opinions are asked for: of one that was dropped, which has no page any more."""
    typed = request.args.get("chast")
    return (read_number(typed) or abort(404)) if typed is not None else None


def _read_after() -> tuple[int, int] | None:
    typed = request.args.get("sled")
    if typed is None:
        return None
    number, _dot, agreed = typed.partition(".")
    last = read_number(number) or abort(404)
    if agreed and (not agreed.isdecimal() or len(agreed) > 9):
        abort(404)
    return last, int(agreed or 0)


def _first() -> int:
    """Which of all the first one of this page is, as the page before said it (``ot``). 404 for nonsense."""
    typed = request.args.get("ot")
    return 1 if typed is None else read_number(typed) or abort(404)


def thread_page(
    consultation: Consultation,
    passage: Passage | None = None,
    of_opinion: ThreadPage[Opinion] | None = None,
    form: OpinionForm | None = None,
) -> ResponseReturnValue:
    """The thread with its form; ``of_opinion`` begins with the one that has its permalink here.

    What was typed comes back in the form, on a page of its own status.
    """
    asked = _asked(consultation, passage)
    found = of_opinion or thread(Opinion, asked)
    focus = of_opinion.items[0] if of_opinion is not None else None
    rows = _rows(consultation, passage)
    passages = cache(lambda: passages_of(consultation.id) if consultation.phase != Phase.UPCOMING else ())
    chosen = _chosen(passage)

    def empty_form() -> OpinionForm:
        return offer_parts(opinion_form(chosen), _parts(passages(), passage, rows))

    facts = {
        "consultation": consultation,
        "passage": passage,
        "rows": rows,
        "focus": focus,
        "focus_replies": found.replies.get(focus.id, ()) if focus is not None else (),
        "page": found,
        "asked": asked,
        "first": _first(),
        "list_url": _list_url(consultation, passage),
        "next_url": _next_url(consultation, passage, found.next, is_after=focus is None),
        "form": offer_parts(form, _parts(passages(), passage, rows)) if form is not None else None,
        "chosen": chosen,
        "said_stances": SAID_STANCES,
        "stances_said": SAY,
        "phase": consultation.phase,
        "owner": here(),
        "can": _may_do(found),
        "what_became_of": what_became_of,
        # Asked for only where a part of the page has to be rendered anew (see kept_part).
        "empty_form": empty_form,
        "counted": cache(lambda: counts_of(consultation.id)),
        "labels": cache(lambda: {one.id: one for one in passages()}),
    }
    template = "consultations/passage.html" if passage is not None else "consultations/opinions.html"
    return render_template(template, **facts), form.status if form is not None else 200


def _may_do(found: ThreadPage[Opinion]) -> Callable[[Opinion], str]:
    """What a reader may do with an opinion: "sign in", "agree", "take back", or "nothing" with their own."""
    person = reader()
    if person is None:
        return lambda _opinion: "sign in"
    number, agreed = person.id, agreed_with([one.id for one in found.items], person.id)
    return lambda one: "nothing" if one.person_id == number else "take back" if one.id in agreed else "agree"


def _rows(consultation: Consultation, passage: Passage | None) -> Sequence[ProvisionRow]:
    if passage is None:
        return ()
    version = version_of(consultation, consultation.version)
    return rows_of(version.id, passage.id) if version is not None else ()


def _list_url(consultation: Consultation, passage: Passage | None, **values: Any) -> str:
    """The address of all opinions, or of those on one passage, whatever page or form shows them now."""
    if passage is not None:
        return url_for("consultations.passage", number=consultation.id, slug=passage.slug, **values)
    return url_for("consultations.opinions", number=consultation.id, **values)


def _next_url(
    consultation: Consultation, passage: Passage | None, following: Thread | None, is_after: bool
) -> str | None:
    """Where the next opinions are; ``is_after``: they follow a counted page, and not one that has its permalink."""
    if following is None or following.after is None:
        return None
    number, agreed = following.after
    values: dict[str, Any] = {
        name: value for name, value in request.args.items() if name in ("red", "vid", "otg", "chast")
    }
    values["sled"] = f"{number}.{agreed}" if following.order == "agreed" else str(number)
    values["ot"] = str(_first() + 20) if is_after else None
    return _list_url(consultation, passage, **values, _anchor="mnenia")


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
