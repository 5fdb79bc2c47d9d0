"""The staff's workspace: what is due today, what can be made, what lies in drafts."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from consult.access import Permission
from consult.clock import today as this_day
from consult.contract import NavigationItem
from consult.db import db
from consult.i18n import lazy_gettext as _
from consult.publishing import Publication, State
from consult.registry import registry
from consult.tenancy import here
from consult.web.pages import Pages

pages = Pages("desk", __name__)

PERMISSIONS = (Permission("desk.open", _("Open the workspace"), ("editor", "moderator", "admin")),)
NAVIGATION = (NavigationItem(_("Today"), "desk.today", "desk", "home", 0),)


@pages.get("/rabota", may="desk.open")
def today() -> ResponseReturnValue:
    """What waits for the staff of this municipality."""
    tasks = [task for plugin in registry().on_here() for ask in plugin.desk for task in ask()]
    return render_template(
        "desk/today.html", tasks=sorted(tasks, key=lambda task: not task.is_late), drafts=_drafts(), day=this_day()
    )


def _drafts() -> list[tuple[Publication, str]]:
    kinds = {
        kind.__mapper__.polymorphic_identity: plugin for plugin in registry().on_here() for kind in plugin.publishes
    }
    waiting = (
        select(Publication)
        .where(Publication.municipality_id == here().id, Publication.state == State.DRAFT)
        .where(Publication.kind.in_(kinds))
        .order_by(Publication.changed_at.desc())
        .limit(5)
    )
    drafts = db.session.scalars(waiting).all()
    return [(one, url_for(f"{kinds[one.kind].name}.desk_edit", number=one.id)) for one in drafts]
