"""Bad input: whatever arrives, the answer is a plain no; never a 5xx, never half a change."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.db import db
from consult.publishing import publish, write
from consult.tenancy import inside
from consult.testing.counting import database_state
from consult.testing.factories import ON, town
from plugins.news.models import Category, Post
from plugins.news.operations import name_category
from tests.pages import OURS, Visitor, visitor

TOWN = "/stara-zagora"
NEW = f"{TOWN}/rabota/novini/nova"
SETTINGS = f"{TOWN}/admin/nastroiki"
CATEGORIES = f"{TOWN}/rabota/novini/kategorii"
STORY = {"title": "Нов мост", "body": "Откриваме моста.", "do": "save"}


@pytest.fixture
def admin(app: Flask) -> Visitor:
    return visitor(app, "admin")


@pytest.fixture
def number(app: Flask) -> int:
    with app.app_context(), inside(town(ON)):
        post = write(Post(title="Новина", body="x"))
        publish(post)
        name_category("Ремонти")
        db.session.commit()
        return post.id


def titles(app: Flask) -> list[str]:
    with app.app_context(), inside(town(ON)):
        return list(db.session.scalars(select(Post.title).order_by(Post.id)))


# ---- Addresses


@pytest.mark.parametrize(
    "host",
    [
        "elsewhere.example",
        "localhost.evil.example",
        "evil.example:80",
        "",
        "[::1]",
        "localhost@evil.example",
        "\xff",
        "a" * 300,
    ],
)
def test_a_strange_host_gets_nothing(client, host):
    for path in ("/", f"{TOWN}/", "/static/x.css", f"{TOWN}/vhod"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code in (400, 404) if path.startswith("/static") else answer.status_code == 400, host
        assert host not in answer.text or not host


def test_our_host_is_known_with_its_port_and_in_capitals(client):
    assert client.get("/", headers={"Host": "LOCALHOST:8443"}).status_code == 200


STRANGE_NUMBERS = (
    *("0", "01", "-1", "1.0", "1e3", "+1", "abc", "1%00", "1%20", "%20", "null", "NaN", "0x10", "1,2", "1;2"),
    *("٣", "１", "²", "1" * 19, "1" * 5000, str(2**31), str(2**63), str(2**64), "1%0a", "%F0%28", "..%2f1", "1'--"),
)


def numbered(app: Flask) -> Iterator[str]:
    """Every address with a number in it, with NUMBER in its place."""
    for rule in app.url_map.iter_rules():
        if "<number" in rule.rule and "GET" in (rule.methods or ()):
            yield TOWN + re.sub(r"<\w+:tail>", "x", re.sub(r"<number:\w+>", "NUMBER", rule.rule)).replace("<tail>", "x")


def test_a_strange_number_is_not_found(app, admin, number):
    addresses = list(numbered(app))
    assert f"{TOWN}/novini/NUMBER" in addresses
    assert len(addresses) >= 6
    for address in addresses:
        for strange in STRANGE_NUMBERS:
            if address.replace("NUMBER", strange) == CATEGORIES:
                continue
            answer = admin.get(address.replace("NUMBER", strange))
            assert answer.status_code == 404, (address, strange[:30])


STRANGE_CURSORS = (
    *("", "x", "-", "1", "20261118T101500.000000", "20261118T101500.000000-", "-7", "20261118T101500.000000-x"),
    *(f"20261118T101500.000000-{n}" for n in ("0", "-1", "9" * 19, 2**63, "٣", "9" * 5000, "1\x00", 2**31)),
    *("99999999T999999.999999-7", "20261318T101500.000000-7", "20261118-7", "\x00-7", "20261118T101500.9999999-7"),
)


def test_a_strange_place_in_a_list_is_not_found(client, number):
    for cursor in STRANGE_CURSORS:
        answer = client.get(f"{TOWN}/novini", query_string={"sled": cursor, "ot": "21"})
        assert answer.status_code == 404, cursor[:40]
    for position in ("", "x", "0", "-1", "9" * 19, "1" * 5000, "٣"):
        answer = client.get(f"{TOWN}/novini", query_string={"sled": "20261118T101500.000000-7", "ot": position})
        assert answer.status_code == 404, position[:40]
    for far in ("00010101T000000.000000", "99991231T235959.999999"):
        assert client.get(f"{TOWN}/novini", query_string={"sled": f"{far}-7", "ot": "21"}).status_code == 200, far


def test_a_strange_question_is_answered_or_not_found(admin, client, number):
    odd = ("\x00", "x" * 5000, "%", "'\"<>", "٣", "-1", str(2**63), "\ud7ff", "a\r\nSet-Cookie: x=1")
    for value in odd:
        for page, name in (("novini", "kategoria"), ("novini.atom", "kategoria"), ("vhod", "next"), ("", "x")):
            answer = client.get(f"{TOWN}/{page}", query_string={name: value})
            assert answer.status_code in (200, 404), (page, name, value[:20])
            assert "Set-Cookie" not in answer.headers
        for name in ("tab", "after"):
            answer = admin.get(f"{TOWN}/rabota/novini", query_string={name: value})
            assert answer.status_code in (200, 404), (name, value[:20])
        assert admin.get(f"{TOWN}/rabota/novini/{number}/versii", query_string={"after": value}).status_code in (
            200,
            404,
        )


BROKEN = ("%ff%fe", "%c3%28", "%ed%a0%80", "%00", "%f4%90%80%80", "%0d%0aX-Injected:%201")


def test_bytes_that_are_no_text_break_nothing(app, client, number):
    for broken in BROKEN:
        for path in (f"/{broken}", f"{TOWN}/{broken}", f"{TOWN}/novini/{broken}", f"{TOWN}/novini/{number}/{broken}"):
            answer = client.get(path)
            assert answer.status_code in (301, 404), path
            assert "X-Injected" not in answer.headers
        for path in (f"/?{broken}", f"{TOWN}/novini?kategoria={broken}", f"{TOWN}/vhod?next={broken}"):
            assert client.get(path).status_code in (200, 404), path


# ---- Bodies


def send_raw(somebody: Visitor, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> Any:
    return somebody.client.post(path, data=body, content_type=kind, headers=OURS)


def test_bytes_that_are_no_text_are_refused_or_kept_as_they_were_written(app, admin):
    """In a form of parts they are refused beside the field; in an address-like form they stay percent signs."""
    for broken in (b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80"):
        fields = {b"_token": admin.token.encode(), b"title": broken, b"body": b"x", b"do": b"save"}
        parts = b"".join(
            b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % field for field in fields.items()
        )
        answer = send_raw(admin, NEW, parts + b"--b--\r\n", "multipart/form-data; boundary=b")
        assert answer.status_code == 422, broken
        assert 'id="title-error"' in answer.text
    assert titles(app) == []
    body = b"_token=" + admin.token.encode() + b"&title=%ff%fe&body=x&do=save"
    assert send_raw(admin, NEW, body).status_code == 303
    assert titles(app) == ["%FF%FE"]


UNSEEN = (
    "\x00",
    "a\x00b",
    "a\x08b",
    "a\x1bb",
    "a\u202eb",
    "a\u2066b",
    "a" + "\u0301" * 9,
    "\ufffe",
    "a\ufffdb",
    "a\x85b",
)


def test_characters_that_no_text_holds_are_refused_in_every_field(app, admin, number):
    names = ("title", "short_title", "lead", "body", "office", "en_title", "en_body", "tr_lead", "topic", "publish_at")
    for name in names:
        for unseen in UNSEEN:
            answer = admin.send(NEW, STORY | {"en_title": "x", "tr_title": "x"} | {name: unseen})
            assert answer.status_code == 422, (name, unseen)
    for name in ("revision", "do", "towns", "_key"):
        assert admin.send(NEW, STORY | {"title": "", name: "\x00"}).status_code == 422, name
    for unseen in UNSEEN:
        assert admin.send(CATEGORIES, {"name_bg": unseen}).status_code == 422, unseen
        assert admin.client.post(f"{TOWN}/vhod", data={"email": unseen}, headers=OURS).status_code in (403, 422, 429)
    assert titles(app) == ["Новина"]


def test_what_is_too_large_is_refused_to_everybody(app, client, admin):
    for somebody, path in ((Visitor("visitor", client), f"{TOWN}/vhod"), (admin, NEW), (admin, f"{TOWN}/izhod")):
        answer = somebody.send(path, {"email": "x" * (1024 * 1024 + 1)})
        assert answer.status_code == 413, path
        assert answer.mimetype == "text/html"
    assert admin.get(NEW).status_code == 200


def test_very_many_fields_are_refused_or_ignored(app, admin, client):
    many = b"&".join(b"a%d=1" % turn for turn in range(40_000))
    assert send_raw(admin, NEW, many).status_code == 403  # no token among them
    assert send_raw(admin, NEW, many + b"&_token=" + admin.token.encode()).status_code in (413, 422)
    parts = "".join(f'--b\r\nContent-Disposition: form-data; name="a{turn}"\r\n\r\n1\r\n' for turn in range(1000))
    for somebody, path in ((admin, NEW), (Visitor("visitor", client), f"{TOWN}/vhod")):
        body = (parts + "--b--\r\n").encode()
        assert send_raw(somebody, path, body, "multipart/form-data; boundary=b").status_code in (413, 422)
    assert titles(app) == []


@pytest.mark.parametrize("name", ["title", "body", "topic", "publish_at", "towns", "revision", "do"])
def test_a_file_under_the_name_of_a_field_is_not_taken_for_its_text(app, admin, name):
    typed: dict[str, Any] = STORY | {name: (io.BytesIO(b"<b>file</b>"), "story.txt")}
    answer = admin.send(NEW, typed, content_type="multipart/form-data")
    assert answer.status_code == (422 if name in STORY and name != "do" else 303)
    assert titles(app) == ([] if answer.status_code == 422 else ["Нов мост"])


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml", "text/html", "x", ""])
def test_only_forms_are_read(app, admin, client, kind):
    deep = b'{"title":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    for somebody, path in ((admin, NEW), (Visitor("visitor", client), f"{TOWN}/vhod")):
        assert send_raw(somebody, path, deep, kind).status_code == 415
    assert titles(app) == []


@pytest.mark.parametrize(
    "body", [b"", b"--b", b"--b\r\n\r\n", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n"]
)
def test_a_form_that_is_cut_short_breaks_nothing(admin, client, body):
    for kind in ("multipart/form-data; boundary=b", "multipart/form-data", "multipart/form-data; boundary="):
        assert send_raw(Visitor("visitor", client), f"{TOWN}/vhod", body, kind).status_code in (400, 413, 422, 429)
        assert send_raw(admin, NEW, body, kind).status_code in (400, 403, 413)


# ---- Fields


def test_a_form_takes_the_fields_that_it_shows_and_no_others(app, admin):
    extra = {
        *(("state", "published"), ("municipality_id", "18"), ("id", "77"), ("by_id", "1"), ("body_html", "<script>")),
        *(("slug", "x"), ("published_at", "2020-01-01"), ("kind", "publication"), ("withdrawn_reason", "x")),
    }
    assert admin.send(NEW, STORY | dict(extra)).status_code == 303
    with app.app_context(), inside(town(ON)) as here:
        [post] = db.session.scalars(select(Post))
        assert (post.state, post.municipality_id, post.slug) == ("draft", here.id, "nov-most")
        assert post.id != 77
        assert post.published_at is None
        assert post.body_html == "<p>Откриваме моста.</p>\n"


@pytest.mark.parametrize("towns", [["SZR31"], ["nowhere"], ["SLV20"], ["JAM26", "x"], ["1"]])
def test_a_town_that_is_not_offered_is_refused(app, admin, towns):
    assert admin.send(NEW, STORY | {"towns": towns}).status_code == 422
    assert titles(app) == []


TIMES = (
    "x",
    "2026-13-01T10:00",
    "2026-02-30 10:00",
    "0001-01-01T00:00",
    "01.01.0001 00:00",
    "10:00",
    "9" * 5000,
    "2027-03-28T03:30",
)


@pytest.mark.parametrize("typed", TIMES)
def test_a_time_that_is_none_is_refused_beside_the_field(app, admin, typed):
    answer = admin.send(NEW, STORY | {"publish_at": typed, "do": "publish"})
    assert answer.status_code == 422
    assert 'id="publish_at-error"' in answer.text
    assert titles(app) == []


WRONG_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    NEW: {
        "title": ("", "x" * 301, "две\nредици"),
        "short_title": ("x" * 81,),
        "lead": ("x" * 601,),
        "body": ("", " \n ", "x" * 50_001),
        "office": ("x" * 121,),
        "topic": ("nyama",),
        "en_title": ("x" * 301,),
        "tr_title": ("x" * 301,),
        "publish_at": ("вчера",),
    },
    SETTINGS: {"news.on_home": ("", "11", "-1", "три", "9" * 5000, "1.5")},
    CATEGORIES: {"name_bg": ("", "x" * 61), "name_en": ("x" * 61,), "name_tr": ("x" * 61,)},
}
DECIDED = {"news.on_home": "3", "notices.days": "7", "events.on_home": "4", "events.offer_hours": "24"}
DECIDED |= {"events.remind_hours": "24", "events.erase_after_days": "30"}
DECIDED |= {"consultations.on_home": "4", "participation.moderated": "after"}
GOOD = {NEW: STORY, SETTINGS: DECIDED, CATEGORIES: {"name_bg": "Ремонти"}}
# A word of the sentence that stands beside the field, so that a page in the wrong language is noticed.
LETTERS = {"": re.compile("[а-я]{3}"), "/en": re.compile("[a-z]{3}"), "/tr": re.compile("[a-zçğıöşü]{3}")}


@pytest.mark.parametrize("language", LETTERS)
@pytest.mark.parametrize("path", WRONG_FIELDS)
def test_each_wrong_field_has_its_sentence_beside_it_and_the_text_comes_back(app, admin, number, path, language):
    before = database_state(app)
    address = path.replace(TOWN, TOWN + language)
    for name, wrongs in WRONG_FIELDS[path].items():
        for wrong in wrongs:
            answer = admin.send(
                address, GOOD[path] | {name: wrong, "office": wrong if name == "office" else "Дирекция"}
            )
            assert answer.status_code == 422, (name, wrong[:20])
            beside = re.search(rf'id="{name}-error">.*?</span>(.*?)</span>', answer.text)
            assert beside is not None, (name, wrong[:20])
            assert LETTERS[language].search(beside[1]), beside[1]
            if path == NEW:
                assert 'value="Дирекция"' in answer.text or name == "office"
            if wrong.strip() and len(wrong) < 400 and name != "topic":
                assert wrong.split("\n")[0] in answer.text
    assert database_state(app) == before


def test_what_an_operation_refuses_comes_back_with_what_was_typed(app, admin, number):
    before = database_state(app)
    answer = admin.send(CATEGORIES, {"name_bg": "РЕМОНТИ", "name_en": "Repairs here"})
    assert answer.status_code == 422
    assert 'value="Repairs here"' in answer.text
    past = admin.send(NEW, STORY | {"publish_at": "2020-01-01T10:00", "do": "publish"})
    assert past.status_code == 422
    assert "Откриваме моста." in past.text
    assert database_state(app) == before
    with app.app_context(), inside(town(ON)):
        assert len(db.session.scalars(select(Category)).all()) == 1


# ---- Methods


def test_head_and_options_answer_like_the_page_and_change_nothing(app, client, admin, number):
    before = database_state(app)
    for path in ("/", f"{TOWN}/", f"{TOWN}/novini", f"{TOWN}/novini/{number}", f"{TOWN}/novini.atom", f"{TOWN}/vhod"):
        whole, head, options = client.get(path), client.head(path), client.options(path)
        assert (head.status_code, head.data) == (whole.status_code, b"")
        assert head.headers.get("ETag") == whole.headers.get("ETag")
        assert options.status_code == 200
        assert {"GET", "HEAD"} <= set(options.headers["Allow"].split(", "))
    assert admin.client.options(f"{TOWN}/izhod").status_code == 200
    assert admin.client.head(f"{TOWN}/rabota").status_code == 200
    assert database_state(app) == before


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PATCH", "DELETE", "PROPFIND", "FOO"])
def test_other_methods_are_refused(app, client, admin, number, method):
    before = database_state(app)
    for somebody in (client, admin.client):
        for path in (f"{TOWN}/", f"{TOWN}/novini/{number}", f"{TOWN}/rabota/novini/{number}", f"{TOWN}/vhod"):
            answer = somebody.open(path, method=method, headers=OURS | {"X-Secret": "echo"})
            assert answer.status_code == 405, path
            assert "echo" not in answer.text
    assert database_state(app) == before
