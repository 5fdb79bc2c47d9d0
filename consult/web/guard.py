"""The guard of unsafe requests: where they come from, what they carry, and that they are sent once."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable

from flask import current_app, request, session
from markupsafe import Markup
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException, UnsupportedMediaType
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


def check_unsafe(opened_by: Callable[..., bool] | None = None) -> None:
    """Refuses what another site made the browser send (403), and bodies that are not forms (415).

    By ``Sec-Fetch-Site``, else by ``Origin``; who is signed in carries a token bound to the sign-in besides.
    A browser that says neither must carry a token that holds, and a guest of such a browser has none. A key in the
    address that holds by ``opened_by`` counts as one: no other site knows it, and mail programs press the button that
    ends letters without being a browser (RFC 8058).
    """
    has_body = bool(request.content_length) or "Transfer-Encoding" in request.headers
    if request.mimetype not in FORM_TYPES and has_body:
        raise UnsupportedMediaType
    is_ours = _is_sent_by_us()
    if is_ours is False:
        raise Refused(_("This was sent from another site, so we did nothing."), status=403)
    holds = reader() is not None and hmac.compare_digest(request.form.get("_token", "").encode(), _token().encode())
    if is_ours is None and not holds and not (opened_by is not None and opened_by(**(request.view_args or {}))):
        sentence = _("Your browser did not say where this was sent from. Please use a newer browser.")
        raise Refused(sentence, status=403)
    if reader() is not None and not holds:
        raise PageTooOld


def _is_sent_by_us() -> bool | None:
    """What the browser says of the page that sent this; None when it says nothing."""
    said_by, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if said_by is not None:
        return said_by in ("same-origin", "none")
    if origin is None:
        return None
    return origin.partition("://")[2] == request.host


def form_guard(once: bool = True) -> Markup:
    """The hidden fields of a form for who is signed in: the token, and a key by which it is accepted once.

    Without ``once`` there is no key: for a form of several buttons, each of which does the same however often.
    """
    if reader() is None:
        return Markup("")
    token = Markup('<input type="hidden" name="_token" value="{}">').format(_token())
    if not once:
        return token
    return token + Markup('<input type="hidden" name="_key" value="{}">').format(_key() or secrets.token_urlsafe(16))


def first_answer() -> Response | None:
    """The answer that the first arrival of this very form got, or None when this is the first.

    Raises 409 when the same key arrives with other words: a page that was kept open and changed.
    """
    person, key = reader(), _key()
    if person is None or not key:
        return None
    sent = db.session.get(Submission, (person.id, key))
    if sent is None:
        return None
    if sent.digest != _form_digest():
        raise Conflict(_("This form was sent once already, with other words. Open the page again and look."))
    return redirect(sent.location, 303)


def remember_answer(response: Response) -> None:
    """Keeps where this form led, in the same transaction as what it did."""
    sender, key = who_acts(), _key()  # not reader(): signing in has just changed that
    location = response.headers.get("Location")
    if sender is None or not key or location is None:
        return
    begin_writing()
    sent = Submission(person_id=sender, key=key, digest=_form_digest(), location=location, at=now())
    db.session.add(sent)
    db.session.flush()


def token_for(sign_in_key: str) -> str:
    """The token that forms carry during this sign-in."""
    bound_to = f"form {sign_in_key}"
    return hmac.new(current_app.config["SECRET_KEY"].encode(), bound_to.encode(), hashlib.sha256).hexdigest()


def _token() -> str:
    return token_for(session.get("_user_id", ""))


def _key() -> str:
    """The key of the form that was sent, or nothing where it is none of ours or too large to be read."""
    try:
        key = request.form.get("_key", "")
    except HTTPException:
        return ""
    return key if re.fullmatch("[A-Za-z0-9_-]{1,64}", key) else ""


def _form_digest() -> str:
    fields = sorted((name, value) for name, value in request.form.items(multi=True) if name != "_token")
    fields += sorted((name, _digest_of(file)) for name, file in request.files.items(multi=True))
    words, secret = f"{request.path} {fields!r}", current_app.config["SECRET_KEY"]  # a password may be among them
    return hmac.new(secret.encode(), words.encode(), hashlib.sha256).hexdigest()


def _digest_of(file: FileStorage) -> str:
    file.seek(0)
    digest = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)
    return f"{file.filename} {digest}"
