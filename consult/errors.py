"""The three ways in which the platform says no: to a person, to two people at once, and to an engineer."""

from __future__ import annotations

from typing import Protocol


class Sentence(Protocol):
    """Words for a person: a ``str``, or a lazy translation that becomes one in the reader's language."""

    def __str__(self) -> str: ...


class Refused(Exception):
    """What a person asked cannot be done as asked; ``sentence`` tells that person why, and what would help.

    ``field`` names the form field that the sentence belongs to, or is None for the whole form.
    ``status`` is the HTTP status of the answer, 422 (RFC 9110, 15.5.21) unless told otherwise.
    """

    def __init__(self, sentence: Sentence, field: str | None = None, status: int = 422) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.status = status

    def __str__(self) -> str:
        return str(self.sentence)


class Conflict(Refused):
    """Somebody else was quicker: the thing changed since the person saw it. Status 409 (RFC 9110, 15.5.10)."""

    def __init__(self, sentence: Sentence, field: str | None = None, status: int = 409) -> None:
        super().__init__(sentence, field, status)


class ContractError(Exception):
    """A plugin or the installation breaks a promise; the start stops and these four lines say all that is needed."""

    def __init__(self, what: str, where: str, why: str, mend: str) -> None:
        super().__init__(what, where, why, mend)
        self.what = what
        self.where = where
        self.why = why
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.what}\n  where: {self.where}\n  why:   {self.why}\n  mend:  {self.mend}"
