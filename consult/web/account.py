"""Signing in and out: the page with both ways in, the way by password, and where a person is led afterwards."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from urllib.parse import urlsplit

import wtforms
from flask import Flask, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, login_user, logout_user
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from consult import people
from consult.access import reader, role_here
from consult.clock import now
from consult.db import db
from consult.i18n import lazy_gettext as _
from consult.web.failures import kept_fields
from consult.web.forms import Form, LineField
from consult.web.layout import tell
from consult.web.pace import limiter, network
from consult.web.pages import Pages
from consult.web.places import place

pages = Pages("account", __name__)
login = LoginManager()

MISMATCH = _("The email and password do not match.")
# Of failures only: a whole municipality may stand behind one address of the network, and sign in each morning.
TWO_CLICKS = timedelta(minutes=1)  # at most between the first and the second of them, where the network is slow
PER_NETWORK, PER_ADDRESS = "30 per 10 minutes", "10 per 10 minutes"


class LetterForm(Form):
    """The address to which a link is sent."""

    email = LineField(_("Email"), people.EMAIL_MAX, missing=_("Enter your email."), id="letter-email")


class SignInForm(Form):
    """Address and password."""

    email = LineField(_("Email"), 254, missing=_("Enter your email."))
    password = wtforms.PasswordField(
        _("Password"), [InputRequired(_("Enter your password.")), Length(max=people.PASSWORD_MAX, message=MISMATCH)]
    )


def init_accounts(app: Flask) -> None:
    """Flask-Login with our own sign-in rows: the cookie holds a random key, and the row can be ended."""
    login.session_protection = None  # a phone changes its network; the key itself is what is protected
    login.init_app(app)
    limiter.init_app(app)


@login.user_loader
def _load(key: str) -> people.Person | None:
    found = people.find_sign_in(key)
    return found.person if found else None


@pages.route("/vhod", methods=["GET", "POST"], may="public", place="anywhere", is_kept=False)
@limiter.limit(PER_NETWORK, methods=["POST"], deduct_when=lambda answer: _has_failed(answer))
@limiter.limit(
    PER_ADDRESS,
    key_func=lambda: _address_from_network(),
    methods=["POST"],
    deduct_when=lambda answer: _has_failed(answer),
)
def sign_in() -> ResponseReturnValue:
    """The page with both ways in; by password, sign in and go to the page that was asked for."""
    form = SignInForm.of_request()
    if form.is_sent_well():
        found = people.find_by_password(form.email.data or "", form.password.data or "")
        if found is not None:
            return welcome(found)
        form.status = 422
        form.form_errors.append(MISMATCH)
    return door_page(form, LetterForm())


@pages.post("/izhod", may="public", place="anywhere")
def sign_out() -> ResponseReturnValue:
    """Ends this sign-in, on the server too."""
    if reader() is not None:
        people.end_sign_in(session["_user_id"])
    logout_user()
    session.clear()
    return redirect(url_for("home.home"), 303)


def door_page(password: Form, letter: Form) -> ResponseReturnValue:
    """Both ways in, with what was typed into one of them, where the person was going, and what was being written."""
    wish, kept, sent = request.values.get("next", ""), kept_on_the_way(), letter if letter.status > 200 else password
    page = render_template("sign_in.html", form=sent, password=password, letter=letter, next=wish, kept=kept)
    return page, sent.status


def welcome(person_id: int, key: str = "") -> ResponseReturnValue:
    """Starts a sign-in under a new key, and leads on: to what was being sent, to the page asked for, or to the work."""
    key = people.start_sign_in(person_id, key)
    return _let_in(db.session.get_one(people.Person, person_id), key)


def welcome_again(key: str) -> ResponseReturnValue | None:
    """What the second of two clicks on one button gets: the sign-in that the first has just begun under ``key``."""
    begun = people.find_sign_in(key) if key else None
    return _let_in(begun.person, key) if begun is not None and begun.started_at > now() - TWO_CLICKS else None


def _let_in(person: people.Person, key: str) -> ResponseReturnValue:
    person.sign_in_key = key
    session.clear()
    login_user(person)
    g.pop("role_here", None)  # it was asked for somebody else
    target = request.form.get("kept_target", "")
    if leads_to_a_page(target, "POST"):
        return render_template("send_again.html", target=target, kept=what_was_written())
    tell(_("You are signed in."), "info")
    return redirect(next_page(request.form.get("next", ""), person.is_operator), 303)


def _has_failed(answer: Response) -> bool:
    return answer.status_code == 422


def _address_from_network() -> str:
    """What tries are counted by: one address from one network, so that a stranger elsewhere locks nobody out.

    Hashed, because the limiter keeps its keys and somebody may type a megabyte.
    """
    return sha256(f"{network()} {people.email_key(request.form.get('email', ''))}".encode()).hexdigest()


def kept_on_the_way() -> list[tuple[str, str]]:
    """What was being sent when the sign-in had ended (``kept_target`` and ``kept.<field>``): every try hands it on."""
    return [(name, text) for name, text in kept_fields() if name == "kept_target" or name.startswith("kept.")]


def what_was_written() -> list[tuple[str, str]]:
    """The fields of the form that was being sent, under their own names."""
    return [(name.removeprefix("kept."), text) for name, text in kept_on_the_way() if name != "kept_target"]


def next_page(wish: str, is_operator: bool = False) -> str:
    """Where to go after signing in: a page of this very place, rebuilt from its parts; else where the work is.

    Who has no work here is led to the own profile.
    """
    if leads_to_a_page(wish, "GET"):
        parts = urlsplit(wish)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    if place().town is not None and role_here() is not None:
        return url_for("desk.today")
    return url_for("operator.overview" if is_operator and place().town is None else "profile.page")


def leads_to_a_page(wish: str, method: str) -> bool:
    """Whether ``wish`` is a path of this very place that our own URL map knows; another site's never is."""
    try:
        parts = urlsplit(wish)
    except ValueError:  # half an IPv6 address
        return False
    path, adapter = parts.path.removeprefix(request.script_root), current_app.create_url_adapter(request)
    is_ours = parts.path.startswith(f"{request.script_root}/") and not parts.scheme and not parts.netloc
    is_plain = not path.startswith("//") and "\\" not in wish
    return bool(is_ours and is_plain and adapter is not None and adapter.test(path, method))
