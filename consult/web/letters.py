"""Letters of the core itself; they tell, and link to a page with a button: nothing happens by opening a link."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from consult.addresses import address_of
from consult.announcements import Listener
from consult.clock import now
from consult.i18n import force_locale, language, say_time
from consult.i18n import gettext as _
from consult.outbox import send
from consult.publishing import Publication
from consult.tenancy import Town, here
from consult.web.places import place


def tell_of_sharing(publication: Publication, towns: tuple[Town, ...]) -> None:
    """Each town that will show the publication learns it in its role mailbox, once."""
    with force_locale("bg"):
        for town in towns:
            words = {"town": here().name("bg"), "title": publication.title}
            said = _(
                "Good day,\n\nthe municipality of %(town)s shares this with you, and your site shows it when it is"
                " published:\n\n%(title)s\n\nYour site: %(address)s\nAn admin can decide in the settings of your site"
                " whether it shows what others share.\n",
                **words,
                address=address_of(town, "bg", "home.home"),
            )
            subject = _("%(town)s shares with you: %(title)s", **words)
            send(f"shared {publication.id} {town.id}", town.email, subject[:290], said)


def send_link(to: str, address: str, lives: timedelta, is_known: bool) -> None:
    """The link by which a person signs in, or makes an account; in the language of the page that asked for it."""
    town = place().town
    words = {"place": town.name(language()) if town else _("South-East Region"), "address": address}
    words |= {"minutes": lives.seconds // 60, "until": say_time(now() + lives)}
    if is_known:
        subject = _("Your link to sign in: %(place)s", **words)
        said = _(
            "Good day,\n\nhere is your link to sign in to “Take part”, %(place)s:\n\n%(address)s\n\nOpen it and"
            " press the button. It works once, until %(until)s (%(minutes)d minutes).\n\nIf you did not ask for"
            " it, you need do nothing: without this letter nobody gets in.\n",
            **words,
        )
    else:
        subject = _("Confirm your email: %(place)s", **words)
        said = _(
            "Good day,\n\nsomebody asked for a link to sign in to “Take part”, %(place)s, with this address. It has no"
            " account yet. This link makes one:\n\n%(address)s\n\nOpen it and press the button. It works once,"
            " until %(until)s (%(minutes)d minutes).\n\nIf it was not you, you need do nothing: no account is"
            " made.\n",
            **words,
        )
    send(f"link {sha256(address.encode()).hexdigest()}", to, subject, said)


LISTENERS = (Listener("publishing.shared", tell_of_sharing),)
