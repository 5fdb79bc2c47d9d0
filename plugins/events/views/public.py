"""What everybody sees: the month, one event, its calendar file."""

from plugins.events.views.blueprint import pages as pages
