"""What is typed about a publication: its words, their translations, where and when it is shown, why it is withdrawn."""

from __future__ import annotations

from typing import Any

import wtforms

from consult.i18n import lazy_gettext as _
from consult.publishing.models import BODY_MAX, LEAD_MAX, REASON_MAX, SHORT_TITLE_MAX, TITLE_MAX
from consult.web.forms import Form, LineField, MomentField, TextField

TRANSLATED = ("en", "tr")


GONE = _("This is not offered any more. Choose from what the page shows now.")


class ChoiceField(wtforms.SelectField):
    """One of the choices; what was offered when the page was drawn may be gone by now."""

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if all(not chosen for _value, _label, chosen, *_more in self.iter_choices()):
            raise wtforms.ValidationError(GONE)


class ChoicesField(wtforms.SelectMultipleField):
    """Any of the choices, in the same way."""

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        offered = {self.coerce(value) for value, *_more in self.iter_choices()}
        if set(self.data or ()) - offered:
            raise wtforms.ValidationError(GONE)


class PublicationForm(Form):
    """The words of any publication. A kind's own form inherits from this and adds its fields."""

    title = LineField(_("Title"), TITLE_MAX, missing=_("Give it a title."))
    short_title = LineField(_("Short title"), SHORT_TITLE_MAX, is_needed=False)
    lead = TextField(_("Lead"), LEAD_MAX)
    body = TextField(_("Text"), BODY_MAX, is_needed=True, missing=_("Write the text."))
    office = LineField(_("Office"), 120, is_needed=False)
    topic = ChoiceField(_("Category"), choices=[], coerce=lambda value: value or None)
    en_title = LineField(_("Title in English"), TITLE_MAX, is_needed=False)
    en_lead = TextField(_("Lead in English"), LEAD_MAX)
    en_body = TextField(_("Text in English"), BODY_MAX)
    tr_title = LineField(_("Title in Turkish"), TITLE_MAX, is_needed=False)
    tr_lead = TextField(_("Lead in Turkish"), LEAD_MAX)
    tr_body = TextField(_("Text in Turkish"), BODY_MAX)
    towns = ChoicesField(_("Also shown in"), choices=[], option_widget=wtforms.widgets.CheckboxInput(), default=())
    publish_at = MomentField(_("Time of publication"))
    revision = wtforms.HiddenField(default="0")
    standing = wtforms.HiddenField(default="")

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Besides the fields: a translation without a title would be a link without words, so its text would be lost.

        Not a ``validate_en_title``: WTForms skips those for a field that is optional and empty.
        """
        is_well = super().validate(*args, **kwargs)
        for language in TRANSLATED:
            title = self[f"{language}_title"]
            if not title.data and (self[f"{language}_lead"].data or self[f"{language}_body"].data):
                title.errors = [*title.errors, _("Give the translation a title too.")]
                is_well = False
        return bool(is_well)

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
