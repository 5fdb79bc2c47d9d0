"""The tree obeys the house's rules, and every rule catches what it forbids."""

from __future__ import annotations

import pytest

from tests.lint import python_rules, template_rules
from tests.lint.sources import ROOT, Source, files, python_sources, template_sources, written_sources

PLANTED = {
    "docstring": ["import os\n", '"""Two words."""\nimport os\n', '"""A sentence that does not end"""\nimport os\n'],
    "external": ["url_for('home', _external=True)\n"],
    "markup": ["Markup(value)\n", "markupsafe.Markup(f'<b>{value}</b>')\n", "Markup(body.html)\n"],
    "template-string": ["from flask import render_template_string\n", "flask.render_template_string(typed)\n"],
    "built-sql": [
        "session.execute(f'select {name}')\n",
        "session.execute(text('select ' + name))\n",
        "connection.exec_driver_sql('select %s' % name)\n",
        "session.scalars('select {}'.format(name))\n",
        "session.execute(text(f'select {name}'))\n",
    ],
    "text-sql": ["from sqlalchemy import select, text\n", "import sqlalchemy as sa\nsa.text('select 1')\n"],
    "raw-table": ["select(Person.__table__)\n", "Base.metadata.tables['person']\n"],
    "clock": ["datetime.now(UTC)\n", "datetime.datetime.utcnow()\n", "date.today()\n"],
    "print": ["print('hello')\n"],
    "unfinished": ["x = 1  # TODO: more\n", 'def f():\n    """FIXME."""\n'],
}
INNOCENT = {
    "docstring": ["", '"""What lives here, in one sentence."""\n'],
    "external": ["url_for('home', page=2)\n"],
    "markup": ["Markup('<b>{}</b>').format(value)\n", "Markup(render_template('card.html', **facts))\n"],
    "template-string": ["render_template('home.html')\n"],
    "built-sql": [
        "session.execute(select(Person))\n",
        "session.execute(text('select :a'), {'a': 1})\n",
        "a.text(b + c)\n",
    ],
    "text-sql": ["from consult.text import slug\n", "answer.text\n"],
    "raw-table": ["select(Person)\n", "page.tables\n", "Person.__table__.name\n"],
    "clock": ["clock.now()\n", "today()\n"],
    "print": ["log.info('hello')\n", "sheet.print()\n"],
    "unfinished": ["method = 'TODO'\n"],
}
PLANTED_IN_TEMPLATES = {
    "safe": ["{{ body|safe }}", "{{ body | safe }}"],
    "autoescape": ["{% autoescape false %}{{ body }}{% endautoescape %}"],
    "external": ["{{ url_for('home', _external=true) }}"],
    "inline": [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>go()</script>",
        '<a onclick="go()">',
        '<a href="javascript:go()">',
        '<p {% if a > b %}class="x"{% endif %} style="{{ style }}">',
    ],
    "form-guard": ['<form method="post"><input></form>', '<form method="{{ method }}"></form>', "<form METHOD=POST>"],
    "unfinished": ["{# TODO #}"],
}
INNOCENT_TEMPLATES = {
    "safe": ["{{ safe }}", "Is it |safe?"],
    "autoescape": ["{% autoescape true %}{% endautoescape %}"],
    "external": ["{{ url_for('home') }}"],
    "inline": ['<script src="{{ asset(name) }}" type="module"></script>', '<a href="{{ url }}">only once</a>'],
    "form-guard": [
        '<form method="post">\n{{ form_guard() }}\n</form>',
        '<form action="/search"></form>',
        '{# guest: a page that is the same for all #}\n<form method="post"></form>',
    ],
    "unfinished": ["{# done #}"],
}


def _pairs(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(rule, text) for rule, texts in table.items() for text in texts]


@pytest.mark.parametrize("rule", python_rules.RULES)
def test_the_code_obeys(rule):
    findings = [str(finding) for source in python_sources() for finding in python_rules.check(rule, source)]
    assert not findings, "\n" + "\n".join(findings)


@pytest.mark.parametrize("rule", template_rules.RULES)
def test_the_templates_obey(rule):
    findings = [str(finding) for source in template_sources() for finding in template_rules.check(rule, source)]
    assert not findings, "\n" + "\n".join(findings)


def test_style_sheets_scripts_and_texts_are_finished():
    findings = [str(finding) for source in written_sources() for finding in template_rules.check("unfinished", source)]
    assert not findings, "\n" + "\n".join(findings)


def test_every_name_says_what_lives_there():
    paths = [path.relative_to(ROOT).as_posix() for path in files()]
    findings = [str(finding) for finding in template_rules.names(paths)]
    assert not findings, "\n" + "\n".join(findings)


@pytest.mark.parametrize(("rule", "text"), _pairs(PLANTED))
def test_a_rule_about_code_catches_what_is_planted(rule, text):
    assert python_rules.check(rule, Source("consult/planted.py", text))


@pytest.mark.parametrize(("rule", "text"), _pairs(INNOCENT))
def test_a_rule_about_code_lets_the_innocent_pass(rule, text):
    assert not python_rules.check(rule, Source("consult/planted.py", text))


@pytest.mark.parametrize(("rule", "text"), _pairs(PLANTED_IN_TEMPLATES))
def test_a_rule_about_templates_catches_what_is_planted(rule, text):
    assert template_rules.check(rule, Source("consult/templates/planted.html", text))


@pytest.mark.parametrize(("rule", "text"), _pairs(INNOCENT_TEMPLATES))
def test_a_rule_about_templates_lets_the_innocent_pass(rule, text):
    assert not template_rules.check(rule, Source("consult/templates/planted.html", text))


def test_every_rule_is_tried():
    assert set(python_rules.RULES) == set(PLANTED) == set(INNOCENT)
    assert set(template_rules.RULES) == set(PLANTED_IN_TEMPLATES) == set(INNOCENT_TEMPLATES)


@pytest.mark.parametrize("path", ["consult/utils.py", "plugins/news/form_helpers.py", "consult/common/dates.py"])
def test_a_name_that_says_nothing_is_caught(path):
    assert list(template_rules.names([path]))


@pytest.mark.parametrize("path", ["consult/database.py", "consult/static/base.css", "plugins/news/models.py"])
def test_a_name_that_says_something_passes(path):
    assert not list(template_rules.names([path]))


def test_an_excuse_needs_a_reason():
    without = Source("consult/planted.py", "date.today()  # lint: clock\n")
    with_one = Source("consult/planted.py", "date.today()  # lint: clock the day the release was made\n")
    assert python_rules.check("clock", without)
    assert not python_rules.check("clock", with_one)


def test_an_excuse_counts_for_its_own_rule_only():
    assert python_rules.check(
        "clock", Source("consult/planted.py", "date.today()  # lint: print the day it was made\n")
    )


def test_what_a_rule_forbids_is_allowed_where_it_is_at_home():
    assert not python_rules.check("clock", Source("consult/clock.py", "datetime.now(UTC)\n"))
    assert not python_rules.check("text-sql", Source("plugins/news/migrations/one.py", "from sqlalchemy import text\n"))
    assert python_rules.check("text-sql", Source("plugins/news/queries.py", "from sqlalchemy import text\n"))
