"""The staff's pages for the files of a publication: what it has, one more, and taking one away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import wtforms
from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms.fields import SelectChoice

from consult import publishing
from consult.db import db
from consult.files import FILE_KINDS, keep, read_upload
from consult.i18n import lazy_gettext as _
from consult.publishing import Attachment, Publication
from consult.web.forms import FileField, Form, LineField
from consult.web.layout import tell
from consult.web.pages import Pages
from consult.web.publication_form import ChoiceField

if TYPE_CHECKING:
    from consult.web.workbench import Workbench


class FileForm(Form):
    """A file, what it is called, and what a picture shows."""

    file = FileField(_("File"), FILE_KINDS)
    title = LineField(_("Title"), 200, missing=_("Give it a title."))
    alt = LineField(_("What the picture shows"), publishing.ALT_MAX, is_needed=False)
    decoration = wtforms.BooleanField(_("The picture only decorates"))
    role = ChoiceField(_("What this file is"), choices=[], default="file")

    def ask_again(self) -> None:
        """Says that the file has to be chosen once more, unless something else is wrong with it."""
        if self.file.data is not None and not self.file.errors:
            self.file.errors = [_("Choose the file again; only what you typed could be kept.")]


class FilePages:
    """The two pages of a bench, under those of the publication."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench

    def attach(self, pages: Pages) -> None:
        """Adds the pages to the plugin's own."""
        base, prefix = f"/rabota/{self.bench.path}/<number:number>/faylove", self.bench.prefix
        common: dict[str, Any] = {"methods": ["GET", "POST"], "may": self.bench.may_write}
        pages.route(base, endpoint=f"{prefix}_files", takes_files=True, **common)(self._files)
        pages.route(f"{base}/<number:file>/mahni", endpoint=f"{prefix}_remove_file", **common)(self._remove)

    def _files(self, number: int) -> ResponseReturnValue:
        publication = self.bench.own_or_404(number)
        form = self._form()
        if form.is_sent_well():
            with form.catching():
                self._attach(publication, form)
                return redirect(self.bench.url("files", publication), 303)
        if form.errors:
            form.ask_again()
        page = render_template(
            "desk/files.html",
            bench=self.bench,
            publication=publication,
            files=publishing.attachments_of(publication),
            roles=dict(self.bench.roles),
            form=form,
            url=self.bench.url,
            remove_url=lambda file: self._remove_url(publication, file),
        )
        return page, form.status

    def _attach(self, publication: Publication, form: FileForm) -> None:
        file = form.file.data
        kept = keep(read_upload(file.stream, file.filename or ""))
        words = {"title": form.title.data, "alt": form.alt.data or "", "is_decoration": form.decoration.data}
        publishing.attach(publication, kept, role=form.role.data, **words)
        tell(_("The file is added."))

    def _remove(self, number: int, file: int) -> ResponseReturnValue:
        publication = self.bench.own_or_404(number)
        attachment = _its_file_or_404(publication, file)
        if request.method == "POST":
            publishing.detach(attachment)
            tell(_("The file is removed."))
            return redirect(self.bench.url("files", publication), 303)
        return render_template(
            "desk/remove_file.html",
            bench=self.bench,
            publication=publication,
            file=attachment,
            url=self.bench.url,
            remove_url=self._remove_url(publication, attachment),
        )

    def _remove_url(self, publication: Publication, file: Attachment) -> str:
        return f"{self.bench.url('files', publication)}/{file.id}/mahni"

    def _form(self) -> FileForm:
        form = FileForm.of_request()
        choices = [("file", _("A file beside the text")), *self.bench.roles]
        form.role.choices = [SelectChoice(value=key, label=words) for key, words in choices]
        return form


def _its_file_or_404(publication: Publication, number: int) -> Attachment:
    attachment = db.session.get(Attachment, number)
    if attachment is None or attachment.publication_id != publication.id:
        abort(404)
    return attachment
