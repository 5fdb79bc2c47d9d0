"""The guard of unsafe requests: where they come from, what they carry, and that they are sent once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from urllib.parse import urlsplit

from flask import current_app, request, session
from markupsafe import Markup
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from consult.access import reader
from consult.clock import now
from consult.db import begin_writing, db
from consult.errors import Conflict, Refused
from consult.i18n import gettext as _
from consult.journal import who_acts
from consult.people import Submission

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


class PageTooOld(Refused):
    """The form was made during another sign-in. It came from our own page, so it may be sent again as it is."""

    def __init__(self) -> None:
        super().__init__(_("This page was open for too long. Your text is below; please send it again."), status=403)


def check_unsafe() -> None:
    """Refuses what another site made the browser send (403), and bodies that are not forms (415).

    By ``Sec-Fetch-Site``, else by ``Origin``; who is signed in carries a token bound to the sign-in besides.
    A browser that says neither must carry a token that holds, and a guest of such a browser has none.
    """
    if request.mimetype not in FORM_TYPES and request.content_length:
        raise UnsupportedMediaType
    said_by = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if said_by is not None:
        is_ours = said_by in ("same-origin", "none")
    else:
        is_ours = origin is not None and urlsplit(origin).netloc == request.host
    if (said_by is not None or origin is not None) and not is_ours:
        raise Refused(_("This was sent from another site, so we did nothing."), status=403)
    if reader() is not None:
        if not hmac.compare_digest(request.form.get("_token", ""), _token()):
            raise PageTooOld
    elif said_by is None and origin is None:
        sentence = _("Your browser did not say where this was sent from. Please use a newer browser.")
        raise Refused(sentence, status=403)


def form_guard() -> Markup:
    """The hidden fields of a form for who is signed in: the token, and a key by which it is accepted once."""
    if reader() is None:
        return Markup("")
    hidden = Markup('<input type="hidden" name="_token" value="{}"><input type="hidden" name="_key" value="{}">')
    return hidden.format(_token(), request.form.get("_key") or secrets.token_urlsafe(16))


def first_answer() -> Response | None:
    """The answer that the first arrival of this very form got, or None when this is the first.

    Raises 409 when the same key arrives with other words: a page that was kept open and changed.
    """
    person, key = reader(), request.form.get("_key", "")
    if person is None or not key:
        return None
    sent = db.session.get(Submission, (person.id, key[:64]))
    if sent is None:
        return None
    if sent.digest != _form_digest():
        raise Conflict(_("This form was sent once already, with other words. Open the page again and look."))
    return redirect(sent.location, 303)


def remember_answer(response: Response) -> None:
    """Keeps where this form led, in the same transaction as what it did."""
    sender, key = who_acts(), request.form.get("_key", "")  # not reader(): signing in has just changed that
    location = response.headers.get("Location")
    if sender is None or not key or location is None:
        return
    begin_writing()
    sent = Submission(person_id=sender, key=key[:64], digest=_form_digest(), location=location, at=now())
    db.session.add(sent)
    db.session.flush()


def is_second_arrival(error: Exception) -> bool:
    """Whether this is the database refusing the second of two equal forms that arrived at the same time."""
    return isinstance(error, IntegrityError) and "submission" in str(error.orig)


def token_for(sign_in_key: str) -> str:
    """The token that forms carry during this sign-in."""
    bound_to = f"form {sign_in_key}"
    return hmac.new(current_app.config["SECRET_KEY"].encode(), bound_to.encode(), hashlib.sha256).hexdigest()


def _token() -> str:
    return token_for(session.get("_user_id", ""))


def _form_digest() -> str:
    fields = sorted((name, value) for name, value in request.form.items(multi=True) if name != "_token")
    return hashlib.sha256(f"{request.path} {fields!r}".encode()).hexdigest()
