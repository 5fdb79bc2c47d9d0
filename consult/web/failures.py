"""What a person sees when something cannot be: plain words, a way on, and what was typed."""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from consult.db import db
from consult.errors import Refused, Sentence
from consult.files import StoreAway
from consult.i18n import lazy_gettext as _
from consult.web.guard import PageTooOld

log = logging.getLogger(__name__)

WORDS: dict[int, tuple[Sentence, Sentence]] = {
    400: (_("We could not read this"), _("Something in what was sent is not as it should be. Go back and try again.")),
    401: (_("You are signed out"), _("You were signed out while writing. Your text is here. Sign in and send it.")),
    403: (_("This is not for you to do"), _("Your role here does not include this. An admin can change that.")),
    404: (_("Page not found"), _("Check the address, or start from the home page.")),
    405: (_("This cannot be done so"), _("Open the page again from the menu.")),
    409: (_("This has changed meanwhile"), _("Look at the page again before you go on.")),
    410: (_("This page is no longer here"), _("It was taken back.")),
    413: (_("This is too large"), _("Send less at once. A file may have at most 10 MB.")),
    415: (_("We could not read this"), _("The form came in a way that we do not read.")),
    422: (_("There is a problem"), _("Go back, correct it and send it again.")),
    429: (_("Too many tries"), _("Wait ten minutes and try again.")),
    500: (_("Something went wrong on our side"), _("Try again in a while. What you were writing is below.")),
    503: (_("The site is busy"), _("Try again in a minute. What you were writing is below.")),
}
NEVER_KEPT = ("password", "current_password", "_token", "_key")
KEPT_TEXT_MAX = 60_000  # characters of one field that are given back


def init_failures(app: Flask) -> None:
    """One page for every kind of failure."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(StoreAway, _store_away)
    app.register_error_handler(IntegrityError, _written_by_another)
    app.register_error_handler(Exception, _unexpected)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or (error.code or 500) < 400:
        return error
    is_ours = not isinstance(error.description, str)  # our sentences are lazy; a str is a library's English
    response = app_page(error.code or 500, error.description if is_ours else None)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _refused(refused: Refused) -> ResponseReturnValue:
    return app_page(refused.status, refused.sentence, is_resendable=isinstance(refused, PageTooOld))


def _written_by_another(error: IntegrityError) -> ResponseReturnValue:
    log.warning("two wrote the same row: %s", error.orig)
    return app_page(409, None)


def _database_away(error: OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    log.error("the database did not answer in time: %s", error.orig)
    response = app_page(503, None)
    response.headers["Retry-After"] = "30"
    return response


def _store_away(error: StoreAway) -> ResponseReturnValue:
    db.session.rollback()
    log.error("the store of files did not answer: %s", error)
    response = app_page(503, None)
    response.headers["Retry-After"] = "30"
    return response


def _unexpected(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.exception("an unexpected error", exc_info=error)
    return app_page(InternalServerError.code, None)


def app_page(status: int, sentence: Sentence | None, is_resendable: bool = False) -> Any:
    """The error page of this place in the reader's language, with the typed text given back.

    Who was signed out while writing may sign in on the page itself, and what was typed goes along.
    """
    heading, advice = WORDS.get(status, WORDS[400 if status < 500 else 500])
    sent = kept_fields() if request.method == "POST" else []
    typed = [(name, text[:KEPT_TEXT_MAX]) for name, text in sent if len(text) > 20]
    if "place" not in g:
        return make_response((f"{heading}. {advice}", status, {"Content-Type": "text/plain; charset=utf-8"}))
    page = render_template(
        "error.html",
        status=status,
        heading=heading,
        advice=sentence or advice,
        typed=typed,
        sent=sent,
        is_resendable=is_resendable,
    )
    return make_response((page, status))


def kept_fields() -> list[tuple[str, str]]:
    """What was sent, by field, so that nothing written is lost; never passwords, tokens or keys."""
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:
        return []
    return [(name, text) for name, text in fields if name and name not in NEVER_KEPT]
