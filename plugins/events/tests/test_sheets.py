"""The list of people that is taken along: texts only, no formula, and the journal knows who took it."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from consult.db import db
from consult.journal import Entry
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.events.models import Place
from plugins.events.operations import Full, ask_for_place, erase_place, tick
from plugins.events.queries import say_code
from plugins.events.sheets import FORMULA_SIGNS, defused
from tests.meetings import guest, meet
from tests.pages import Visitor, parse, text_of, visitor

DESK = "/stara-zagora/rabota/sabitia"
EVIL = ("=1+1", "+359888", "-5", "@SUM(A1)", "＝1+1", "－5", "\t=1", " =1", 'Иван "Ваньо", Петров', '=HYPERLINK("x")')
QUESTIONS: list[dict[str, Any]] = [
    {"key": "q1", "label": "Жестов превод?", "kind": "yes", "choices": [], "is_needed": False},
    {"key": "q2", "label": "Откъде сте", "kind": "text", "choices": [], "is_needed": False},
]


def an_event(app: Flask, names: tuple[str, ...] = ("Калина Стоянова",), seats: int = 50) -> int:
    with app.app_context(), inside(town(ON)):
        event = meet(seats, timedelta(days=2), questions=QUESTIONS)
        for who, name in enumerate(names):
            asking = guest(who, name=name, channel="phone", people=2, answers={"q1": "1", "q2": name})
            try:
                ask_for_place(event, asking)
            except Full:
                ask_for_place(event, asking, waits=True)
        db.session.commit()
        return event.id


def rows_of_csv(somebody: Visitor, number: int) -> list[list[str]]:
    answer = somebody.send(f"{DESK}/{number}/spisak.csv")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_csv_has_a_row_for_everybody_with_all_that_was_asked(app):
    number = an_event(app)
    with app.app_context(), inside(town(ON)):
        code = say_code(db.session.scalars(select(Place.code)).one())
    heads, row = rows_of_csv(visitor(app, "editor"), number)
    assert heads == ["№ по ред", "Код", "Име", "Хора", "Участва", "Жестов превод?", "Откъде сте"]
    assert row == ["1", code, "Калина Стоянова", "2", "в залата", "Да", "Калина Стоянова"]


def test_no_cell_of_the_csv_is_a_formula(app):
    number = an_event(app, EVIL)
    _heads, *rows = rows_of_csv(visitor(app, "admin"), number)
    assert len(rows) == len(EVIL)
    for row in rows:
        for cell in row:
            assert not cell.lstrip(" \u00a0").startswith(FORMULA_SIGNS), cell
    said = {row[2] for row in rows}
    assert 'Иван "Ваньо", Петров' in said, "what is harmless stays as it was typed"
    assert "'-5" in said


@given(st.text(max_size=30))
def test_what_is_defused_never_begins_as_a_formula(typed):
    assert not defused(typed).lstrip(" \u00a0").startswith(FORMULA_SIGNS)
    assert defused(typed).removeprefix("'") == typed.removeprefix("'") or defused(typed) == f"'{typed}"


def test_the_xlsx_holds_texts_only(app):
    number = an_event(app, (*EVIL, "https://example.bg"))
    answer = visitor(app, "admin").send(f"{DESK}/{number}/spisak.xlsx")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="spisak-{number}-')
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
        assert "<f>" not in sheet
        assert "hyperlink" not in sheet
        assert sheet.count("<c ") == sheet.count('t="s"'), "a cell that is no text"
    assert "=1+1" in texts


def test_the_sheet_to_print_has_a_place_to_sign_and_nobody_who_waits(app):
    number = an_event(app, ("Калина Стоянова", "Петко Желев"), seats=2)
    page = parse(visitor(app, "editor").send(f"{DESK}/{number}/spisak"))
    assert "Калина Стоянова" in text_of(page)
    assert "Петко Желев" not in text_of(page)
    assert [cell.text for cell in page.iter("th")][-1] == "Подпис"
    assert not [link for link in page.iter("a") if "spisak" in (link.get("href") or "")], "taking it is a button"


def test_who_was_erased_is_said_to_be(app):
    number = an_event(app)
    with app.app_context(), inside(town(ON)):
        place = db.session.scalars(select(Place)).one()
        tick(place)
        erase_place(place)
        db.session.commit()
    _heads, row = rows_of_csv(visitor(app, "editor"), number)
    assert row[2] == "(изтрито)"
    assert "(изтрито)" in visitor(app, "editor").send(f"{DESK}/{number}/spisak").text


@pytest.mark.parametrize(("ending", "form"), [("", "print"), (".csv", "csv"), (".xlsx", "xlsx")])
def test_each_taking_is_in_the_journal_and_kept_by_nobody_on_the_way(app, ending, form):
    number = an_event(app)
    answer = visitor(app, "editor").send(f"{DESK}/{number}/spisak{ending}")
    assert answer.headers["Cache-Control"] == "no-store"
    with app.app_context(), inside(town(ON)):
        taken = [one for one in db.session.scalars(select(Entry)) if one.what == "events.sheet_taken"]
        assert [(one.subject_id, (one.words.words or {})["form"]) for one in taken] == [(number, form)]
        assert taken[0].by_id is not None
    assert visitor(app, "editor").get(f"{DESK}/{number}/spisak{ending}").status_code == (405 if ending else 200)


def test_the_names_of_files_are_latin(app):
    number = an_event(app)
    said = visitor(app, "admin").send(f"{DESK}/{number}/spisak.csv").headers["Content-Disposition"]
    assert said.isascii()
    assert said.endswith('.csv"')
