"""What the author of a contribution is told by letter: confirm it, it has come, what was done about it and why.

Written in the transaction of what they tell of, with a key each, so that nothing is told twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from consult.addresses import address_of
from consult.capabilities import capability
from consult.db import db
from consult.i18n import force_locale, say_moment
from consult.i18n import gettext as _
from consult.outbox import send
from consult.participation.models import Contribution, Standing
from consult.participation.policy import CONFIRM_WITHIN, RULES
from consult.participation.records import ModerationAct
from consult.publishing import Publication
from consult.tenancy import here
from consult.text import cut

PURPOSE = "participation.receipt"  # of the key in a letter's link


def receipt_key(contribution: Contribution) -> str:
    """The key that opens the page of this contribution for its author."""
    return capability(PURPOSE, contribution.id, contribution.salt)


def receipt_address(contribution: Contribution) -> str:
    """The page on which who holds the letter confirms, edits and withdraws it, and sees what became of it."""
    values = {"number": contribution.id, "key": receipt_key(contribution)}
    return address_of(here(), contribution.language, "participation.receipt", **values)


def tell_to_confirm(contribution: Contribution) -> None:
    """Asks a guest to show that the address is theirs. It does not greet by a name that anybody may have typed."""
    with force_locale(contribution.language):
        subject = _("Confirm your opinion: %(title)s", title=_title(contribution))
        until = say_moment(contribution.received_at + CONFIRM_WITHIN, full=False)
        parts = [
            _("Somebody sent us an opinion with this address. For it to count, open this page and press the button:"),
            receipt_address(contribution),
            _("The button works until %(moment)s", moment=until),
            _("If it was not you, press “I did not write this” on the same page, or do nothing: nobody sees it."),
        ]
        _write(contribution, "confirm", subject, parts)


def tell_received(contribution: Contribution) -> None:
    """The receipt: number, time, what happens next and by when."""
    with force_locale(contribution.language):
        subject = _("We have received your opinion № %(number)s", number=contribution.id)
        at = say_moment(contribution.accepted_at or contribution.received_at)
        parts = [
            _("Number: %(number)s", number=contribution.id) + "\n" + _("Received: %(moment)s", moment=at),
            _title(contribution),
            cut(contribution.text, 300),
            _held(contribution),
            "\n".join(f"– {step}" for step in contribution.what_next()),
            _("To see what became of it, to change it or to take it back: %(url)s", url=receipt_address(contribution)),
        ]
        _write(contribution, "received", subject, parts)


def tell_published(contribution: Contribution) -> None:
    """A moderator has read it and it is shown."""
    with force_locale(contribution.language):
        subject = _("Your opinion № %(number)s is published", number=contribution.id)
        parts = [
            _("We have read your opinion, and everybody can see it now."),
            _title(contribution),
            _page(contribution),
        ]
        _write(contribution, f"published {_step(contribution)}", subject, parts)


def tell_masked(contribution: Contribution) -> None:
    """It is shown with personal data blacked out."""
    with force_locale(contribution.language):
        subject = _("Your opinion № %(number)s is published with blacked out data", number=contribution.id)
        parts = [
            _("We have blacked out personal data in your opinion and published the rest. The original is sealed."),
            *_why(contribution.rule, contribution.reason),
            _page(contribution),
        ]
        _write(contribution, f"masked {_step(contribution)}", subject, parts)


def tell_hidden(contribution: Contribution) -> None:
    """It was hidden: the rule, the reason, and how to ask once for a second person."""
    with force_locale(contribution.language):
        subject = _("Your opinion № %(number)s was hidden", number=contribution.id)
        parts = [
            _("A moderator has hidden your opinion. The staff still read and count it; no opinion is hidden for the"
              " position it takes."),
            *_why(contribution.rule, contribution.reason),
            _page(contribution)
            if contribution.appealed_at is not None
            else _("You may ask once that a second person looks at it: %(url)s", url=receipt_address(contribution)),
        ]  # fmt: skip
        _write(contribution, f"hidden {_step(contribution)}", subject, parts)


def tell_decided(contribution: Contribution, is_shown_again: bool, reason: str) -> None:
    """What the second person decided."""
    with force_locale(contribution.language):
        subject = _("Your request about opinion № %(number)s was decided", number=contribution.id)
        decided = (
            _("A second person has looked at it, and your opinion is shown again.")
            if is_shown_again
            else _("A second person has looked at it. Your opinion stays hidden.")
        )
        reason_line = _("Reason: %(reason)s", reason=reason)
        _write(contribution, f"decided {_step(contribution)}", subject, [decided, reason_line, _page(contribution)])


def tell_ended(contribution: Contribution, standing: Standing) -> None:
    """It was taken back by its author, or disowned."""
    with force_locale(contribution.language):
        subject = _("Your opinion № %(number)s is taken back", number=contribution.id)
        said = (
            _("You have taken your opinion back. A note stays in its place, and nobody reads your words any more.")
            if standing == Standing.WITHDRAWN
            else _("You told us that you did not write this. It is removed, and a note stays in its place.")
        )
        _write(contribution, str(standing), subject, [said, _title(contribution)])


def _title(contribution: Contribution) -> str:
    publication = db.session.get_one(Publication, contribution.publication_id)
    return publication.words(contribution.language).title


def _step(contribution: Contribution) -> int:
    """How many acts there were, this one included: what is done a second time is told a second time."""
    its = select(func.count()).where(ModerationAct.contribution_id == contribution.id)
    return db.session.scalar(its) or 0


def _page(contribution: Contribution) -> str:
    return _("Your opinion: %(url)s", url=receipt_address(contribution))


def _held(contribution: Contribution) -> str:
    if contribution.standing != Standing.HELD:
        return ""
    return _("Before it is shown to everybody a moderator reads it. It counts already.")


def _why(rule: str, reason: str) -> list[str]:
    named = _("Rule: %(rule)s", rule=RULES[rule]) if rule in RULES else ""
    return [part for part in (named, _("Reason: %(reason)s", reason=reason) if reason else "") if part]


def _write(contribution: Contribution, what: str, subject: str, paragraphs: Sequence[str]) -> None:
    """One letter: greeting, paragraphs, signature."""
    town = here()
    is_theirs = contribution.is_accepted
    hello = _("Hello, %(name)s,", name=contribution.name) if is_theirs and contribution.name else _("Hello,")
    signature = _("Municipality of %(town)s", town=town.name(contribution.language))
    if town.phone:
        signature += f"\n{town.phone}"
    body = "\n\n".join(part for part in (hello, *paragraphs, signature) if part)
    send(f"participation {contribution.id} {what}", contribution.email, subject[:290], body + "\n")
