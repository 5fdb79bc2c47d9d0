"""The blueprint that all pages of events join, and the words of events that every template may use."""

from consult.api import Pages, local
from plugins.events.entries import when
from plugins.events.wording import agenda_items, is_nearly_full, kind_name, map_of, spoken_at

pages = Pages("events", "plugins.events")

# In templates of others too: a card stands on the home page, an article in the preview of what is being written.
pages.add_app_template_global(when, "when_of_event")
pages.add_app_template_global(local, "local")
pages.add_app_template_global(agenda_items, "agenda_of_event")
pages.add_app_template_global(spoken_at, "spoken_at_event")
pages.add_app_template_global(map_of, "map_of_event")
pages.add_app_template_global(kind_name, "kind_of_event")
pages.add_app_template_global(is_nearly_full, "is_nearly_full")
