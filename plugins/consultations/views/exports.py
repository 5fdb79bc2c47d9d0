"""What programs read: the feed, and consultations and opinions as open data."""

from __future__ import annotations

from collections.abc import Iterable
from tempfile import TemporaryFile

from flask import Response, abort, redirect, request
from flask.typing import ResponseReturnValue

from consult.api import here, language, link_in, network, owner_of, read_topic, render_feed, require_pace, shown_or_404
from plugins.consultations.entries import PAGE
from plugins.consultations.models import Consultation
from plugins.consultations.outlets import FEED
from plugins.consultations.policy import AREAS
from plugins.consultations.sheets import as_csv, as_json, list_as_json
from plugins.consultations.views.blueprint import pages

PACE = "20 per minute"  # a file of 100,000 opinions is six seconds of work
PIECE = 64 * 1024  # bytes


@pages.get("/konsultatsii.atom", may="public")
def feed() -> ResponseReturnValue:
    """What opened, closed, was answered and was decided, in all policy areas or in one (``kategoria``)."""
    topic = read_topic(AREAS)
    return render_feed(FEED, topic, str(AREAS.get(topic or "", "")))


@pages.get("/konsultatsii.json", may="public")
def consultations_json() -> ResponseReturnValue:
    """The consultations that the lists show."""
    return _file(list_as_json(owner_of, language()), "application/json", "konsultatsii.json")


@pages.get("/konsultatsii/<number:number>/mnenia.csv", may="public", is_kept=False)
def opinions_csv(number: int) -> ResponseReturnValue:
    """All opinions and replies that count, one a row."""
    found = _exported(number)
    return _file(as_csv(found), "text/csv; charset=utf-8", f"mnenia-{found.id}.csv")


@pages.get("/konsultatsii/<number:number>/mnenia.json", may="public", is_kept=False)
def opinions_json(number: int) -> ResponseReturnValue:
    """The same, with the consultation and the counts."""
    found = _exported(number)
    owner = owner_of(found) or abort(404)
    return _file(as_json(found, owner, language()), "application/json", f"mnenia-{found.id}.json")


def _exported(number: int) -> Consultation:
    """The consultation, at home: what people say lies with the municipality that asked them."""
    require_pace("consultations.export", (PACE, network()))
    found = shown_or_404(Consultation, number, "", PAGE)
    if found.municipality_id != here().id:
        owner = owner_of(found) or abort(404)
        abort(redirect(link_in(owner, str(request.endpoint), number=number)))
    return found


def _file(pieces: Iterable[bytes], media_type: str, name: str) -> Response:
    """Written whole into a file without a name first: who reads slowly keeps no transaction of the database open."""
    whole = TemporaryFile()  # noqa: SIM115 – closed with the answer
    for piece in pieces:
        whole.write(piece)
    size = whole.tell()
    whole.seek(0)
    answer = Response(iter(lambda: whole.read(PIECE), b""), content_type=media_type)
    answer.call_on_close(whole.close)
    answer.content_length = size
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
