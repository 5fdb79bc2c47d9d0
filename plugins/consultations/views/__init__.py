"""What is shown: the consultations, one of them, its articles and versions, the opinions, the staff's pages."""

from plugins.consultations.views import public
from plugins.consultations.views.blueprint import pages

__all__ = ["pages", "public"]
