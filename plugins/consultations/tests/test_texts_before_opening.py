"""What the staff try before a consultation opens, and what of it people read afterwards."""

from __future__ import annotations

from consult.db import db
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.consultations.drafts.reading import read_draft
from plugins.consultations.operations import keep_draft, open_consultation, planned_term
from tests.ready_consultations import TEXT, ready


def test_what_was_tried_before_the_opening_stays_with_the_staff(app, client):
    with app.app_context(), inside(town(ON)):
        one = ready("Чл. 1. Вътрешна бележка за кмета.\nЧл. 2. Дървета се засаждат всяка есен.")
        keep_draft(one, read_draft(TEXT).provisions, TEXT)
        open_consultation(one, None, planned_term(one, None).last_day)
        db.session.commit()
        number = one.id
    page = f"/stara-zagora/konsultatsii/{number}"
    for address in (page, f"{page}/versii", f"{page}/chl-1"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "Вътрешна бележка" not in answer.text
        assert "променен" not in answer.text
    assert client.get(f"{page}/pechat?versia=1").status_code == 404
    assert client.get(f"{page}/sravni?ot=1&do=2").status_code == 404
