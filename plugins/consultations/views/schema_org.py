"""A consultation in the words of schema.org: a draft act that is not in force."""

from __future__ import annotations

from typing import Any

from consult.api import address_of, here, json_ld, local, owner_of
from plugins.consultations.models import Consultation, Outcome
from plugins.consultations.policy import ACT_TYPES

OF_ARTICLES = ("headline",)


def said_to_programs(consultation: Consultation) -> dict[str, Any]:
    """The draft as schema.org's Legislation, with the time in which people may answer."""
    data = json_ld(consultation, "Legislation", "consultations.consultation_with_tail")
    data = {name: value for name, value in data.items() if name not in OF_ARTICLES}
    owner = owner_of(consultation) or here()
    data |= {
        "name": consultation.words().title,
        "legislationIdentifier": address_of(owner, "bg", "consultations.short", number=consultation.id),
        "legislationType": consultation.procedure_name or str(ACT_TYPES.get(consultation.act_type, "")),
        "legislationJurisdiction": owner.name_bg,
    }
    if consultation.opens_at is not None:
        data["datePublished"] = local(consultation.opens_at).isoformat(timespec="seconds")
    if consultation.mover:
        data["legislationResponsible"] = consultation.mover
    # When an adopted act comes into force is not known here, so nothing is said of it.
    if consultation.outcome != Outcome.ADOPTED:
        data["legislationLegalForce"] = "https://schema.org/NotInForce"
    elif consultation.decided_on is not None:
        data["legislationDate"] = consultation.decided_on.isoformat()
    return data
