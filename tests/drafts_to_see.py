"""The consultations of the demonstration by what is to be seen on their pages, for tests that look at pages."""

from __future__ import annotations

from sqlalchemy import select

from consult.db import db
from consult.tenancy import inside
from consult.testing.factories import town
from plugins.consultations.demo_content import BUDGET, GREEN_AREAS, MARKETS, STRAY_ANIMALS
from plugins.consultations.models import Consultation, Opinion

SHOWN = {"green": GREEN_AREAS, "budget": BUDGET, "markets": MARKETS, "strays": STRAY_ANIMALS}


def draft_numbers() -> dict[str, str]:
    """The numbers of the consultations by name, and the tail of the open one's address."""
    found: dict[str, str] = {}
    for name, told in SHOWN.items():
        with inside(town(told.town)):
            one = db.session.scalars(select(Consultation).where(Consultation.title == told.title)).one()
            found |= {name: str(one.id), f"{name}_tail": one.slug}
            if name == "green":
                found |= {"said": str(_said_of(one)), "compared": f"/konsultatsii/{one.id}/sravni"}
    return found


def _said_of(consultation: Consultation) -> int:
    """An opinion that everybody may read, and that was answered."""
    its = (Opinion.publication_id == consultation.id, Opinion.standing == "published", Opinion.replies > 0)
    return db.session.scalars(select(Opinion.id).where(*its, Opinion.consent == "full")).first() or 0
