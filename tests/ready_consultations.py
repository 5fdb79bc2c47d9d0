"""A consultation as its staff have it: written, with its text and its documents, ready to be opened."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from consult.db import operation
from consult.files import keep, read_upload
from consult.publishing import Attachment, attach, write
from consult.testing.factories import PDF
from plugins.consultations.drafts.reading import read_draft
from plugins.consultations.models import Consultation, Procedure
from plugins.consultations.operations import add_usual_procedures, keep_draft, open_consultation, planned_term

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
    """One of the usual types, in the municipality that we are in."""
    return next(one for one in add_usual_procedures() if one.key == key)


@operation
def unready(**more: Any) -> Consultation:
    """A draft with its brief, but neither text nor documents; whoever calls commits."""
    one = procedure_of()
    words = {"title": "Наредба за зелената система", "body": "Проект.", "procedure_id": one.id, "basis": one.basis}
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
