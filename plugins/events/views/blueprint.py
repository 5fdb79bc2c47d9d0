"""The blueprint that all pages of events join."""

from consult.api import Pages

pages = Pages("events", "plugins.events")
