"""What is typed by who says something of a draft, or answers somebody who did."""

from __future__ import annotations

from typing import Any

import wtforms
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired

from consult.api import (
    FILE_KINDS,
    HOME_MAX,
    NAME_MAX,
    ORGANISATION_MAX,
    FileField,
    Form,
    LineField,
    Refused,
    WordsField,
    check_body,
    check_email,
    lazy_pgettext,
    reader,
)
from plugins.consultations.models import PROPOSED_MAX
from plugins.consultations.policy import CONSENTS, STANCES

EMAIL_MAX = 254  # characters (RFC 5321, 4.5.3.1.3)


class ChoiceOf(wtforms.RadioField):
    """One of a few words; whatever else is sent gets the sentence that it is to be chosen."""

    def __init__(self, label: Any, words: dict[str, Any], missing: Any, **kwargs: Any) -> None:
        choices = [SelectChoice(value=key, label=said) for key, said in words.items()]
        super().__init__(label, [InputRequired(missing)], choices=choices, **kwargs)
        self.missing = missing
        self.type = "RadioField"  # by which the macros know how to draw it

    def pre_validate(self, form: wtforms.form.BaseForm) -> None:
        if self.data not in {choice.value for choice in self.choices or ()}:
            raise wtforms.ValidationError(self.missing)


class ReplyForm(Form):
    """What an account has to say: the words, and how they may be shown."""

    text = WordsField(
        lazy_pgettext("consultations", "Your words"),
        is_needed=True,
        missing=lazy_pgettext("consultations", "Write your opinion."),
        description=lazy_pgettext("consultations", "Use plain words. Up to 5,000 characters."),
    )
    consent = ChoiceOf(
        lazy_pgettext("consultations", "May we publish it?"),
        CONSENTS,
        lazy_pgettext("consultations", "Choose how it may be published."),
    )

    def validate_text(self, field: wtforms.Field) -> None:
        """The sentence stands beside the field, together with those of the other fields."""
        try:
            check_body(field.data or "")
        except Refused as refused:
            raise wtforms.ValidationError(refused.sentence) from None


class OpinionForm(ReplyForm):
    """An opinion besides: of which part, in which sense, with which wording instead, for whom."""

    part = wtforms.SelectField(
        lazy_pgettext("consultations", "Which part is it about?"), validate_choice=False, default="0"
    )
    stance = ChoiceOf(
        lazy_pgettext("consultations", "What would you like to say?"),
        STANCES,
        lazy_pgettext("consultations", "Choose what you want to say."),
    )
    text = WordsField(
        lazy_pgettext("consultations", "Your opinion"),
        is_needed=True,
        missing=lazy_pgettext("consultations", "Write your opinion."),
        description=lazy_pgettext(
            "consultations", "Use plain words. What should change, and why? Up to 5,000 characters."
        ),
    )
    proposed = WordsField(
        lazy_pgettext("consultations", "How should the text read?"),
        PROPOSED_MAX,
        description=lazy_pgettext("consultations", "If you want to propose a wording for this part, write it here."),
    )
    quote = WordsField(lazy_pgettext("consultations", "The marked phrase"), 1000)
    home = LineField(
        lazy_pgettext("consultations", "Who you are"),
        HOME_MAX,
        is_needed=False,
        description=lazy_pgettext("consultations", "For example: resident, Kazanski quarter. Everybody sees it."),
    )
    organisation = LineField(
        lazy_pgettext("consultations", "Name of the organisation"),
        ORGANISATION_MAX,
        is_needed=False,
        description=lazy_pgettext("consultations", "Only if you write on behalf of one."),
    )
    speaks = wtforms.BooleanField(lazy_pgettext("consultations", "I am entitled to speak for it"))
    file = FileField(
        lazy_pgettext("consultations", "One file"),
        FILE_KINDS,
        is_needed=False,
        description=lazy_pgettext("consultations", "PDF or picture, at most 5 MB. Everybody can open it."),
    )

    def validate_organisation(self, field: wtforms.Field) -> None:
        """Who names an organisation says that it is theirs to name."""
        if field.data and not self.speaks.data:
            sentence = lazy_pgettext("consultations", "Tick that you are entitled to speak for the organisation.")
            raise wtforms.ValidationError(sentence)


class GuestFields(Form):
    """What a guest is asked for besides: a name and an address."""

    name = LineField(
        lazy_pgettext("consultations", "Name that is shown"),
        NAME_MAX,
        missing=lazy_pgettext("consultations", "Write your name. A first name is enough."),
        description=lazy_pgettext(
            "consultations", "A first name is enough. Without signing in, you confirm your opinion by email."
        ),
    )
    email = LineField(
        lazy_pgettext("consultations", "Email"),
        EMAIL_MAX,
        missing=lazy_pgettext("consultations", "Enter your email."),
        description=lazy_pgettext("consultations", "Not shown. We send the receipt and the answer there."),
    )

    def validate_email(self, field: wtforms.Field) -> None:
        """The sentence stands beside the field."""
        try:
            field.data = check_email(field.data or "")
        except Refused as refused:
            raise wtforms.ValidationError(refused.sentence) from None


class GuestOpinionForm(OpinionForm, GuestFields):
    """An opinion of who is not signed in."""


class GuestReplyForm(ReplyForm, GuestFields):
    """A reply of who is not signed in."""


def opinion_form(chosen: str = "0") -> OpinionForm:
    """The form of an opinion as sent, or empty with ``chosen`` for what it is about; see ``offer_parts``."""
    kind = GuestOpinionForm if reader() is None else OpinionForm
    form: Any = kind.of_request(None, part=chosen)
    return form


def offer_parts(form: OpinionForm, parts: list[tuple[str, str]]) -> OpinionForm:
    """The form with what an opinion may be about (value, words), for a page; the operation checks what is sent."""
    form.part.choices = [SelectChoice(value=value, label=words) for value, words in parts]
    return form


def reply_form() -> ReplyForm:
    """The form of a reply as sent, or empty."""
    kind = GuestReplyForm if reader() is None else ReplyForm
    return kind.of_request()
