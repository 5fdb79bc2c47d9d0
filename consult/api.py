"""ALL that a plugin may import from the core. What is not here may change without notice.

Kept:       Base Local Shown Moment Publication kind_columns its_publication mapped_column Mapped db
Done:       operation Refused Conflict announce record touch touch_shown will_change write change publish schedule
            archive restore withdraw share send_letter LetterFile read_upload keep_file attach detach
Asked:      here Town listing recent shown shown_among own count_own shown_towns in_region listed_here listed_in_region
            Cursor Listing Attachment attachments_of setting may reader is_on
Decided:    Permission Setting capability holds require_pace is_in_pace network
Related:    link unlink link_exactly linked linking ends_of End (links between publications and contributions)
Followed:   follow is_following tell_followers
Handed in:  Contribution contribution_columns its_contribution Sender Consent Standing receive thread Thread ThreadPage
            contribution_here versions_of_contribution counts_of Counts Tally agree stop_agreeing
            agreed_with receipt_address receipt_key check_body RULES TEXT_MAX NAME_MAX HOME_MAX
            ORGANISATION_MAX
Linked:     make_token look_at_token use_token end_tokens TokenGone HeldToken (single-use links in letters)
Typed:      Form LineField TextField WordsField MomentField FileField ChoiceField ChoicesField FILE_KINDS KeptFile
            PublicationForm read_number
Shown:      Pages Workbench tell language say_* address_of link_in owner_of page_of shown_or_404 read_topic read_cursor
            say_cursor feed_entry render_feed render_calendar calendar_answer json_ld
Told:       Plugin NavigationItem Card Slot Fill Feed FeedEntry Calendar CalendarEntry Job Task Announcement
            Listener
Words:      gettext ngettext pgettext npgettext lazy_pgettext lazy_npgettext force_locale slug latin render_markdown
            plain cut check_line check_text check_email address_key
            check_words render_plain shown_line (people's own words, kept as sent and shown harmless)
            find_identifiers mask_identifiers say_identifier_kind Identifier IdentifierKind
Demo:       as_of acting add_person find_person hide mask_and_publish withdraw_contribution (who fills the demonstration
            lets things happen on other days, and lets other people do them)
Time:       now today local from_local start_of_day end_of_day weeks_of SOFIA
Migrations: schema
"""

from sqlalchemy.orm import Mapped, mapped_column

from consult import schema
from consult.access import Permission, may, reader
from consult.addresses import address_of
from consult.announcements import Announcement, Listener, announce
from consult.capabilities import capability, holds
from consult.clock import SOFIA, as_of, end_of_day, from_local, local, now, start_of_day, today, weeks_of
from consult.contract import (
    Calendar,
    CalendarEntry,
    Card,
    Feed,
    FeedEntry,
    Fill,
    Job,
    NavigationItem,
    Plugin,
    Slot,
    Task,
)
from consult.db import Base, Moment, db, operation, read_number
from consult.errors import Conflict, Refused
from consult.files import FILE_KINDS, KeptFile, read_upload
from consult.files import keep as keep_file
from consult.i18n import (
    force_locale,
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
    say_weekday,
)
from consult.identifiers import Identifier, IdentifierKind, find_identifiers
from consult.identifiers import mask as mask_identifiers
from consult.identifiers import say_kind as say_identifier_kind
from consult.journal import acting, record
from consult.links import End, ends_of, link, link_exactly, linked, linking, unlink
from consult.modules import is_on
from consult.outbox import LetterFile
from consult.outbox import send as send_letter
from consult.participation import (
    HOME_MAX,
    NAME_MAX,
    ORGANISATION_MAX,
    RULES,
    TEXT_MAX,
    Consent,
    Contribution,
    Counts,
    Sender,
    Standing,
    Tally,
    Thread,
    ThreadPage,
    agree,
    agreed_with,
    check_body,
    contribution_columns,
    contribution_here,
    counts_of,
    hide,
    its_contribution,
    mask_and_publish,
    receipt_address,
    receipt_key,
    receive,
    stop_agreeing,
    thread,
    versions_of_contribution,
    withdraw_contribution,
)
from consult.people import (
    HeldToken,
    TokenGone,
    add_person,
    address_key,
    check_email,
    end_tokens,
    find_person,
    look_at_token,
    make_token,
    use_token,
)
from consult.publishing import (
    Attachment,
    Cursor,
    Listing,
    Publication,
    archive,
    attach,
    attachments_of,
    change,
    count_own,
    detach,
    in_region,
    listed_here,
    listed_in_region,
    listing,
    own,
    publish,
    recent,
    restore,
    schedule,
    share,
    shown,
    shown_among,
    shown_towns,
    touch_shown,
    withdraw,
    write,
)
from consult.publishing.models import Shown, its_publication, kind_columns
from consult.settings import Setting, setting
from consult.subscriptions import follow, is_following, tell_followers
from consult.tenancy import Local, Town, here, open_towns, touch, will_change
from consult.text import (
    check_line,
    check_text,
    check_words,
    cut,
    latin,
    plain,
    render_markdown,
    render_plain,
    shown_line,
    slug,
)
from consult.web.calendars import calendar_answer, render_calendar
from consult.web.feeds import atom as render_feed
from consult.web.forms import FileField, Form, LineField, MomentField, TextField, WordsField
from consult.web.layout import tell
from consult.web.pace import is_in_pace, network, require_pace
from consult.web.pages import Pages
from consult.web.publication_form import ChoiceField, ChoicesField, PublicationForm
from consult.web.publications import (
    feed_entry,
    json_ld,
    link_in,
    owner_of,
    page_of,
    read_cursor,
    read_topic,
    say_cursor,
    shown_or_404,
)
from consult.web.workbench import Workbench

__all__ = [
    "FILE_KINDS",
    "HOME_MAX",
    "NAME_MAX",
    "ORGANISATION_MAX",
    "RULES",
    "SOFIA",
    "TEXT_MAX",
    "Announcement",
    "Attachment",
    "Base",
    "Calendar",
    "CalendarEntry",
    "Card",
    "ChoiceField",
    "ChoicesField",
    "Conflict",
    "Consent",
    "Contribution",
    "Counts",
    "Cursor",
    "End",
    "Feed",
    "FeedEntry",
    "FileField",
    "Fill",
    "Form",
    "HeldToken",
    "Identifier",
    "IdentifierKind",
    "Job",
    "KeptFile",
    "LetterFile",
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
    "Sender",
    "Setting",
    "Shown",
    "Slot",
    "Standing",
    "Tally",
    "Task",
    "TextField",
    "Thread",
    "ThreadPage",
    "TokenGone",
    "Town",
    "WordsField",
    "Workbench",
    "acting",
    "add_person",
    "address_key",
    "address_of",
    "agree",
    "agreed_with",
    "announce",
    "archive",
    "as_of",
    "attach",
    "attachments_of",
    "calendar_answer",
    "capability",
    "change",
    "check_body",
    "check_email",
    "check_line",
    "check_text",
    "check_words",
    "contribution_columns",
    "contribution_here",
    "count_own",
    "counts_of",
    "cut",
    "db",
    "detach",
    "end_of_day",
    "end_tokens",
    "ends_of",
    "feed_entry",
    "find_identifiers",
    "find_person",
    "follow",
    "force_locale",
    "from_local",
    "gettext",
    "here",
    "hide",
    "holds",
    "in_region",
    "is_following",
    "is_in_pace",
    "is_on",
    "its_contribution",
    "its_publication",
    "json_ld",
    "keep_file",
    "kind_columns",
    "language",
    "latin",
    "lazy_npgettext",
    "lazy_pgettext",
    "link",
    "link_exactly",
    "link_in",
    "linked",
    "linking",
    "listed_here",
    "listed_in_region",
    "listing",
    "local",
    "look_at_token",
    "make_token",
    "mapped_column",
    "mask_and_publish",
    "mask_identifiers",
    "may",
    "network",
    "ngettext",
    "now",
    "npgettext",
    "open_towns",
    "operation",
    "own",
    "owner_of",
    "page_of",
    "pgettext",
    "plain",
    "publish",
    "read_cursor",
    "read_number",
    "read_topic",
    "read_upload",
    "reader",
    "receipt_address",
    "receipt_key",
    "receive",
    "recent",
    "record",
    "render_calendar",
    "render_feed",
    "render_markdown",
    "render_plain",
    "require_pace",
    "restore",
    "say_cursor",
    "say_date",
    "say_days_left",
    "say_identifier_kind",
    "say_list",
    "say_moment",
    "say_month",
    "say_number",
    "say_range",
    "say_relative",
    "say_time",
    "say_weekday",
    "schedule",
    "schema",
    "send_letter",
    "setting",
    "share",
    "shown",
    "shown_among",
    "shown_line",
    "shown_or_404",
    "shown_towns",
    "slug",
    "start_of_day",
    "stop_agreeing",
    "tell",
    "tell_followers",
    "thread",
    "today",
    "touch",
    "touch_shown",
    "unlink",
    "use_token",
    "versions_of_contribution",
    "weeks_of",
    "will_change",
    "withdraw",
    "withdraw_contribution",
    "write",
]
