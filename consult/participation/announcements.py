"""What the core tells of contributions, in the past tense."""

from consult.announcements import Announcement

ANNOUNCEMENTS = (
    Announcement("participation.accepted", ("contribution",), "It counts, shown or waiting for a moderator."),
    Announcement("participation.ended", ("contribution",), "Its author withdrew it, or somebody else had written it."),
)
