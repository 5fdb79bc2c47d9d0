"""A pasted draft becomes provisions: every word kept, every number as written, every doubt told in its place."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.api import Refused
from plugins.consultations.drafts.lines import open_line
from plugins.consultations.drafts.numerals import follows, key_of, value_of
from plugins.consultations.drafts.provisions import (
    EID_MAX,
    PROVISIONS_MAX,
    Kind,
    Provision,
    is_unit,
    say_label,
    unit_of,
)
from plugins.consultations.drafts.reading import ReadDraft, read_draft

NBSP = "\N{NO-BREAK SPACE}"


def eids(text: str) -> list[str]:
    return [one.eid for one in read_draft(text).provisions]


def by_eid(text: str) -> dict[str, Provision]:
    return {one.eid: one for one in read_draft(text).provisions}


def said(draft: ReadDraft) -> list[tuple[int, str]]:
    """The remarks: the line, and the beginning of the English sentence."""
    return [(remark.line, remark.sentence._args[1][:20]) for remark in draft.remarks]


# ---- what stands where


def test_a_whole_act_has_its_parts_chapters_sections_and_provisions():
    text = """НАРЕДБА № 5
Дял първи
ОБЩИ ПРАВИЛА
Глава първа. Основи
Раздел I
Общи положения
Чл. 1. (1) Текст:
1. точка:
а) буква;
2. друга.
(2) Втора.
Раздел ІІ – Други
Чл. 2. Само текст.
Глава втора
КОНТРОЛ
Раздел I. Първи
Чл. 2а. Нов.
Преходни и заключителни разпоредби
§ 1. Влиза в сила.
Приложение № 1 към чл. 2, ал. 1
Списък
Липа
"""
    assert " ".join(eids(text)) == (
        "text_1 part_1 chp_1 chp_1__sec_1 art_1 art_1__para_1 art_1__para_1__point_1 art_1__para_1__point_1__letter_a "
        "art_1__para_1__point_2 art_1__para_2 chp_1__sec_2 art_2 chp_2 chp_2__sec_1 art_2a "
        "title_prehodni-i-zaklyuchitelni-razporedbi clause_1 app_1 app_1__text_1"
    )
    found = by_eid(text)
    assert (found["part_1"].heading, found["chp_1"].heading, found["chp_1__sec_2"].heading) == (
        "ОБЩИ ПРАВИЛА",
        "Основи",
        "Други",
    )
    assert found["app_1"].heading == "към чл. 2, ал. 1 – Списък"
    assert [one.number for one in found.values() if one.kind is Kind.SECTION] == ["I", "ІІ", "I"]
    assert not read_draft(text).remarks


@pytest.mark.parametrize(
    ("text", "heading", "words"),
    [
        ("Чл. 14. Засаждане\n(1) Текст.", "Засаждане", ""),
        ("Чл. 14.\nЗасаждане\n(1) Текст.", "Засаждане", ""),
        ("Засаждане\nЧл. 14. (1) Текст.", "Засаждане", ""),
        ("Чл. 14. (1) Текст.", "", ""),
        ("Чл. 14. Текст на члена.", "", "Текст на члена."),
        (
            "Чл. 14. Засаждане на дървета\nКметът засажда дърветата.",
            "Засаждане на дървета",
            "Кметът засажда дърветата.",
        ),
        ("Чл. 14. Кметът засажда\nдърветата.", "", "Кметът засажда дърветата."),
        ("Чл. 14. Кметът:\n1. засажда.", "", "Кметът:"),
        ("Чл. 14. (Изм. – ДВ, бр. 5 от 2014 г.) (1) Текст.", "", "(Изм. – ДВ, бр. 5 от 2014 г.)"),
        ("Чл. 14 (1) Текст.", "", ""),
        ("ЧЛ. 14. Текст.", "", "Текст."),
    ],
)
def test_behind_the_number_there_is_a_heading_a_paragraph_or_the_text(text: str, heading: str, words: str):
    article = by_eid(text)["art_14"]
    assert (article.heading, article.text) == (heading, words)


@pytest.mark.parametrize(
    "line",
    [
        "Чл. 14, ал. 2 от закона се прилага.",
        "чл. 14 от наредбата",
        "Чл. 14 от Закона за нормативните актове",
        "Глава трета от закона не се прилага.",
        "Приложение № 1 е неразделна част от наредбата.",
        "Преходните разпоредби остават.",
        "15.01.2024 г. е последният ден",
        "1.5 метра е разстоянието",
        "20 000 лв.",
        "т.е. всички",
    ],
)
def test_a_citation_a_date_and_a_sum_open_nothing(line: str):
    assert open_line(line) is None


def test_several_paragraphs_on_one_line_are_parted_but_not_a_citation():
    found = by_eid("Чл. 2. (1) За дърво. (2) По ал. (2) Кметът решава. (3) Край.")
    assert [found[f"art_2__para_{number}"].text for number in (1, 2, 3)] == [
        "За дърво.",
        "По ал. (2) Кметът решава.",
        "Край.",
    ]


def test_points_of_points_bullets_and_the_words_after_them_keep_their_place():
    found = read_draft(
        "Чл. 1. Има:\n1. дървета:\n1.1. стари;\n1.2. млади;\n– липи;\n2. храсти.\nТе се пазят."
    ).provisions
    assert [(one.eid, one.parent) for one in found][2:] == [
        ("art_1__point_1__point_1-1", "art_1__point_1"),
        ("art_1__point_1__point_1-2", "art_1__point_1"),
        ("art_1__point_1__point_1-2__text_1", "art_1__point_1__point_1-2"),
        ("art_1__point_2", "art_1"),
        ("art_1__text_1", "art_1"),
    ]
    assert say_label(found[2]) == f"чл.{NBSP}1, т.{NBSP}1.1"


def test_the_lines_of_a_quote_in_an_amending_clause_open_nothing():
    found = by_eid(
        "§ 1. Чл. 14 се изменя така:\n„Чл. 14. (1) Ново.\n(2) Още ново.“\n§ 2. Друго.\n„Без край\n§ 3. Край."
    )
    assert list(found) == ["clause_1", "clause_1__text_1", "clause_2", "clause_2__text_1", "clause_3"]
    assert found["clause_1__text_1"].text == "„Чл. 14. (1) Ново.\n(2) Още ново.“"


@pytest.mark.parametrize(
    "rows", ["| Вид | Брой |\n|---|---|\n| Липа | 2 |", "Вид\tБрой\nЛипа\t2", "Вид | Брой\nЛипа | 2"]
)
def test_tables_survive_as_cells_and_as_words(rows: str):
    found = by_eid(f"Чл. 1. Текст:\n{rows}\nЧл. 2. Друг.")
    table = found["art_1__table_1"]
    assert (table.kind, table.table) == (Kind.TABLE, (("Вид", "Брой"), ("Липа", "2")))
    assert table.text == "Вид | Брой\nЛипа | 2"


def test_a_list_that_word_pasted_with_tabs_is_a_list():
    assert eids("Чл. 1. Има:\n1.\tлипа;\n2.\tбреза.") == ["art_1", "art_1__point_1", "art_1__point_2"]


def test_a_contract_in_an_appendix_has_articles_of_its_own_and_the_act_goes_on_after_a_list_of_appendices():
    contract = read_draft("Чл. 1. Край.\nПриложение № 1\nЧл. 1. Страни\nЧл. 2. Цена.").provisions
    assert [one.eid for one in contract] == ["art_1", "app_1", "app_1__art_1", "app_1__art_2"]
    assert [is_unit(one) for one in contract] == [True, True, False, False]
    assert say_label(contract[3]) == f"приложение №{NBSP}1, чл.{NBSP}2"
    assert eids("Чл. 1. Има\nПриложение № 1 – Списък\nЧл. 2. Друго.") == ["art_1", "app_1", "art_2"]


def test_chapters_and_clauses_may_begin_anew_under_another_part_or_title():
    text = "Дял първи\nА\nГлава първа\nБ\nЧл. 1. В.\nДял втори\nГ\nГлава първа\nД\nЧл. 2. Е."
    assert "part_2__chp_1" in eids(text)
    assert not read_draft(text).remarks
    assert eids("Допълнителни разпоредби\n§ 1. А.\nЗаключителни разпоредби\n§ 1. Б.")[-1] == (
        "title_zaklyuchitelni-razporedbi__clause_1"
    )


def test_without_any_article_the_text_is_kept_and_said_so():
    draft = read_draft("Стратегия\n1. Цели\n2. Мерки")
    assert [one.text for one in draft.provisions] == ["Стратегия", "1. Цели", "2. Мерки"]
    assert said(draft) == [(1, "No article was found")]


def test_an_empty_text_has_nothing():
    assert read_draft(" \n\n") == ReadDraft((), ())


# ---- names


def test_every_provision_is_cited_as_clerks_do():
    text = "Глава трета\nА\nЧл. 14а. (1) Б:\n3. в:\nа) г;\nж) д.\nЧл. 14а. Пак.\n§ 5. Край.\nПриложение\nСписък"
    labels = [say_label(one) for one in read_draft(text).provisions]
    assert [label.replace(NBSP, " ") for label in labels] == [
        "глава трета",
        "чл. 14а",
        "чл. 14а, ал. 1",
        "чл. 14а, ал. 1, т. 3",
        "чл. 14а, ал. 1, т. 3, буква „а“",
        "чл. 14а, ал. 1, т. 3, буква „ж“",
        "чл. 14а [2]",
        "§ 5",
        "приложение",
    ]


@pytest.mark.parametrize(
    ("eid", "unit"),
    [
        ("art_14__para_2__point_3", "art_14"),
        ("art_14a-x2__text_1", "art_14a-x2"),
        ("title_x__clause_1__point_1", "title_x__clause_1"),
        ("app__table_1", "app"),
        ("app-x2__table_1", "app-x2"),
        ("app_1__art_1", "app_1"),
        ("chp_1__sec_2", None),
        ("text_1", None),
    ],
)
def test_the_unit_is_known_from_the_id(eid: str, unit: str | None):
    assert unit_of(eid) == unit


@pytest.mark.parametrize(
    ("number", "value", "key"),
    [("първа", 1, "1"), ("ВТОРИ", 2, "2"), ("двадесет и първа", 21, "21"), ("единадесета", 11, "11"), ("IV", 4, "4"),
     ("ХІІ", 12, "12"), ("14а", 14, "14a"), ("14 б", 14, "14b"), ("1.2", 1, "1-2"), ("ж", None, "zh"), ("ъ", None, "w"),
     ("трета „а“", None, "3a"), ("единствен", None, "edinstven")],
)  # fmt: skip
def test_numbers_in_words_in_roman_and_with_letters(number: str, value: int | None, key: str):
    assert (value_of(number), key_of(number)) == (value, key)


@pytest.mark.parametrize(
    ("before", "after", "fits"),
    [("14", "15", True), ("14", "14а", True), ("14а", "14б", True), ("14а", "15", True), ("14", "16", False),
     ("14", "14б", False), ("16", "15", False), ("и", "к", True), ("и", "й", True), ("а", "в", False),
     ("I", "II", True), ("първа", "втора", True), ("първа", "трета", False)],
)  # fmt: skip
def test_what_may_follow_a_number(before: str, after: str, fits: bool):
    assert follows(before, after) is fits


# ---- remarks


@pytest.mark.parametrize(
    ("text", "line", "begins"),
    [
        ("Чл. 1. А.\nЧл. 3. Б.", 2, "After %(before)s come"),
        ("Чл. 1. А.\nЧл. 1. Б.", 2, "The number %(number)"),
        ("Чл. 2. А.", 1, "The numbering here be"),
        ("Чл. 1.", 1, "There is a number he"),
        ("Чл. 1. (1) А.\n(3) Б.", 2, "After %(before)s come"),
        ("Чл. 1. Има.\n(2) Б.", 1, "The first paragraph "),
        ("Глава първа. А\nДуми без член.\nЧл. 1. Б.", 2, "These words stand ou"),
        ("Чл. 1. А:\nа) б;\nв) г.", 3, "After %(before)s come"),
    ],
)
def test_what_was_not_understood_is_said_with_its_line(text: str, line: int, begins: str):
    assert (line, begins[:20]) in said(read_draft(text))


def test_a_repeated_number_keeps_both_texts_under_two_ids():
    found = by_eid("Чл. 1. Първи.\nЧл. 1. Втори.\nЧл. 1. Трети.")
    assert {eid: one.text for eid, one in found.items()} == {
        "art_1": "Първи.",
        "art_1-x2": "Втори.",
        "art_1-x3": "Трети.",
    }


# ---- limits


def test_five_thousand_provisions_are_read_and_one_more_is_refused():
    assert len(read_draft("".join(f"Чл. {n}. А.\n" for n in range(1, PROVISIONS_MAX + 1))).provisions) == PROVISIONS_MAX
    with pytest.raises(Refused) as refusal:
        read_draft("".join(f"Чл. {n}. А.\n" for n in range(1, 10_001)))
    assert "more than %(most)s articles" in refusal.value.sentence._args[1]  # type: ignore[attr-defined]


def test_more_than_two_million_characters_are_refused():
    with pytest.raises(Refused) as refusal:
        read_draft("а" * 2_000_001)
    assert "million characters" in refusal.value.sentence._args[1]  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", ["Чл. 1. А\x00Б", "Чл. 1. \u202eА", "Чл. 1. \ud800"])
def test_characters_that_no_text_may_hold_are_refused(words: str):
    with pytest.raises(Refused):
        read_draft(words)


@pytest.mark.parametrize(
    "line",
    [
        "|",
        "а|б",
        "„",
        '"',
        "(1) ",
        "((((((((((",
        "§ 1. „",
        "1.1.1.1.1.1.1. а",
        "а\tб\t",
        "Чл. 1",
        "(Изм. (Изм. ",
        "Б. (2) В. ",
    ],
)
def test_hostile_lines_cost_no_more_than_others(line: str):
    """Sixteen times the text, and not 256 times the work; a generous factor, because machines are uneven."""

    def cost(times: int, between: str) -> float:
        text = between.join([line] * times)
        begun = time.process_time()
        with suppress(Refused):
            read_draft(f"Чл. 1. А\n{text}")
        return time.process_time() - begun

    for between in ("\n", ""):
        small, large = 1_000, 16_000
        assert cost(large, between) < 60 * max(cost(small, between), 0.05)


# ---- nothing is ever lost

WORDS = st.sampled_from(
    ["Чл. {n}. ", "Чл. {n}. (1) ", "(1) ", "(2) ", "1. ", "1.1. ", "2) ", "а) ", "б) ", "– ", "§ {n}. ", "„",
     "Глава първа ", "Раздел II. ", "Дял трети\n", "Допълнителни разпоредби\n", "Приложение № {n} ", "Приложение\n",
     "| ", "", "", "Чл. 3.\n", "(Изм. – ДВ) ", "\n\n", "А\t", "ал. ", "Ал. 2 "]
)  # fmt: skip
ENDS = st.sampled_from([".\n", ";\n", ":\n", "\n", "“\n", " |\n", ". (2) ", " ", "\t", ".\n\n"])
DRAFTS = st.lists(st.tuples(WORDS, st.booleans(), st.integers(1, 5), ENDS), max_size=40)


@given(DRAFTS)
def test_every_word_is_kept_in_its_order(parts: list[tuple[str, bool, int, str]]):
    text = "".join(
        f"{opening.format(n=number)}{'Дума' if is_capital else 'дума'}{place}{end}"
        for place, (opening, is_capital, number, end) in enumerate(parts)
    )
    draft = read_draft(text)
    kept = " ".join(f"{one.heading} {one.text}" for one in draft.provisions)
    assert re.findall(r"[Дд]ума[0-9]+", kept) == re.findall(r"[Дд]ума[0-9]+", text)


@given(st.one_of(st.text(max_size=300), DRAFTS.map(lambda parts: "".join("".join(map(str, part)) for part in parts))))
def test_whatever_is_typed_ids_are_unique_and_parents_stand_before_their_children(text: str):
    try:
        draft = read_draft(text)
    except Refused:
        return
    seen: set[str] = set()
    for one in draft.provisions:
        assert one.eid not in seen
        assert re.fullmatch(r"[a-z0-9_-]+", one.eid)
        assert len(one.eid) <= EID_MAX
        assert one.parent is None or one.parent in seen
        seen.add(one.eid)
        assert say_label(one)
    letters = "".join(filter(str.isalpha, "".join(one.number + one.heading + one.text for one in draft.provisions)))
    assert len(letters) <= len(text)
