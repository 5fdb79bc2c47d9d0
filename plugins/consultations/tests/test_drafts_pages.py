"""Adding a text: read and shown before anything is kept, mended by hand, asked about when it gives people more time."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from docx import Document
from flask import Flask
from sqlalchemy import func, select

from consult.clock import now
from consult.db import db
from consult.publishing import withdraw
from consult.tenancy import inside
from consult.testing.factories import ON, town
from plugins.consultations.drafts.checking import NEW, check_draft
from plugins.consultations.drafts.reading import read_draft
from plugins.consultations.models import Consultation, DraftVersion, Passage, ProvisionRow
from tests.pages import Visitor, forms, parse, text_of, visitor
from tests.ready_consultations import DESK, TEXT, opened, ready, unready

SECOND = TEXT.replace("сто лева", "двеста лева") + "\nЧл. 4. Наредбата влиза в сила веднага."
NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def written(app: Flask, make: Any = unready, **more: Any) -> int:
    with app.app_context(), inside(town(ON)):
        number = make(**more).id
        db.session.commit()
        return int(number)


def sent(somebody: Visitor, number: int, do: str = "check", text: str = TEXT, file: Any = None, **more: Any) -> Any:
    values = {"do": do, "text": text, "source": "draft", "title": "", "note": "", "seen": "0", **more}
    if file is not None:
        values["file"] = file
    return somebody.send(f"{DESK}/{number}/tekst", values, content_type="multipart/form-data")


def versions(app: Flask, number: int) -> list[DraftVersion]:
    with app.app_context(), inside(town(ON)):
        found = select(DraftVersion).where(DraftVersion.consultation_id == number).order_by(DraftVersion.number)
        rows = list(db.session.scalars(found))
        db.session.expunge_all()
        return rows


def consultation(app: Flask, number: int) -> Consultation:
    with app.app_context(), inside(town(ON)):
        one = db.session.get_one(Consultation, number)
        db.session.expunge(one)
        return one


def rows(app: Flask) -> int:
    with app.app_context(), inside(town(ON)):
        return db.session.scalar(select(func.count()).select_from(ProvisionRow)) or 0


def docx(*lines: str) -> io.BytesIO:
    made, data = Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    made.save(data)
    data.seek(0)
    return data


# ---- Read, and nothing kept yet


def test_a_text_is_shown_as_it_was_read_and_nothing_is_kept(app):
    number, somebody = written(app), visitor(app, "editor")
    answer = sent(somebody, number)
    assert answer.status_code == 200
    page = text_of(parse(answer))
    assert "Всичко се разбра" in page
    assert "Чл.\xa02" in answer.text
    assert "Глобата е сто лева" in page
    assert "всеки може да прочете всички" in page, "work in progress becomes public: it is said before it is kept"
    assert versions(app, number) == []


def test_what_was_not_understood_stands_beside_its_article(app):
    number, somebody = written(app), visitor(app, "editor")
    answer = sent(somebody, number, text="Чл. 1. Едно.\nЧл. 2. Две.\nЧл. 5. Пет.")
    (article,) = [one for one in parse(answer).iter("details") if one.get("open") is not None]
    said = text_of(article)
    assert said.startswith("Чл. 5")
    assert "Ред 3" in said
    assert "1 място не се разбра" in text_of(parse(answer))


def test_the_form_of_the_check_can_be_sent_on_and_keeps_the_text(app):
    number, somebody = written(app), visitor(app, "editor")
    path = f"{DESK}/{number}/tekst"
    form = next(one for one in forms(parse(sent(somebody, number)), path) if "text" in one.fields)
    assert form.fields["text"].strip() == TEXT
    form.fields.pop("_key", None)
    answer = somebody.send(path, form.fields | {"do": "save"}, content_type="multipart/form-data")
    assert answer.status_code == 303
    (kept,) = versions(app, number)
    assert (kept.number, kept.source, kept.title, kept.text.strip()) == (1, "draft", "Версия 1", TEXT)
    assert consultation(app, number).version == 1


def test_a_word_file_becomes_the_text_to_mend(app):
    number, somebody = written(app), visitor(app, "editor")
    answer = sent(somebody, number, text="", file=(docx("Чл. 1. Едно.", "Чл. 2. Две."), "проект.docx"))
    assert answer.status_code == 200
    form = next(one for one in forms(parse(answer), "/") if "text" in one.fields)
    assert form.fields["text"].strip() == "Чл. 1. Едно.\nЧл. 2. Две."
    assert versions(app, number) == []


# ---- What is refused, with the text kept


def a_bomb() -> io.BytesIO:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", b"0" * 60_000_000)
    data.seek(0)
    return data


def tracked() -> io.BytesIO:
    data = docx("Чл. 1. Едно.")
    out = io.BytesIO()
    with zipfile.ZipFile(data) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "word/document.xml":
                content = content.replace(b"<w:r>", b'<w:ins w:id="1" w:author="x"><w:r>', 1).replace(
                    b"</w:r>", b"</w:r></w:ins>", 1
                )
            after.writestr(name, content)
    out.seek(0)
    return out


FILES = {
    "a PDF": (lambda: io.BytesIO(b"%PDF-1.7 draft"), "PDF"),
    "a bomb": (a_bomb, "повече, отколкото"),
    "an encrypted one": (
        lambda: io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
        "парола",
    ),
    "tracked changes": (tracked, "проследени"),
    "no text": (lambda: docx(""), "текст"),
    "no Word file": (lambda: io.BytesIO(b"\x89PNG"), "Word"),
    "eleven megabytes": (lambda: io.BytesIO(b"PK" + b"0" * 11_000_000), "10 MB"),
}


@pytest.mark.parametrize("what", FILES)
def test_a_bad_file_gets_a_sentence_and_the_typed_text_stays(app, what):
    number, somebody = written(app), visitor(app, "editor")
    make, words = FILES[what]
    answer = sent(somebody, number, text="Чл. 1. Мой текст.", note="Моя бележка", file=(make(), "проект.docx"))
    assert 400 <= answer.status_code < 500
    assert 'id="file-error"' in answer.text
    assert words in answer.text.partition('id="file-error"')[2][:600]
    assert "Чл. 1. Мой текст." in answer.text
    assert "Моя бележка" in answer.text
    assert versions(app, number) == []


def test_an_empty_form_and_a_text_without_an_article_are_refused(app):
    number, somebody = written(app), visitor(app, "editor")
    assert sent(somebody, number, text="  \n ").status_code == 422
    answer = sent(somebody, number, do="save", text="Само думи, без нито един член.")
    assert answer.status_code == 422
    assert "Само думи, без нито един член." in answer.text
    assert versions(app, number) == []


@pytest.mark.parametrize("do", ["check", "save", "keep"])
def test_a_draft_of_ten_thousand_provisions_is_refused_with_its_text(app, do):
    number, somebody = written(app), visitor(app, "editor")
    text = "\n".join(f"Чл. {place}. Член." for place in range(1, 10_001))
    answer = sent(somebody, number, do=do, text=text)
    assert answer.status_code == 422
    assert "5000" in answer.text
    assert "Чл. 10000. Член." in answer.text
    assert (versions(app, number), rows(app)) == ([], 0)


def test_four_megabytes_are_refused_with_their_text(app):
    number, somebody = written(app), visitor(app, "editor")
    answer = sent(somebody, number, text="Чл. 1. " + "дърво " * 350_000)
    assert answer.status_code == 422
    assert 'id="text-error"' in answer.text
    assert answer.text.count("дърво") >= 350_000
    assert versions(app, number) == []


@pytest.mark.parametrize("text", ["Чл. 1. a\x00b", "Чл. 1. \u202eobarni", "Чл. 1. а" + "\u0301" * 40])
def test_characters_that_deceive_are_refused_beside_the_text(app, text):
    number, somebody = written(app), visitor(app, "editor")
    answer = sent(somebody, number, do="save", text=text)
    assert answer.status_code == 422
    assert 'id="text-error"' in answer.text
    assert versions(app, number) == []


@pytest.mark.parametrize("source", ["", "other", "<b>"])
def test_a_source_that_is_not_offered_is_refused(app, source):
    number, somebody = written(app), visitor(app, "editor")
    answer = sent(somebody, number, do="save", source=source)
    assert answer.status_code == 422
    assert "Глобата е сто лева" in answer.text


def test_two_hundred_articles_are_checked_in_time(app):
    text = "\n".join(
        f"Чл. {place}. (1) Дървото номер {place} се пази.\n(2) Щом падне, се сади друго." for place in range(1, 201)
    )
    number, somebody = written(app, ready, text=text), visitor(app, "editor")
    began = time.perf_counter()
    assert sent(somebody, number, text=text.replace("пази", "пази добре")).status_code == 200
    assert time.perf_counter() - began < 8


# ---- The version before


def test_the_check_says_what_became_of_each_article(app):
    number, somebody = written(app, ready), visitor(app, "editor")
    page = text_of(parse(sent(somebody, number, text=SECOND)))
    assert "2 същи, 1 променени, 0 преместени, 1 нови, 0 отпаднали" in page


def test_a_mend_by_hand_decides_which_article_is_which(app):
    number, somebody = written(app, ready), visitor(app, "editor")
    text = TEXT.replace(
        "Чл. 3. Глобата е сто лева.", "Чл. 3. Съвсем друго правило за всички.\nЧл. 4. Глобата е сто лева."
    )
    checked = sent(somebody, number, text=text)
    assert 'name="m-art_3"' in checked.text
    assert sent(somebody, number, do="save", text=text, seen="1", **{"m-art_3": NEW}).status_code == 303
    with app.app_context(), inside(town(ON)):
        found = {one.eid: one.moved_from for one in db.session.scalars(select(Passage)) if not one.dropped_in}
        assert found["art_4"] == "чл.\xa03"
        assert found["art_3"] == ""


def test_one_old_article_cannot_be_two_new_ones(app):
    number, somebody = written(app, ready), visitor(app, "editor")
    wishes = {"m-art_3": "art_3", "m-art_4": "art_3"}
    answer = sent(somebody, number, do="save", text=SECOND, seen="1", **wishes)
    assert answer.status_code == 422
    assert "двеста лева" in answer.text
    assert len(versions(app, number)) == 1
    assert sent(somebody, number, do="save", text=SECOND, seen="1", **{"m-art_3": "art_99"}).status_code == 422


def test_wishes_for_what_is_no_more_say_nothing(app):
    old, new = read_draft(TEXT), read_draft(SECOND)
    checked = check_draft(new, old.provisions, {"art_77": "art_1", "art_1": ""})
    assert [one.became for one in checked.articles] == ["same", "same", "changed", "new"]


def test_thousands_of_rewritten_articles_are_not_offered_one_by_one():
    old = read_draft("\n".join(f"Чл. {place}. Първо {place} правило." for place in range(1, 301)))
    new = read_draft("\n".join(f"Чл. {place}. Съвсем друго нещо {place} тук." for place in range(1, 301)))
    checked = check_draft(new, old.provisions, {})
    assert checked.choices == ()
    assert not any(article.can_be_mended for article in checked.articles)


# ---- While people write


def test_a_new_version_of_an_open_draft_is_asked_about_with_the_new_last_day(app):
    with time_machine.travel(NOON, tick=False):
        number = written(app, opened)
    with time_machine.travel(NOON + timedelta(days=10), tick=False):
        somebody = visitor(app, "editor")
        asked = sent(somebody, number, do="save", text=SECOND, seen="1")
        assert asked.status_code == 200
        assert "Смени проекта и дай време до 4 януари 2027" in asked.text.replace("\xa0", " ")
        assert len(versions(app, number)) == 1
        form = next(one for one in forms(parse(asked), f"{DESK}/{number}/tekst") if "text" in one.fields)
        form.fields.pop("_key", None)
        answer = somebody.send(form.action, form.fields | {"do": "keep"}, content_type="multipart/form-data")
        assert answer.status_code == 303
    one = consultation(app, number)
    assert (one.version, f"{one.last_day}") == (2, "2027-01-04")
    assert one.lines("replaced") == ["03.12.2026 | Версия 2 | 04.01.2027"]


def test_the_act_in_force_and_an_upcoming_draft_ask_nothing_and_move_nothing(app):
    number, somebody = written(app, opened), visitor(app, "editor")
    before = consultation(app, number).last_day
    assert sent(somebody, number, do="save", source="in_force", seen="1").status_code == 303
    assert sent(somebody, number, do="save", source="in_force", seen="2").status_code == 422
    assert consultation(app, number).last_day == before
    later = written(app, opened, opens_on=now().date() + timedelta(days=9))
    assert sent(somebody, later, do="save", text=SECOND, seen="1").status_code == 303
    assert consultation(app, later).replaced == ""


def test_after_the_last_day_only_the_adopted_text_is_taken(app):
    number, somebody = written(app, opened), visitor(app, "editor")
    assert sent(somebody, number, do="save", source="adopted", seen="1").status_code == 422
    with time_machine.travel(now() + timedelta(days=40)):
        somebody = visitor(app, "editor")
        refused = sent(somebody, number, do="save", text=SECOND, seen="1")
        assert refused.status_code == 422
        assert "двеста лева" in refused.text
        assert sent(somebody, number, do="save", text=SECOND, source="adopted", seen="1").status_code == 303
    assert [one.source for one in versions(app, number)] == ["draft", "adopted"]
    assert consultation(app, number).version == 1


def test_nothing_is_added_to_what_was_withdrawn(app):
    number = written(app, opened)
    with app.app_context(), inside(town(ON)):
        withdraw(db.session.get_one(Consultation, number), "Грешка.")
        db.session.commit()
    assert sent(visitor(app, "editor"), number, do="keep", text=SECOND, seen="1").status_code == 422
    assert len(versions(app, number)) == 1


# ---- Two editors


@pytest.mark.parametrize("seen", ["0", "", "-1", "9" * 5000, "1x"])
def test_the_second_of_two_editors_sees_both_texts_and_keeps_nothing(app, seen):
    number, somebody = written(app, ready), visitor(app, "admin")
    answer = sent(somebody, number, do="save", text=SECOND, seen=seen)
    assert answer.status_code == 409
    assert "двеста лева" in answer.text
    assert "Добавен междувременно: Версия 1" in text_of(parse(answer))
    assert len(versions(app, number)) == 1
    form = next(one for one in forms(parse(answer), f"{DESK}/{number}/tekst") if "text" in one.fields)
    assert form.fields["seen"] == "1"


def test_nobody_writes_into_the_consultation_of_a_neighbour(app):
    number = written(app, ready)
    somebody = visitor(app, "admin", "JAM26")
    for page in ("tekst", "gotova", "otvori", "ishod"):
        assert somebody.get(f"/yambol/rabota/konsultatsii/{number}/{page}").status_code == 404
