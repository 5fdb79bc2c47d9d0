"""Phrases that people mark, when the draft changes under them: kept, moved, gone, and back again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from consult.db import db
from consult.participation import confirm
from consult.tenancy import inside
from consult.testing.counting import count_queries
from consult.testing.factories import ON, town
from plugins.consultations.drafts.quotes import Quote, make_quote, still_stands
from plugins.consultations.models import Consultation, Opinion, Passage
from plugins.consultations.operations import Saying, quotes, send_opinion
from plugins.consultations.tests.one_consultation import add_text
from tests.opinions import consult_people, says
from tests.pages import parse, text_of

FIRST = """Чл. 1. (1) За всяко отсечено дърво се засаждат три нови дървета в същия квартал.
(2) Табела стои поне четиринадесет дни преди отсичането.
(3) Разрешението се публикува до три дни.
Чл. 2. Глобата за отсичане без разрешение е сто лева за всяко дърво.
Чл. 3. Обществени наблюдатели следят как се изпълнява наредбата през годината.
"""
# чл. 1: the second paragraph is other words now, the first one has become the third; чл. 3 is dropped.
SECOND = """Чл. 1. (1) Разрешението се публикува до три дни.
(2) Съобщение се лепи на входа на сградата седмица преди отсичането.
(3) За всяко отсечено дърво се засаждат три нови дървета в същия квартал.
Чл. 2. Глобата за отсичане без разрешение е сто лева за всяко дърво.
"""
MARKED = {
    "moved inside its article": (1, "три нови дървета"),
    "gone": (1, "четиринадесет дни"),
    "untouched": (2, "сто лева"),
    "of a dropped article": (3, "Обществени наблюдатели"),
}


@pytest.fixture
def here_on(app: Flask) -> Iterator[Flask]:
    with app.app_context(), inside(town(ON)):
        yield app
        db.session.rollback()


def marking(one: Consultation, article: int, phrase: str, who: int = 1, is_confirmed: bool = True) -> Opinion:
    """An opinion that marks this phrase of an article."""
    its = (Passage.consultation_id == one.id, Passage.eid == f"art_{article}")
    passage = db.session.scalars(select(Passage.id).where(*its)).one()
    opinion = send_opinion(
        one, Saying(text=f"Мнение {who} за „{phrase}“.", passage_id=passage, quote=phrase), says(who)
    )
    assert opinion.quote_exact == phrase
    if is_confirmed:
        confirm(opinion)
    return opinion


def drafted(text: str = FIRST) -> Consultation:
    one = consult_people()
    add_text(one, text)
    return one


# ---- In the words alone


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("За всяко дърво се садят три нови дървета в квартала.", True),
        ("За всяко\nдърво  се садят три\tнови дървета в квартала.", True),
        ("Съвсем друго начало: три нови дървета и друг край.", True),
        ("Три нови дървета.", False),
        ("Нищо от това.", False),
        ("", False),
        ("Първо три нови дървета, после още три нови дървета.", False),
        ("Първо три нови дървета, а дърво се садят три нови дървета в квартала.", True),
        ("Тридесет и три нови дърветата.", False),
    ],
)
def test_a_phrase_is_known_by_what_stood_around_it_or_by_standing_once(text, stands):
    quote = make_quote("За всяко дърво се садят три нови дървета в квартала.", "три нови дървета")
    assert quote is not None
    assert still_stands(text, quote) is stands


def test_of_several_the_one_with_the_same_words_on_one_side_is_meant():
    quote = Quote("дърво", "За всяко ", " се садят три")
    assert still_stands("Едно дърво и за друго дърво; За всяко дърво се плаща.", quote)
    assert still_stands("Друго дърво, а това дърво се садят три.", quote)
    assert not still_stands("Едно дърво и друго дърво.", quote)
    assert not still_stands("За всяко дърво тук и За всяко дърво там.", quote)


def test_half_a_word_that_was_marked_is_looked_for_as_half_a_word():
    quote = make_quote("Засаждането е през есента.", "саждане")
    assert quote is not None
    assert still_stands("Презасаждането е друго.", quote)


# ---- When a version is kept


def test_a_new_version_says_which_phrases_no_longer_stand(here_on):
    one = drafted()
    marked = {name: marking(one, *where, who=who) for who, (name, where) in enumerate(MARKED.items(), 1)}
    unconfirmed = marking(one, 1, "четиринадесет дни", 9, is_confirmed=False)
    add_text(one, SECOND)
    dropped = {name: opinion.quote_dropped_in for name, opinion in marked.items()}
    assert dropped == {"moved inside its article": 0, "gone": 2, "untouched": 0, "of a dropped article": 2}
    assert unconfirmed.quote_dropped_in == 2


def test_what_was_gone_stays_gone_since_then_and_what_comes_back_stands_again(here_on):
    one = drafted()
    gone, other = marking(one, 1, "четиринадесет дни"), marking(one, 1, "в същия квартал", 2)
    add_text(one, SECOND)
    add_text(one, SECOND.replace("седмица преди", "месец преди").replace("в същия квартал", "наблизо"))
    assert (gone.quote_dropped_in, other.quote_dropped_in) == (2, 3)
    add_text(one, FIRST)
    assert (gone.quote_dropped_in, other.quote_dropped_in) == (0, 0)


def test_many_are_looked_at_some_at_a_time_and_none_is_left_out(here_on, monkeypatch):
    monkeypatch.setattr(quotes, "AT_ONCE", 3)
    one = drafted()
    marked = [marking(one, 1, "четиринадесет дни", who) for who in range(1, 9)]
    plain = send_opinion(one, Saying(text="Мнение без цитат, но с десет знака."), says(20))
    add_text(one, SECOND)
    assert {opinion.quote_dropped_in for opinion in marked} == {2}
    assert plain.quote_dropped_in == 0


def test_beside_the_phrase_stands_since_when_it_is_gone_and_no_page_looks_for_it(app, client):
    with app.app_context(), inside(town(ON)):
        one = drafted()
        marking(one, 1, "четиринадесет дни")
        marking(one, 1, "три нови дървета", 2)
        db.session.commit()
        number = one.id
    path = f"/stara-zagora/konsultatsii/{number}/mnenia"
    says_gone = "От версия 2 тези думи вече не стоят на отбелязаното място."
    with count_queries(app) as earlier:
        assert says_gone not in text_of(parse(client.get(path)))
    with app.app_context(), inside(town(ON)):
        add_text(db.session.get_one(Consultation, number), SECOND)
        db.session.commit()
    with count_queries(app) as later:
        page = text_of(parse(client.get(path))).replace("\xa0", " ")
    assert page.count(says_gone) == 1
    assert page.index("четиринадесет дни") < page.index(says_gone)
    assert len(later) <= len(earlier)
