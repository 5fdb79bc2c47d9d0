"""Consultations with texts, made as the operations make them, for tests of the pages on which they are read."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from consult.api import db, operation, touch_shown
from consult.tenancy import inside
from consult.testing.factories import ON, town
from consult.testing.html import html_faults
from plugins.consultations.demo_content.written import written
from plugins.consultations.drafts.reading import read_draft
from plugins.consultations.models import Consultation, Source
from plugins.consultations.operations import keep_draft
from tests.opinions import consult_people

HOME = "/stara-zagora"
IN_FORCE, FIRST, SECOND = (written(f"zelena_sistema_{name}") for name in ("2014", "1", "2"))
BRIEF = {
    "changes": "За всяко дърво – три нови.\nТабела поне 14 дни.\nДоговор за площ пред блока.",
    "affected": "Собственици с дървета в двора.",
    "ask": "Стигат ли три дървета?",
    "procedure_name": "Проект на наредба",
    "mover": "Кметът на общината",
}


def consulted(app: Flask, *drafts: str, in_force: str = "", adopted: str = "", **words: Any) -> int:
    """A consultation of the first town whose drafts came one after another; answers its number."""
    with app.app_context(), inside(town(ON)):
        one = consult_people(**{**BRIEF, **words})
        if in_force:
            add_text(one, in_force, Source.IN_FORCE)
        for draft in drafts:
            add_text(one, draft)
        if adopted:
            add_text(one, adopted, Source.ADOPTED)
        db.session.commit()
        return one.id


def add_text(one: Consultation, text: str, source: Source = Source.DRAFT) -> None:
    """Another version of the text."""
    keep_draft(one, read_draft(text).provisions, text, source)


def changed(app: Flask, number: int, **facts: Any) -> None:
    """Sets columns of the consultation, as if time had passed or staff had worked."""

    @operation
    def set_facts(one: Consultation) -> None:
        for name, value in facts.items():
            setattr(one, name, value)
        touch_shown(one)

    with app.app_context(), inside(town(ON)):
        set_facts(db.session.get_one(Consultation, number))
        db.session.commit()


def read(client: FlaskClient, number: int, rest: str = "", status: int = 200, home: str = HOME) -> str:
    """A page of the consultation, without head and foot, its blanks made one; its HTML is held to the standard."""
    answer = client.get(f"{home}/konsultatsii/{number}{rest}")
    assert answer.status_code == status, answer.status
    assert not html_faults(answer.text), html_faults(answer.text)[:5]
    return re.sub(r"\s+", " ", answer.text.partition("<main")[2].partition("</main>")[0])


ACT = """Глава първа
ДЪРВЕТА
Чл. 1. За всяко дърво се засаждат две нови дървета.
Чл. 2. Глобата е сто лева за всеки случай.
"""
DRAFT = """Глава първа
ДЪРВЕТА
Чл. 1. За всяко дърво се засаждат три нови дървета.
Чл. 2. Глобата е сто лева за всеки случай.
Глава втора
НАДЗОР
Чл. 3. Обществени наблюдатели следят как се изпълнява наредбата през годината.
"""
LATER = """Глава първа
ДЪРВЕТА
Чл. 1. За всяко дърво се засаждат три нови дървета.
Чл. 2. Преди отсичане четиринадесет дни стои табела с телефон на общината.
Чл. 3. Глобата е сто лева за всеки случай.
"""
