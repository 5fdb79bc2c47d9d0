"""The invented meetings of the demonstration, by town, and the round table with which everything began."""

from plugins.events.demo_content.burgas import BURGAS
from plugins.events.demo_content.meeting import Meeting
from plugins.events.demo_content.round_table import ROUND_TABLE
from plugins.events.demo_content.sliven import SLIVEN
from plugins.events.demo_content.stara_zagora import STARA_ZAGORA
from plugins.events.demo_content.yambol import YAMBOL

MEETINGS: tuple[Meeting, ...] = (ROUND_TABLE, *STARA_ZAGORA, *BURGAS, *SLIVEN, *YAMBOL)

__all__ = ["MEETINGS", "ROUND_TABLE", "Meeting"]
