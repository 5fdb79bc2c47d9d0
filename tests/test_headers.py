"""Headers: what every answer says to the browser, whatever it answers; and who gets a cookie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from consult.clock import now
from consult.db import db
from consult.people import add_person
from consult.publishing import publish, withdraw, write
from consult.tenancy import inside
from consult.testing.applications import furnished
from consult.testing.databases import Databases
from consult.testing.factories import ON, PASSWORD, email_of, town
from plugins.news.models import Post
from tests.pages import OURS, visitor, walk

POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
TOWN = "/stara-zagora"


@pytest.fixture
def secure(databases: Databases) -> Iterator[Flask]:
    """The application as it runs behind TLS."""
    with furnished(databases.clean("sqlite"), SECURE=True) as app:
        yield app


def answers(app: Flask) -> Iterator[tuple[str, TestResponse]]:
    """Every kind of answer: pages, what leads on, every error, files, and what is not ours."""
    with app.app_context(), inside(town(ON)):
        for title in ("Новина", "Оттеглена"):
            post = write(Post(title=title, body="x"))
            publish(post)
        withdraw(post, "Причина.")
        db.session.commit()
        number = post.id
    client, editor = app.test_client(), visitor(app, "editor")
    yield "200", client.get(f"{TOWN}/")
    yield "200 of the region", client.get("/")
    yield "200 HEAD", client.head(f"{TOWN}/")
    yield "200 OPTIONS", client.options(f"{TOWN}/vhod")
    yield "200 feed", client.get(f"{TOWN}/novini.atom")
    yield "200 theme", client.get(f"{TOWN}/theme.css")
    yield "200 health", client.get("/healthz")
    yield "200 signed in", editor.get(f"{TOWN}/rabota")
    yield "301", client.get(f"{TOWN}/novini/{number - 1}/drugo")
    yield "302", client.get(f"{TOWN}/rabota")
    yield "303", editor.send(f"{TOWN}/izhod")
    tag = client.get(f"{TOWN}/").headers["ETag"]
    yield "304", client.get(f"{TOWN}/", headers={"If-None-Match": tag})
    yield "308", client.get(TOWN)
    yield "400", client.get("/", headers={"Host": "elsewhere.example"})
    yield "401", client.post(f"{TOWN}/rabota/novini/nova", headers=OURS)
    yield "403", visitor(app, "resident").get(f"{TOWN}/rabota")
    yield "404", client.get(f"{TOWN}/nyama")
    yield "405", client.delete(f"{TOWN}/")
    yield "409", visitor(app, "admin").send(f"{TOWN}/rabota/novini/{number}/arhivirai")
    yield "410", client.get(f"{TOWN}/novini/{number}")
    yield "413", client.post(f"{TOWN}/vhod", data={"email": "x" * 2_000_000}, headers=OURS)
    yield "415", client.post(f"{TOWN}/vhod", json={"email": "x"}, headers=OURS)
    yield "422", client.post(f"{TOWN}/vhod", data={"email": ""}, headers=OURS)
    for _ in range(11):
        answer = client.post(f"{TOWN}/vhod", data={"email": "kogo@da.e", "password": ""}, headers=OURS)
    yield "429", answer
    yield "500", broken(app)


def broken(app: Flask) -> TestResponse:
    """The answer when the program itself makes a mistake."""
    feed = app.view_functions["news.feed"]
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["news.feed"] = _mistaken
    try:
        return app.test_client().get(f"{TOWN}/novini.atom?n")
    finally:
        app.view_functions["news.feed"] = feed


def _mistaken() -> str:
    raise ZeroDivisionError


def test_every_answer_carries_the_headers_that_protect_its_reader(app):
    for name, answer in answers(app):
        assert str(answer.status_code) == name.split()[0], (name, answer.text[:200])
        said = dict(one.strip().split(" ", 1) for one in answer.headers["Content-Security-Policy"].split(";"))
        assert said == POLICY, name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        assert answer.headers["Referrer-Policy"] == "same-origin", name
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert "camera=()" in answer.headers["Permissions-Policy"], name
        assert "Strict-Transport-Security" not in answer.headers, name
        assert "Cache-Control" in answer.headers or answer.status_code in (308, 400), name
        if answer.status_code >= 400:
            assert "public" not in answer.headers.get("Cache-Control", ""), name


def test_files_are_what_they_say_and_are_kept_for_long(app, client):
    page = client.get(f"{TOWN}/").text
    files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page))
    assert files
    for path in files:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert "immutable" in answer.headers["Cache-Control"], path
        assert "Access-Control-Allow-Origin" not in answer.headers, path
        assert "Set-Cookie" not in answer.headers, path


def test_behind_tls_every_answer_asks_to_come_by_tls_again(secure):
    for name, answer in answers(secure):
        assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains", name


# ---- Cookies


def test_a_reader_gets_no_cookie_on_any_page(app):
    with app.app_context(), inside(town(ON)):
        publish(write(Post(title="Новина", body="x")))
        db.session.commit()
    reader, seen = visitor(app), []
    for path, answer in walk(reader, ["/", f"{TOWN}/", "/yambol/", "/nyama", f"{TOWN}/rabota", f"{TOWN}/novini/0"]):
        assert "Set-Cookie" not in answer.headers, path
        seen.append(path)
    assert {f"{TOWN}/novini", f"{TOWN}/vhod", f"{TOWN}/en/novini", f"{TOWN}/novini.atom"} <= set(seen)
    wrong = reader.send(f"{TOWN}/vhod", {"email": "a@b.c", "password": "грешна"})
    assert wrong.status_code == 422
    assert "Set-Cookie" not in wrong.headers


def cookie_of(app: Flask, base_url: str) -> SimpleCookie:
    with app.app_context():
        add_person(email_of("editor"), "Редактор", PASSWORD)
        db.session.commit()
    typed = {"email": email_of("editor"), "password": PASSWORD}
    answer = app.test_client().post(f"{TOWN}/vhod", base_url=base_url, data=typed, headers=OURS)
    assert answer.status_code == 303
    [header] = answer.headers.getlist("Set-Cookie")
    return SimpleCookie(header)


def test_the_cookie_of_a_sign_in_is_kept_from_scripts_and_other_sites(app):
    cookie = cookie_of(app, "http://localhost")["consult"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert not cookie["domain"]
    assert not cookie["secure"]


def test_behind_tls_the_cookie_is_bound_to_its_host(secure):
    cookie = cookie_of(secure, "https://localhost")["__Host-consult"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert not cookie["domain"]


# ---- security.txt


def test_security_txt_says_whom_to_tell(app, client):
    answer = client.get("/.well-known/security.txt")
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.text.endswith("\n")
    fields = [line.split(": ", 1) for line in answer.text.splitlines()]
    names = [name for name, _value in fields]
    values = dict(fields)
    assert names.count("Contact") >= 1
    assert names.count("Expires") == 1
    assert names.count("Preferred-Languages") <= 1
    assert values["Contact"].startswith(("mailto:", "https://", "tel:"))
    expires = datetime.strptime(values["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert now() + timedelta(days=30) < expires < now() + timedelta(days=366)
    assert values["Canonical"] == f"{app.config['ORIGIN']}/.well-known/security.txt"
    assert client.get("/.well-known/security.txt", headers={"Host": "elsewhere.example"}).text == answer.text
