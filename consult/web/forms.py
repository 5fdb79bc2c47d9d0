"""What is typed into any form: clean values out, a sentence beside the field where that cannot be."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import wtforms
from flask import request
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError

from consult.clock import from_local, local
from consult.db import db
from consult.errors import Refused, Sentence
from consult.i18n import language
from consult.i18n import lazy_gettext as _
from consult.text import check_line, check_text, check_words


class Form(wtforms.Form):
    """A form that reads the typed fields only: never files under their names, never JSON.

    A file is read by a FileField alone.
    """

    class Meta(wtforms.meta.DefaultMeta):
        @property
        def locales(self) -> list[str]:
            return [language()]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.status = 200

    @classmethod
    def of_request(cls, thing: object = None, **values: Any) -> Form:
        """The form as sent, or filled from ``thing`` and ``values`` when it is only shown."""
        return cls(request.form if request.method == "POST" else None, obj=thing, **values)

    def is_sent_well(self) -> bool:
        """Whether it was sent and every field is clean; else the fields hold their sentences."""
        if request.method != "POST":
            return False
        is_well = self.validate()
        if not is_well:
            self.status = 422
        return bool(is_well)

    @contextmanager
    def catching(self) -> Iterator[None]:
        """What an operation refuses in this block becomes a sentence of the form, and nothing is saved."""
        try:
            yield
        except Refused as refused:
            db.session.rollback()
            self.status = refused.status
            field = self._fields.get(refused.field or "")
            (field.errors if field else self.form_errors).append(refused.sentence)
            if field:
                field.errors = list(field.errors)


class LineField(wtforms.StringField):
    """One line of text, at most ``most`` characters; spaces around it go."""

    def __init__(
        self, label: Sentence, most: int, is_needed: bool = True, missing: Sentence = "", **kwargs: Any
    ) -> None:
        super().__init__(label, _validators(is_needed, missing, most), **kwargs)
        self.most = most

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]).strip() if valuelist else ""

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        _check(check_line, self.data)


class TextField(wtforms.TextAreaField):
    """Text of several lines, at most ``most`` characters, kept as typed but for the line ends."""

    def __init__(
        self, label: Sentence, most: int, is_needed: bool = False, missing: Sentence = "", **kwargs: Any
    ) -> None:
        super().__init__(label, _validators(is_needed, missing, most), **kwargs)
        self.most = most

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = str(valuelist[0]).replace("\r\n", "\n") if valuelist else ""

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        _check(check_text, self.data)


class WordsField(TextField):
    """What a resident writes: kept to the letter, but for the line ends, so long as it can be kept at all.

    The operation says how long it may be; this stops only what is out of all proportion.
    """

    def __init__(self, label: Sentence, most: int = 50_000, **kwargs: Any) -> None:
        super().__init__(label, most, **kwargs)

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        _check(check_words, self.data)


class FileField(wtforms.FileField):
    """A file; ``data`` is it as the browser sent it (a werkzeug FileStorage), or None. ``accepts``: media types."""

    data: Any

    def __init__(
        self, label: Sentence, accepts: Iterable[str], missing: Sentence = "", is_needed: bool = True, **kwargs: Any
    ) -> None:
        first = InputRequired(missing or _("Choose a file.")) if is_needed else Optional()
        super().__init__(label, [first], render_kw={"accept": ",".join(accepts)}, **kwargs)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """The file stands apart from the typed fields; a text that came under its name is none."""
        super().process(None, *args, **kwargs)
        file = request.files.get(self.name) if formdata is not None else None
        self.data = file if file is not None and file.filename else None
        self.raw_data = [self.data] if self.data is not None else []


class MomentField(wtforms.DateTimeLocalField):
    """A date and hour in Sofia, typed as the browser's own field or as text; ``moment`` is it in UTC, or None."""

    def __init__(self, label: Sentence, is_needed: bool = False, missing: Sentence = "", **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%d.%m.%Y г., %H:%M"]
        first = InputRequired(missing or _("Please fill this in.")) if is_needed else Optional()
        super().__init__(label, [first], format=formats, **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = local(value).replace(tzinfo=None) if value is not None else None

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError(_("Enter day and hour, for example 18.12.2026 09:00.")) from None

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.data is not None:
            try:
                from_local(self.data)
            except Refused as refused:
                raise ValidationError(refused.sentence) from None
            except OverflowError:  # the first hours of the year 1 lie before all time in UTC
                raise ValidationError(_("Enter day and hour, for example 18.12.2026 09:00.")) from None

    @property
    def moment(self) -> Any:
        """The typed hour as a moment, or None."""
        return from_local(self.data) if self.data is not None else None


class Needed:
    """Refuses a field in which there is nothing to see: empty, or only spaces and characters of no width."""

    field_flags = {"required": True}

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence

    def __call__(self, form: wtforms.form.BaseForm, field: wtforms.Field) -> None:
        if not any(unicodedata.category(sign)[0] not in "CZ" for sign in str(field.data or "")):
            field.errors = []
            raise StopValidation(self.sentence)


def _validators(is_needed: bool, missing: Sentence, most: int) -> list[Any]:
    first = Needed(missing or _("Please fill this in.")) if is_needed else Optional()
    return [first, Length(max=most, message=_("Please shorten this to %(max)d characters."))]


def _check(check: Any, typed: str | None) -> None:
    try:
        check(typed or "")
    except Refused as refused:
        raise ValidationError(refused.sentence) from None
    if "\ufffd" in (typed or ""):
        raise ValidationError(_("Some characters could not be read. Please type them again."))
