"""Versions of a draft: every article found again, every word added or removed shown, every quote anchored anew."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.consultations.drafts.comparing import Comparison, compare, compare_words
from plugins.consultations.drafts.matching import Change, Matching, match
from plugins.consultations.drafts.provisions import Provision
from plugins.consultations.drafts.quotes import Quote, make_quote
from plugins.consultations.drafts.reading import read_draft
from plugins.consultations.drafts.words import Piece

ARTICLES = [
    "Кметът обявява графика за поливане на всички паркове до края на април.",
    "Кучетата се разхождат на повод, а стопанинът почиства след тях незабавно.",
    "За всяко премахнато дърво възложителят засажда две нови дървета наблизо.",
    "Всяко разрешение се публикува на страницата на общината в срок до три дни.",
    "Етажните собственици могат да поемат грижата за площта пред своята сграда.",
]
INSERTED = "Таксата за временно ползване се определя от Общинския съвет всяка година."


def act(*articles: str) -> tuple[Provision, ...]:
    return read_draft("\n".join(f"Чл. {number}. {words}" for number, words in enumerate(articles, 1))).provisions


def came_of(matching: Matching) -> list[tuple[str, str | None, str, bool]]:
    return [(one.eid, one.old_eid, one.change, one.is_reworded) for one in matching.matches]


def shown(pieces: tuple[Piece, ...]) -> str:
    marks = {"same": "{}", "added": "[+{}]", "removed": "[-{}]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in pieces)


# ---- matching


def test_the_same_text_is_the_same():
    matching = match(act(*ARTICLES), act(*ARTICLES))
    assert {one.change for one in matching.matches} == {Change.SAME}
    assert matching.dropped == ()


def test_an_inserted_article_moves_those_behind_it_and_takes_the_place_of_none():
    reworded = ARTICLES[3].replace("три", "пет")
    new = act(*ARTICLES[:2], INSERTED, ARTICLES[2], reworded, ARTICLES[4])
    assert came_of(match(act(*ARTICLES), new)) == [
        ("art_1", "art_1", "same", False),
        ("art_2", "art_2", "same", False),
        ("art_3", None, "new", False),
        ("art_4", "art_3", "moved", False),
        ("art_5", "art_4", "moved", True),
        ("art_6", "art_5", "moved", False),
    ]


def test_a_dropped_article_is_named():
    matching = match(act(*ARTICLES), act(*ARTICLES[:1], *ARTICLES[2:]))
    assert matching.dropped == ("art_2",)
    assert [one.old_eid for one in matching.matches] == ["art_1", "art_3", "art_4", "art_5"]


def test_an_article_carried_far_away_is_found_by_its_rare_words():
    many = [f"Площадка номер{n} се поддържа от дружество{n} по договор{n} за срок{n} години." for n in range(60)]
    carried = [*many[1:], many[0].replace("години", "месеца")]
    assert match(act(*many), act(*carried)).by_eid["art_60"].old_eid == "art_1"


def test_a_rewritten_article_stays_itself_by_its_name_or_by_its_neighbours():
    rewritten = "Нищо общо няма тук освен номера."
    old = read_draft(f"Чл. 1. Такси\n(1) {ARTICLES[0]}\nЧл. 2. Друго\n(1) {ARTICLES[1]}").provisions
    new = read_draft(f"Чл. 1. Такси\n(1) {rewritten}\nЧл. 2. Инак\n(1) {INSERTED}\nЧл. 3. Още\n(1) А.").provisions
    assert came_of(match(old, new))[:2] == [("art_1", "art_1", "changed", True), ("art_2", None, "new", False)]
    between = act(ARTICLES[0], rewritten, *ARTICLES[2:])
    assert match(act(*ARTICLES), between).by_eid["art_2"].change is Change.CHANGED


def test_a_clause_is_never_an_article():
    old, new = read_draft(f"Чл. 1. {INSERTED}").provisions, read_draft(f"§ 1. {INSERTED}").provisions
    assert came_of(match(old, new)) == [("clause_1", None, "new", False)]


def test_renumbered_points_change_their_article():
    old, new = read_draft("Чл. 1. Има:\n1. а;\n2. б.").provisions, read_draft("Чл. 1. Има:\n1. а;\n3. б.").provisions
    assert match(old, new).by_eid["art_1"].change is Change.CHANGED


def test_each_old_article_is_given_once_though_all_are_alike():
    old = act(*(f"Еднакъв текст за всички членове, номер {n % 7}." for n in range(300)))
    new = act(*(f"Еднакъв текст за всичките членове, номер {n % 7}." for n in range(320)))
    matching = match(old, new)
    given_to = [one.old_eid for one in matching.matches if one.old_eid]
    assert len(given_to) == len(set(given_to))
    assert len(given_to) + len(matching.dropped) == 300


@given(st.lists(st.sampled_from([*ARTICLES, INSERTED, "Кратък.", ""]), max_size=8), st.randoms())
def test_every_old_article_is_matched_or_dropped_and_every_new_one_said(articles: list[str], chance):
    other = [*articles, INSERTED]
    chance.shuffle(other)
    old, new = act(*articles), act(*other)
    matching = match(old, new)
    kept = [one.old_eid for one in matching.matches if one.old_eid]
    assert sorted([*kept, *matching.dropped]) == sorted(one.eid for one in old)
    assert [one.eid for one in matching.matches] == [one.eid for one in new]


# ---- words


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("", "", ""),
        ("Дърво.", "Дърво.", "Дърво."),
        ("", "Ново.", "[+Ново.]"),
        ("Старо.", "", "[-Старо.]"),
        ("Засажда две дървета.", "Засажда три дървета.", "Засажда[- две][+ три] дървета."),
        ("разделено", "неразделено", "[-разделено ][+неразделено]"),
        ("а  б\nв", "а б в", "а б в"),
        ("Едно две три", "две три", "[-Едно ]две три"),
        ("дървета и храсти", "дървета", "дървета[- и храсти]"),
        ("до 14 дни", "до 14-дневен срок", "до[- 14 дни][+ 14-дневен срок]"),
        ("Кметът решава сам за това.", "Съветът решава вместо за това.",
         "[-Кметът ][+Съветът] решава[- сам][+ вместо] за това."),
    ],
)  # fmt: skip
def test_whole_words_are_added_and_removed(old: str, new: str, pieces: str):
    assert shown(compare_words(old, new)) == pieces


def test_a_crumb_between_two_changes_does_not_break_them():
    assert shown(compare_words("голям и зелен парк", "малък и сив парк")) == "[-голям и зелен ][+малък и сив] парк"


TEXTS = st.lists(
    st.sampled_from(["дърво", "дървета", ",", ".", " ", "  ", "\n", "14", "-", "“", "ѝ", "и"]), max_size=40
).map("".join)


@given(TEXTS, TEXTS)
def test_the_pieces_give_back_both_texts(old: str, new: str):
    pieces = compare_words(old, new)
    if new.split():
        assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    gone = "".join(piece.text for piece in pieces if piece.kind != "added")
    assert "".join(gone.split()) == "".join(old.split())
    if old.split() != new.split():
        assert all(before.kind != after.kind for before, after in pairwise(pieces))


# ---- versions


def changes(comparison: Comparison) -> list[tuple[str, str]]:
    return [(unit.eid, unit.change) for unit in comparison.units]


def test_units_stand_in_reading_order_and_what_was_dropped_stands_where_it_stood():
    old = read_draft(f"Глава първа. Едно\nЧл. 1. {ARTICLES[0]}\nЧл. 2. {ARTICLES[1]}\nЧл. 3. {ARTICLES[2]}").provisions
    new = read_draft(f"Глава първа. Друго\nЧл. 1. {ARTICLES[0]}\nЧл. 2. {ARTICLES[2]}\nЧл. 3. {INSERTED}").provisions
    comparison = compare(old, new)
    assert changes(comparison) == [
        ("chp_1", "changed"),
        ("art_1", "same"),
        ("art_2", "dropped"),
        ("art_2", "moved"),
        ("art_3", "new"),
    ]
    assert [unit.change for unit in comparison.changed] == ["changed", "dropped", "moved", "new"]
    assert shown(comparison.units[0].parts[0].heading) == "[-Едно ][+Друго]"
    moved = comparison.units[3]
    assert (moved.old_label, moved.label, moved.is_reworded, moved.words_changed) == (
        "чл.\N{NO-BREAK SPACE}3",
        "чл.\N{NO-BREAK SPACE}2",
        False,
        0,
    )


def test_an_inserted_paragraph_is_new_and_those_behind_it_are_renumbered():
    old = read_draft(f"Чл. 1. (1) {ARTICLES[0]}\n(2) {ARTICLES[1]}\n(3) {ARTICLES[2]}").provisions
    changed = ARTICLES[2].replace("две", "три")
    new = read_draft(f"Чл. 1. (1) {ARTICLES[0]}\n(2) {INSERTED}\n(3) {ARTICLES[1]}\n(4) {changed}").provisions
    (unit,) = compare(old, new).units
    assert [(part.old_number, part.number, part.change) for part in unit.parts] == [
        ("1", "1", "same"),
        ("1", "1", "same"),
        (None, "2", "new"),
        ("2", "3", "same"),
        ("3", "4", "changed"),
    ]
    assert "[- две][+ три]" in shown(unit.parts[-1].pieces)
    assert unit.words_changed == 2 + len(INSERTED.split())


def test_a_dropped_paragraph_stands_where_it_stood():
    old = read_draft(f"Чл. 1. (1) {ARTICLES[0]}\n(2) {ARTICLES[1]}\n(3) {ARTICLES[2]}").provisions
    new = read_draft(f"Чл. 1. (1) {ARTICLES[0]}\n(2) {ARTICLES[2]}").provisions
    (unit,) = compare(old, new).units
    assert [part.change for part in unit.parts] == ["same", "same", "dropped", "same"]


def test_a_changed_table_brings_both():
    old, new = read_draft("Чл. 1. А:\n|а|1|\n|б|2|").provisions, read_draft("Чл. 1. А:\n|а|1|\n|б|3|").provisions
    part = compare(old, new).units[0].parts[1]
    assert (part.table, part.old_table) == ((("а", "1"), ("б", "3")), (("а", "1"), ("б", "2")))


def test_a_first_version_is_all_new_and_an_emptied_one_all_dropped():
    some = act(*ARTICLES)
    assert {unit.change for unit in compare((), some).units} == {"new"}
    assert {unit.change for unit in compare(some, ()).units} == {"dropped"}
    assert compare((), ()).units == ()


# ---- quotes

TEXT = "Кметът решава. Кметът обявява графика за поливане на всички паркове до края на април. Кметът пише."


def test_a_quote_remembers_what_stands_around_it():
    quote = make_quote(TEXT, "обявява  графика")
    assert quote == Quote("обявява графика", "Кметът решава. Кметът ", " за поливане на всички паркове д")


def test_what_is_not_in_the_text_is_no_quote():
    assert make_quote(TEXT, "нещо друго") is None
    assert make_quote(TEXT, "  ") is None
    assert make_quote("а" * 2_000, "а" * 1_001) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_quoted_stands_in_the_text(text: str, exact: str):
    if quote := make_quote(text, exact):
        assert quote.prefix + quote.exact + quote.suffix in text
