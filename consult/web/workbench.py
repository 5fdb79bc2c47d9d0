"""The staff's pages for one kind of publication: list, write, preview, publish, share, withdraw, versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import wtforms
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from consult import publishing
from consult.clock import now
from consult.db import db
from consult.errors import Sentence
from consult.i18n import lazy_gettext as _
from consult.publishing import Publication, State
from consult.publishing.models import BODY_MAX, LEAD_MAX, REASON_MAX, SHORT_TITLE_MAX, TITLE_MAX
from consult.tenancy import here
from consult.text import render_markdown
from consult.web.forms import Form, LineField, MomentField, TextField
from consult.web.layout import tell
from consult.web.pages import Pages
from consult.web.places import open_towns

TRANSLATED = ("en", "tr")
TABS = {
    "active": (State.PUBLISHED, State.SCHEDULED),
    "drafts": (State.DRAFT,),
    "past": (State.ARCHIVED, State.WITHDRAWN),
}


class PublicationForm(Form):
    """The words of any publication. A kind's own form inherits from this and adds its fields."""

    title = LineField(_("Title"), TITLE_MAX, missing=_("Give it a title."))
    short_title = LineField(_("Short title"), SHORT_TITLE_MAX, is_needed=False)
    lead = TextField(_("Lead"), LEAD_MAX)
    body = TextField(_("Text"), BODY_MAX, is_needed=True, missing=_("Write the text."))
    office = LineField(_("Office"), 120, is_needed=False)
    topic = wtforms.SelectField(_("Category"), choices=[], coerce=lambda value: value or None)
    en_title = LineField(_("Title in English"), TITLE_MAX, is_needed=False)
    en_lead = TextField(_("Lead in English"), LEAD_MAX)
    en_body = TextField(_("Text in English"), BODY_MAX)
    tr_title = LineField(_("Title in Turkish"), TITLE_MAX, is_needed=False)
    tr_lead = TextField(_("Lead in Turkish"), LEAD_MAX)
    tr_body = TextField(_("Text in Turkish"), BODY_MAX)
    towns = wtforms.SelectMultipleField(_("Also shown in"), choices=[])
    publish_at = MomentField(_("Time of publication"))
    revision = wtforms.HiddenField(default="0")

    def validate_en_title(self, field: wtforms.Field) -> None:
        """A translation without a title would be a link without words."""
        self._title_with_text("en", field)

    def validate_tr_title(self, field: wtforms.Field) -> None:
        """As for English."""
        self._title_with_text("tr", field)

    def _title_with_text(self, language: str, field: wtforms.Field) -> None:
        if not field.data and (self[f"{language}_lead"].data or self[f"{language}_body"].data):
            raise wtforms.ValidationError(_("Give the translation a title too."))  # type: ignore[arg-type]

    def words(self) -> dict[str, Any]:
        """The Bulgarian words by column; a kind's form adds its own columns."""
        return {name: self[name].data or "" for name in ("title", "short_title", "lead", "body", "office")} | {
            "topic": self.topic.data
        }

    def translations(self) -> dict[str, dict[str, str]]:
        """The informative translations that have a title."""
        return {
            language: {part: self[f"{language}_{part}"].data or "" for part in ("title", "lead", "body")}
            for language in TRANSLATED
            if self[f"{language}_title"].data
        }

    def seen_revision(self) -> int:
        """The revision that was on the page when the person began; 0 for anything that is no number."""
        typed = self.revision.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


class WithdrawForm(Form):
    """Why it is taken back."""

    reason = TextField(
        _("Why is it withdrawn?"), REASON_MAX, is_needed=True, missing=_("Say why; people will read this in its place.")
    )


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """One kind's staff pages, under ``/rabota/<path>``. Endpoints begin with ``desk_``.

    ``topics()`` answers the choices of the category (key, words). ``article`` is the template that shows the
    publication in ``publication`` with ``words``: the preview uses the very one that people see.
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
            pages.route(base + rule, endpoint=f"desk_{name}", methods=methods, may=may)(view)

    def _list(self) -> ResponseReturnValue:
        tab = request.args.get("tab", "active")
        after = request.args.get("after", "")
        number = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
        items = publishing.own(self.kind, TABS.get(tab, TABS["active"]), number, limit=51)
        more = items[49].id if len(items) > 50 else None
        return render_template("desk/list.html", bench=self, items=items[:50], tab=tab, more=more, url=self.url)

    def _new(self) -> ResponseReturnValue:
        form = self._form(None)
        if form.is_sent_well() and self._do() != "preview":
            with form.catching():
                publication = publishing.write(self.kind(**form.words()), form.translations())
                return self._place_and_publish(publication, form)
        return self._page(form, None)

    def _edit(self, number: int) -> ResponseReturnValue:
        publication = self._own_or_404(number)
        form = self._form(publication)
        if form.is_sent_well() and self._do() != "preview":
            with form.catching():
                publishing.change(publication, form.seen_revision(), form.words(), form.translations())
                return self._place_and_publish(publication, form)
        return self._page(form, publication)

    def _place_and_publish(self, publication: Publication, form: PublicationForm) -> ResponseReturnValue:
        towns = [town for town in open_towns() if town.code in (form.towns.data or [])]
        publishing.share(publication, towns)
        if self._do() != "publish" or publication.state not in (State.DRAFT, State.SCHEDULED):
            tell(_("Saved."))
        elif form.publish_at.moment is not None and form.publish_at.moment > now():
            publishing.schedule(publication, form.publish_at.moment)
            tell(_("It will show itself at the time that you chose."))
        else:
            publishing.publish(publication)
            tell(_("Published."), url=url_for(self.view_endpoint, number=publication.id), verb=_("See it on the site"))
        return redirect(self.url("edit", publication), 303)

    def _versions(self, number: int) -> ResponseReturnValue:
        publication = self._own_or_404(number)
        versions = publishing.versions_of(publication)
        return render_template(
            "desk/versions.html", bench=self, publication=publication, versions=versions, url=self.url
        )

    def _archive(self, number: int) -> ResponseReturnValue:
        publication = self._own_or_404(number)
        publishing.archive(publication)
        tell(_("Moved to the archive. It is in no list any more; its address still answers."))
        return redirect(self.url("edit", publication), 303)

    def _restore(self, number: int) -> ResponseReturnValue:
        publication = self._own_or_404(number)
        publishing.restore(publication)
        tell(_("Taken back."))
        return redirect(self.url("edit", publication), 303)

    def _withdraw(self, number: int) -> ResponseReturnValue:
        publication = self._own_or_404(number)
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
        is_conflict = form.status == 409 and current is not None
        if is_conflict and current is not None:
            form.revision.data = str(current.revision)
        preview = self._preview(form) if self._do() == "preview" and not form.errors else None
        page = render_template(
            "desk/edit.html",
            bench=self,
            form=form,
            publication=current,
            preview=preview,
            theirs=is_conflict,
            url=self.url,
        )
        return page, form.status

    def _preview(self, form: PublicationForm) -> Publication:
        """The publication as typed, never added to the session: nothing of a preview is saved."""
        words = form.words()
        return self.kind(
            **words, slug="", body_html=render_markdown(words["body"]), published_at=now(), changed_at=now()
        )

    def _form(self, publication: Publication | None) -> PublicationForm:
        values: dict[str, Any] = {}
        if publication is not None:
            values = {"revision": str(publication.revision), "towns": publishing.towns_of(publication)}
            for one in publication.translations:
                values |= {f"{one.language}_{part}": getattr(one, part) for part in ("title", "lead", "body")}
            values["publish_at"] = publication.published_at
        form = self.form.of_request(publication, **values)
        form.topic.choices = [SelectChoice(value="", label=_("None")), *map(_choice, self.topics())]
        others = [town for town in open_towns() if town.id != here().id]
        form.towns.choices = [SelectChoice(value=town.code, label=town.name_bg) for town in others]
        return form  # type: ignore[return-value]

    def _own_or_404(self, number: int) -> Publication:
        publication = db.session.get(self.kind, number)
        if publication is None or publication.municipality_id != here().id:
            abort(404)
        return publication

    def url(self, page: str, publication: Publication | None = None) -> str:
        """The address of one of these pages."""
        endpoint = f"{self.view_endpoint.split('.')[0]}.desk_{page}"
        return url_for(endpoint) if publication is None else url_for(endpoint, number=publication.id)

    @staticmethod
    def _do() -> str:
        return request.form.get("do", "save")


def _choice(topic: tuple[str, str]) -> SelectChoice:
    return SelectChoice(value=topic[0], label=topic[1])
