"""Following one publication: asking to be told of it, confirming by letter, stopping, with and without an account."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.access import PUBLIC, SIGNED_IN, reader
from consult.capabilities import holds
from consult.db import db
from consult.i18n import language
from consult.i18n import lazy_gettext as _
from consult.people import EMAIL_MAX, Person, address_key, check_email
from consult.publishing import Publication, State, shown_among
from consult.subscriptions import (
    CONFIRM,
    STOP,
    Subscription,
    ask_to_follow,
    confirm_following,
    follow,
    key_of,
    subscription_of,
    subscriptions_of,
    unfollow,
)
from consult.tenancy import here
from consult.web.forms import Form, LineField
from consult.web.layout import tell
from consult.web.pace import is_in_pace, network, require_pace
from consult.web.pages import Pages
from consult.web.publications import link_in, owner_of, page_of

pages = Pages("following", __name__)

PER_NETWORK, PER_ADDRESS = "20 per 10 minutes", "6 per hour"


class AddressForm(Form):
    """Where letters go."""

    email = LineField(
        _("Email"),
        EMAIL_MAX,
        missing=_("Enter your email."),
        description=_("We use it for this only, and erase it when you stop."),
    )


@pages.route("/sledi/<number:number>", methods=["GET", "POST"], may=PUBLIC, endpoint="follow")
def ask(number: int) -> ResponseReturnValue:
    """Asks to be told of every step. A guest is answered the same, whether or not the address follows already."""
    publication, person = _own_publication(number), reader()
    form: Any = (Form if person is not None else AddressForm).of_request()
    if form.is_sent_well():
        with form.catching():
            return _follow_at_once(publication, person) if person is not None else _ask(publication, form)
    publication = _own_publication(number)  # what was refused was rolled back
    mine = subscription_of(number, person) if person is not None else None
    page = render_template("following.html", form=form, mine=mine, **_facts(publication))
    return page, form.status


@pages.get("/sledi/<number:number>/pismo", may=PUBLIC)
def asked(number: int) -> ResponseReturnValue:
    """The receipt of a guest who asked: a letter is on its way. It says nothing about who asked."""
    return render_template("following_asked.html", **_facts(_own_publication(number)))


@pages.post("/sledi/<number:number>/spri", may=SIGNED_IN)
def stop_mine(number: int) -> ResponseReturnValue:
    """Whoever is signed in stops; what leads back is the page on which one follows."""
    person = reader() or abort(401)
    unfollow(subscription_of(number, person) or abort(404))
    again = url_for("following.follow", number=number) if shown_among([number]) else ""
    tell(_("You get no more letters about this."), url=again, verb=_("Follow it again") if again else "")
    return redirect(url_for("profile.page"), 303)


@pages.route("/sledi/potvardi/<number:number>/<key>", methods=["GET", "POST"], may=PUBLIC, is_kept=False)
def confirm(number: int, key: str) -> ResponseReturnValue:
    """What the letter to confirm opens: a button, and afterwards that it was pressed."""
    one = _opened(CONFIRM, number, key)
    if one is None:
        return _gone()
    if Form.of_request().is_sent_well():
        confirm_following(one)
        return redirect(url_for("following.confirm", number=number, key=key), 303)
    return render_template("following_letter.html", one=one, does="confirm", key=key, **_facts_of(one))


def _opens_stop(number: int, key: str) -> bool:
    return _opened(STOP, number, key) is not None


@pages.route(
    "/sledi/stop/<number:number>/<key>", methods=["GET", "POST"], may=PUBLIC, is_kept=False, opened_by=_opens_stop
)
def stop(number: int, key: str) -> ResponseReturnValue:
    """What every letter opens at its end: a button. A mail program presses it by itself (RFC 8058), so no redirect."""
    one = _opened(STOP, number, key)
    if one is None:
        return _gone()
    facts = _facts_of(one)
    if Form.of_request().is_sent_well():
        unfollow(one)
        return render_template("following_letter.html", one=None, does="stopped", key=key, **facts)
    return render_template("following_letter.html", one=one, does="stop", key=key, **facts)


def followed_here() -> list[tuple[Subscription, Publication | None]]:
    """What whoever is signed in follows here, with the publication where people can read it; for the profile."""
    person = reader()
    mine = subscriptions_of(person) if person is not None else ()
    found = {one.id: one for one in shown_among([one.subject_id for one in mine])}
    return [(one, found.get(one.subject_id)) for one in mine]


def _own_publication(number: int) -> Publication:
    """What people can read here now, of this municipality; another's is followed at its own site."""
    found = next(iter(shown_among([number])), None)
    if found is None or found.state == State.ARCHIVED:
        abort(404)
    owner = owner_of(found) or abort(404)
    if owner.id != here().id:
        abort(redirect(link_in(owner, "following.follow", number=number), 303))
    return found


def _ask(publication: Publication, form: Any) -> ResponseReturnValue:
    """To a mailbox that has had its letters, silence: a refusal would tell a stranger that somebody is using it."""
    email, number = check_email(form.email.data), publication.id
    require_pace("following.ask", (PER_NETWORK, network()))
    if is_in_pace("following.ask", (PER_ADDRESS, address_key(email))):
        ask_to_follow(number, email, publication.words(language()).title)
    return redirect(url_for("following.asked", number=number), 303)


def _follow_at_once(publication: Publication, person: Person) -> ResponseReturnValue:
    number, page = publication.id, page_of(publication)
    undo = url_for("following.follow", number=number)
    follow(number, person.email, person.id)
    tell(_("You follow this now. We will write to you at every step."), url=undo, verb=_("Stop following"))
    return redirect(page or undo, 303)


def _opened(purpose: str, number: int, key: str) -> Subscription | None:
    one = db.session.get(Subscription, number)
    return one if one is not None and holds(key, purpose, one.id, one.salt) else None


def _gone() -> ResponseReturnValue:
    """Stopped already, lapsed, or never there: nothing is kept by which they could be told apart."""
    return render_template("following_gone.html"), 404


def _facts(publication: Publication) -> dict[str, Any]:
    return {"publication": publication, "url": page_of(publication), "town": here()}


def _facts_of(one: Subscription) -> dict[str, Any]:
    """The publication may be withdrawn by now, and letters go on to be opened."""
    found = next(iter(shown_among([one.subject_id])), None)
    stop_url = url_for("following.stop", number=one.id, key=key_of(STOP, one))
    return {"publication": found, "url": page_of(found) if found is not None else "", "stop_url": stop_url}
