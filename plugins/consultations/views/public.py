"""What everybody reads: the consultations, one of them with its draft, why its days are these."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from consult.api import attachments_of, counts_of, here, owner_of, read_cursor, read_topic, say_cursor, shown_or_404
from plugins.consultations.models import Consultation, DraftVersion, Phase, Source
from plugins.consultations.operations import term
from plugins.consultations.policy import ACT_TYPES, AREAS, DOCUMENTS
from plugins.consultations.queries import consultations_here, opinions_to, passages_of, shown_versions
from plugins.consultations.terms import why_days, why_earliest_adoption, why_last_day, why_open_until
from plugins.consultations.views.blueprint import pages
from plugins.consultations.views.drafts import DraftText, base_of, comparison_of, text_of
from plugins.consultations.views.schema_org import said_to_programs
from plugins.consultations.wording import (
    SAY,
    meetings_of,
    phase_words,
    replaced_in,
    say_mark,
    say_opinions,
    say_outcome,
    say_replaced,
    say_side,
    share_of_term,
    steps_of,
    title_of_unit,
)

STANDINGS = {"otvoreni": "open", "predstoyat": "upcoming", "priklyuchili": "closed"}
pages.viewers["consultations.consultation"] = "consultations.consultation"
WORDS = phase_words, replaced_in, say_mark, say_opinions, say_outcome, say_replaced, say_side, share_of_term
for word in (*WORDS, title_of_unit):
    pages.add_app_template_global(word)


@pages.get("/konsultatsii", may="public")
def consultations() -> ResponseReturnValue:
    """The consultations that are open, upcoming or closed (``pokazhi``), of one policy area (``kategoria``)."""
    chosen, topic = request.args.get("pokazhi") or "otvoreni", read_topic({"", *AREAS}) or None
    which = STANDINGS.get(chosen) or abort(404)
    page = consultations_here(which, topic, read_cursor())
    return render_template(
        "consultations/list.html",
        chosen=chosen,
        which=which,
        topic=topic,
        page=page,
        areas=AREAS,
        opinions=opinions_to(page.items),
        say_cursor=say_cursor,
        following=None if page.items or topic else _following(which),
    )


def _following(which: str) -> Consultation | None:
    """What to show where nothing is open: the next one that opens, else the last one that was asked about."""
    for other in ("upcoming", "closed") if which == "open" else ():
        found = consultations_here(other, None, None, limit=1).items
        if found:
            return found[0]
    return None


@pages.get("/konsultatsii/<number:number>", may="public")
@pages.get("/konsultatsii/<number:number>/<tail>", may="public", endpoint="consultation_with_tail")
def consultation(number: int, tail: str = "") -> ResponseReturnValue:
    """One consultation; ``vid=chist`` shows the new text only, ``sravni`` names the version it is compared with."""
    found = shown_or_404(Consultation, number, tail, "consultations.consultation_with_tail")
    if found.phase == Phase.WITHDRAWN:
        return render_template("consultations/withdrawn.html", consultation=found), 410
    return render_template("consultations/consultation.html", **_facts(found))


@pages.get("/k/<number:number>", may="public")
def short(number: int) -> ResponseReturnValue:
    """The short address that stands on paper."""
    found = shown_or_404(Consultation, number, "", "consultations.consultation_with_tail")
    return redirect(url_for("consultations.consultation_with_tail", number=number, tail=found.slug), 301)


@pages.get("/konsultatsii/<number:number>/zashto", may="public")
def why(number: int) -> ResponseReturnValue:
    """Why the days are these, each with the rule and the sum."""
    found = shown_or_404(Consultation, number, "", "consultations.consultation_with_tail")
    counted = term(found) if found.phase != Phase.WITHDRAWN else None
    if counted is None:
        abort(404)
    reasons = {
        "srok": (counted.last_day, why_last_day(counted)),
        "dni": (None, why_days(counted)),
        "chas": (None, why_open_until(counted)),
        "priemane": (counted.earliest_adoption, why_earliest_adoption(counted)),
    }
    return render_template("consultations/why.html", consultation=found, term=counted, reasons=reasons)


def _facts(found: Consultation) -> dict[str, Any]:
    versions = shown_versions(found)
    counts, meetings, files = counts_of(found.id), meetings_of(found), attachments_of(found)
    text = _text(found, versions, counts)
    return {
        "consultation": found,
        "phase": found.phase,
        "is_here": found.municipality_id == here().id,
        "owner": owner_of(found),
        "versions": versions,
        "counts": counts,
        "total": counts.of().accepted,
        "meetings": meetings,
        "steps": steps_of(found, meetings),
        "term": term(found),
        "files": [file for file in files if not file.is_picture],
        "roles": DOCUMENTS,
        "act_types": ACT_TYPES,
        "stances_said": SAY,
        "text": text,
        "adopted": _adopted(versions, found),
        "data": said_to_programs(found),
        "outcome": Markup(found.outcome_html),  # lint: markup cleaned by an allow-list when it was kept
    }


def _text(found: Consultation, versions: Any, counts: Any) -> DraftText | None:
    """The draft that people read now, or nothing before it opens."""
    version = next((one for one in versions if one.number == found.version and found.version), None)
    if version is None or found.phase == Phase.UPCOMING:
        return None
    try:
        base = None if request.args.get("vid") == "chist" else base_of(versions, version, request.args.get("sravni"))
    except LookupError:
        abort(404)
    text = text_of(version, base, passages_of(found.id), counts, request.args.get("glava", ""))
    return text or abort(404)


def _adopted(versions: Any, found: Consultation) -> tuple[DraftVersion, int] | None:
    """The text that was adopted, as corrected last, and in how many places it differs from the draft."""
    adopted = next((one for one in reversed(versions) if one.source == Source.ADOPTED), None)
    draft = next((one for one in versions if one.number == found.version), None)
    if adopted is None or draft is None:
        return None
    return adopted, len(comparison_of(draft, adopted).changed)
