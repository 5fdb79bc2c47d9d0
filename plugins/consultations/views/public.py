"""What everybody sees: the consultations, one of them, an article of its draft."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.api import listing, read_cursor
from plugins.consultations.models import Consultation
from plugins.consultations.views.blueprint import pages


@pages.get("/konsultatsii", may="public")
def consultations() -> ResponseReturnValue:
    """The consultations."""
    return render_template("consultations/list.html", listing=listing(Consultation, None, read_cursor()))
