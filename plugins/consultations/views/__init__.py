"""What is shown: the consultations, one of them, its articles and versions, the opinions, the staff's pages."""

from plugins.consultations.views import exports, opinions, procedures, public, staff, texts, versions, writing
from plugins.consultations.views.blueprint import pages

__all__ = ["exports", "opinions", "pages", "procedures", "public", "staff", "texts", "versions", "writing"]
