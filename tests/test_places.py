"""Places: a town under a path or on its own host, the region, the languages, and the addresses that lead there."""

from __future__ import annotations

import csv
import re
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from consult import publishing
from consult.addresses import address_of
from consult.db import db, operation
from consult.people import add_person, give_role
from consult.registry import RESERVED_PATHS
from consult.tenancy import Municipality, inside
from consult.testing.factories import ON, PASSWORD, sign_in, town
from plugins.news.models import Post
from plugins.news.operations import name_category

REGION, OWN = "http://uchastvay.example", "http://starazagora.example"
BY_PATH, BY_HOST = (REGION, "/stara-zagora"), (OWN, "")
# What is read from the address alone is the same on every database.
on_one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
PAGES = ("/", "/novini", "/novini?kategoria=aktualno", "/novini.atom", "/vhod", "/theme.css")


@pytest.fixture
def region(app: Flask) -> FlaskClient:
    """A visitor of an installation at uchastvay.example, in which Stara Zagora has a piece of news."""
    app.config.update(ORIGIN=REGION, REGION_HOSTS=["uchastvay.example", "localhost", "[::1]"])
    with app.app_context(), inside(town(ON)):
        name_category("Актуално", "Latest", "Güncel")
        words = {"en": {"title": "A round table", "lead": "", "body": "Come."}}
        post = publishing.write(Post(title="Кръгла маса", body="Елате.", topic="aktualno"), words)
        publishing.publish(post)
        db.session.commit()
    return app.test_client()


@operation
def _settle(**columns: object) -> None:
    stara_zagora = db.session.scalars(select(Municipality).where(Municipality.code == ON)).one()
    for name, value in columns.items():
        setattr(stara_zagora, name, value)


def settle(app: Flask, **columns: object) -> None:
    with app.app_context():
        _settle(**columns)
        db.session.commit()


@pytest.fixture(params=["path", "host"])
def at_home(request: pytest.FixtureRequest, app: Flask, region: FlaskClient) -> tuple[str, str]:
    """Where Stara Zagora lives: host and path; under the region's host, or at the root of its own."""
    if request.param == "path":
        return BY_PATH
    settle(app, host="starazagora.example")
    return BY_HOST


def get(client: FlaskClient, address: str) -> TestResponse:
    """Follows no redirects; the address is a full one."""
    parts = urlsplit(address)
    return client.get(parts.path + (f"?{parts.query}" if parts.query else ""), base_url=f"http://{parts.netloc}")


def links(page: TestResponse, attribute: str = "href|action") -> list[str]:
    return [unescape(one) for one in re.findall(rf'<[^>]+ (?:{attribute})="([^"]+)"', page.text)]


def alternates(page: TestResponse) -> dict[str, str]:
    found = re.findall(r'<link rel="alternate" hreflang="(\w\w)" href="([^"]+)"', page.text)
    return {language: unescape(address) for language, address in found}


# ------------------------------------------------------------------------------------------------ where a town lives


def test_the_same_pages_answer_under_a_path_and_on_a_host_of_the_towns_own(region, at_home):
    host, root = at_home
    for path in PAGES:
        assert get(region, f"{host}{root}{path}").status_code == 200, path
    assert get(region, f"{host}{root}/rabota").location == f"{root}/vhod?next={root}/rabota"
    assert get(region, f"{host}{root}/novini/999").status_code == 404


@on_one_database
@pytest.mark.parametrize("language", ["", "/en", "/tr"])
def test_every_link_of_a_town_leads_to_a_page(region, at_home, language):
    host, root = at_home
    seen, waiting = set(), [f"{host}{root}{language}/"]
    while waiting:
        address = waiting.pop()
        page = get(region, address)
        assert page.status_code == 200, address
        seen.add(address)
        if page.mimetype != "text/html" or not address.startswith(f"{host}{root}/"):
            continue
        for link in links(page):
            target = urljoin(address, link).split("#")[0]
            if target.startswith("http") and target not in seen and target not in waiting:
                waiting.append(target)
    assert f"{host}{root}{language}/novini" in seen
    assert {one for one in seen if "yambol" in one}, "the foot of the page leads to the other towns"


@on_one_database
def test_links_stay_in_the_town_and_in_the_language(region, at_home):
    host, root = at_home
    page = get(region, f"{host}{root}/en/novini")
    own = [one for one in links(page) if "novini" in one and one.startswith("/") and "hreflang" not in one]
    languages = {f"{root}/novini", f"{root}/tr/novini"}
    assert {one for one in own if not one.startswith(f"{root}/en/")} == languages
    if root == "":
        assert "stara-zagora" not in "".join(own)


@on_one_database
def test_static_files_have_one_address_for_all_places_and_languages(region, at_home):
    host, root = at_home
    sheets = {
        address
        for page in (f"{REGION}/", f"{host}{root}/", f"{host}{root}/en/novini", f"{REGION}/yambol/tr/")
        for address in links(get(region, page))
        if address.endswith(".css") and "theme" not in address
    }
    assert len(sheets) == 1
    assert sheets.pop().startswith("/static/")


@on_one_database
def test_a_town_without_the_last_slash_is_led_to_it_with_what_was_asked(region):
    answer = get(region, f"{REGION}/stara-zagora?utm=qr")
    assert (answer.status_code, answer.location) == (308, "/stara-zagora/?utm=qr")
    assert get(region, f"{REGION}/stara-zagora/en").location == "/stara-zagora/en/"
    assert get(region, f"{REGION}/en").location == "/en/"


def test_a_closed_town_is_as_if_it_did_not_exist(app, region):
    assert get(region, f"{REGION}/stara-zagora/novini").status_code == 200
    settle(app, is_open=False, host="starazagora.example")
    assert get(region, f"{REGION}/stara-zagora/").status_code == 404
    assert get(region, f"{REGION}/stara-zagora/novini").status_code == 404
    assert get(region, f"{OWN}/").status_code == 400
    assert "stara-zagora" not in "".join(links(get(region, f"{REGION}/")))


def test_the_region_has_its_own_pages_and_no_others(region):
    for language in ("", "/en", "/tr"):
        page = get(region, f"{REGION}{language}/")
        assert page.status_code == 200
        assert f'<html lang="{language[1:] or "bg"}">' in page.text
        assert {f"{language}/stara-zagora/", f"/stara-zagora{language}/"} & set(links(page))
    for path in ("/novini", "/rabota", "/admin/moduli", "/bg/", "/de/", "/en/stara-zagora/", "/nikade/"):
        assert get(region, f"{REGION}{path}").status_code == 404, path


def test_the_installation_is_run_from_the_region_only(app, region):
    settle(app, host="starazagora.example")
    assert get(region, f"{REGION}/operator").status_code == 302
    assert get(region, f"{REGION}/stara-zagora/operator").status_code == 404
    assert get(region, f"{OWN}/operator").status_code == 404


def test_no_town_has_a_name_that_the_addresses_need():
    file = Path(__file__).parents[1] / "consult" / "data" / "municipalities.csv"
    with file.open(encoding="utf-8", newline="") as rows:
        slugs = {row["slug"] for row in csv.DictReader(rows)}
    assert len(slugs) == 33
    assert not slugs & (RESERVED_PATHS | {"healthz", "robots.txt", ".well-known", "theme.css"})


# ------------------------------------------------------------------------------------------------ hosts


@on_one_database
@pytest.mark.parametrize("host", ["uchastvay.example:8443", "UCHASTVAY.example", "localhost:5000", "[::1]", "[::1]:80"])
def test_a_host_is_known_with_any_port_and_in_any_case(region, host):
    assert region.get("/stara-zagora/", headers={"Host": host}).status_code == 200


@on_one_database
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "uchastvay.example.evil.example", "[::2]", "[::1", ""]
)
def test_a_host_that_is_not_ours_is_refused(region, host):
    answer = region.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text


@on_one_database
def test_an_unknown_host_may_ask_for_health_and_nothing_else(region):
    evil = {"Host": "10.0.0.7"}
    assert region.get("/healthz", headers=evil).status_code == 200
    assert region.get("/vhod", headers=evil).status_code == 400


def test_two_towns_with_hosts_of_their_own_never_show_each_others_pages(app, region):
    settle(app, host="starazagora.example")
    with app.app_context():
        _give_host("JAM26", "yambol.example")
        db.session.commit()
    first, second = get(region, f"{OWN}/"), get(region, "http://yambol.example/")
    assert "Стара Загора" in first.text.partition("</title>")[0]
    assert "Ямбол" in second.text.partition("</title>")[0]
    assert first.headers["ETag"] != second.headers["ETag"]


@operation
def _give_host(code: str, host: str) -> None:
    db.session.scalars(select(Municipality).where(Municipality.code == code)).one().host = host


# ------------------------------------------------------------------------------------------------ languages


@on_one_database
def test_the_language_switch_stays_on_the_page_with_its_filters(region, at_home):
    host, root = at_home
    page = get(region, f"{host}{root}/novini?kategoria=aktualno")
    for language in ("en", "tr"):
        link = f"{root}/{language}/novini?kategoria=aktualno"
        assert link in links(page)
        other = get(region, f"{host}{link}")
        assert f'<html lang="{language}">' in other.text
        assert f"{root}/novini?kategoria=aktualno" in links(other), "and back"


@on_one_database
def test_search_engines_are_told_full_addresses_of_the_configured_host(region, at_home):
    host, root = at_home
    asked = region.get(
        f"{root}/novini?kategoria=aktualno",
        base_url=host if host == OWN else "http://localhost:5000",
        headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    )
    for language, address in alternates(asked).items():
        prefix = "" if language == "bg" else f"/{language}"
        assert address == f"{host}{root}{prefix}/novini?kategoria=aktualno"
        assert get(region, address).status_code == 200
    assert {"en", "tr"} <= set(alternates(asked))
    assert "evil.example" not in asked.text


# ------------------------------------------------------------------------------------------------ addresses


def test_an_address_is_built_from_the_configuration_and_never_from_the_request(app, region):
    def addresses() -> list[str]:
        stara_zagora = town(ON)
        return [
            address_of(stara_zagora, "bg", "news.post", number=7),
            address_of(stara_zagora, "tr", "news.posts", kategoria="aktualno"),
            address_of(None, "en", "home.home"),
        ]

    expected = [
        f"{REGION}/stara-zagora/novini/7",
        f"{REGION}/stara-zagora/tr/novini?kategoria=aktualno",
        f"{REGION}/en/",
    ]
    with app.app_context():
        assert addresses() == expected
    with app.test_request_context("/yambol/en/", base_url="http://evil.example"):
        assert addresses() == expected
    settle(app, host="starazagora.example")
    with app.app_context():
        assert addresses() == [f"{OWN}/novini/7", f"{OWN}/tr/novini?kategoria=aktualno", f"{REGION}/en/"]


# ------------------------------------------------------------------------------------------------ signing in


@pytest.fixture
def editor(app: Flask, region: FlaskClient) -> str:
    """The address of an editor of Stara Zagora who has a password."""
    with app.app_context(), inside(town(ON)):
        give_role(add_person("pisar@starazagora.example", "Писар", PASSWORD), "editor")
        db.session.commit()
    return "pisar@starazagora.example"


def come_in(client: FlaskClient, place: tuple[str, str], email: str, wish: str = "") -> TestResponse:
    host, root = place
    form = {"email": email, "password": PASSWORD, "next": wish}
    return client.post(f"{root}/vhod", base_url=host, data=form, headers={"Origin": host})


def test_the_cookie_is_for_the_whole_host_and_for_no_other(app, editor, at_home):
    browser = app.test_client()
    cookie = come_in(browser, at_home, editor).headers["Set-Cookie"]
    assert {"Path=/", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    host, root = at_home
    assert get(browser, f"{host}{root}/rabota").status_code == 200
    other = BY_PATH if host == OWN else ("http://localhost", "/stara-zagora")
    assert get(browser, f"{other[0]}{other[1]}/rabota").status_code == 302


@on_one_database
@pytest.mark.parametrize("wish", ["/rabota/novini?tab=drafts", "/novini", "/en/rabota"])
def test_signing_in_goes_on_to_the_page_that_was_asked_for(app, editor, at_home, wish):
    host, root = at_home
    answer = come_in(app.test_client(), at_home, editor, f"{root}{wish}")
    assert answer.status_code == 303
    expected = f"{root}{wish}" if not wish.startswith("/en") else f"{root}/rabota"  # another language is another place
    assert answer.location == expected
    assert get(app.test_client(), f"{host}{root}/vhod?next={root}{wish}").status_code == 200


@on_one_database
def test_signing_in_never_leads_to_another_site_or_to_nothing(app, editor):
    wishes = (
        "https://evil.example/",
        "//evil.example/rabota",
        "/\\evil.example",
        "/stara-zagora//evil.example/",
        "javascript:alert(1)",
        "http://[::1",
        "/yambol/rabota",
        "/stara-zagora/nothing",
        "/stara-zagoraevil/rabota",
    )
    for wish in wishes:
        assert come_in(app.test_client(), BY_PATH, editor, wish).location == "/stara-zagora/rabota", wish


def test_who_turns_up_at_a_closed_door_comes_back_to_it_after_signing_in(app, editor, at_home):
    host, root = at_home
    browser = app.test_client()
    door = get(browser, f"{host}{root}/rabota/novini?tab=drafts")
    page = get(browser, f"{host}{door.location}")
    wish = re.search(r'name="next" value="([^"]*)"', page.text)
    assert wish is not None
    answer = come_in(browser, at_home, editor, unescape(wish[1]))
    assert answer.location == f"{root}/rabota/novini?tab=drafts"


def test_a_role_in_one_town_is_none_in_another(app, region):
    editor = sign_in(app, "editor")
    assert editor.client.get("/stara-zagora/rabota").status_code == 200
    assert editor.client.get("/yambol/rabota").status_code == 403
