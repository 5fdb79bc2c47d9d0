"""ALL that a plugin may import from the core. What is not here may change without notice.

Kept:       Base Local Moment Publication kind_columns its_publication mapped_column Mapped db
Done:       operation Refused Conflict announce record touch will_change write change publish schedule archive
            restore withdraw share
Asked:      here Town listing recent shown own count_own in_region Cursor Listing setting may reader is_on
Decided:    Permission Setting
Typed:      Form LineField TextField MomentField PublicationForm
Shown:      Pages Workbench tell language say_* address_of link_in owner_of shown_or_404 read_topic read_cursor
            say_cursor feed_entry render_feed json_ld
Told:       Plugin NavigationItem Card Slot Fill Feed FeedEntry Job Task Announcement Listener
Words:      gettext ngettext pgettext npgettext lazy_pgettext lazy_npgettext slug latin render_markdown plain cut
            check_line check_text
Time:       now today local from_local start_of_day end_of_day SOFIA
Migrations: schema
"""

from sqlalchemy.orm import Mapped, mapped_column

from consult import schema
from consult.access import Permission, may, reader
from consult.announcements import Announcement, Listener, announce
from consult.clock import SOFIA, end_of_day, from_local, local, now, start_of_day, today
from consult.contract import Card, Feed, FeedEntry, Fill, Job, NavigationItem, Plugin, Slot, Task
from consult.db import Base, Moment, db, operation
from consult.errors import Conflict, Refused
from consult.i18n import (
    gettext,
    language,
    lazy_npgettext,
    lazy_pgettext,
    ngettext,
    npgettext,
    pgettext,
    say_date,
    say_days_left,
    say_list,
    say_moment,
    say_month,
    say_number,
    say_range,
    say_relative,
    say_time,
)
from consult.journal import record
from consult.modules import is_on
from consult.publishing import (
    Cursor,
    Listing,
    Publication,
    archive,
    change,
    count_own,
    in_region,
    listing,
    own,
    publish,
    recent,
    restore,
    schedule,
    share,
    shown,
    withdraw,
    write,
)
from consult.publishing.models import its_publication, kind_columns
from consult.settings import Setting, setting
from consult.tenancy import Local, Town, here, open_towns, touch, will_change
from consult.text import check_line, check_text, cut, latin, plain, render_markdown, slug
from consult.web.feeds import atom as render_feed
from consult.web.forms import Form, LineField, MomentField, TextField
from consult.web.layout import tell
from consult.web.pages import Pages
from consult.web.places import address_of
from consult.web.publications import (
    feed_entry,
    json_ld,
    link_in,
    owner_of,
    read_cursor,
    read_topic,
    say_cursor,
    shown_or_404,
)
from consult.web.workbench import PublicationForm, Workbench

__all__ = [
    "SOFIA",
    "Announcement",
    "Base",
    "Card",
    "Conflict",
    "Cursor",
    "Feed",
    "FeedEntry",
    "Fill",
    "Form",
    "Job",
    "LineField",
    "Listener",
    "Listing",
    "Local",
    "Mapped",
    "Moment",
    "MomentField",
    "NavigationItem",
    "Pages",
    "Permission",
    "Plugin",
    "Publication",
    "PublicationForm",
    "Refused",
    "Setting",
    "Slot",
    "Task",
    "TextField",
    "Town",
    "Workbench",
    "address_of",
    "announce",
    "archive",
    "change",
    "check_line",
    "check_text",
    "count_own",
    "cut",
    "db",
    "end_of_day",
    "feed_entry",
    "from_local",
    "gettext",
    "here",
    "in_region",
    "is_on",
    "its_publication",
    "json_ld",
    "kind_columns",
    "language",
    "latin",
    "lazy_npgettext",
    "lazy_pgettext",
    "link_in",
    "listing",
    "local",
    "mapped_column",
    "may",
    "ngettext",
    "now",
    "npgettext",
    "open_towns",
    "operation",
    "own",
    "owner_of",
    "pgettext",
    "plain",
    "publish",
    "read_cursor",
    "read_topic",
    "reader",
    "recent",
    "record",
    "render_feed",
    "render_markdown",
    "restore",
    "say_cursor",
    "say_date",
    "say_days_left",
    "say_list",
    "say_moment",
    "say_month",
    "say_number",
    "say_range",
    "say_relative",
    "say_time",
    "schedule",
    "schema",
    "setting",
    "share",
    "shown",
    "shown_or_404",
    "slug",
    "start_of_day",
    "tell",
    "today",
    "touch",
    "will_change",
    "withdraw",
    "write",
]
