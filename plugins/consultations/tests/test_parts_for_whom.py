"""What readers share of a thread is rendered once; the button that is one's own, and the names, never wander."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.db import db
from consult.participation import withdraw_contribution
from consult.tenancy import inside
from consult.testing.factories import ON, sign_in, town
from plugins.consultations.models import Opinion
from tests.opinions import accepted, consult_people, say, signed_in
from tests.pages import OURS

HERE = "/stara-zagora/konsultatsii"
READERS = ("guest", "resident", "editor", "moderator")  # nobody; the author; one who agrees; one who does not yet
BUTTONS = {"guest": "a vhod", "resident": "span", "editor": "button true", "moderator": "button false"}


@pytest.fixture
def opinion_id(app: Flask) -> int:
    """An opinion of the resident; a guest's stands beside it."""
    with app.app_context(), inside(town(ON)):
        number = consult_people().id
        accepted(number, 1, "Пейки има, сянка няма. Първо дърветата.")
        said = say(number, sender=signed_in("resident")).id
        db.session.commit()
    return said


def browser(app: Flask, reader: str) -> FlaskClient:
    return app.test_client() if reader == "guest" else sign_in(app, reader).client


def page_of(app: Flask, opinion_id: int) -> str:
    with app.app_context(), inside(town(ON)):
        return f"{HERE}/{db.session.get_one(Opinion, opinion_id).publication_id}/mnenia"


def button(page: str, opinion_id: int) -> str:
    """What stands where one agrees with the opinion: a way in, only the number, or a button and how it is pressed."""
    its = page.partition(f'id="m{opinion_id}"')[2].partition('class="cmt__acts"')[2].partition("#i-up")[0]
    if pressed := re.search(r'<button[^>]*aria-pressed="(true|false)"', its):
        return f"button {pressed[1]}"
    return "a vhod" if "/vhod?next=" in its else "span"


@pytest.mark.parametrize("order", [READERS, READERS[::-1]], ids=["guest first", "guest last"])
def test_each_reader_meets_the_own_button_whoever_came_before(app, opinion_id, order):
    path = page_of(app, opinion_id)
    agreeing = sign_in(app, "editor")
    agreeing.client.post(f"{path}/{opinion_id}/saglasni", data={"_token": agreeing.token}, headers=OURS)
    browsers = {reader: browser(app, reader) for reader in READERS}
    for turn in range(2):  # the first time the parts are rendered, the second time they are there
        seen = {reader: button(browsers[reader].get(f"{path}?{turn}").text, opinion_id) for reader in order}
        assert seen == BUTTONS


def test_the_form_that_is_shared_holds_nothing_of_who_opened_it_first(app, opinion_id):
    path, people = page_of(app, opinion_id), [sign_in(app, role) for role in ("resident", "editor")]
    pages = [person.client.get(path).text for person in people]
    assert people[0].token in pages[0]
    assert people[0].token not in pages[1]
    assert people[1].token in pages[1]
    guest = app.test_client().get(path).text
    assert all(person.token not in guest for person in people)
    assert 'name="email"' in guest
    assert 'name="email"' not in pages[1]


def test_what_one_typed_is_not_shown_to_the_next(app, opinion_id):
    path, typed = page_of(app, opinion_id), "Само аз видях това изречение."
    refused = app.test_client().post(path, data={"text": typed, "part": "0", "home": "Железник"}, headers=OURS)
    assert (refused.status_code, typed in refused.text) == (422, True)
    for reader in READERS:
        page = browser(app, reader).get(path).text
        assert typed not in page
        assert "Железник" not in page


def test_what_was_taken_back_is_gone_for_everybody_at_once(app, opinion_id):
    path = page_of(app, opinion_id)
    browsers = [browser(app, reader) for reader in READERS]
    assert all("на четиридесет години" in one.get(path).text for one in browsers)
    with app.app_context(), inside(town(ON)):
        withdraw_contribution(db.session.get_one(Opinion, opinion_id))
        db.session.commit()
    assert not any("на четиридесет години" in one.get(path).text for one in browsers)
