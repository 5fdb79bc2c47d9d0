"""The page of a consultation: how its text is read, what it says in each state, and what it costs."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from consult.api import db, link, now, share, today, withdraw
from consult.modules import enable
from consult.tenancy import inside
from consult.testing.counting import count_queries
from consult.testing.factories import OFF, ON, add_file, town
from plugins.consultations.models import Consultation, Passage, Source
from plugins.consultations.tests.one_consultation import (
    ACT,
    DRAFT,
    FIRST,
    HOME,
    IN_FORCE,
    LATER,
    SECOND,
    add_text,
    changed,
    consulted,
    read,
)
from plugins.events.models import Event
from tests.meetings import meet
from tests.opinions import accepted, consult_people


def opinions_on(app, number: int, *slugs: str, stance: str = "change") -> None:
    with app.app_context(), inside(town(ON)):
        its = select(Passage).where(Passage.consultation_id == number)
        passages = {one.slug: one.id for one in db.session.scalars(its)}
        for who, slug in enumerate(slugs, 1):
            accepted(number, who, f"Мнение номер {who} по този текст.", part_id=passages.get(slug, 0), stance=stance)
        db.session.commit()


def words(page: str) -> str:
    """What stands on a page, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def article(page: str, slug: str) -> str:
    return page.partition(f'<section class="art" id="{slug}"')[2].partition("</section>")[0]


# The text


def test_the_changes_since_the_act_in_force_are_marked_for_eye_and_ear(app, client):
    page = read(client, consulted(app, DRAFT, in_force=ACT))
    assert "се засаждат <del>" in article(page, "chl-1")
    assert "[отпада: ]две[край]" in words(article(page, "chl-1"))
    assert "[добавено: ]три[край на добавеното]" in words(article(page, "chl-1"))
    assert "<ins>" in article(page, "chl-3")
    assert "<ins>" not in article(page, "chl-2")
    assert "Показани са промените спрямо: Действащ акт" in words(page)


def test_the_new_text_can_be_read_alone_and_against_another_version(app, client):
    number = consulted(app, DRAFT, LATER, in_force=ACT)
    clean = read(client, number, "?vid=chist")
    assert not re.search("<ins>|<del>", clean.partition('class="doc"')[2])
    assert "засаждат три нови" in clean
    against = read(client, number, "?sravni=1")
    assert "<ins>" not in article(against, "chl-1")
    assert "<ins>" in article(against, "chl-2")
    assert "Спрямо: Версия 1" in words(read(client, number))


@pytest.mark.parametrize("asked", ["sravni=2", "sravni=9", "sravni=x", "sravni=-1", "sravni=00"])
def test_a_version_that_is_not_there_is_not_found(app, client, asked):
    read(client, consulted(app, DRAFT, LATER), f"?{asked}", status=404)


def test_every_article_has_its_count_its_link_and_its_own_way_to_an_opinion(app, client):
    number = consulted(app, DRAFT)
    opinions_on(app, number, "chl-1", "chl-1", "chl-3", "")
    page = read(client, number)
    assert f'href="{HOME}/konsultatsii/{number}/chl-1"' in article(page, "chl-1")
    assert f'href="{HOME}/konsultatsii/{number}/chl-1#napishi"' in article(page, "chl-1")
    assert "2 мнения по чл. 1" in words(article(page, "chl-1"))
    assert "Мнение по чл. 2" in words(article(page, "chl-2"))
    assert "мнения" not in words(article(page, "chl-2"))
    assert "Мнения (4)" in words(page)
    contents = words(page.partition('<details class="toc"><summary>')[2].partition('class="compare')[0])
    assert re.search("Глава първа. ДЪРВЕТА ?2 мнения.*Глава втора. НАДЗОР ?1 мнение", contents)


def test_what_was_changed_moved_or_dropped_since_the_first_version_says_so(app, client):
    number = consulted(app, DRAFT)
    opinions_on(app, number, "chl-3", "chl-2")
    later = consulted(app, DRAFT, LATER)
    page = read(client, later)
    assert "беше чл. 2" in words(article(page, "chl-3"))
    assert "Добавено във версия 2" in words(article(page, "chl-2"))
    assert "версия" not in words(article(page, "chl-1"))
    dropped = words(page.partition('id="otpadnali"')[2])
    assert "Чл. 3" in dropped
    assert "отпадна във версия 2" in dropped


def test_a_table_is_a_table(app, client):
    text = f"{DRAFT}Приложение № 1 към чл. 1\nВид | Брой\nЛипа | 3\nДъб | 5\n"
    page = read(client, consulted(app, text))
    assert "<th" in article(page, "pril-1")
    assert "<td>Липа</td>" in article(page, "pril-1")


def test_of_a_very_long_text_one_chapter_is_shown_at_a_time(app, client):
    chapters = ("първа", "втора", "трета")
    lines = [
        f"Глава {chapters[number // 30]}\nПРАВИЛА {number // 30 + 1}\n" * (number % 30 == 0)
        + f"Чл. {number + 1}. Правило номер {number + 1} важи за всички дървета."
        for number in range(90)
    ]
    number = consulted(app, "\n".join(lines))
    page = read(client, number)
    assert 'id="chl-30"' in page
    assert 'id="chl-31"' not in page
    assert "Следва: Глава втора. ПРАВИЛА 2" in words(page)
    second = read(client, number, "?glava=2")
    assert 'id="chl-31"' in second
    assert 'id="chl-30"' not in second
    assert "glava=3" in second
    for nonsense in ("0", "4", "x"):
        read(client, number, f"?glava={nonsense}", status=404)


def test_nothing_in_the_text_can_be_more_than_words(app, client):
    evil = "<script>alert(1)</script>"
    page = read(client, consulted(app, f"Чл. 1. {evil} и думи.", title=f"Наредба {evil}", changes=evil))
    assert evil not in page
    assert page.count("&lt;script&gt;alert(1)") >= 3


# States


def test_before_it_opens_nobody_reads_the_draft_and_everybody_may_ask_to_be_told(app, client):
    number = consulted(app, DRAFT)
    opens = now() + timedelta(days=5)
    changed(app, number, opens_at=opens, last_day=today() + timedelta(days=35), closes_at=now() + timedelta(days=35))
    page = read(client, number)
    assert "Предстои" in words(page)
    assert f"{HOME}/sledi/{number}" in page
    assert "засаждат" not in page
    assert "Кажете мнение" not in page
    for rest in ("/versii", "/sravni", "/pechat"):
        read(client, number, rest, status=404)


def test_while_it_is_open_it_says_until_when(app, client):
    number = consulted(app, DRAFT)
    page = read(client, number)
    assert "Остават 30 дни" in words(page)
    assert f"/konsultatsii/{number}/mnenia#napishi" in page
    changed(app, number, last_day=today() + timedelta(days=4), closes_at=now() + timedelta(days=4))
    soon = read(client, number)
    assert "Затваря скоро" in words(soon)
    assert "deadline--soon" in soon


def close(app, number: int, days_ago: int = 12, **facts: Any) -> None:
    day = today() - timedelta(days=days_ago)
    opens = now() - timedelta(days=days_ago + 30)
    days = {"opens_at": opens, "counted_from": day - timedelta(days=30), "last_day": day}
    changed(app, number, **days, closes_at=now() - timedelta(days=days_ago), **facts)


def test_after_the_deadline_a_public_clock_runs_until_the_report(app, client):
    number = consulted(app, DRAFT)
    close(app, number)
    page = read(client, number)
    assert "Обработваме мненията" in words(page)
    assert "Оттогава минаха 12 дни, а справката за мненията още не е публикувана." in words(page)
    assert "Кажете мнение" not in page
    assert "#napishi" not in page
    changed(app, number, reported_at=now())
    assert "Чака решение" in words(read(client, number))


def test_when_it_is_over_the_outcome_comes_first_with_what_changed(app, client):
    number = consulted(app, DRAFT, adopted=LATER)
    told: dict[str, Any] = {"outcome": "adopted", "outcome_text": "Приета.", "outcome_html": "<p>Приета с промени.</p>"}
    close(app, number, **told, decided_on=date(2026, 2, 3))
    page = read(client, number)
    assert page.index('id="rezultat"') < page.index('id="nakratko"') < page.index('id="tekst"')
    assert "Приет, 3 февруари 2026" in words(page)
    assert "<p>Приета с промени.</p>" in page
    assert f"/konsultatsii/{number}/sravni?ot=1&amp;do=2" in page
    assert "4 разлики" in words(page)
    assert "засаждат три" in article(page, "chl-1")


def test_the_adopted_text_that_is_shown_is_the_one_that_was_corrected_last(app, client):
    number = consulted(app, DRAFT, adopted=LATER)
    with app.app_context(), inside(town(ON)):
        add_text(db.session.get_one(Consultation, number), LATER.replace("сто лева", "двеста лева"), Source.ADOPTED)
        db.session.commit()
    close(app, number, outcome="adopted", decided_on=date(2026, 2, 3))
    assert f"/konsultatsii/{number}/sravni?ot=1&amp;do=3" in read(client, number)


def test_a_withdrawn_one_leaves_a_tombstone_with_its_reason(app, client):
    number = consulted(app, DRAFT)
    with app.app_context(), inside(town(ON)):
        withdraw(db.session.get_one(Consultation, number), "Проектът се пише наново.")
        db.session.commit()
    page = read(client, number, status=410)
    assert "Проектът се пише наново." in page
    assert "засаждат" not in page
    for rest in ("/versii", "/sravni", "/pechat", "/zashto"):
        read(client, number, rest, status=404)


def test_a_neighbour_shows_the_text_and_sends_people_to_the_owner(app, client):
    number = consulted(app, DRAFT)
    with app.app_context(), inside(town(OFF)):
        enable(("consultations",))
        db.session.commit()
    with app.app_context(), inside(town(ON)):
        share(db.session.get_one(Consultation, number), [town(OFF)])
        db.session.commit()
    page = read(client, number, home="/yambol")
    assert "засаждат три" in article(page, "chl-1")
    assert "мненията се събират на нейната страница" in words(page)
    assert f'href="{HOME}/konsultatsii/{number}/mnenia#napishi"' in page
    assert f"/yambol/konsultatsii/{number}/mnenia" not in page


# Around the text


def test_each_day_can_be_asked_why(app, client):
    number = consulted(app, DRAFT, short_reasons="Спешно е, защото мостът се руши.", days=14)
    assert f"/konsultatsii/{number}/zashto" in read(client, number)
    page = words(read(client, number, "/zashto"))
    assert "чл. 60, ал. 5 ГПК" in page
    assert "Най-ранен ден за приемане" in page
    assert "Спешно е, защото мостът се руши." in page


def test_the_text_comes_right_after_what_is_said_in_short_and_the_questions_where_one_writes(app, client):
    said = {"body": "Старата наредба мълчи.", "questions": "Стига ли?", "promise": "Отговаряме."}
    page = read(client, consulted(app, DRAFT, **said))
    marks = ['id="nakratko"', "<summary>", "Мотиви към проекта", 'id="tekst"', 'id="vaprosi-h"', 'id="mnenia"']
    places = [page.index(mark) for mark in marks]
    assert places == sorted(places)
    reasons = page[page.index("<details", page.index('id="nakratko"')) : page.index("Старата наредба мълчи.")]
    assert "</details>" not in reasons
    assert " open" not in reasons.partition(">")[0]


def test_a_replaced_document_leaves_a_public_trace(app, client):
    number = consulted(app, DRAFT, LATER, replaced="18.11.2026 | Мотиви | 18.12.2026")
    for rest in ("", "/zashto"):
        assert "18.11.2026: документ е заменен с „Мотиви“. Срокът е удължен до 18.12.2026." in words(
            read(client, number, rest)
        )


def test_documents_stand_by_what_they_are_and_other_ways_beside_them(app, client):
    ways = {"contact_email": "zeleno@primer.bg", "post_address": "бул. „Липа“ № 1", "counter": "Гише 3, до 17:30 ч."}
    number = consulted(
        app, DRAFT, **ways, office="Отдел „Екология“", promise="Отговаряме на всички.", questions="А?\nБ?"
    )
    with app.app_context(), inside(town(ON)):
        add_file(db.session.get_one(Consultation, number), "motivi.pdf").role = "reasons"
        db.session.commit()
    page = words(read(client, number))
    for said in ("Мотиви, PDF", "Гише 3", "бул. „Липа“ № 1", "Отдел „Екология“", "Отговаряме на всички.", "А?", "Б?"):
        assert said in page


def test_a_meeting_that_discusses_it_stands_among_the_steps(app, client):
    number = consulted(app, DRAFT)
    with app.app_context(), inside(town(ON)):
        enable(("events",))
        event = meet(10, timedelta(days=3), title="Обсъждане на наредбата")
        assert isinstance(event, Event)

        link(event, "discusses", db.session.get_one(Consultation, number))
        db.session.commit()
        day = f"{HOME}/sabitia/{event.id}"
    page = read(client, number)
    assert page.count(f'href="{day}"') == 2  # among the key facts and among the steps
    assert "Обсъждане на наредбата" in page.partition('class="steps"')[2]


def test_how_many_say_what_is_counted_and_never_called_a_vote(app, client):
    number = consulted(app, DRAFT)
    assert "Какво казват хората" not in read(client, number)
    opinions_on(app, number, "chl-1", "chl-1", "")
    page = words(read(client, number))
    assert re.search("3 ?предлагат промяна", page)
    assert "Това не е гласуване." in page


def test_search_engines_are_told_that_it_is_not_in_force(app, client):
    number = consulted(app, DRAFT, act_type="Наредба", mover="Кметът")
    text = client.get(f"{HOME}/konsultatsii/{number}").text
    data = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0])
    assert data["@type"] == "Legislation"
    assert data["legislationLegalForce"] == "https://schema.org/NotInForce"
    assert data["legislationIdentifier"].endswith(f"/k/{number}")
    assert data["legislationResponsible"] == "Кметът"
    assert data["datePublished"].startswith(str(today()))


def test_the_short_address_and_a_wrong_tail_lead_to_the_right_one(app, client):
    number = consulted(app, DRAFT)
    for path in (f"/k/{number}", f"/konsultatsii/{number}/drugo"):
        answer = client.get(HOME + path)
        assert answer.status_code == 301
        assert re.search(rf"/konsultatsii/{number}/\w", answer.location)


@pytest.mark.parametrize("language", ["/en", "/tr"])
def test_it_speaks_the_language_of_the_reader(app, client, language):
    number = consulted(app, DRAFT, LATER, in_force=ACT)
    for rest in ("", "/versii", "/sravni", "/pechat", "/zashto"):
        page = read(client, number, rest, home=f"{HOME}{language}")
        assert "Накратко" not in page
        assert 'lang="bg"' in page


def test_a_whole_ordinance_costs_few_questions_and_little_weight(app, client):
    number = consulted(app, FIRST, SECOND, in_force=IN_FORCE)
    opinions_on(app, number, *[f"chl-{one}" for one in range(1, 41)])
    read(client, number)
    with count_queries(app) as queries:
        text = client.get(f"{HOME}/konsultatsii/{number}?ot=novo").text
    assert len(queries) <= 10, queries
    assert len(gzip.compress(text.encode(), 6)) <= 25 * 1024


def test_publishing_is_all_that_it_takes(app, client):
    """A consultation of one article, without an act in force, brief or documents, is a page too."""
    with app.app_context(), inside(town(ON)):
        number = consult_people().id
        db.session.commit()
    assert "няма текст по членове" in read(client, number)
