"""What is shown: the calendar, one event, a place and its letter's page, the staff's pages, the door."""

from plugins.events.views import door, my_place, places, public, sheet, staff, staff_places
from plugins.events.views.blueprint import pages

__all__ = ["door", "my_place", "pages", "places", "public", "sheet", "staff", "staff_places"]
