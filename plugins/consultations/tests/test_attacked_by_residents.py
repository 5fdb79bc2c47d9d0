"""What residents might send to a draft's pages at the wrong time, or with addresses made up."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.clock import now
from plugins.consultations.tests.one_consultation import DRAFT, HOME, changed, consulted
from tests.opinions import SAYS
from tests.pages import OURS

FORM = {"part": "0", "stance": "change", "text": SAYS, "name": "Мария", "email": "m@test.example", "consent": "full"}


def test_what_is_sent_to_a_withdrawn_consultation_is_given_back_with_a_sentence(
    app: Flask, client: FlaskClient
) -> None:
    number = consulted(app, DRAFT)
    changed(app, number, state="withdrawn", withdrawn_at=now(), withdrawn_reason="Сгрешен проект.")
    answer = client.post(f"{HOME}/konsultatsii/{number}/mnenia", data=FORM, headers=OURS)
    assert answer.status_code == 422
    assert "Тази консултация е оттеглена" in answer.text
    assert SAYS in answer.text


@pytest.mark.parametrize("typed", ["0", "-1", "abc", "", "99999999999999999999"])
def test_a_made_up_place_in_the_list_is_no_page(app: Flask, client: FlaskClient, typed: str) -> None:
    number = consulted(app, DRAFT)
    assert client.get(f"{HOME}/konsultatsii/{number}/mnenia", query_string={"ot": typed}).status_code == 404
