"""The staff's first page, and benches: one for each kind of publication that a plugin has."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from consult.db import db
from consult.publishing import Publication, write
from consult.tenancy import inside
from consult.testing.factories import ON, town
from consult.web.pages import Pages
from consult.web.publication_form import PublicationForm
from consult.web.workbench import Workbench
from plugins.news.models import Post
from tests.pages import visitor

DESK = "/stara-zagora/rabota"


def bench(kind: type[Publication], path: str, prefix: str) -> Workbench:
    return Workbench(
        kind=kind,
        form=PublicationForm,
        path=path,
        new_word="nova",
        may_write="two.write",
        may_withdraw="two.withdraw",
        title=path,
        new_title=path,
        article="two/_article.html",
        view_endpoint="two.one",
        topics=list,
        prefix=prefix,
    )


def test_two_kinds_of_one_plugin_have_a_bench_each():
    pages, app = Pages("two", __name__), Flask(__name__)
    app.url_map.converters["number"] = IntegerConverter
    benches = bench(Post, "parvi", "desk"), bench(Publication, "vtori", "second")
    for one in benches:
        one.attach(pages)
    app.register_blueprint(pages)
    assert app.extensions["consult.editors"] == {"news.post": "two.desk_edit", "publication": "two.second_edit"}
    with app.test_request_context():
        assert [one.url("list") for one in benches] == ["/rabota/parvi", "/rabota/vtori"]
        assert [one.url("new") for one in benches] == ["/rabota/parvi/nova", "/rabota/vtori/nova"]


@pytest.fixture
def draft(app: Flask) -> int:
    with app.app_context(), inside(town(ON)):
        number = write(Post(title="Чернова", body="x")).id
        db.session.commit()
        return number


def test_a_draft_leads_to_the_page_on_which_its_kind_is_written(app, draft):
    assert f"{DESK}/novini/{draft}" in visitor(app, "editor").get(DESK).text


def test_a_kind_without_a_bench_is_left_out(app, draft, monkeypatch):
    monkeypatch.delitem(app.extensions["consult.editors"], "news.post")
    answer = visitor(app, "editor").get(DESK)
    assert answer.status_code == 200
    assert f"{DESK}/novini/{draft}" not in answer.text
