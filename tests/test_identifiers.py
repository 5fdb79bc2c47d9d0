"""What identifies a person is found however it was written, and sentences about laws and money raise no alarm.

All numbers here are made up: they have the right checksum and belong to nobody we know of.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.identifiers import Identifier, IdentifierKind, find_identifiers, mask, say_kind

EGN, LNCH, IBAN = IdentifierKind.EGN, IdentifierKind.LNCH, IdentifierKind.IBAN
PHONE, EMAIL, ID_CARD = IdentifierKind.PHONE, IdentifierKind.EMAIL, IdentifierKind.ID_CARD


def found_in(words: str) -> list[tuple[IdentifierKind, str]]:
    return [(one.kind, words[one.start : one.end]) for one in find_identifiers(words)]


# ---- Numbers of people


@pytest.mark.parametrize("egn", ["7501020018", "0042291239", "8825301005", "5241019990"])
def test_a_number_of_a_citizen_is_known_by_its_day_of_birth_and_its_checksum(egn: str):
    assert found_in(f"Аз, Иван, ЕГН {egn}, предлагам") == [(EGN, egn)]


@pytest.mark.parametrize(
    "number",
    [
        "7501020017",  # another checksum
        "7513020018",  # no such month
        "7502300018",  # no such day
        "75010200180",  # eleven digits
        "0142294220",  # 29 February 2001
    ],
)
def test_ten_digits_that_were_never_a_day_of_birth_are_no_number_of_a_citizen(number: str):
    assert EGN not in [kind for kind, _ in found_in(f"Делото е под {number} в описа")]


@pytest.mark.parametrize(
    "written",
    [
        "75 01 02 0018",
        "7501020018".replace("2", "2\u00a0"),
        "750102-0018",
        "750102–0018",
        "75.01.02.0018",
        "7 5 0 1 0 2 0 0 1 8",
        "75010 - 20018",
        "٧٥٠١٠٢٠٠١٨",
        "７５０１０２００１８",
        "75\u200b0102\u00ad00\u206018",
        "\u202e7501020018",
        "7️⃣501020018",
    ],
)
def test_neither_blanks_nor_other_digits_nor_invisible_signs_hide_a_number(written: str):
    words = f"ЕГН: {written}, от Ямбол"
    assert mask(words, find_identifiers(words)).replace("\u202e", "") == "ЕГН: [скрито: ЕГН], от Ямбол"


def test_digits_apart_are_a_number_if_they_stand_alone_or_near_the_word():
    assert found_in("роден съм, 75 01 02 0018, тук") == [(EGN, "75 01 02 0018")]
    assert found_in("ЕГН 75 01 02 0018 12 34") == [(EGN, "75 01 02 0018")]
    assert found_in("дърветата по улици са 12 75 01 02 0018 34") == []


def test_a_number_of_a_foreigner_is_known_by_its_checksum_or_by_its_word():
    assert found_in("ЛНЧ 1001001001.") == [(LNCH, "1001001001")]
    assert found_in("живея тук, 1001001001, от две години") == [(LNCH, "1001001001")]
    assert found_in("ЛНЧ: 100 100 1001") == [(LNCH, "100 100 1001")]
    assert found_in("ЛНЧ 1001001002") == []
    assert found_in("Разходите са 100 100 1001 пъти проверени") == []


@pytest.mark.parametrize(
    "written",
    [
        "л.к. № 123456789",
        "Л. К. 123456789",
        "ЛК №123 456 789",
        "лична карта с номер 123456789, издадена на 12.03.2020 г.",
        "лична карта, издадена на 12.03.2020 г. от МВР, 123456789",
        "с лична карта AA1234567",
        "с лична карта АА 1234567",
        "123456789 е номерът на личната ми карта",
    ],
)
def test_the_number_of_an_identity_card_is_known_by_the_words_beside_it(written: str):
    assert [kind for kind, _ in found_in(written)] == [ID_CARD]


@pytest.mark.parametrize(
    "written", ["ЕИК 123456789", "имот 123456789", "модел АА1234567", "лк 12345678", "елка 123456789"]
)
def test_nine_digits_without_such_words_are_no_identity_card(written: str):
    assert found_in(written) == []


# ---- Bank accounts


@pytest.mark.parametrize(
    "iban",
    [
        "BG80BNBG96611020345678",
        "BG80 BNBG 9661 1020 3456 78",
        "bg80 bnbg 9661 1020 3456 78",
        "ВG80\u00a0ВNВG\u00a09661\u00a01020\u00a03456\u00a078",  # В of the Bulgarian keyboard
        "DE89 3704 0044 0532 0130 00",
        "GB82-WEST-1234-5698-7654-32",
        "TR33 0006 1005 1978 6457 8413 26",
    ],
)
def test_a_bank_account_is_known_by_its_length_and_its_checksum(iban: str):
    assert found_in(f"Преведете по сметка {iban} до петък") == [(IBAN, iban)]


@pytest.mark.parametrize(
    "number", ["BG81BNBG96611020345678", "BG80BNBG9661102034567", "BG80BNBG966110203456789", "ZZ80"]
)
def test_what_only_looks_like_a_bank_account_is_none(number: str):
    assert IBAN not in [kind for kind, _ in found_in(f"сметка {number} ")]


# ---- Phones


@pytest.mark.parametrize(
    "phone",
    [
        "0888123456",
        "0888 123 456",
        "0888-12-34-56",
        "0888/123456",
        "088 8123456",
        "0 888 123 456",
        "+359888123456",
        "+359 88 812 34 56",
        "+359 (0)88 812 3456",
        "00359 888 123 456",
        "359888123456",
        "042 600 123",
        "042/60 01 23",
        "(042) 600-123".removeprefix("("),
        "0431 12345",
        "02 981 23 45",
        "0042 420 600 123",
        "+90 532 123 45 67",
    ],
)
def test_phones_are_found_in_all_the_ways_in_which_they_are_written(phone: str):
    assert found_in(f"Обадете ми се на {phone}, моля") == [(PHONE, phone)]


@pytest.mark.parametrize(
    "said", ["тел. 60 01 23", "телефон: 600123", "GSM 888 123 456", "моб. 888123456", "тел.№ 0431 12345"]
)
def test_a_short_number_is_a_phone_if_the_word_stands_before_it(said: str):
    assert [kind for kind, _ in found_in(said)] == [PHONE]


def test_the_lines_of_institutions_belong_to_nobody():
    assert found_in("тел. 112, тел. 0700 12 345, 0800 11 222") == []


# ---- E-mail


@pytest.mark.parametrize(
    "address",
    [
        "ivan@example.org",
        "Ivan.Petrov+2@mail.example.bg",
        "иван@пример.бг",
        "ivan＠example.org",
        "ivan @ example.org",
        "a@b.c.d.io",
    ],
)
def test_addresses_of_letters_are_found_in_both_alphabets(address: str):
    assert found_in(f"Пишете на {address}.") == [(EMAIL, address)]


@pytest.mark.parametrize("words", ["5 ябълки @ 2", "@obshtina", "ivan@", "ivan@localhost", "@ @ @", "а@б"])
def test_a_lone_sign_is_no_address(words: str):
    assert found_in(words) == []


# ---- What raises no alarm

SENTENCES = [
    "На основание чл. 21, ал. 2 от ЗМСМА и чл. 79 от АПК, във връзка с чл. 26, ал. 4 ЗНА (ДВ, бр. 34 от 3.5.2016 г.)",
    "Обн., ДВ, бр. 77 от 17.09.1991 г., изм., бр. 24 от 1995 г., доп., бр. 8 от 26.01.2024 г., в сила от 01.07.2024 г.",
    "Решение № 367/09.06.2011 г. по адм. д. № 123/2011 г. по описа на съда; Решение № 2404 от 18.11.2025 г.",
    "§ 1. В чл. 14, ал. 1, т. 3 думите „до 50 лв.“ се заменят с „от 100 до 1 500 лв.“.",
    "Бюджетът за 2026 г. е 145 678 900 лв., от които 0,5 % за паркове и 12 345 678,90 лв. за улици.",
    "Имот с идентификатор 68850.502.1234 и 07079.601.12.1 по кадастралната карта, площ 12 345 кв. м",
    "Общината, ЕИК 000817778, БУЛСТАТ 0008177780001, УНП 00123-2024-0001, вх. № 0431-12345 от 05.2024 г.",
    "Срокът е 30 дни: от 11.12.2018 г. до 10.01.2019 г., 09:30–17:00 ч.; 2019–2023 г., 05/2019 – 06/2020, 2024/2025",
    "Регламент (ЕС) 2016/679, Директива 2014/24/ЕС, ISBN 978-954-07-1234-1, ISO 9001:2015, EN 301 549 V3.2.1",
    "Таблица: 1 2 3 4 5 6 7 8 9 10 11 12; 100 200 300 400 500 600; 1990 1991 1992 1993 1994 1995",
    "Населението е 121 582 души, през 2011 г. – 136 781, а през 2001 г. – 143 989 души.",
    "Координати 42.4258, 25.6345; 0.123456789; версия 10.0.19045.3803; 192.168.100.200",
    "Дърветата са 4 500 бр., по 25–30 лв. на 1 бр., общо до 135 000,00 лв. (69 024,40 €).",
    "Чл. 60, ал. 5 и ал. 6 ГПК; чл. 25г ЗЗЛД; т. 1.2.3.4.5.6; приложение № 1–10",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_of_law_or_of_money_raises_no_alarm(sentence: str):
    assert found_in(sentence) == []


# ---- Places and masks


def test_each_find_is_told_apart_and_in_order():
    words = "ЕГН 7501020018, тел. 0888 123 456 и ivan@example.org; IBAN BG80BNBG96611020345678."
    assert mask(words, find_identifiers(words)) == (
        "ЕГН [скрито: ЕГН], тел. [скрито: телефон] и [скрито: имейл]; IBAN [скрито: IBAN]."
    )


def test_numbers_side_by_side_are_two():
    assert found_in("7501020018 0888123456") == [(EGN, "7501020018"), (PHONE, "0888123456")]


def test_an_address_made_of_a_number_is_masked_whole():
    assert found_in("7501020018@example.org") == [(EMAIL, "7501020018@example.org")]


def test_a_text_without_finds_stays_letter_by_letter():
    words = "Нищо\u00a0лично\u202e,\r\n\tсамо\u200b думи е\u0301"
    assert mask(words, find_identifiers(words)) == words


@given(
    st.lists(
        st.sampled_from([*"0123456789 -.@+", "ЕГН ", "тел. ", "л.к. ", "BG80", "\u200b", "7501020018"])
        | st.text(max_size=4)
    )
)
def test_finds_never_overlap_and_never_leave_the_text(pieces: list[str]):
    words = "".join(pieces)
    found = find_identifiers(words)
    edges = [edge for one in found for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert all(0 <= one.start < one.end <= len(words) for one in found)
    rest = mask(words, found)
    for before, after in zip((Identifier(EGN, 0, 0), *found), (*found, Identifier(EGN, len(words), 0)), strict=True):
        assert words[before.end : after.start] in rest


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "08", "0-8-", "@", "a@a.", "BG80 ", "лк ", "тел. 0", "\u200b1", "1.1.2000", "+3"]
)
def test_the_time_grows_with_the_length_and_no_faster(piece: str):
    started = time.process_time()
    find_identifiers((piece * 50_000)[:50_000])
    assert time.process_time() - started < 4


def test_every_kind_has_a_name_for_a_warning_and_a_word_for_the_mask():
    for kind in IdentifierKind:
        assert str(say_kind(kind))
        assert mask("x", [Identifier(kind, 0, 1)]).startswith("[скрито: ")
