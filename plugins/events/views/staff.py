"""The staff's pages of an event: the places, a place for somebody else, called off, afterwards, the sheet."""

from plugins.events.views.blueprint import pages as pages
