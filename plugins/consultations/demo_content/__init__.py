"""The demonstration's consultations: invented people and streets, own texts, four towns in four states."""

from plugins.consultations.demo_content.burgas import BUDGET
from plugins.consultations.demo_content.sliven import STRAY_ANIMALS
from plugins.consultations.demo_content.stara_zagora import GREEN_AREAS
from plugins.consultations.demo_content.values import Told
from plugins.consultations.demo_content.yambol import MARKETS

CONSULTATIONS: tuple[Told, ...] = (GREEN_AREAS, BUDGET, MARKETS, STRAY_ANIMALS)

__all__ = ["BUDGET", "CONSULTATIONS", "GREEN_AREAS", "MARKETS", "STRAY_ANIMALS"]
