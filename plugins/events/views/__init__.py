"""What is shown: the calendar, one event, a place and its letter's page, the staff's pages, the door."""

from plugins.events.views import door, places, public, staff
from plugins.events.views.blueprint import pages

__all__ = ["door", "pages", "places", "public", "staff"]
