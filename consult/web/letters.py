"""Letters of the core itself; they tell, and link to a page with a button: nothing happens by opening a link."""

from __future__ import annotations

from consult.announcements import Listener
from consult.i18n import force_locale
from consult.i18n import gettext as _
from consult.outbox import send
from consult.publishing import Publication
from consult.tenancy import Town, here
from consult.web.places import address_of


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


LISTENERS = (Listener("publishing.shared", tell_of_sharing),)
