"""What is shown: the board, and the staff's page."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.api import Pages, db, lazy_pgettext, tell

from .forms import NoticeForm
from .models import Notice
from .operations import put_up, take_down
from .queries import hanging

pages = Pages("notices", __name__)


@pages.get("/obyavi", may="public")
def board() -> ResponseReturnValue:
    """The notices that hold now."""
    return render_template("notices/board.html", hanging=hanging())


@pages.route("/rabota/obyavi", methods=["GET", "POST"], may="notices.post")
def desk() -> ResponseReturnValue:
    """The same for the staff, with a form for one more."""
    form = NoticeForm.of_request()
    if form.is_sent_well():
        with form.catching():
            put_up(form.text.data, form.ends_at.moment)
            tell(lazy_pgettext("notices", "The notice is on the board."))
            return redirect(url_for("notices.desk"), 303)
    return render_template("notices/desk.html", form=form, hanging=hanging()), form.status


@pages.post("/rabota/obyavi/<number:number>/svali", may="notices.post")
def remove(number: int) -> ResponseReturnValue:
    """Takes one off the board."""
    take_down(db.session.get(Notice, number) or abort(404))
    tell(lazy_pgettext("notices", "The notice is off the board."))
    return redirect(url_for("notices.desk"), 303)
