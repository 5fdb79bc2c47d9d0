"""What the staff press and what people then see: addresses, tombstones, translations, and two who write at once."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from flask import Flask

from consult.db import db
from consult.modules import enable
from consult.publishing import (
    PublicationVersion,
    archive,
    change,
    publish,
    share,
    towns_of,
    versions_of,
    withdraw,
    write,
)
from consult.tenancy import inside, set_open, through
from consult.testing.factories import OFF, ON, town
from plugins.news.models import Post
from plugins.news.operations import name_category
from tests.pages import Visitor, forms, parse, text_of, visitor

TOWN, NEIGHBOUR = "/stara-zagora", "/yambol"


@pytest.fixture
def number(app: Flask) -> int:
    """A published post of the first town that the neighbour shows too; both have news switched on."""
    with app.app_context():
        both = [town(OFF)]
        with inside(town(OFF)):
            enable(("news",))
            db.session.commit()
        with inside(town(ON)):
            post = Post(title="Кръгла маса", body="Елате **всички**.")
            write(post, {"en": {"title": "Round table", "lead": "", "body": "Come all."}})
            share(post, both)
            publish(post)
            db.session.commit()
            return post.id


def form_of(editor: Visitor, number: int) -> dict[str, str]:
    """The edit form as the page gives it."""
    path = f"{TOWN}/rabota/novini/{number}"
    answer = editor.get(path)
    assert answer.status_code == 200
    return next(one.fields for one in forms(parse(answer), path) if "body" in one.fields)


# ---- Addresses


def test_a_post_answers_under_its_number_and_a_wrong_tail_leads_to_the_right_one(client, number):
    assert client.get(f"{TOWN}/novini/{number}").status_code == 200
    assert client.get(f"{TOWN}/novini/{number}/kragla-masa").status_code == 200
    wrong = client.get(f"{TOWN}/novini/{number}/drugo")
    assert (wrong.status_code, wrong.location) == (301, f"{TOWN}/novini/{number}/kragla-masa")
    english = client.get(f"{TOWN}/en/novini/{number}/drugo")
    assert english.location == f"{TOWN}/en/novini/{number}/kragla-masa"


def test_a_shared_post_answers_next_door_and_names_its_owner(client, number):
    answer = client.get(f"{NEIGHBOUR}/novini/{number}")
    assert answer.status_code == 200
    assert "Стара Загора" in text_of(parse(answer))
    assert f"/novini/{number}" in client.get(f"{NEIGHBOUR}/novini").text


def test_drafts_and_strange_numbers_are_not_found(app, client, number):
    with app.app_context(), inside(town(ON)):
        draft = write(Post(title="Чернова", body="x")).id
        db.session.commit()
    for strange in (draft, number + 1000, 999_999_999_999_999_999):
        for place in (TOWN, NEIGHBOUR):
            assert client.get(f"{place}/novini/{strange}").status_code == 404, strange


def test_an_archived_post_is_in_no_list_and_still_answers(app, client, number):
    with app.app_context(), inside(town(ON)):
        archive(db.session.get_one(Post, number))
        db.session.commit()
    for place in (TOWN, NEIGHBOUR):
        assert client.get(f"{place}/novini/{number}").status_code == 200
        for page in ("/novini", "/", "/novini.atom"):
            assert f"/novini/{number}" not in client.get(f"{place}{page}").text


def test_a_withdrawn_post_leaves_a_tombstone_with_the_reason(app, client, number):
    with app.app_context(), inside(town(ON)):
        withdraw(db.session.get_one(Post, number), "Датата беше <грешна>.")
        db.session.commit()
    for place in (TOWN, NEIGHBOUR):
        answer = client.get(f"{place}/novini/{number}")
        assert answer.status_code == 410
        assert "Датата беше <грешна>." in text_of(parse(answer))
        assert "всички" not in answer.text
        for page in ("/novini", "/", "/novini.atom"):
            assert f"/novini/{number}" not in client.get(f"{place}{page}").text


def test_the_translation_is_shown_in_its_language_only(client, number):
    english, turkish = (client.get(f"{TOWN}/{code}/novini/{number}").text for code in ("en", "tr"))
    assert "Round table" in english
    assert "Come all." in english
    assert "Елате <strong>всички</strong>." in turkish
    assert "Round table" not in turkish


def test_a_list_is_read_page_by_page_by_its_own_links(app, client):
    with app.app_context(), inside(town(ON)):
        told = [write(Post(title=f"Новина {place}", body="x")) for place in range(45)]
        for post in told:
            publish(post)
        db.session.commit()
        wanted = {f"{TOWN}/novini/{post.id}/{post.slug}" for post in told}
    path, found = f"{TOWN}/novini", []
    for _ in range(5):
        page = parse(client.get(path))
        hrefs = [element.get("href", "") for element in page.iter("a")]
        found += [one for one in dict.fromkeys(hrefs) if one in wanted]
        following = {urljoin(path, one) for one in hrefs if one.startswith((f"{TOWN}/novini?sled=", "?sled="))}
        if following <= {path}:
            break
        [path] = following - {path}
    assert len(found) == len(set(found)) == 45


def test_a_category_shows_its_own_and_a_strange_one_is_not_found(app, client, number):
    with app.app_context(), inside(town(ON)):
        name_category("Ремонти")
        post = write(Post(title="Ремонт", body="x", topic="remonti"))
        publish(post)
        db.session.commit()
        mine = post.id
    for page in ("/novini", "/novini.atom"):
        answer = client.get(f"{TOWN}{page}?kategoria=remonti")
        assert f"/novini/{mine}" in answer.text
        assert f"/novini/{number}" not in answer.text
        assert client.get(f"{TOWN}{page}?kategoria=drugo").status_code == 404
        assert client.get(f"{NEIGHBOUR}{page}?kategoria=remonti").status_code == 404


# ---- The staff's forms


def test_an_editor_writes_previews_and_publishes(app, client):
    editor = visitor(app, "editor")
    typed = {"title": "Нов мост", "body": "Откриваме *моста*.", "do": "preview"}
    preview = editor.send(f"{TOWN}/rabota/novini/nova", typed)
    assert preview.status_code == 200
    assert "<em>моста</em>" in preview.text
    with app.app_context(), inside(town(ON)):
        assert db.session.query(Post).count() == 0
    sent = editor.send(f"{TOWN}/rabota/novini/nova", typed | {"do": "publish"})
    assert sent.status_code == 303
    number = int(sent.location.rsplit("/", 1)[1])
    assert "Откриваме <em>моста</em>." in client.get(f"{TOWN}/novini/{number}").text


def test_of_two_who_write_at_once_the_second_sees_both_texts(app, number):
    first, second = visitor(app, "editor"), visitor(app, "admin")
    path = f"{TOWN}/rabota/novini/{number}"
    of_first, of_second = form_of(first, number), form_of(second, number)
    assert first.send(path, of_first | {"title": "Първото заглавие", "do": "save"}).status_code == 303
    answer = second.send(path, of_second | {"title": "Второто заглавие", "body": "Вторият текст", "do": "save"})
    assert answer.status_code == 409
    for words in ("Първото заглавие", "Второто заглавие", "Вторият текст", "Елате"):
        assert words in answer.text
    with app.app_context(), inside(town(ON)):
        assert db.session.get_one(Post, number).title == "Първото заглавие"
        assert db.session.query(PublicationVersion).count() == 2
    again = next(one.fields for one in forms(parse(answer), path) if "body" in one.fields)
    assert again["title"] == "Второто заглавие"
    assert second.send(path, again | {"do": "save"}).status_code == 303
    with app.app_context(), inside(town(ON)):
        assert db.session.get_one(Post, number).title == "Второто заглавие"


@pytest.mark.parametrize("deed", ["publish", "share", "translate"])
def test_an_old_tab_changes_nothing_that_has_moved_on_meanwhile(app, deed):
    """Neither may it put unready words before everybody, nor take a text from where it is read by now."""
    with app.app_context(), inside(town(ON)):
        number = write(Post(title="Чернова", body="Още не е готово.")).id
        db.session.commit()
    first, second = visitor(app, "editor"), visitor(app, "admin")
    path = f"{TOWN}/rabota/novini/{number}"
    of_first, of_second = form_of(first, number), form_of(second, number)
    changes: dict[str, dict[str, object]] = {
        "publish": {"do": "publish", "towns": [OFF]},
        "share": {"do": "save", "towns": [OFF]},
        "translate": {"do": "save", "en_title": "A draft", "en_body": "Not ready yet."},
    }
    assert first.send(path, of_first | changes[deed]).status_code == 303
    answer = second.send(path, of_second | {"title": "Недописано", "do": "save"})
    assert answer.status_code == 409
    assert {"publish": "Ямбол", "share": "Ямбол", "translate": "A draft"}[deed] in answer.text
    with app.app_context(), inside(town(ON)):
        post = db.session.get_one(Post, number)
        assert post.title == "Чернова"
        assert towns_of(post) == ([] if deed == "translate" else [OFF])


def test_a_town_that_is_not_offered_any_more_is_told_in_the_readers_language(app, number):
    editor = visitor(app, "editor")
    path = f"{TOWN}/rabota/novini/{number}"
    answer = editor.send(path, form_of(editor, number) | {"towns": ["XXX"], "do": "save"})
    assert answer.status_code == 422
    assert "Това вече не се предлага" in answer.text


def test_saving_keeps_what_the_form_shows(app, number):
    """Opened and saved without a change: no word, translation, town or time is lost, no version made."""
    editor = visitor(app, "editor")
    path = f"{TOWN}/rabota/novini/{number}"
    page = parse(editor.get(path))
    towns = [
        box.get("value") for box in page.iter("input") if box.get("name") == "towns" and box.get("checked") is not None
    ]
    assert towns == [OFF]
    assert editor.send(path, form_of(editor, number) | {"towns": towns, "do": "save"}).status_code == 303
    with app.app_context(), inside(town(ON)):
        post = db.session.get_one(Post, number)
        assert (post.title, post.body, post.words("en").title) == ("Кръгла маса", "Елате **всички**.", "Round table")
        assert post.revision == 1
        assert towns_of(post) == [OFF]


def test_nobody_edits_what_the_neighbour_shared(app, number):
    neighbour = visitor(app, "admin", OFF)
    for page in ("", "/versii", "/arhivirai", "/varni", "/ottegli"):
        for answer in (
            neighbour.get(f"{NEIGHBOUR}/rabota/novini/{number}{page}"),
            neighbour.send(f"{NEIGHBOUR}/rabota/novini/{number}{page}"),
        ):
            assert answer.status_code in (404, 405)
    assert neighbour.send(f"{NEIGHBOUR}/rabota/novini/{number}", {"title": "Превзето"}).status_code == 404
    with app.app_context(), inside(town(ON)):
        assert db.session.get_one(Post, number).revision == 1


def test_what_was_withdrawn_stays_as_it_was(app, number):
    with app.app_context(), inside(town(ON)):
        withdraw(db.session.get_one(Post, number), "Причина.")
        db.session.commit()
    admin = visitor(app, "admin")
    path = f"{TOWN}/rabota/novini/{number}"
    assert admin.get(path).status_code == 200
    assert admin.send(path, {"title": "Пак", "body": "x", "revision": "1", "do": "save"}).status_code in (409, 422)
    assert admin.send(f"{path}/varni").status_code == 409
    with app.app_context(), inside(town(ON)):
        assert db.session.get_one(Post, number).title == "Кръгла маса"


def test_every_version_is_shown_to_the_staff(app, number):
    with app.app_context(), inside(town(ON)):
        change(db.session.get_one(Post, number), 1, {"title": "Кръгла маса за парка"}, {})
        db.session.commit()
    answer = visitor(app, "editor").get(f"{TOWN}/rabota/novini/{number}/versii")
    assert answer.status_code == 200
    assert "за парка" in text_of(parse(answer))


def test_a_town_that_is_closed_for_a_while_goes_on_showing_it(app, number):
    """The form does not offer a closed town, so sending the form says nothing about it."""
    with app.app_context():
        closed = town(OFF).id
        with through("operator"):
            set_open(closed, False)
            db.session.commit()
    editor, path = visitor(app, "editor"), f"{TOWN}/rabota/novini/{number}"
    assert editor.send(path, form_of(editor, number) | {"title": "Ново", "do": "save"}).status_code == 303
    with app.app_context(), inside(town(ON)):
        assert db.session.get_one(Post, number).title == "Ново"
        assert towns_of(db.session.get_one(Post, number)) == [OFF]


def test_versions_are_read_page_by_page(app, number):
    with app.app_context(), inside(town(ON)):
        post = db.session.get_one(Post, number)
        for revision in range(1, 25):
            change(post, revision, {"title": f"Заглавие {revision}"}, {})
        db.session.commit()
        assert [one.number for one in versions_of(post, before=5, limit=3)] == [4, 3, 2]
    editor, path = visitor(app, "editor"), f"{TOWN}/rabota/novini/{number}/versii"
    first, second = editor.get(path).text, editor.get(f"{path}?after=6").text
    assert f'href="{path}?after=6">По-стари' in first
    assert "Заглавие 5" in first
    assert ">Заглавие 3<" not in first
    assert ">Заглавие 3<" in second
    assert "По-стари" not in second


def test_the_first_version_shows_its_translations_too(app, number):
    page = text_of(parse(visitor(app, "editor").get(f"{TOWN}/rabota/novini/{number}/versii")))
    for words in ("Кръгла маса", "Round table", "Come all."):
        assert words in page
