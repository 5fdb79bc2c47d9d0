"""An opinion for tests that open every page: in the state that the page wants."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from consult.clock import now
from consult.db import db, operation
from consult.files import keep, read_upload
from consult.participation import (
    Contribution,
    appeal,
    confirm,
    edit,
    hide,
    mask_and_publish,
    receipt_key,
    receive,
    report,
    withdraw_contribution,
)
from consult.testing.factories import PDF
from plugins.consultations.models import Opinion
from tests.opinions import SAYS, accepted, consult_people, receipt_path, say, says, signed_in

PAGES = ("participation", "reporting", "moderation")
TO_CONFIRM = ("participation.confirm",)
OWN = ("participation.own", "participation.own_receipt")
HIDDEN = ("participation.appeal", "moderation.original")
HELD = ("moderation.publish",)
EGN = "Обадете ми се на 0888 123 456, ЕГН 6101057509."


def opinion_for(endpoint: str) -> dict[str, str]:
    """What stands for the variables of the addresses of opinions, made anew in the municipality that we are in."""
    if endpoint.split(".")[0] not in PAGES:
        return {}
    opinion = _opinion(endpoint)
    name = opinion.file_name or "opit.pdf"
    return {"number": str(opinion.id), "key": receipt_key(opinion), "name": name}


def _opinion(endpoint: str) -> Contribution:
    number = consult_people().id
    if endpoint in TO_CONFIRM:
        return say(number)
    if endpoint in OWN:
        return say(number, sender=signed_in("resident"))
    if endpoint == "reporting.file":
        return with_file(number)
    opinion = accepted(number, text=EGN if endpoint in HELD else SAYS)
    if endpoint in (*HIDDEN, "moderation.decide"):
        hide(opinion, "obida", "Обижда съседите.")
    if endpoint == "moderation.decide":
        appeal(opinion, "Никого не обиждам.")
    if endpoint == "moderation.dismiss":
        report(opinion, "obida", "", None)
    return opinion


def with_file(publication_id: int) -> Opinion:
    """An opinion with a file beside it, confirmed."""
    file = keep(read_upload(BytesIO(PDF), "Прилагам.pdf"))
    opinion = receive(Opinion(publication_id=publication_id, text=SAYS, stance="for", part_id=0), says(1), file)
    confirm(opinion)
    return opinion


def opinion_addresses() -> dict[str, str]:
    """The paths in their municipality at which opinions in every state are looked at, and their numbers."""
    number = consult_people(title="Наредба за зелената система на общината").id
    to_confirm, shown, hidden = say(number, 1), accepted(number, 2), accepted(number, 3)
    masked, withdrawn = accepted(number, 4, EGN), accepted(number, 5)
    held, erased, changed = accepted(number, 6, EGN), say(number, 7), accepted(number, 8)
    appealed, own = accepted(number, 9), say(number, sender=signed_in("admin"))
    for one in (hidden, appealed):
        hide(one, "obida", "Обижда съседите.")
    appeal(appealed, "Никого не обиждам.")
    mask_and_publish(masked, "Обадете ми се на [скрито: телефон], ЕГН [скрито: ЕГН].", 1, "lichni")
    withdraw_contribution(withdrawn)
    withdraw_contribution(erased)
    _change(changed)
    report(shown, "tema", "Това е за друга наредба.", None)
    filed = with_file(number)
    named = {"to_confirm": to_confirm, "shown": shown, "hidden": hidden, "masked": masked, "withdrawn": withdrawn}
    named |= {"held": held, "erased": erased, "changed": changed, "appealed": appealed}
    found = {f"opinion_{name}": receipt_path(one) for name, one in named.items()}
    found |= {f"desk_opinion_{name}": f"/rabota/mnenia/{one.id}" for name, one in named.items()}
    about = {"report_opinion": f"/mnenia/{shown.id}/signal", "gone_opinion": f"/mnenia/{withdrawn.id}/signal"}
    return found | about | {"own_opinion": f"/moeto/{own.id}", "opinion_file": f"/mnenia/{filed.id}/fayl/Прилагам.pdf"}


@operation
def _change(opinion: Contribution) -> None:
    edit(opinion, f"{SAYS} Нека са поне пет.")
    opinion.accepted_at = now() - timedelta(minutes=31)
    db.session.flush()
