"""A place: asked for, and the page in the letter that confirms, changes and gives it back."""

from plugins.events.views.blueprint import pages as pages
