"""A consultation as its staff have it: written, with its text and its documents, ready to be opened."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from consult.db import db, operation
from consult.files import keep, read_upload
from consult.publishing import Attachment, archive, attach, write
from consult.testing.factories import PDF
from plugins.consultations.drafts.reading import read_draft
from plugins.consultations.models import Consultation, Procedure
from plugins.consultations.operations import add_usual_procedures, keep_draft, open_consultation, planned_term
from tests.opinions import accepted

DESK = "/stara-zagora/rabota/konsultatsii"
TEXT = """Чл. 1. (1) Тази наредба урежда зелената система.
(2) Тя се прилага на територията на общината.
Чл. 2. Дървета се засаждат всяка есен.
Чл. 3. Глобата е сто лева."""
BRIEF = {
    "changes": "Повече дървета\nПо-малко бетон\nПо-високи глоби",
    "affected": "Всички, които живеят до парк.",
    "ask": "Кои места да се озеленят?",
    "contact_role": "Главен експерт „Екология“",
    "contact_email": "ekologia@primer.bg",
}


def procedure_of(key: str = "ordinance") -> Procedure:
    """One of the usual types, in the municipality that we are in; where a test has made its own, that."""
    known = add_usual_procedures()
    return next((one for one in known if one.key == key), known[0])


@operation
def unready(**more: Any) -> Consultation:
    """A draft with its brief, but neither text nor documents; whoever calls commits."""
    one = procedure_of()
    words: dict[str, Any] = {"title": "Наредба за зелената система", "body": "Проект.", "act_type": "council"}
    words |= {"procedure_id": one.id, "procedure_name": one.name, "basis": one.basis}
    consultation = Consultation(**{**words, "days": 30, "topic": "okolna-sreda", **BRIEF, **more})
    write(consultation)
    return consultation


@operation
def ready(text: str = TEXT, **more: Any) -> Consultation:
    """The same with its text by article and the reasons."""
    consultation = unready(**more)
    keep_draft(consultation, read_draft(text).provisions, text)
    add_document(consultation, "reasons", "Мотиви.pdf")
    return consultation


@operation
def opened(text: str = TEXT, at: datetime | None = None, **more: Any) -> Consultation:
    """The same, opened now or at a moment."""
    consultation = ready(text, **more)
    open_consultation(consultation, at, planned_term(consultation, at).last_day)
    return consultation


def add_document(consultation: Consultation, role: str, name: str) -> Attachment:
    """A file of this role."""
    kept = keep(read_upload(BytesIO(PDF), name))
    return attach(consultation, kept, name.rpartition(".")[0], role=role)


STAFF_STATES = {"archive": "open", "restore": "archived", "withdraw": "open", "outcome": "open"}


def consultation_for(endpoint: str) -> dict[str, str]:
    """What stands for the variables of the addresses of consultations, made anew in the state that the page wants."""
    owner, _, page = endpoint.partition(".")
    if owner != "consultations" or page == "procedure_usual":  # it adds only where there is nothing
        return {}
    is_staff = page.startswith("desk_") or page in ("texts", "ready", "open_it", "outcome")
    state = STAFF_STATES.get(page.removeprefix("desk_"), "draft") if is_staff else "open"
    one = ready() if state == "draft" else opened()
    if state == "archived":
        archive(one)
    opinion = accepted(one.id) if state == "open" else None
    number = procedure_of().id if page.startswith("procedure_") else one.id
    words: dict[str, object] = {"number": number, "tail": one.slug, "slug": "chl-1"}
    words |= {"file": add_document(one, "file", "Карта.pdf").id, "contribution": opinion.id if opinion else 0}
    return {name: str(value) for name, value in words.items()}


def desk_addresses(open_one: int) -> dict[str, str]:
    """Where the staff see an open consultation, a ready draft and one that is not, a type of procedure, and a file."""
    of_open, base = db.session.get_one(Consultation, open_one), "/rabota/konsultatsii"
    return {
        "desk_green": f"{base}/{open_one}",
        "desk_ready": f"{base}/{ready(title='Наредба за пазарите', short_title='Пазари').id}",
        "desk_unready": f"{base}/{unready(title='Наредба за шума', ask='').id}",
        "procedure": str(of_open.procedure_id),
        "green_file": str(add_document(of_open, "file", "Карта.pdf").id),
    }
