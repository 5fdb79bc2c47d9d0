"""The blueprint that all pages of consultations join."""

from consult.api import Pages

pages = Pages("consultations", "plugins.consultations")
