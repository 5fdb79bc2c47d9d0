"""Open data: all that was accepted is in it, shown or as a tombstone, and nothing that nobody else may know."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.db import begin_writing, db
from consult.modules import enable
from consult.participation import confirm, counts_of, disown, hide, withdraw_contribution
from consult.publishing import share, withdraw
from consult.tenancy import inside
from consult.testing.factories import OFF, ON, town
from plugins.consultations import sheets
from plugins.consultations.models import Consultation
from plugins.consultations.operations import Saying, send_opinion
from plugins.consultations.queries import passages_of
from plugins.consultations.tests.one_consultation import FIRST, HOME, consulted
from tests.opinions import SAYS, accepted, check_counts, say, says


@pytest.fixture
def talked(app: Flask) -> int:
    """A consultation of which people said something in every standing; answers its number."""
    number = consulted(app, FIRST)
    with app.app_context(), inside(town(ON)):
        first = accepted(number, 1)
        accepted(number, 2, "И аз мисля така, и то отдавна.", reply_to_id=first.id)
        hide(accepted(number, 3, "Съседът ми Димчо е виновен за всичко."), "lichni", "Назован е друг човек.")
        withdraw_contribution(accepted(number, 4, "Вече мисля съвсем друго."))
        disown(accepted(number, 5, "Някой друг писа това вместо мен."))
        accepted(number, 6, "Обадете ми се на 0888 123 456 следобед.")  # held
        accepted(number, 7, "Само за общината е това мнение.", sender=says(7, consent="none"))
        accepted(number, 8, "Без име го казвам, но го казвам.", sender=says(8, consent="nameless"))
        accepted(number, 9, "=HYPERLINK(1) не е формула, а мнение", sender=says(9, organisation="Читалище „Родина“"))
        say(number, 10, "Никой не потвърди, че това е негово.")
        _on_an_article(number)
        db.session.commit()
        check_counts(number)
    return number


def _on_an_article(number: int) -> None:
    one = db.session.get_one(Consultation, number)
    passage = next(passage for passage in passages_of(number) if passage.eid == "art_14")
    saying = Saying(
        text=f"{SAYS} Пише го и законът.",
        passage_id=passage.id,
        eid="art_14__para_1",
        quote="три нови дървета",
        proposed="(1) Засаждат се пет дървета.",
    )
    confirm(send_opinion(one, saying, says(11)))


def as_json(client: FlaskClient, number: int) -> dict[str, Any]:
    answer = client.get(f"{HOME}/konsultatsii/{number}/mnenia.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    found: dict[str, Any] = json.loads(answer.text)
    return found


def as_csv(client: FlaskClient, number: int) -> list[dict[str, str]]:
    answer = client.get(f"{HOME}/konsultatsii/{number}/mnenia.csv")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.content_length == len(answer.data)
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))


def test_everything_that_was_accepted_is_there_shown_or_as_a_tombstone(app, client, talked):
    with app.app_context(), inside(town(ON)):
        kept = counts_of(talked).everything
    data, rows = as_json(client, talked), as_csv(client, talked)
    assert data["counts"] == {"accepted": kept.accepted, "shown": kept.shown, "gone": kept.gone}
    assert kept.accepted == kept.shown + kept.gone == len(data["opinions"]) == len(rows) == 10
    for found in (data["opinions"], rows):
        assert sum(one["standing"] == "published" for one in found) == kept.shown
    assert {one["standing"] for one in rows} == {
        *("published", "hidden", "withdrawn", "disowned", "held", "private"),
    }


def test_a_tombstone_says_why_and_none_of_the_words(client, talked):
    for one in as_json(client, talked)["opinions"]:
        if one["standing"] != "published":
            assert (one["text"], one["proposed"], one["quote"], one["author_name"], one["organisation"]) == (
                *("", "", None, "", ""),
            )
        is_hidden = one["standing"] == "hidden"
        assert (one["rule"], one["reason"]) == (("lichni", "Назован е друг човек.") if is_hidden else ("", ""))


def test_nobody_is_named_who_did_not_want_to_be_and_no_address_is_told(client, talked):
    for name in ("mnenia.csv", "mnenia.json"):
        text = client.get(f"{HOME}/konsultatsii/{talked}/{name}").text
        assert "test.example" not in text
        assert "0888" not in text
        assert "Гост 7" not in text
        assert "Гост 8" not in text
        assert "Гост 9" not in text  # speaks as an organisation, and as that is shown
        assert "Никой не потвърди" not in text
    nameless = next(one for one in as_json(client, talked)["opinions"] if "Без име" in one["text"])
    assert nameless["author_name"] == ""


def test_an_opinion_says_of_which_article_of_which_draft_it_speaks_and_what_it_quotes(client, talked):
    one = next(one for one in as_json(client, talked)["opinions"] if one["eid"])
    assert (one["eid"], one["version"], one["proposed"]) == ("art_14__para_1", 1, "(1) Засаждат се пет дървета.")
    assert one["passage"].startswith("чл.")
    assert one["quote"]["type"] == "TextQuoteSelector"
    assert one["quote"]["exact"] == "три нови дървета"
    row = next(row for row in as_csv(client, talked) if row["eid"])
    assert row["quote"] == one["quote"]["exact"]
    reply = next(one for one in as_json(client, talked)["opinions"] if one["reply_to"])
    assert reply["stance"] == "reply"


def test_a_spreadsheet_finds_no_formula_in_what_people_wrote(client, talked):
    cell = next(row["text"] for row in as_csv(client, talked) if "HYPERLINK" in row["text"])
    assert cell.startswith("'=")


def test_rows_are_read_in_pieces_and_none_is_missing_at_their_borders(client, talked, monkeypatch):
    whole = as_json(client, talked)["opinions"]
    for at_once in (1, 2, 3, 8):
        monkeypatch.setattr(sheets, "AT_ONCE", at_once)
        assert as_json(client, talked)["opinions"] == whole


def test_the_list_gives_the_names_that_the_national_portal_gives(app, client, talked):
    answer = client.get(f"{HOME}/konsultatsii.json")
    (one,) = json.loads(answer.text)
    assert (one["reg_num"], one["name"], one["active"]) == (str(talked), "Наредба за зелената система", True)
    assert one["opinions"] == 9  # the reply is none
    assert one["date_close"] > one["date_open"]
    assert {"description", "act_type", "policy_area", "short_term_reason", "proposal_ways", "contacts"} <= set(one)


def test_a_town_without_consultations_answers_with_an_empty_list(client):
    assert json.loads(client.get(f"{HOME}/konsultatsii.json").text) == []


def test_where_it_is_shared_the_data_are_those_of_the_municipality_that_asked(app, client, talked):
    with app.app_context():
        with inside(town(OFF)):
            enable(("consultations",))
            db.session.commit()
        with inside(town(ON)):
            share(db.session.get_one(Consultation, talked), [town(OFF)])
            db.session.commit()
    answer = client.get(f"/yambol/konsultatsii/{talked}/mnenia.json")
    assert (answer.status_code, answer.location) == (302, f"{HOME}/konsultatsii/{talked}/mnenia.json")


def test_what_nobody_may_read_has_no_data(app, client, talked):
    assert client.get(f"{HOME}/konsultatsii/{talked + 1}/mnenia.csv").status_code == 404
    with app.app_context(), inside(town(ON)):
        begin_writing()
        withdraw(db.session.get_one(Consultation, talked), "Сбъркан проект.")
        db.session.commit()
    assert len(as_json(client, talked)["opinions"]) == 10  # it was withdrawn, and what people said stays said
