"""Publications: anything a municipality says, from draft to archive, in its own town and in those it is shared with."""

from consult.publishing.models import Publication, PublicationTranslation, Shown, ShownIn, State, Words
from consult.publishing.queries import Cursor, Listing, count_own, in_region, listing, own, recent, shown, towns_of
from consult.publishing.versions import PublicationVersion, VersionWords, versions_of
from consult.publishing.workflow import (
    ANNOUNCEMENTS,
    archive,
    change,
    publish,
    publish_due,
    require_standing,
    restore,
    schedule,
    share,
    standing,
    withdraw,
    write,
)

__all__ = [
    "ANNOUNCEMENTS",
    "Cursor",
    "Listing",
    "Publication",
    "PublicationTranslation",
    "PublicationVersion",
    "Shown",
    "ShownIn",
    "State",
    "VersionWords",
    "Words",
    "archive",
    "change",
    "count_own",
    "in_region",
    "listing",
    "own",
    "publish",
    "publish_due",
    "recent",
    "require_standing",
    "restore",
    "schedule",
    "share",
    "shown",
    "standing",
    "towns_of",
    "versions_of",
    "withdraw",
    "write",
]
