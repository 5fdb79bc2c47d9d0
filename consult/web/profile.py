"""One's own profile: the name, the password, and where one is signed in."""

from __future__ import annotations

import re
from typing import Any

import wtforms
from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from consult import people
from consult.access import SIGNED_IN, reader
from consult.db import NUMBER_MAX, db
from consult.errors import Refused
from consult.i18n import lazy_gettext as _
from consult.web.following import followed_here
from consult.web.forms import Form, LineField
from consult.web.layout import tell
from consult.web.pace import require_pace
from consult.web.pages import Pages
from consult.web.places import place

pages = Pages("profile", __name__)

TRIES = "10 per 10 minutes"  # of the current password


class NameForm(Form):
    """The name that others see."""

    name = LineField(_("Your name"), 120, missing=_("Enter your name."))


class PasswordForm(Form):
    """The current password where there is one, and the new one."""

    current_password = wtforms.PasswordField(_("Current password"))
    password = wtforms.PasswordField(
        _("New password"),
        [wtforms.validators.InputRequired(_("Enter a new password."))],
        description=_("At least %(min)d characters; four or five words do.", min=people.PASSWORD_MIN),
    )


@pages.get("/profil", may=SIGNED_IN, place="anywhere")
def page() -> ResponseReturnValue:
    """The profile of who is signed in."""
    return _page()


@pages.post("/profil/ime", may=SIGNED_IN, place="anywhere")
def rename() -> ResponseReturnValue:
    """Changes the name."""
    form = NameForm.of_request()
    if not form.is_sent_well():
        return _page(naming=form)
    people.rename(_me().id, form.name.data or "")
    tell(_("Saved. What you have signed before keeps its name."))
    return redirect(url_for("profile.page"), 303)


@pages.post("/profil/parola", may=SIGNED_IN, place="anywhere")
def set_password() -> ResponseReturnValue:
    """Sets or changes the password; every other sign-in and every link in the mailbox ends."""
    form = PasswordForm.of_request()
    if form.is_sent_well():
        with form.catching():
            people.set_password(_me().id, _checked(form), session["_user_id"])
            tell(_("The password is set. You are signed out everywhere else."))
            return redirect(url_for("profile.page"), 303)
    return _page(password=form)


@pages.post("/profil/vhodove", may=SIGNED_IN, place="anywhere")
def end_sign_ins() -> ResponseReturnValue:
    """Ends one sign-in, or all but this one ("others")."""
    which, person_id = request.form.get("which", ""), _me().id
    if which == "others":
        people.end_others(person_id, session["_user_id"])
    elif re.fullmatch("[0-9]{1,10}", which) and int(which) <= NUMBER_MAX:
        people.end_one_of(person_id, int(which))
    else:
        raise Refused(_("Choose which sign-in to end."))
    tell(_("Ended. Whoever had it open is signed out."))
    return redirect(url_for("profile.page"), 303)


def _page(naming: Form | None = None, password: Form | None = None) -> ResponseReturnValue:
    person, sent = _me(), naming or password or NameForm()
    forms = {"form": sent, "naming": naming or NameForm(obj=person), "password": password or PasswordForm()}
    running = people.running_sign_ins(person.id)
    this = next((one.id for one in running if people.is_this_sign_in(one, session["_user_id"])), 0)
    here = {"running": running, "this": this, "followed": followed_here() if place().town is not None else []}
    return render_template("profile.html", person=person, **here, **forms), sent.status


def _checked(form: Any) -> str:
    """The hash of the new password. Raises Refused where the current one is wrong or the new one too weak."""
    person, typed = _me(), form.password.data
    stored, name, email = person.password_hash, person.name, person.email
    if stored is not None:
        require_pace("account.current password", (TRIES, str(person.id)))
        db.session.rollback()  # nobody waits for us while we reckon
        if not people.is_its_password(stored, form.current_password.data or ""):
            raise Refused(_("This is not your current password."), "current_password")
    people.check_password(typed, name, email)
    return people.hash_password(typed)


def _me() -> people.Person:
    """Who is signed in; the gate has let nobody else in."""
    person = reader()
    assert person is not None  # noqa: S101
    return person
