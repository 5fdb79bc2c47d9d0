"""Files of publications: added and taken away by the staff, opened by whoever may read what they belong to."""

from __future__ import annotations

import io
from datetime import timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import InvalidRequestError
from werkzeug.test import TestResponse

from consult.clock import now
from consult.db import db
from consult.errors import Conflict, Refused
from consult.files import SIZE_MAX
from consult.journal import Entry
from consult.modules import disable, enable
from consult.publishing import (
    Attachment,
    archive,
    attach,
    attachments_of,
    detach,
    publish,
    schedule,
    share,
    withdraw,
    write,
)
from consult.settings import decide
from consult.tenancy import WallBroken, inside
from consult.testing.factories import OFF, ON, PDF, add_file, town
from plugins.news.models import Post
from tests.pages import Visitor, forms, parse, text_of, visitor

TOWN, NEIGHBOUR = "/stara-zagora", "/yambol"
NAME = "Програма.pdf"


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(drawn, "PNG")
    return drawn.getvalue()


@pytest.fixture
def post(app: Flask) -> tuple[int, int]:
    """A published post that the neighbour shows too, and its file: their numbers."""
    with app.app_context():
        both = [town(OFF)]
        with inside(town(OFF)):
            enable(("news",))
            db.session.commit()
        with inside(town(ON)):
            made = write(Post(title="Кръгла маса", body="Елате."))
            share(made, both)
            publish(made)
            file = add_file(made, NAME)
            db.session.commit()
            return made.id, file.id


def opened(client: FlaskClient, number: int, place: str = TOWN, name: str = NAME, **headers: str) -> TestResponse:
    return client.get(f"{place}/fayl/{number}/{quote(name)}", headers=headers)


def draft(app: Flask) -> tuple[int, int]:
    with app.app_context(), inside(town(ON)):
        made = write(Post(title="Чернова", body="x"))
        file = add_file(made, NAME)
        db.session.commit()
        return made.id, file.id


# ---- Who may open it


def test_a_file_is_given_as_it_is_and_can_do_nothing(client, post):
    answer = opened(client, post[1])
    assert answer.status_code == 200
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Length"] == str(len(PDF))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f"attachment; filename=\"Programa.pdf\"; filename*=UTF-8''{quote(NAME)}"


def test_a_picture_may_stand_on_a_page(app, client, post):
    with app.app_context(), inside(town(ON)):
        file = add_file(db.session.get_one(Post, post[0]), "Снимка.png", picture(), alt="Морско зелено")
        db.session.commit()
        number = file.id
    answer = opened(client, number, name="Снимка.png")
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Disposition"].startswith("inline;")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    page = client.get(f"{TOWN}/novini/{post[0]}").text
    assert f'src="{TOWN}/fayl/{number}/' in page
    for attribute in ('alt="Морско зелено"', 'width="300"', 'height="200"', 'loading="lazy"'):
        assert attribute in page


def test_it_is_asked_for_once_and_then_only_whether_it_holds(client, post):
    first = opened(client, post[1])
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = opened(client, post[1], **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert opened(client, post[1], **{"If-None-Match": '"another"'}).status_code == 200
    head = client.head(f"{TOWN}/fayl/{post[1]}/{quote(NAME)}")
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(PDF)))


def test_a_wrong_name_leads_to_the_right_one(client, post):
    answer = opened(client, post[1], name="drugo.html")
    assert (answer.status_code, answer.location) == (301, f"{TOWN}/fayl/{post[1]}/{quote(NAME)}")
    for strange in (post[1] + 1000, 999_999_999_999_999):
        assert opened(client, strange).status_code == 404


def test_the_file_of_a_draft_is_for_its_staff_only(app, client):
    _number, file = draft(app)
    for somebody in (visitor(app), visitor(app, "resident"), visitor(app, "moderator"), visitor(app, "admin", OFF)):
        for place in (TOWN, NEIGHBOUR):
            assert opened(somebody.client, file, place).status_code == 404, (somebody.who, place)
            assert opened(somebody.client, file, place, name="x").status_code == 404, "nor is its name told"
    answer = opened(visitor(app, "editor").client, file)
    assert (answer.status_code, answer.data) == (200, PDF)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert opened(client, file).status_code == 404


def test_a_scheduled_file_opens_at_its_second(app, client, post):
    import time_machine

    number, file = draft(app)
    at = now() + timedelta(hours=1)
    with app.app_context():
        neighbours = [town(OFF)]
        with inside(town(ON)):
            made = db.session.get_one(Post, number)
            share(made, neighbours)
            schedule(made, at)
            db.session.commit()
    for seconds, status in ((-1, 404), (0, 200)):
        with time_machine.travel(at + timedelta(seconds=seconds), tick=False):
            assert {opened(client, file, place).status_code for place in (TOWN, NEIGHBOUR)} == {status}


def test_a_shared_publication_brings_its_files_along_and_a_draft_does_not(app, client, post):
    answer = opened(client, post[1], NEIGHBOUR)
    assert (answer.status_code, answer.data) == (200, PDF)
    assert f"{NEIGHBOUR}/fayl/{post[1]}/" in client.get(f"{NEIGHBOUR}/novini/{post[0]}").text
    _number, file = draft(app)
    assert opened(client, file, NEIGHBOUR).status_code == 404


def test_who_shows_only_its_own_shows_no_files_of_others(app, client, post):
    with app.app_context(), inside(town(OFF)):
        decide("publishing.accepts_shared", False)
        db.session.commit()
    assert opened(client, post[1], NEIGHBOUR).status_code == 404
    assert opened(client, post[1]).status_code == 200


def test_where_the_module_is_off_its_files_are_off_too(app, client, post):
    with app.app_context(), inside(town(OFF)):
        disable(("news",))
        db.session.commit()
    assert opened(client, post[1], NEIGHBOUR).status_code == 404
    with app.app_context(), inside(town(ON)):
        disable(("news",))
        db.session.commit()
    for somebody in (visitor(app), visitor(app, "admin")):
        assert opened(somebody.client, post[1]).status_code == 404


def test_what_was_withdrawn_takes_its_files_along(app, client, post):
    with app.app_context(), inside(town(ON)):
        withdraw(db.session.get_one(Post, post[0]), "Грешна дата.")
        db.session.commit()
    for place in (TOWN, NEIGHBOUR):
        answer = opened(client, post[1], place)
        assert answer.status_code == 410
        assert PDF not in answer.data
    assert opened(visitor(app, "admin").client, post[1]).status_code == 410
    with app.app_context(), inside(town(ON)):
        file = db.session.get_one(Attachment, post[1])
        with pytest.raises(Refused):
            detach(file)


def test_what_is_archived_goes_on_answering(app, client, post):
    with app.app_context(), inside(town(ON)):
        archive(db.session.get_one(Post, post[0]))
        db.session.commit()
    assert opened(client, post[1]).status_code == 200


def test_the_region_has_no_files_of_its_own(client, post):
    assert opened(client, post[1], "").status_code == 404


# ---- What is done


def test_adding_and_removing_stand_in_the_journal_and_change_the_pages_at_once(app, client, post):
    paths = [f"{place}/novini/{post[0]}" for place in (TOWN, NEIGHBOUR)]
    assert all("Програма" in client.get(path).text for path in paths)
    with app.app_context(), inside(town(ON)):
        file = db.session.get_one(Attachment, post[1])
        digest = file.sha256
        detach(file)
        db.session.commit()
        entries = db.session.scalars(select(Entry).where(Entry.what.startswith("publication.file_"))).all()
        assert [one.what for one in entries] == ["publication.file_attached", "publication.file_detached"]
        assert all((one.words.words or {})["sha256"] == digest for one in entries)
    assert not any("Програма" in client.get(path).text for path in paths)
    assert opened(client, post[1]).status_code == 404


def test_of_two_who_remove_it_at_once_the_second_is_told(app, post):
    with app.app_context(), inside(town(ON)):
        file = db.session.get_one(Attachment, post[1])
        db.session.rollback()
        with app.app_context(), inside(town(ON)):
            detach(db.session.get_one(Attachment, post[1]))
            db.session.commit()
        with pytest.raises(Conflict):
            detach(file)


def test_a_neighbour_that_shows_it_changes_nothing(app, post):
    with app.app_context():
        # By the first wall, or on PostgreSQL by the second one already, which lets nobody else hold it for a change.
        with pytest.raises((WallBroken, InvalidRequestError)), inside(town(OFF)):
            detach(db.session.get_one(Attachment, post[1]))
            db.session.commit()
        with inside(town(ON)):
            assert db.session.get(Attachment, post[1]) is not None
    admin = visitor(app, "admin", OFF)
    for page in (f"/rabota/novini/{post[0]}/faylove", f"/rabota/novini/{post[0]}/faylove/{post[1]}/mahni"):
        assert admin.get(NEIGHBOUR + page).status_code == 404
        assert admin.send(NEIGHBOUR + page).status_code == 404


def test_a_picture_needs_words_for_those_who_do_not_see_it(app, post):
    with app.app_context(), inside(town(ON)):
        made = db.session.get_one(Post, post[0])
        with pytest.raises(Refused, match="какво показва снимката"):
            add_file(made, "Снимка.png", picture())
        db.session.rollback()
        assert add_file(made, "Снимка.png", picture(), alt="Площадът").alt == "Площадът"
        db.session.rollback()


def test_files_have_roles(app, post):
    with app.app_context(), inside(town(ON)):
        from consult.files import keep, read_upload

        made = db.session.get_one(Post, post[0])
        attach(made, keep(read_upload(io.BytesIO(PDF), "p.pdf")), "Протокол", role="minutes")
        db.session.commit()
        assert [one.title for one in attachments_of(made)] == ["Програма", "Протокол"]
        assert [one.title for one in attachments_of(made, "minutes")] == ["Протокол"]


# ---- The staff's pages


def page_of(number: int) -> str:
    return f"{TOWN}/rabota/novini/{number}/faylove"


def sent(somebody: Visitor, number: int, content: bytes, name: str, **words: str) -> TestResponse:
    """The form of the page, filled and sent as a browser sends it."""
    path = page_of(number)
    form = next(one for one in forms(parse(somebody.get(path)), path) if "title" in one.fields)
    typed = form.fields | {"title": "Заглавие", **words, "file": (io.BytesIO(content), name)}
    return somebody.send(path, typed, content_type="multipart/form-data")


def test_an_editor_adds_a_document_and_a_picture_and_people_see_them(app, client, post):
    editor = visitor(app, "editor")
    assert sent(editor, post[0], PDF, "Доклад.pdf", title="Доклад за парка").status_code == 303
    assert sent(editor, post[0], picture(), "p.png", title="Паркът", alt="Алея с липи").status_code == 303
    assert sent(editor, post[0], picture(), "d.png", title="Украса", decoration="y").status_code == 303
    page = client.get(f"{TOWN}/novini/{post[0]}").text
    for words in ("Доклад за парка", "PDF, 1\u00a0KB", 'alt="Алея с липи"', 'alt=""', "Паркът"):
        assert words in page
    assert "Украса" not in page
    staff = text_of(parse(editor.get(page_of(post[0]))))
    for words in ("Доклад за парка", "Алея с липи", "Украса", "Програма"):
        assert words in staff


@pytest.mark.parametrize(
    ("content", "name", "status"),
    [
        (b"", "x.pdf", 422),
        (b"<html>", "x.pdf", 422),
        (picture()[:60], "x.png", 422),
        (PDF + b" " * SIZE_MAX, "x.pdf", 413),
    ],
)
def test_what_cannot_be_taken_comes_back_with_a_sentence_and_what_was_typed(app, post, content, name, status):
    answer = sent(visitor(app, "editor"), post[0], content, name, title="Дълго описание на файла", alt="Какво")
    assert answer.status_code == status
    form = next(one for one in forms(parse(answer), "/") if "title" in one.fields)
    assert (form.fields["title"], form.fields["alt"]) == ("Дълго описание на файла", "Какво")
    assert 'id="file-error"' in answer.text
    with app.app_context(), inside(town(ON)):
        assert len(attachments_of(db.session.get_one(Post, post[0]))) == 1


def test_what_is_missing_is_asked_for_by_name(app, post):
    editor = visitor(app, "editor")
    answer = sent(editor, post[0], picture(), "p.png")
    assert answer.status_code == 422
    assert 'id="alt-error"' in answer.text
    assert 'id="file-error"' in answer.text, "a page cannot give a chosen file back"
    answer = sent(editor, post[0], PDF, "p.pdf", title="")
    assert 'id="title-error"' in answer.text
    nothing = editor.send(page_of(post[0]), {"title": "x", "file": "text"})
    assert nothing.status_code == 422
    assert 'id="file-error"' in nothing.text


def test_what_is_far_too_large_is_refused_before_it_is_read(app, post):
    editor = visitor(app, "editor")
    answer = sent(editor, post[0], PDF + b" " * (25 * 1024 * 1024), "x.pdf")
    assert answer.status_code == 413
    assert "10 MB" in answer.text.replace("\u00a0", " ")


def test_only_who_may_add_files_may_send_much(app, post):
    body = {"file": (io.BytesIO(PDF + b" " * (2 * 1024 * 1024)), "x.pdf"), "title": "x"}
    moderator = visitor(app, "moderator")
    assert moderator.send(page_of(post[0]), body, content_type="multipart/form-data").status_code in (403, 413)
    body = {"file": (io.BytesIO(PDF + b" " * (2 * 1024 * 1024)), "x.pdf"), "title": "x"}
    editor = visitor(app, "editor")
    other = editor.send(f"{TOWN}/rabota/novini/nova", body, content_type="multipart/form-data")
    assert other.status_code == 413


def test_the_same_form_twice_adds_one_file_and_another_file_is_another_form(app, post):
    editor, path = visitor(app, "editor"), page_of(post[0])
    form = next(one for one in forms(parse(editor.get(path)), path) if "title" in one.fields)

    def send(content: bytes) -> int:
        typed = form.fields | {"title": "Един", "file": (io.BytesIO(content), "a.pdf")}
        return editor.send(path, typed, content_type="multipart/form-data").status_code

    assert [send(PDF), send(PDF), send(PDF + b"\n")] == [303, 303, 409]
    with app.app_context(), inside(town(ON)):
        assert len(attachments_of(db.session.get_one(Post, post[0]))) == 2


def test_removing_asks_first(app, client, post):
    editor = visitor(app, "editor")
    path = f"{page_of(post[0])}/{post[1]}/mahni"
    page = editor.get(path)
    assert page.status_code == 200
    assert "Програма" in text_of(parse(page))
    assert opened(client, post[1]).status_code == 200
    assert editor.send(path).status_code == 303
    assert opened(client, post[1]).status_code == 404
    assert editor.get(path).status_code == 404


def test_a_file_is_removed_under_its_own_publication_only(app, client, post):
    number, _file = draft(app)
    editor = visitor(app, "editor")
    path = f"{page_of(number)}/{post[1]}/mahni"
    assert (editor.get(path).status_code, editor.send(path).status_code) == (404, 404)
    assert opened(client, post[1]).status_code == 200


def test_what_was_withdrawn_gets_no_more_files(app, post):
    with app.app_context(), inside(town(ON)):
        withdraw(db.session.get_one(Post, post[0]), "Грешка.")
        db.session.commit()
    editor = visitor(app, "editor")
    assert 'name="file"' not in editor.get(page_of(post[0])).text
    answer = editor.send(
        page_of(post[0]), {"title": "x", "file": (io.BytesIO(PDF), "x.pdf")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
