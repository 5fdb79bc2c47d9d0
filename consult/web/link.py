"""Signing in by a letter: it brings a link, the link opens a page with a button, and the button signs in.

Whoever asks is told the same, and the same work is done, whether or not the address has an account: who has none is
sent a link that makes one. So there is no account whose address was not confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

import wtforms
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.access import reader
from consult.addresses import address_of
from consult.capabilities import capability
from consult.db import db, operation
from consult.errors import Refused
from consult.i18n import lazy_gettext as _
from consult.people import (
    PASSWORD_MIN,
    HeldToken,
    Person,
    TokenGone,
    address_key,
    check_email,
    check_password,
    email_key,
    find_person,
    hash_password,
    look_at_token,
    make_token,
    open_account,
    use_token,
)
from consult.tenancy import through
from consult.web.account import (
    LetterForm,
    SignInForm,
    door_page,
    kept_on_the_way,
    leads_to_a_page,
    welcome,
    welcome_again,
)
from consult.web.account import what_was_written as written
from consult.web.forms import Form, LineField
from consult.web.letters import send_link
from consult.web.pace import is_in_pace, network, require_pace
from consult.web.pages import Pages
from consult.web.places import place

pages = Pages("link", __name__)

PURPOSE = "account.link"
CLICK = re.compile(r"[A-Za-z0-9_-]{22}")
LIVES = timedelta(minutes=30)  # ASVS 5.0, 6.6.3, and security practice for links that replace a password
PER_ADDRESS, PER_NETWORK = "3 per hour", "20 per hour"


class ButtonForm(Form):
    """Only the button, for who has an account."""


class NewcomerForm(Form):
    """What a new account needs beside the address."""

    name = LineField(_("Your name"), 120, missing=_("Enter your name."), description=_("As the staff will see it."))
    password = wtforms.PasswordField(
        _("Password"),
        description=_(
            "Only if you want one: a link by email always works. At least %(min)d characters; four or five words do.",
            min=PASSWORD_MIN,
        ),
    )


@pages.route("/vhod/pismo", methods=["GET", "POST"], may="public", place="anywhere", is_kept=False)
def ask() -> ResponseReturnValue:
    """Sends a link to an address; the answer says nothing about it. Who opens the address anew finds the form."""
    form = LetterForm.of_request()
    if not form.is_sent_well():
        return door_page(SignInForm(), form)
    if reader() is not None:
        return redirect(url_for("account.sign_in"), 303)
    with form.catching():
        form.email.data = check_email(form.email.data or "")
        _send_in_pace(form.email.data)
    return _sent_page(form.email.data) if form.status == 200 else door_page(SignInForm(), form)


@pages.route("/vhod/vrazka/<token>", methods=["GET", "POST"], may="public", place="anywhere", is_kept=False)
def follow(token: str) -> ResponseReturnValue:
    """The page that a link opens; its button signs in, and makes the account of who has none."""
    try:
        held = _held_here(token)
        person = find_person(held.subject)
        form: Any = (NewcomerForm if person is None else ButtonForm).of_request()
        if form.is_sent_well():
            with form.catching():
                return welcome(_enter(token, person, form), _key_of_click(token))
    except TokenGone as gone:
        return welcome_again(_key_of_click(token)) or _gone_page(gone)
    if form.status == 410:  # the first of two clicks was quicker
        return welcome_again(_key_of_click(token)) or _gone_page(TokenGone(410))
    said = {"email": held.subject, "token": token, "click": token_urlsafe(16), "next": request.values.get("next", "")}
    return render_template("link.html", form=form, person=person, **said), form.status


def _key_of_click(token: str) -> str:
    """The key of the sign-in that this page's button begins; nothing where the page's own word did not come along.

    Of two clicks the second finds by it the sign-in of the first. Who has the link alone, from another page, does not.
    """
    click, town = request.form.get("click", ""), place().town
    return capability(PURPOSE, token, town.id if town else 0, click) if CLICK.fullmatch(click) else ""


def _sent_page(email: str) -> str:
    """What was being written goes along: it can be sent from this page once the link was opened in another."""
    target = request.form.get("kept_target", "")
    kept = written() if leads_to_a_page(target, "POST") else []
    return render_template("letter_sent.html", email=email, target=target, kept=kept, minutes=LIVES.seconds // 60)


def _gone_page(gone: TokenGone) -> ResponseReturnValue:
    wish = request.values.get("next", "")
    page = render_template("link_gone.html", letter=LetterForm(), next=wish, kept=kept_on_the_way())
    return page, gone.status


def _send_in_pace(email: str) -> None:
    """Raises Refused (429) where too many were asked for from one network; of an address that had its letters, silence.

    Else the answer would tell a stranger that somebody is writing to it just now.
    """
    require_pace("account.letters of a network", (PER_NETWORK, network()))
    if is_in_pace("account.letters to an address", (PER_ADDRESS, address_key(email))):
        _send(email)


def _send(email: str) -> None:
    """To a known person the letter goes to the address that was confirmed, never to another spelling of it."""
    person, town = find_person(email), place().town
    to = person.email if person is not None else email
    wish = request.form.get("next", "")
    more = {"next": wish} if leads_to_a_page(wish, "GET") else {}
    with _where_letters_are_written():
        key = make_token(PURPOSE, email_key(to), LIVES, town.id if town else None)
        address = address_of(town, place().language, "link.follow", token=key, **more)
        send_link(to, address, LIVES, is_known=person is not None)


@contextmanager
def _where_letters_are_written() -> Iterator[None]:
    """In a town its own letters are written. At the region there is no town in whose name to write.

    So the installation writes, through the door "jobs": by "region" nothing can be changed, and by "operator" it
    would be the operator's doing. Only the letter and its token are written while it is open.
    """
    if place().town is not None:
        yield
        return
    with through("jobs"):
        yield
        db.session.commit()


def _held_here(key: str) -> HeldToken:
    """What the link says, if it was sent from this very place. Raises TokenGone."""
    held, town = look_at_token(PURPOSE, key), place().town
    if held.town_id != (town.id if town else None):
        raise TokenGone(404)
    return held


def _enter(key: str, person: Person | None, form: Any) -> int:
    """Uses the link; answers whose account it is. Passwords are hashed before the writing begins: it takes long."""
    if person is not None and person.is_disabled:
        raise Refused(_("This account was closed. Ask the administrator of your municipality."), status=403)
    name, password_hash = "", None
    if person is None:
        name, typed = form.name.data, form.password.data
        if typed:
            check_password(typed, name, _held_here(key).subject)
            password_hash = hash_password(typed)
    return _use(key, name, password_hash)


@operation
def _use(key: str, name: str, password_hash: str | None) -> int:
    held = use_token(PURPOSE, key)
    return open_account(held.subject, name, password_hash).id
