"""What the demonstration of News shows: categories and stories of four towns, all people and mailboxes invented."""

from plugins.news.demo_content.burgas import BURGAS
from plugins.news.demo_content.categories import CATEGORIES
from plugins.news.demo_content.round_table import ROUND_TABLE
from plugins.news.demo_content.sliven import SLIVEN
from plugins.news.demo_content.stara_zagora_decides import STARA_ZAGORA_DECIDES
from plugins.news.demo_content.stara_zagora_every_day import STARA_ZAGORA_EVERY_DAY
from plugins.news.demo_content.stara_zagora_states import STARA_ZAGORA_STATES
from plugins.news.demo_content.story import Category, Story, Translation
from plugins.news.demo_content.yambol import YAMBOL

STORIES: tuple[Story, ...] = (
    ROUND_TABLE,
    *STARA_ZAGORA_DECIDES,
    *STARA_ZAGORA_EVERY_DAY,
    *STARA_ZAGORA_STATES,
    *BURGAS,
    *SLIVEN,
    *YAMBOL,
)

__all__ = ["CATEGORIES", "ROUND_TABLE", "STORIES", "Category", "Story", "Translation"]
