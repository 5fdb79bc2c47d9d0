"""What moderators do: report, publish, mask, hide under a rule, decide an appeal. Nothing is deleted."""

from __future__ import annotations

import re

from sqlalchemy import func, select, update

from consult.clock import now
from consult.db import db, operation
from consult.errors import Conflict, Refused
from consult.i18n import lazy_gettext as _
from consult.identifiers import find_identifiers, mask
from consult.journal import record, who_acts
from consult.participation import letters
from consult.participation.models import (
    HOME_MAX,
    NAME_MAX,
    ORGANISATION_MAX,
    REASON_MAX,
    SHOWN_BESIDE,
    Contribution,
    Standing,
)
from consult.participation.policy import RULES
from consult.participation.records import (
    Act,
    ContributionVersion,
    ContributionWords,
    ModerationAct,
    Report,
    WatchedAuthor,
    keep_wording,
    note_act,
)
from consult.participation.standing import hold, move
from consult.text import check_words, cut, render_plain

LONGEST = {"name": NAME_MAX, "home": HOME_MAX, "organisation": ORGANISATION_MAX}  # a mask may be longer than a number
MASK = re.compile(r"\[скрито(?:: [^\[\]]{1,40})?\]")
ALREADY = _("A colleague has dealt with this already. See above what was decided.")


@operation
def report(contribution: Contribution, rule: str, text: str, person_id: int | None) -> None:
    """Anybody says that a contribution breaks a rule; a moderator looks at it. It stays shown until then."""
    _require_rule(rule)
    check_words(text, "text")
    if len(text) > REASON_MAX:
        raise Refused(_("Please shorten this to %(max)d characters.", max=REASON_MAX), "text")
    hold(contribution)
    if contribution.standing != Standing.PUBLISHED:
        return
    db.session.add(Report(contribution_id=contribution.id, rule=rule, text=text.strip(), person_id=person_id))
    if contribution.queued_at is None:
        contribution.queued_at, contribution.queued_for = now(), "report"
    record("participation.reported", contribution.kind, contribution.id, {"rule": rule})


@operation
def publish_held(contribution: Contribution, seen_edition: int | None = None) -> None:
    """A moderator has read it: it is shown as it is. Raises Conflict when those were other words than there are now.

    Wordings that its author took back while it was held were read by nobody, and are not shown as its history.
    """
    _hold(contribution, Standing.HELD)
    _require_seen(contribution, seen_edition)
    _seal_unread(contribution)
    note_act(contribution, Act.PUBLISHED)
    letters.tell_published(contribution)
    move(contribution, Standing.PUBLISHED, "participation.published")


@operation
def dismiss_reports(contribution: Contribution) -> None:
    """The reports need nothing to be done; it stays as it is."""
    _hold(contribution, Standing.PUBLISHED)
    if contribution.queued_at is None:
        raise Conflict(ALREADY)
    _settle_reports(contribution)
    note_act(contribution, Act.DISMISSED)
    contribution.queued_at, contribution.queued_for = None, ""
    record("participation.dismissed", contribution.kind, contribution.id)


@operation
def mask_and_publish(contribution: Contribution, text: str, seen_edition: int, rule: str, reason: str = "") -> None:
    """Shows it with personal data blacked out; the original is sealed, and the author is told.

    ``text`` is the wording with the masks („[скрито: ЕГН]“): they stand for words, and all else is as the author wrote
    it; nothing is left out in silence and nothing put in the author's mouth. Raises Refused otherwise.
    """
    _require_rule(rule)
    _hold(contribution, Standing.HELD, Standing.PUBLISHED)
    _require_seen(contribution, seen_edition)
    beside = {name: getattr(contribution, name) or "" for name in (*SHOWN_BESIDE, *contribution.particulars())}
    hidden = {name: mask(value, found) for name, value in beside.items() if (found := find_identifiers(value))}
    if text != contribution.text or not hidden:
        _require_only_masked(contribution.text, text)
    contribution.sealed_to = contribution.edition
    contribution.edition += 1
    contribution.text, contribution.text_html = text, render_plain(text)
    for name, value in hidden.items():
        setattr(contribution, name, value[: LONGEST.get(name)])
    contribution.rule, contribution.reason = rule, reason.strip()
    keep_wording(contribution)
    _settle_reports(contribution)
    note_act(contribution, Act.MASKED, rule, reason)
    letters.tell_masked(contribution)
    move(contribution, Standing.PUBLISHED, "participation.masked")


@operation
def hide(contribution: Contribution, rule: str, reason: str, watches_author: bool = False) -> None:
    """Takes it from what everybody reads, under a named rule and with a reason; a tombstone and the replies stay.

    The author gets a letter with the reason and may ask once that a second person looks.
    """
    _require_rule(rule)
    reason = reason.strip()
    _require_reason(reason)
    _hold(contribution, Standing.HELD, Standing.PUBLISHED)
    contribution.text, contribution.text_html, contribution.sealed_to = "", "", contribution.edition
    contribution.rule, contribution.reason = rule, reason
    _settle_reports(contribution)
    note_act(contribution, Act.HIDDEN, rule, reason)
    if watches_author:
        watch_author(contribution)
    letters.tell_hidden(contribution)
    move(contribution, Standing.HIDDEN, "participation.hidden")


@operation
def appeal(contribution: Contribution, text: str) -> None:
    """Its author asks once that a second person decides. Raises Refused the second time."""
    check_words(text, "text")
    if len(text) > REASON_MAX:
        raise Refused(_("Please shorten this to %(max)d characters.", max=REASON_MAX), "text")
    _hold(contribution, Standing.HIDDEN)
    if contribution.appealed_at is not None:
        raise Refused(_("You have asked for this once. The second decision stands."))
    contribution.appealed_at = now()
    contribution.queued_at, contribution.queued_for = now(), "appeal"
    note_act(contribution, Act.APPEALED, contribution.rule, text)
    record("participation.appealed", contribution.kind, contribution.id)


@operation
def decide_appeal(contribution: Contribution, is_shown_again: bool, reason: str) -> None:
    """A second person, never the one who hid it, decides whether it stays hidden. The author is told."""
    _hold(contribution, Standing.HIDDEN)
    if contribution.queued_for != "appeal":
        raise Conflict(ALREADY)
    if who_acts() is not None and who_acts() == who_hid(contribution):
        raise Refused(_("You hid this. An appeal is decided by a second person."), status=403)
    _require_reason(reason)
    note_act(contribution, Act.RESTORED if is_shown_again else Act.UPHELD, contribution.rule, reason)
    letters.tell_decided(contribution, is_shown_again, reason.strip())
    if not is_shown_again:
        contribution.queued_at, contribution.queued_for = None, ""
        record("participation.upheld", contribution.kind, contribution.id)
        return
    contribution.text = original_of(contribution)
    contribution.text_html = render_plain(contribution.text)
    contribution.rule = contribution.reason = ""
    contribution.sealed_to = contribution.edition - 1  # earlier wordings may be masked, or read by nobody
    move(contribution, Standing.PUBLISHED, "participation.restored")


@operation
def look_at_original(contribution: Contribution) -> str:
    """The sealed words, for a moderator; the look itself is in the journal."""
    note_act(contribution, Act.LOOKED, contribution.rule)
    record("participation.looked", contribution.kind, contribution.id)
    return original_of(contribution)


@operation
def watch_author(contribution: Contribution) -> None:
    """What this author sends from now on is read by a moderator before it is shown; nothing is refused."""
    watched = select(WatchedAuthor.id).where(WatchedAuthor.address_key == contribution.address_key)
    if contribution.address_key is not None and db.session.scalar(watched) is None:
        db.session.add(WatchedAuthor(address_key=contribution.address_key, by_id=who_acts()))


def original_of(contribution: Contribution) -> str:
    """The words of the newest version that was sealed, or those that are shown. "" where they were erased."""
    number = contribution.sealed_to or contribution.edition
    words = db.session.scalar(
        select(ContributionWords)
        .join(ContributionVersion, ContributionVersion.id == ContributionWords.version_id)
        .where(ContributionVersion.contribution_id == contribution.id, ContributionVersion.number == number)
    )
    return str(words.words["text"]) if words is not None and words.words else contribution.text


def who_hid(contribution: Contribution) -> int | None:
    """The person who hid it last."""
    return db.session.scalar(
        select(ModerationAct.by_id)
        .where(ModerationAct.contribution_id == contribution.id, ModerationAct.act == Act.HIDDEN)
        .order_by(ModerationAct.id.desc())
        .limit(1)
    )


def _hold(contribution: Contribution, *standings: Standing) -> None:
    hold(contribution)
    if contribution.standing not in standings:
        raise Conflict(ALREADY)


def _require_seen(contribution: Contribution, seen_edition: int | None) -> None:
    if seen_edition is not None and contribution.edition != seen_edition:
        raise Conflict(_("The author has changed the words meanwhile. Read them again."))


def _seal_unread(contribution: Contribution) -> None:
    """Seals the wordings that were written since it is held, but for the one that stands now."""
    its = ContributionVersion.contribution_id == contribution.id, ContributionVersion.number < contribution.edition
    unread = select(func.max(ContributionVersion.number)).where(*its, ContributionVersion.at >= contribution.queued_at)
    contribution.sealed_to = max(contribution.sealed_to, db.session.scalar(unread) or 0)


def _settle_reports(contribution: Contribution) -> None:
    db.session.execute(
        update(Report)
        .where(Report.contribution_id == contribution.id, Report.settled_at.is_(None))
        .values(settled_at=now())
        .execution_options(synchronize_session=False)
    )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say in a sentence why. The author gets it in a letter."), "reason")
    check_words(reason, "reason")
    if len(reason) > REASON_MAX:
        raise Refused(_("Please shorten this to %(max)d characters.", max=REASON_MAX), "reason")


def _require_rule(rule: str) -> None:
    if rule not in RULES:
        raise Refused(_("Choose one of the rules."), "rule")


def _require_only_masked(original: str, masked: str) -> None:
    """Between the masks stands what the author wrote, and for each mask at least one sign of it; blanks aside."""
    check_words(masked, "text")
    if masked == original:
        raise Refused(_("Nothing is masked yet. Mark what has to go, or publish it as it is."), "text")
    rest = " ".join(original.split())
    first, *pieces = (" ".join(piece.split()) for piece in MASK.split(masked))
    if not rest.startswith(first) or not pieces:
        raise _not_theirs(first)
    place = len(first)
    for piece in pieces[:-1]:
        place = rest.find(piece, place + 1)
        if place < 0:
            raise _not_theirs(piece)
        place += len(piece)
    if not rest.endswith(pieces[-1]) or len(rest) - len(pieces[-1]) <= place:
        raise _not_theirs(pieces[-1])


def _not_theirs(words: str) -> Refused:
    near = cut(words, 60) or "[скрито]"
    return Refused(
        _("Only replace words by [скрито: …]; near “%(words)s” it is not as the author wrote it.", words=near), "text"
    )
