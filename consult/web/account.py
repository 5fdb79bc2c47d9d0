"""Signing in and out by password: the least that the staff of a municipality need."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import urlsplit

import wtforms
from flask import Flask, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, login_user, logout_user
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from consult import people
from consult.access import reader
from consult.db import db
from consult.i18n import lazy_gettext as _
from consult.web.failures import kept_fields
from consult.web.forms import Form, LineField
from consult.web.layout import tell
from consult.web.pages import Pages

pages = Pages("account", __name__)
login = LoginManager()
limiter = Limiter(get_remote_address, default_limits=[], headers_enabled=False)

MISMATCH = _("The email and password do not match.")
# Of failures only: a whole municipality may stand behind one address of the network, and sign in each morning.
PER_NETWORK, PER_ADDRESS = "30 per 10 minutes", "10 per 10 minutes"


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
    """Sign in; afterwards to the page that was asked for, or to the workspace."""
    form = SignInForm.of_request()
    if form.is_sent_well():
        found = people.find_by_password(form.email.data or "", form.password.data or "")
        if found is not None:
            return _welcome(found)
        form.status = 422
        form.form_errors.append(MISMATCH)
    page = render_template("sign_in.html", form=form, next=request.values.get("next", ""), kept=_kept_on_the_way())
    return page, form.status


@pages.post("/izhod", may="public", place="anywhere")
def sign_out() -> ResponseReturnValue:
    """Ends this sign-in, on the server too."""
    if reader() is not None:
        people.end_sign_in(session["_user_id"])
    logout_user()
    session.clear()
    return redirect(url_for("home.home"), 303)


def _welcome(person_id: int) -> ResponseReturnValue:
    key = people.start_sign_in(person_id)
    person = db.session.get_one(people.Person, person_id)
    person.sign_in_key = key
    session.clear()
    login_user(person)
    target = request.form.get("kept_target", "")
    if _leads_to_a_page(target, "POST"):
        kept = [(name.removeprefix("kept."), text) for name, text in _kept_on_the_way() if name != "kept_target"]
        return render_template("send_again.html", target=target, kept=kept)
    tell(_("You are signed in."), "info")
    return redirect(next_page(request.form.get("next", ""), person.is_operator), 303)


def _has_failed(answer: Response) -> bool:
    return answer.status_code == 422


def _address_from_network() -> str:
    """What tries are counted by: one address from one network, so that a stranger elsewhere locks nobody out.

    Hashed, because the limiter keeps its keys and somebody may type a megabyte.
    """
    return sha256(f"{get_remote_address()} {people.email_key(request.form.get('email', ''))}".encode()).hexdigest()


def _kept_on_the_way() -> list[tuple[str, str]]:
    """What was being sent when the sign-in had ended (``kept_target`` and ``kept.<field>``): every try hands it on."""
    return [(name, text) for name, text in kept_fields() if name == "kept_target" or name.startswith("kept.")]


def next_page(wish: str, is_operator: bool = False) -> str:
    """Where to go after signing in: a page of this very place, rebuilt from its parts; else where the work is."""
    if _leads_to_a_page(wish, "GET"):
        parts = urlsplit(wish)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    if request.environ["consult.place"].town:
        return url_for("desk.today")
    return url_for("operator.overview" if is_operator else "home.home")


def _leads_to_a_page(wish: str, method: str) -> bool:
    """Whether ``wish`` is a path of this very place that our own URL map knows; another site's never is."""
    try:
        parts = urlsplit(wish)
    except ValueError:  # half an IPv6 address
        return False
    path, adapter = parts.path.removeprefix(request.script_root), current_app.create_url_adapter(request)
    is_ours = parts.path.startswith(f"{request.script_root}/") and not parts.scheme and not parts.netloc
    is_plain = not path.startswith("//") and "\\" not in wish
    return bool(is_ours and is_plain and adapter is not None and adapter.test(path, method))
