"""Words: the Transliteration Act, addresses, Markdown that cannot harm, and characters that no text may hold."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consult import text
from consult.errors import Refused

# The 33 municipalities of the south-east as the National Statistical Institute writes them.
MUNICIPALITIES = {
    "Айтос": "Aytos",
    "Болярово": "Bolyarovo",
    "Братя Даскалови": "Bratya Daskalovi",
    "Бургас": "Burgas",
    "Гурково": "Gurkovo",
    "Гълъбово": "Galabovo",
    "Елхово": "Elhovo",
    "Казанлък": "Kazanlak",
    "Камено": "Kameno",
    "Карнобат": "Karnobat",
    "Котел": "Kotel",
    "Малко Търново": "Malko Tarnovo",
    "Мъглиж": "Maglizh",
    "Несебър": "Nesebar",
    "Николаево": "Nikolaevo",
    "Нова Загора": "Nova Zagora",
    "Опан": "Opan",
    "Павел баня": "Pavel banya",
    "Поморие": "Pomorie",
    "Приморско": "Primorsko",
    "Раднево": "Radnevo",
    "Руен": "Ruen",
    "Сливен": "Sliven",
    "Созопол": "Sozopol",
    "Средец": "Sredets",
    "Стара Загора": "Stara Zagora",
    "Стралджа": "Straldzha",
    "Сунгурларе": "Sungurlare",
    "Твърдица": "Tvarditsa",
    "Тунджа": "Tundzha",
    "Царево": "Tsarevo",
    "Чирпан": "Chirpan",
    "Ямбол": "Yambol",
}

# ---- Latin letters and addresses


def test_an_indented_line_is_a_paragraph_like_any_other():
    assert "<pre" not in text.render_markdown("Уважаеми,\n\n\tКаним ви на среща.")


def test_every_municipality_is_written_as_on_its_road_sign():
    assert len(MUNICIPALITIES) == 33
    assert {name: text.latin(name) for name in MUNICIPALITIES} == MUNICIPALITIES


@pytest.mark.parametrize(
    ("bulgarian", "written"),
    [
        ("България", "Bulgaria"),
        ("български", "balgarski"),
        ("София", "Sofia"),
        ("партия и партиями", "partia i partiyami"),
        ("Йово, Нейчо, цъфтеж", "Yovo, Neycho, tsaftezh"),
        (unicodedata.normalize("NFD", "Йово"), "Yovo"),
        ("ЩЪРКЕЛ и Щъркел", "SHTARKEL i Shtarkel"),
        ("БЪЛГАРИЯ", "BULGARIA"),
        ("Я и ѝ, Ѝ", "Ya i i, I"),
        ("чл. 26, ал. 4 (Şeker)", "chl. 26, al. 4 (Şeker)"),
    ],
)
def test_words_follow_the_act(bulgarian: str, written: str):
    assert text.latin(bulgarian) == written


@given(st.text())
def test_any_text_can_be_put_in_latin_letters(anything: str):
    assert not set("абвгдежзийклмнопрстуфхцчшщъьюя") & set(text.latin(anything).lower())


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("Кръгла маса", "kragla-masa"),
        ("Наредба за „зелената“ система — проект № 2", "naredba-za-zelenata-sistema-proekt-no-2"),
        ("Şehir ve ırmak: İstanbul’da çağrı", "sehir-ve-irmak-istanbul-da-cagri"),
        ("Гово\u0301ри ѝ", "govori-i"),
        ("", "bez-ime"),
        ("„…“ 😀", "bez-ime"),
    ],
)
def test_an_address_can_be_read_over_the_phone(title: str, address: str):
    assert text.slug(title) == address


def test_an_address_ends_with_a_whole_word():
    assert text.slug("Обществено обсъждане на бюджета", limit=25) == "obshtestveno-obsazhdane"
    assert text.slug("Обществено обсъждане", limit=23) == "obshtestveno-obsazhdane"
    assert text.slug("щ" * 40, limit=10) == "shtshtshts"


@given(st.text(), st.integers(min_value=1, max_value=80))
@example("İ ½ ﷺ K", 60)
def test_an_address_always_has_the_same_shape(title: str, limit: int):
    address = text.slug(title, limit)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", address)
    assert len(address) <= limit or address == text.NAMELESS


# ---- Markdown


class Elements(HTMLParser):
    """Collects what a browser would find in a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


HOSTILE = st.lists(
    st.sampled_from(
        [
            *[
                "<script>",
                "</script>",
                "<img src=x onerror=alert(1)>",
                "<svg/onload=alert(1)>",
                "<a href='javascript:1'>",
            ],
            *["[x](javascript:alert(1))", "[x](JaVaScRiPt:1)", "[x](&#106;avascript:1)", "[x](data:text/html,1)"],
            *[
                "<javascript:alert(1)>",
                "[x]: javascript:1\n",
                "![x](x.png)",
                '[x](/a "t\'><script>")',
                "<style>",
                "-->",
            ],
            *[
                "| a |\n|:-:|\n| b |\n",
                "\n\n",
                "    ",
                "```x onload=1\n",
                "> ",
                "# ",
                "1. ",
                "`",
                "*",
                "_",
                "&lt;",
                "\x00",
            ],
        ]
    )
    | st.text(max_size=8),
    max_size=25,
).map("".join)


@given(HOSTILE)
def test_no_markdown_can_harm_a_reader(source: str):
    found = Elements(text.render_markdown(source))
    assert set(found.tags) <= text.TAGS
    assert {name for name, _ in found.attributes} <= {"href", "title", "rel", "start"}
    for name, value in found.attributes:
        scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", value, re.IGNORECASE)
        if name == "href" and scheme:
            assert scheme[1].lower() in text.SCHEMES


def test_typed_html_is_shown_as_it_was_typed():
    html = text.render_markdown("<b>a</b>\n\n<script>x</script>")
    assert html == "<p>&lt;b&gt;a&lt;/b&gt;</p>\n<p>&lt;script&gt;x&lt;/script&gt;</p>\n"


def test_headings_leave_the_first_level_to_the_title_of_the_page():
    assert text.render_markdown("# Едно\n\n## Две\n\n###### Шест\n\nПак едно\n===") == (
        "<h2>Едно</h2>\n<h3>Две</h3>\n<h6>Шест</h6>\n<h2>Пак едно</h2>\n"
    )


@pytest.mark.parametrize("address", ["https://example.org/a", "HTTP://example.org", "//example.org"])
def test_a_link_outside_does_not_vouch_for_the_place(address: str):
    assert 'rel="nofollow noopener"' in text.render_markdown(f"[х]({address})")


@pytest.mark.parametrize("address", ["/novini/310", "#chl-14", "mailto:obshtina@example.org", "tel:+35942123456"])
def test_links_inside_letters_and_phones_stay_as_typed(address: str):
    assert text.render_markdown(f"[х]({address})") == f'<p><a href="{address}">х</a></p>\n'


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org", "vbscript:x", "x:y"]
)
def test_no_other_kind_of_address_becomes_a_link(address: str):
    assert "href" not in text.render_markdown(f"[х]({address})")


def test_a_picture_becomes_a_link_to_it():
    html = text.render_markdown("![план](/plan.png)")
    assert "<img" not in html
    assert '<a href="/plan.png">план</a>' in html


def test_a_list_begins_with_the_number_that_was_typed():
    assert '<ol start="3">' in text.render_markdown("3. трето\n4. четвърто")


def test_tables_are_tables():
    html = text.render_markdown("| Ден | Час |\n|---|--:|\n| сряда | 17 |")
    assert Elements(html).tags == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]
    assert "style" not in html


def test_descriptions_hold_words_and_no_marks():
    source = (
        "# Среща\n\nЕлате **всички** в\n[залата](/zala), `вход 2`.\n\n* едно\n* две\n\n| а | б |\n|---|---|\n| в | г |"
    )
    assert text.plain(source) == "Среща\nЕлате всички в залата, вход 2.\nедно\nдве\nа\nб\nв\nг"


@pytest.mark.parametrize(
    ("whole", "limit", "kept"),
    [
        ("Кратко", 6, "Кратко"),
        ("Елате всички\n в залата", 30, "Елате всички в залата"),
        ("Елате всички, в залата", 15, "Елате всички…"),
        ("Елате всички в залата", 13, "Елате всички…"),
        ("Елате всички в залата", 12, "Елате…"),
        ("Непротивоконституционствувателствувайте", 10, "Непротиво…"),
        ("", 5, ""),
    ],
)
def test_a_text_is_cut_between_words(whole: str, limit: int, kept: str):
    assert text.cut(whole, limit) == kept


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_cut_text_is_never_longer_than_asked(whole: str, limit: int):
    assert len(text.cut(whole, limit)) <= limit


# ---- What no text may hold

ORDINARY = [
    "Тя ѝ каза: „Ела́ на 3 декември, 17:30\u00a0ч.“ – № 5, § 2, 120 €",
    unicodedata.normalize("NFD", "Йорданка Ѝ"),
    "Çağrı, İstanbul’da ığdır şöyle",
    "It’s café time — naïve, 100 %",
    "Ура 👩‍👩‍👧‍👦 ❤️ 1️⃣ 🇧🇬 👍🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "العربية עברית हिन्दी",
]


@pytest.mark.parametrize("ordinary", ORDINARY)
def test_what_people_write_is_taken(ordinary: str):
    text.check_line(ordinary)
    text.check_text(ordinary + "\n\tвтори ред\n")


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "M"))))
def test_any_letters_signs_and_blanks_are_taken(anything: str):
    text.check_text(anything)


@pytest.mark.parametrize("sign", [*"\x00\x07\x0b\x1b\r\x7f\x85\x9f", "\ud800", "\ufffe", "\ufdd0", "\U0010ffff"])
def test_invisible_characters_are_refused_by_the_place_they_stand_in(sign: str):
    for check in (text.check_line, text.check_text):
        with pytest.raises(Refused, match="зелената система") as refusal:
            check(f"зелената{sign} система", "title")
        assert refusal.value.field == "title"


@pytest.mark.parametrize("sign", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_a_text_cannot_be_turned_around(sign: str):
    with pytest.raises(Refused, match="turn the text around"):
        text.check_text(f"кмет{sign}ът")


def test_eight_accents_may_stand_on_a_letter_and_no_more():
    text.check_text("а" + "\u0301" * 8 + "б" + "\u0301" * 8)
    with pytest.raises(Refused, match="stacked on one letter near “преди после”"):
        text.check_text("преди" + "\u0301" * 9 + " после")


@pytest.mark.parametrize("sign", "\n\r\t\u2028\u2029")
def test_a_line_holds_no_line_break(sign: str):
    with pytest.raises(Refused, match="one line"):
        text.check_line(f"първи{sign}втори")


def test_a_text_of_nothing_but_controls_is_refused_too():
    with pytest.raises(Refused, match="near “…”"):
        text.check_line("\x00")
