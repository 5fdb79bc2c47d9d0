"""The staff's workspace: what is due today, what can be made, what lies in drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from consult.access import Permission, may, reader
from consult.clock import local, now
from consult.clock import today as this_day
from consult.contract import NavigationItem
from consult.db import db
from consult.errors import Sentence
from consult.i18n import lazy_gettext as _
from consult.publishing import Publication, State
from consult.registry import registry
from consult.tenancy import here
from consult.web import moderation
from consult.web.pages import PageRule, Pages

pages = Pages("desk", __name__)

PERMISSIONS = (Permission("desk.open", _("Open the workspace"), ("editor", "moderator", "admin")),)
NAVIGATION = (NavigationItem(_("Today"), "desk.today", "desk", "home", 0),)
CORE_TASKS = (moderation.tasks,)
PER_LIST = 5


@dataclass(frozen=True)
class Waiting:
    """A publication that people cannot read yet, the address where it is written, and what kind of thing it is."""

    publication: Publication
    url: str
    kind: Sentence


@pages.get("/rabota", may="desk.open")
def today() -> ResponseReturnValue:
    """What waits for the staff of this municipality."""
    asked = (*CORE_TASKS, *(ask for plugin in registry().on_here() for ask in plugin.desk))
    tasks = [task for ask in asked for task in ask()]
    return render_template(
        "desk/today.html",
        greeting=_greeting(),
        day=this_day(),
        tasks=sorted(tasks, key=lambda task: not task.is_late),
        drafts=_waiting(State.DRAFT, Publication.changed_at.desc()),
        coming=_waiting(State.SCHEDULED, Publication.published_at),
    )


def _greeting() -> Sentence:
    """By the hour in Sofia, and by the first name."""
    person = reader()
    name = (person.name.split() or [""])[0] if person else ""
    hour = local(now()).hour
    if 5 <= hour < 11:
        return _("Good morning, %(name)s", name=name)
    return _("Good day, %(name)s", name=name) if 11 <= hour < 18 else _("Good evening, %(name)s", name=name)


def _waiting(state: State, order: Any) -> list[Waiting]:
    """The first few of a state, of the kinds that whoever reads may write."""
    kinds, editors = _kinds_to_write(), _editors()
    query = (
        select(Publication)
        .where(Publication.municipality_id == here().id, Publication.state == state)
        .where(Publication.kind.in_(kinds))
        .order_by(order)
        .limit(PER_LIST)
    )
    found = db.session.scalars(query).all()
    return [
        Waiting(one, url_for(editors[one.kind], number=one.id), kinds[one.kind])
        for one in found
        if one.published_at is None or one.published_at > now()
    ]


def _kinds_to_write() -> dict[str, Sentence]:
    """The kinds that whoever reads may write, and whose they are; a kind without a page to write it on is left out."""
    rules: dict[str, PageRule] = current_app.extensions["consult.page_rules"]
    kinds = {_identity(kind): plugin.title for plugin in registry().on_here() for kind in plugin.publishes}
    return {kind: kinds[kind] for kind, editor in _editors().items() if kind in kinds and may(rules[editor].may)}


def may_write(kind: str) -> bool:
    """Whether whoever reads may write publications of this kind here."""
    return kind in _kinds_to_write()


def _editors() -> dict[str, str]:
    """The page on which a kind is written, by the kind's identity."""
    editors: dict[str, str] = current_app.extensions["consult.editors"]
    return editors


def _identity(kind: type[Publication]) -> str:
    return str(kind.__mapper__.polymorphic_identity)
