"""What people who follow something are written: to confirm, that they follow already, and what is new."""

from __future__ import annotations

from consult.addresses import address_of
from consult.capabilities import capability
from consult.clock import now
from consult.i18n import force_locale, language, say_date
from consult.i18n import gettext as _
from consult.outbox import send
from consult.subscriptions.models import LIVES, Subscription
from consult.tenancy import here

CONFIRM, STOP = "subscription.confirm", "subscription.stop"  # what the keys in letters do
SUBJECT_MAX = 290  # characters


def key_of(purpose: str, one: Subscription) -> str:
    """The key that confirms or stops this subscription."""
    return capability(purpose, one.id, one.salt)


def tell_to_confirm(one: Subscription, title: str) -> None:
    """A guest asked: only who reads this letter can confirm it. One such letter for each time of asking."""
    with force_locale(one.language):
        words = {"title": title, "address": _address("following.confirm", CONFIRM, one)}
        said = _(
            "Good day,\n\nyou asked to be told of every step of this:\n\n%(title)s\n\nTo confirm that this is your"
            " address, open this page until %(day)s and press the button:\n\n%(address)s\n\nIf you did not ask for"
            " this, you need not do anything: unconfirmed, it lapses and your address is erased.",
            **words,
            day=say_date((one.asked_at + LIVES).date()),
        )
        subject = _("Confirm that we may write to you: %(title)s", **words)
        send(f"following {one.id} confirm {one.asked_at.isoformat()}", one.email, subject[:SUBJECT_MAX], _signed(said))


def tell_again(one: Subscription, title: str) -> None:
    """An address that follows asked once more: that nothing has to be done, once a day at most."""
    with force_locale(one.language):
        words = {"title": title, "address": _address("following.stop", STOP, one)}
        said = _(
            "Good day,\n\nsomebody, perhaps you, asked once more to be told of every step of this:\n\n%(title)s\n\nYou"
            " follow it already and need not do anything.\n\nTo stop, open this page and press the button:\n"
            "%(address)s",
            **words,
        )
        subject = _("You follow this already: %(title)s", **words)
        send(f"following {one.id} again {now():%Y-%m-%d}", one.email, subject[:SUBJECT_MAX], _signed(said))


def tell_notice(one: Subscription, key: str, subject: str, text: str, is_last: bool) -> None:
    """Something is new. Mail programs are told how to stop by one click (RFC 8058), unless this letter is the last."""
    with force_locale(one.language):
        stop = _address("following.stop", STOP, one)
        if is_last:
            end, stop = _("You followed this. It has come to its end, and we have erased your address here."), ""
        else:
            end = _("You get this letter because you follow this. To stop: %(address)s", address=stop)
        said = f"{text.strip()}\n\n{end}"
        send(key, one.email, subject[:SUBJECT_MAX], _signed(said), unsubscribe=stop)


def _address(endpoint: str, purpose: str, one: Subscription) -> str:
    return address_of(here(), one.language, endpoint, number=one.id, key=key_of(purpose, one))


def _signed(text: str) -> str:
    lines = [_("Municipality of %(town)s", town=here().name(language())), here().phone]
    return f"{text}\n\n" + "\n".join(line for line in lines if line) + "\n"
