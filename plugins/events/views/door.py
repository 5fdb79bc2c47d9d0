"""The door: who is expected, ticked, unticked, let in."""

from plugins.events.views.blueprint import pages as pages
