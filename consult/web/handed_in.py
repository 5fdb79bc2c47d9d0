"""All that is kept of what somebody handed in, for its author: columns, wordings, what was done about it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect

from consult.clock import local
from consult.participation import Contribution, acts_of, everything_said
from consult.publishing import Publication

# No words about anybody: from the salt and the installation's secret the key is made, the rest are marks for looking
# a row up or for laying it out.
LEFT_OUT = ("salt", "fingerprint", "text_html", "file_key", "address_key")
FEW = 3  # letters of which the first and the last would tell nearly all


def everything_of(contribution: Contribution, publication: Publication) -> dict[str, Any]:
    """By the names of the columns; ``versions`` with every wording, the sealed ones too, ``acts`` without who did them.

    Who reported it and with which words is about others, and is not here (GDPR art. 15, para. 4). The address is
    masked: its owner knows it, and who only found the link shall not learn it.
    """
    names = [column.key for column in inspect(type(contribution)).column_attrs if column.key not in LEFT_OUT]
    kept = {name: _plain(getattr(contribution, name)) for name in names} | {"email": masked_email(contribution.email)}
    versions = [
        {"number": version.number, "at": _plain(version.at), "words": words.words}
        for version, words in everything_said(contribution)
    ]
    acts = [
        {"at": _plain(act.at), "act": act.act, "rule": act.rule, "reason": (act.words.words or {}).get("reason", "")}
        for act in acts_of(contribution)
    ]
    return {"about": publication.title} | kept | {"versions": versions, "acts": acts}


def masked_email(email: str) -> str:
    """The address so that its owner knows which it is and nobody else can write to it: „g•••a@example.org“.

    Of what stands before the @ no more than two letters and not its length; "" for none.
    """
    local_part, at, domain = email.rpartition("@")
    last = local_part[-1] if len(local_part) > FEW else ""
    first = local_part[0] if len(local_part) > 1 else ""
    return f"{first}•••{last}@{domain}" if at else ""


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return local(value).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
