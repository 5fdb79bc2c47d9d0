"""The way of a request, step by step: place, language, gate, guard, permission, view, commit, headers."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.wrappers import Response

from consult.access import may, reader
from consult.db import db, end_reading, is_writing
from consult.journal import acting
from consult.modules import is_on
from consult.registry import registry
from consult.tenancy import inside, through
from consult.web import guard, kept, layout
from consult.web.headers import protect
from consult.web.pages import PageRule
from consult.web.places import Place

# Well above the largest file, so that one somewhat too large is refused on its own page, with what was typed.
FILE_FORM_MAX = 24 * 1024 * 1024  # bytes
FILE_FORM_TEXT_MAX = 8 * 1024 * 1024  # bytes of all that is typed beside the file


class Journey(Flask):
    """The application: Flask, with one commit per request inside what its error handlers see."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Steps 6 to 10: a form that was sent before gets its first answer; else the view, and one commit."""
        if request.method in guard.SAFE_METHODS:
            return super().dispatch_request()
        try:
            return guard.first_answer() or self._carry_out()
        except IntegrityError:
            return self._after_another()
        except Exception:
            db.session.rollback()
            answer = guard.first_answer()
            if answer is None:
                raise
            return answer

    def _carry_out(self) -> Response:
        """What fails, fails perhaps because its twin was quicker (two clicks): then that one's answer is given."""
        g.pop("told", None)
        response = self.make_response(super().dispatch_request())
        if response.status_code >= 400:
            db.session.rollback()
            return guard.first_answer() or response
        if is_writing():
            guard.remember_answer(response)
            db.session.commit()
        layout.say_what_was_told()
        return response

    def _after_another(self) -> Response:
        """Somebody wrote the same row in the same moment; so once more, on what is there now."""
        db.session.rollback()
        return guard.first_answer() or self._carry_out()


def init_journey(app: Journey) -> None:
    """Puts the steps before and after every view."""
    app.before_request(_enter)
    app.after_request(_leave)
    app.teardown_request(_close)


def page_rule() -> PageRule | None:
    """What the page of this request declared, or None where the address leads to no page."""
    rules: dict[str, PageRule] = current_app.extensions["consult.page_rules"]
    return rules.get(request.endpoint or "")


def _enter() -> ResponseReturnValue | None:
    place: Place = request.environ["consult.place"]
    g.place = place  # 1 and 2: the middleware found place and language
    g.steps = ExitStack()
    rule = page_rule()  # 3: the URL map found the page
    g.steps.enter_context(_door(place, rule))
    if rule is None:
        _say_nothing_of(place)
        return None  # Flask answers 404 or 405, in the place's own clothes
    _gate(place, rule, request.endpoint)  # 4
    if request.method not in guard.SAFE_METHODS:
        _make_room(rule)
        guard.check_unsafe(rule.opened_by)
    person = reader()
    g.steps.enter_context(acting(person.id if person else None))
    return None if may(rule.may) else _turn_away()  # 5


def _door(place: Place, rule: PageRule | None) -> Any:
    if rule is not None and rule.place == "operator" and _is_run_from(place):
        return through("operator")
    if place.town is not None:
        return inside(place.town)
    return through("region")


def _say_nothing_of(place: Place) -> None:
    """A page that declared nothing is not shown, and 405 may not tell of one that is off here: both are 404."""
    if request.endpoint is not None:
        abort(404)
    wrong = request.routing_exception
    if isinstance(wrong, MethodNotAllowed) and wrong.valid_methods:
        adapter = current_app.create_url_adapter(request)
        endpoint = str(adapter.match(method=next(iter(wrong.valid_methods)))[0]) if adapter else ""
        _gate(place, current_app.extensions["consult.page_rules"][endpoint], endpoint)


def _gate(place: Place, rule: PageRule, endpoint: str | None) -> None:
    """A page of another kind of place, or of a plugin that is off here, is as if it did not exist."""
    here = {"town": {"town", "anywhere"}, "region": {"region", "anywhere"}, "installation": {"installation"}}[
        place.kind
    ]
    if _is_run_from(place):
        here = here | {"operator"}
    if rule.place not in here:
        abort(404)
    owner = (endpoint or "").split(".")[0]
    if owner in registry().plugins and (place.town is None or not is_on(owner)):
        abort(404)


def _make_room(rule: PageRule) -> None:
    """For an upload, before the guard reads the form; of those only who may use the page at all."""
    if rule.takes_files and may(rule.may):
        request.max_content_length, request.max_form_memory_size = FILE_FORM_MAX, FILE_FORM_TEXT_MAX


def _is_run_from(place: Place) -> bool:
    """The installation is run from the region, or from the one town that it is for; never from a town's own host."""
    return place.kind == "region" or (place.kind == "town" and current_app.config["PLACE"] != "region")


def _turn_away() -> ResponseReturnValue:
    if reader() is not None:
        abort(403)
    if request.method in ("GET", "HEAD"):
        wish = f"{request.script_root}{request.full_path.rstrip('?')}"
        return redirect(url_for("account.sign_in", next=wish))
    abort(401)


def _is_anonymous() -> bool:
    return current_app.config["SESSION_COOKIE_NAME"] not in request.cookies


def _leave(response: Response) -> Response:
    rule = page_rule()
    protect(response.headers, current_app.config["SECURE"])
    is_read = request.method in ("GET", "HEAD")
    is_fresh_page = response.status_code == 200 and is_read and "ETag" not in response.headers
    sets_cookie = session.modified or "Set-Cookie" in response.headers
    if rule is not None and rule.is_kept and is_fresh_page and _is_anonymous() and not sets_cookie:
        kept.keep_answer(response)
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Cookie"
    return response


def _close(error: BaseException | None) -> None:
    if error is None:
        end_reading()
    steps: ExitStack | None = g.pop("steps", None)
    if steps is not None:
        steps.close()
    db.session.remove()
