"""The versions of a draft: their list, two of them compared, the text on paper; and how long comparing takes."""

from __future__ import annotations

import random
import re
import time

import pytest

from consult.testing.counting import count_queries
from plugins.consultations.drafts.reading import read_draft
from plugins.consultations.tests.one_consultation import ACT, DRAFT, HOME, LATER, consulted, read
from tests.opinions import SAYS


def words(page: str) -> str:
    """What stands on a page, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


# The list


def test_every_version_stands_with_its_day_and_what_changed_in_it(app, client):
    number = consulted(app, DRAFT, LATER, in_force=ACT)
    page = read(client, number, "/versii")
    assert re.findall("<h2[^>]*>([^<]+)</h2>", page) == ["Версия 2", "Версия 1", "Действащ акт"]
    assert f"/konsultatsii/{number}/sravni?ot=1&amp;do=2" in page
    assert f"/konsultatsii/{number}/sravni?ot=0&amp;do=1" in page
    assert f"/konsultatsii/{number}/pechat?versia=0" in page


def test_without_a_text_there_are_no_versions(app, client):
    number = consulted(app)
    for rest in ("/versii", "/sravni", "/pechat"):
        read(client, number, rest, status=404)


# Two of them


def test_the_list_of_changes_comes_first_and_leads_to_each(app, client):
    page = read(client, consulted(app, DRAFT, LATER), "/sravni")
    said = words(page)
    assert "4 промени" in said
    assert "преместени: 1, нови: 1, отпаднали: 2" in said
    listed, _, below = page.partition("</ol></section>")
    assert re.findall(r'href="#(r-\d)"', listed) == re.findall(r'id="(r-\d)"', below)


def test_each_change_leads_to_the_next_and_the_last_one_back(app, client):
    page = read(client, consulted(app, DRAFT, in_force=ACT), "/sravni")
    assert re.findall(r'href="#(r-\d|spisak-h)"', page.partition("doc--compared")[2]) == ["r-2", "r-3", "spisak-h"]
    assert "Следваща промяна: чл. 3" in words(page) or "Следваща промяна: глава втора" in words(page)


def test_one_text_holds_both_wordings(app, client):
    page = read(client, consulted(app, DRAFT, in_force=ACT), "/sravni?ot=0&do=1")
    assert "се засаждат [отпада: ]две[край] [добавено: ]три[край на добавеното] нови" in words(page)


def test_side_by_side_each_has_its_own_words(app, client):
    page = read(client, consulted(app, DRAFT, in_force=ACT), "/sravni?ot=0&do=1&vid=dve")
    left, right = re.findall(r'<div class="pair-text">(.*?)<p class="art__foot">', page)[0].split("Версия 1</p>")
    assert "[отпада: ]две[край]" in words(left)
    assert "три" not in words(left)
    assert "[добавено: ]три[край на добавеното]" in words(right)
    assert "две" not in words(right)


def test_what_is_new_or_dropped_says_so_on_its_empty_side(app, client):
    page = words(read(client, consulted(app, DRAFT, LATER), "/sravni?vid=dve"))
    assert "Нямаше го." in page
    assert "Отпада." in page


def test_where_nothing_differs_that_is_said(app, client):
    page = read(client, consulted(app, DRAFT, DRAFT), "/sravni")
    assert "Няма разлика" in page
    assert "<ins>" not in page


@pytest.mark.parametrize("asked", ["ot=7", "do=x", "ot=&do=1", "ot=01", "do=-1", "do=99999999999"])
def test_versions_that_are_not_there_are_not_found(app, client, asked):
    read(client, consulted(app, DRAFT, LATER), f"/sravni?{asked}", status=404)


def test_a_change_of_a_table_shows_both(app, client):
    old, new = (f"{DRAFT}Приложение № 1 към чл. 1\nВид | Брой\nЛипа | {count}\n" for count in (3, 5))
    page = read(client, consulted(app, old, new), "/sravni")
    assert page.count("<table>") == 2
    assert "<td>3</td>" in page.partition('<del class="block">')[2].partition("</del>")[0]
    assert "<td>5</td>" in page.partition('<ins class="block">')[2].partition("</ins>")[0]


# On paper


def test_on_paper_stands_the_whole_text_with_its_numbers_and_where_it_is_read(app, client):
    number = consulted(app, DRAFT, in_force=ACT)
    page = read(client, number, "/pechat")
    for said in ("Версия 1", "Чл. 3.", "Глава втора", f"{HOME}/k/{number}", "Община Стара Загора"):
        assert said in words(page)
    assert not re.search("<ins>|<del>", page)
    assert "засаждат две" in read(client, number, "/pechat?versia=0")
    read(client, number, "/pechat?versia=8", status=404)


# What it costs


def long_text(seed: int) -> str:
    """An ordinance of about 100 KB in UTF-8, of which ``seed`` changes one word in twenty."""
    chance = random.Random(seed)
    plain = random.Random(1)
    vocabulary = SAYS.lower().split() + [f"дума{number}" for number in range(400)]
    lines = []
    for number in range(1, 151):
        said = [plain.choice(vocabulary) for _ in range(55)]
        if seed:
            said = [chance.choice(vocabulary) if chance.random() < 0.05 else word for word in said]
        lines.append(f"Чл. {number}. (1) {' '.join(said[:30])}.\n(2) {' '.join(said[30:])}.")
    return "\n".join(lines)


def test_a_hundred_kilobytes_are_compared_in_half_a_second(app, client):
    old, new = long_text(0), long_text(2)
    assert len(old.encode()) >= 90_000
    assert read_draft(old).provisions
    number = consulted(app, old, new)
    begun = time.thread_time()  # of this work, not of whatever else the machine does
    answer = client.get(f"{HOME}/konsultatsii/{number}/sravni")
    took = time.thread_time() - begun
    assert answer.status_code == 200
    assert answer.text.count("<ins>") > 100
    assert took < 0.5, took
    with count_queries(app) as queries:
        client.get(f"{HOME}/konsultatsii/{number}/sravni?vid=dve")
    assert len(queries) <= 6, queries  # what was compared once is remembered
