"""People who follow a publication of the first town, and what is told to them, for the tests of following."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from consult import subscriptions
from consult.db import db
from consult.i18n import force_locale
from consult.outbox import Letter
from consult.publishing import publish, write
from consult.subscriptions import Subscription, follow, tell_followers
from consult.tenancy import inside, open_towns
from consult.testing.factories import ON, town
from plugins.news.models import Post
from tests.pages import visitor

TOWN = "/stara-zagora"
ANA = "ana@primer.bg"


def something_to_follow(app: Flask) -> int:
    """A publication of the town that people can read; answers its number."""
    with app.app_context(), inside(town(ON)):
        post = write(Post(title="Наредба за зелените площи", body="x"))
        publish(post)
        db.session.commit()
        return post.id


def followers(app: Flask, code: str = ON) -> list[Subscription]:
    with app.app_context(), inside(town(code)):
        found = list(db.session.scalars(select(Subscription).order_by(Subscription.id)))
        db.session.expunge_all()
        return found


def happen(app: Flask, number: int, key: str = "opened", is_last: bool = False) -> None:
    """Something to be told of happens to the publication."""
    with app.app_context(), inside(town(ON)):
        tell_followers(number, key, lambda language: f"Ново {language}", lambda language: f"Текст {language}.", is_last)
        db.session.commit()


def tell(app: Flask) -> int:
    """What the clock does each minute; answers how many letters."""
    with app.app_context():
        return subscriptions.write_due_notices(open_towns())


def let_follow(app: Flask, number: int, *emails: str, language: str = "bg") -> None:
    with app.app_context(), inside(town(ON)), force_locale(language):
        for email in emails:
            follow(number, email)
        db.session.commit()


def link_in(letter: Letter, word: str) -> str:
    """The path of the page behind a letter's link."""
    found = re.search(rf"http://\S+?(/stara-zagora\S*/sledi/{word}/\S+)", letter.text)
    assert found, letter.text
    return found[1]


def ask(app: Flask, number: int, email: str = ANA, language: str = "") -> None:
    answer = visitor(app).send(f"{TOWN}{language}/sledi/{number}", {"email": email})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/sledi/{number}/pismo")
