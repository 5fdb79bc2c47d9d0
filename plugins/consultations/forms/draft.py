"""What is typed about a text of a draft: pasted or in a Word file, what it is, and which article is which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import wtforms
from wtforms.fields import SelectChoice

from consult.api import ChoiceField, FileField, Form, LineField, Refused, TextField, lazy_pgettext
from plugins.consultations.drafts.docx import docx_text
from plugins.consultations.drafts.provisions import CHARACTERS_MAX
from plugins.consultations.models import Source

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCX_MAX = 10 * 1024 * 1024  # bytes
WISH = "m-"  # before the eid of an article: which one it is in the version before
SOURCES = {
    Source.DRAFT: lazy_pgettext("consultations", "A version of the draft"),
    Source.IN_FORCE: lazy_pgettext("consultations", "The act in force, to compare with"),
    Source.ADOPTED: lazy_pgettext("consultations", "The adopted text"),
}


class DraftForm(Form):
    """A whole text. ``seen`` is the number of versions that there were when the person began."""

    text = TextField(lazy_pgettext("consultations", "Text"), CHARACTERS_MAX)
    file = FileField(lazy_pgettext("consultations", "Word file"), (DOCX, ".docx"), is_needed=False)
    source = ChoiceField(
        lazy_pgettext("consultations", "What this text is"),
        choices=[SelectChoice(value=str(key), label=words) for key, words in SOURCES.items()],
        default=str(Source.DRAFT),
    )
    title = LineField(lazy_pgettext("consultations", "Name of this version"), 200, is_needed=False)
    note = TextField(lazy_pgettext("consultations", "What is different, for people"), 600)
    seen = wtforms.HiddenField(default="0")

    def seen_count(self) -> int:
        """How many texts were on the page; -1, which no page says, for anything that is no number."""
        typed = self.seen.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1

    def read_file(self) -> None:
        """The words of the chosen file take the place of what is typed. Raises Refused; see ``docx_text``."""
        if self.file.data is not None:
            data = self.file.data.stream.read(DOCX_MAX + 1)
            if len(data) > DOCX_MAX:
                sentence = lazy_pgettext("consultations", "This file is too large. A file may have at most 10 MB.")
                raise Refused(sentence, "file", status=413)
            try:
                self.text.data = docx_text(data)
            except Refused as refused:
                raise Refused(refused.sentence, "file") from None
        if not (self.text.data or "").strip():
            raise Refused(lazy_pgettext("consultations", "Paste the text, or choose a Word file."), "text")


def wishes_in(typed: Mapping[str, Any]) -> dict[str, str]:
    """Which article should be which, as sent: by its eid in the new text that in the old one."""
    return {name.removeprefix(WISH): str(eid) for name, eid in typed.items() if name.startswith(WISH) and eid}
