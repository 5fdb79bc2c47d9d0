"""The staff's pages for one kind of publication: list, write, preview, publish, share, withdraw, versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import wtforms
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms.fields import SelectChoice

from consult import publishing
from consult.clock import now
from consult.db import db, read_number
from consult.errors import Refused, Sentence
from consult.i18n import lazy_gettext as _
from consult.i18n import say_moment
from consult.publishing import Publication, State
from consult.tenancy import Municipality, here, open_towns
from consult.text import render_markdown
from consult.web import compared
from consult.web.layout import tell
from consult.web.pages import Pages
from consult.web.publication_form import PublicationForm, WithdrawForm
from consult.web.workbench_files import FilePages

PER_PAGE, VERSIONS_PER_PAGE = 50, 20
TABS = {
    "active": (State.PUBLISHED, State.SCHEDULED),
    "drafts": (State.DRAFT,),
    "past": (State.ARCHIVED, State.WITHDRAWN),
}


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """One kind's staff pages, under ``/rabota/<path>``. Endpoints begin with ``prefix`` and ``_``.

    A plugin with a second kind gives that one's bench another ``prefix``.

    ``topics()`` answers the choices of the category (key, words). ``article`` is the template that shows the
    publication in ``publication`` with ``words``: the preview uses the very one that people see.

    A kind that says more than any publication gives the template of its own form ``fields``, and ``keep`` what is done
    in the same transaction after its words were kept. ``more`` is a template of links to its other staff pages.
    ``roles`` are what a file may be to it besides a file beside its text (role, words). ``particulars`` names those of
    the kind's particulars (see Publication) that have no field of that name in the form (particular, words).

    ``require`` raises Refused for what may not be shown to people yet; it is asked before anything is published or
    scheduled here. A kind that is shown only after a question gives the endpoint of that page as ``asks`` (it takes
    ``number``): "Publish" then saves and leads there. ``files_note`` is a template above the files and the question
    whether to remove one.
    """

    kind: type[Publication]
    form: type[PublicationForm]
    path: str
    new_word: str
    may_write: str
    may_withdraw: str
    title: Sentence
    new_title: Sentence
    article: str
    view_endpoint: str
    topics: Callable[[], list[tuple[str, str]]]
    prefix: str = "desk"
    roles: tuple[tuple[str, Sentence], ...] = ()
    fields: str = ""
    more: str = ""
    particulars: tuple[tuple[str, Sentence], ...] = ()
    keep: Callable[[Any, Any], None] = lambda _publication, _form: None
    require: Callable[[Any], None] = lambda _publication: None
    asks: str = ""
    files_note: str = ""

    def attach(self, pages: Pages) -> None:
        """Adds the pages to the plugin's own."""
        base, write = f"/rabota/{self.path}", self.may_write
        for rule, name, view, methods, may in (
            ("", "list", self._list, ["GET"], write),
            (f"/{self.new_word}", "new", self._new, ["GET", "POST"], write),
            ("/<number:number>", "edit", self._edit, ["GET", "POST"], write),
            ("/<number:number>/versii", "versions", self._versions, ["GET"], write),
            ("/<number:number>/arhivirai", "archive", self._archive, ["POST"], write),
            ("/<number:number>/varni", "restore", self._restore, ["POST"], write),
            ("/<number:number>/ottegli", "withdraw", self._withdraw, ["GET", "POST"], self.may_withdraw),
        ):
            pages.route(base + rule, endpoint=f"{self.prefix}_{name}", methods=methods, may=may)(view)
        FilePages(self).attach(pages)
        kind = str(self.kind.__mapper__.polymorphic_identity)
        pages.editors[kind], pages.viewers[kind] = f"{self.prefix}_edit", self.view_endpoint

    def _list(self) -> ResponseReturnValue:
        tab = request.args.get("tab", "active")
        tab = tab if tab in TABS else "active"
        items = publishing.own(self.kind, TABS[tab], _number_in("after"), limit=PER_PAGE + 1)
        more = items[PER_PAGE - 1].id if len(items) > PER_PAGE else None
        return render_template(
            "desk/list.html",
            bench=self,
            items=items[:PER_PAGE],
            tab=tab,
            more=more,
            topics=dict(self.topics()),
            url=self.url,
        )

    def _new(self) -> ResponseReturnValue:
        form = self._form(None)
        if form.is_sent_well() and self._do() != "preview":
            with form.catching():
                publication = publishing.write(self.kind(**form.words()), form.translations())
                self.keep(publication, form)
                return self._place_and_publish(publication, form)
        return self._page(form, None)

    def _edit(self, number: int) -> ResponseReturnValue:
        publication = self.own_or_404(number)
        form = self._form(publication)
        if form.is_sent_well() and self._do() != "preview":
            with form.catching():
                if form.standing.data:
                    publishing.require_standing(publication, form.standing.data)
                publishing.change(publication, form.seen_revision(), form.words(), form.translations())
                self.keep(publication, form)
                return self._place_and_publish(publication, form)
        return self._page(form, publication)

    def _place_and_publish(self, publication: Publication, form: PublicationForm) -> ResponseReturnValue:
        towns = [town for town in open_towns() if town.code in (form.towns.data or [])]
        # A closed town was not offered, so not choosing it says nothing.
        publishing.share(publication, towns, keep=_closed_towns())
        if self.asks and self._do() == "publish" and publication.state in (State.DRAFT, State.SCHEDULED):
            return redirect(url_for(self.asks, number=publication.id), 303)
        self._place_in_time(publication, form.publish_at.moment)
        return redirect(self.url("edit", publication), 303)

    def _place_in_time(self, publication: Publication, at: datetime | None) -> None:
        """Publishes, schedules or leaves it. A time that has passed is refused: it may be a slip of the year."""
        is_scheduled = publication.state == State.SCHEDULED
        if publication.is_open or publication.state not in (State.DRAFT, State.SCHEDULED):
            tell(_("Saved."))
        elif self._do() == "publish":
            self._publish(publication, None if is_scheduled else at)
        elif is_scheduled:
            self._move(publication, at)
        elif at is not None:
            tell(_("Saved as a draft. The time counts only when you press “Publish”."), "info")
        else:
            tell(_("Saved."))

    def _publish(self, publication: Publication, at: datetime | None) -> None:
        """From ``at`` on, or now. What is scheduled already is published now: its time stands in the form by itself."""
        if at is not None:
            self._schedule(publication, at)
            return
        self.require(publication)
        publishing.publish(publication)
        tell(_("Published."), url=url_for(self.view_endpoint, number=publication.id), verb=_("See it on the site"))

    def _schedule(self, publication: Publication, at: datetime) -> None:
        self.require(publication)
        publishing.schedule(publication, at)
        tell(_("Saved. It will show itself on: %(moment)s", moment=say_moment(at)))

    def _move(self, publication: Publication, at: datetime | None) -> None:
        """Keeps the time of what is scheduled, or gives it the new one; a missing time says neither yes nor no."""
        if at is None:
            raise Refused(_("Enter the time, or publish it now, or make it a draft again."), "publish_at")
        if at == _minute(publication):
            tell(_("Saved."))
        else:
            self._schedule(publication, at)

    def _versions(self, number: int) -> ResponseReturnValue:
        publication = self.own_or_404(number)
        versions = publishing.versions_of(publication, before=_number_in("after"), limit=VERSIONS_PER_PAGE + 1)
        form = self._form(publication, sent=False)
        return render_template(
            "desk/versions.html",
            bench=self,
            publication=publication,
            steps=compared.steps(versions, VERSIONS_PER_PAGE),
            more=versions[VERSIONS_PER_PAGE - 1].number if len(versions) > VERSIONS_PER_PAGE else None,
            titles={field.name: field.label.text for field in form} | dict(self.particulars),
            codes={field.name: _words_of_codes(field) for field in form if hasattr(field, "iter_choices")},
            url=self.url,
        )

    def _archive(self, number: int) -> ResponseReturnValue:
        publication = self.own_or_404(number)
        publishing.archive(publication)
        tell(_("Moved to the archive. It is in no list any more; its address still answers."))
        return redirect(self.url("edit", publication), 303)

    def _restore(self, number: int) -> ResponseReturnValue:
        publication = self.own_or_404(number)
        publishing.restore(publication)
        tell(_("Taken back."))
        return redirect(self.url("edit", publication), 303)

    def _withdraw(self, number: int) -> ResponseReturnValue:
        publication = self.own_or_404(number)
        if not publication.is_open:
            tell(_("Only what people can read is withdrawn."), "warn")
            return redirect(self.url("edit", publication), 303)
        form = WithdrawForm.of_request()
        if form.is_sent_well():
            with form.catching():
                publishing.withdraw(publication, form.reason.data)
                tell(_("Withdrawn. The reason stands in its place."))
                return redirect(self.url("list"), 303)
        page = render_template("desk/withdraw.html", bench=self, publication=publication, form=form, url=self.url)
        return page, form.status

    def _page(self, form: PublicationForm, publication: Publication | None) -> ResponseReturnValue:
        current = db.session.get(self.kind, publication.id) if publication is not None else None
        theirs = current if form.status == 409 else None
        differing: list[tuple[Any, str]] = []
        if theirs is not None:
            form.revision.data, form.standing.data = str(theirs.revision), publishing.standing(theirs)
            saved = self._saved(theirs)
            differing = [(form[name], text) for name, text in saved.items() if text != _said(form[name])]
        preview = self._preview(form) if self._do() == "preview" and not form.errors else None
        page = render_template(
            "desk/edit.html",
            bench=self,
            form=form,
            publication=current,
            preview=preview,
            theirs=theirs,
            differing=differing,
            url=self.url,
        )
        return page, form.status

    def _saved(self, publication: Publication) -> dict[str, str]:
        """All that the form can say, as it is saved now and as a person reads it, by the names of the fields."""
        saved = self._form(publication, sent=False)
        names = [name for name in saved._fields if name not in ("revision", "standing")]
        return {name: _said(saved[name]) for name in names}

    def _preview(self, form: PublicationForm) -> Publication:
        """The publication as typed, never added to the session: nothing of a preview is saved."""
        words = form.words()
        return self.kind(
            **words, slug="", body_html=render_markdown(words["body"]), published_at=now(), changed_at=now()
        )

    def _form(self, publication: Publication | None, sent: bool = True) -> PublicationForm:
        values: dict[str, Any] = {}
        if publication is not None:
            values = {"standing": publishing.standing(publication), "towns": publishing.towns_of(publication)}
            for one in publication.translations:
                values |= {f"{one.language}_{part}": getattr(one, part) for part in ("title", "lead", "body")}
            values["publish_at"] = publication.published_at
        form = self.form.of_request(publication, **values) if sent else self.form(obj=publication, **values)
        topics = [("", _("No category")), *self.topics()]
        form.topic.choices = [SelectChoice(value=key, label=name) for key, name in topics]
        others = [town for town in open_towns() if town.id != here().id]
        form.towns.choices = [SelectChoice(value=town.code, label=town.name_bg) for town in others]
        return form

    def own_or_404(self, number: int) -> Publication:
        """The municipality's own publication of this bench's kind, for any of its pages."""
        publication = db.session.get(self.kind, number)
        if publication is None or publication.municipality_id != here().id:
            abort(404)
        return publication

    def url(self, page: str, publication: Publication | None = None) -> str:
        """The address of one of these pages."""
        endpoint = f"{self.view_endpoint.split('.')[0]}.{self.prefix}_{page}"
        return url_for(endpoint) if publication is None else url_for(endpoint, number=publication.id)

    @staticmethod
    def _do() -> str:
        return request.form.get("do", "save")


def _said(field: wtforms.Field) -> str:
    """What stands in a field, as a person reads it."""
    if hasattr(field, "iter_choices"):
        return ", ".join(str(label) for _value, label, is_chosen, *_more in field.iter_choices() if is_chosen)
    return say_moment(field.moment) if getattr(field, "moment", None) is not None else str(field.data or "")


def _words_of_codes(field: wtforms.Field) -> dict[str, str]:
    return {str(value): str(label) for value, label, *_more in field.iter_choices() if value}


def _closed_towns() -> set[int]:
    return set(db.session.scalars(select(Municipality.id).where(Municipality.is_open.is_(False))))


def _minute(publication: Publication) -> datetime | None:
    """Its time as the form shows it, without seconds."""
    at = publication.published_at
    return at.replace(second=0, microsecond=0) if at is not None else None


def _number_in(name: str) -> int | None:
    """A number of the query, or None for anything else."""
    return read_number(request.args.get(name, ""))
