"""What residents write: kept as it was sent, and shown so that it can deceive nobody and break no page."""

from __future__ import annotations

import re
import time
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consult import text
from consult.errors import Refused

DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ACCENT = "\u0301"


class Read(HTMLParser):
    """What a reader sees of a piece of HTML, and the elements that it is made of."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.paragraphs: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes += attrs
        if tag == "p":
            self.paragraphs.append("")

    def handle_data(self, data: str) -> None:
        if self.paragraphs:
            self.paragraphs[-1] += data

    @property
    def words(self) -> str:
        return "\n\n".join(paragraph.rstrip("\n") for paragraph in self.paragraphs)


HOSTILE = st.lists(
    st.sampled_from(
        [
            *["<script>", "</p>", "<br>", "<!--", "]]>", "&lt;", "&", '"', "'", "javascript:1", "https://example.org"],
            *["\n", "\n\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\t", " ", "\u00a0"],
            *["\x00", "\x1b", "\ud800", "\ufffe", "\u202e", "\u2069", ACCENT * 5, "\u20e3" * 5, "\u200d", "а"],
        ]
    )
    | st.text(max_size=8),
    max_size=30,
).map("".join)


@given(HOSTILE)
@example("а" + (ACCENT * 8 + "\u200d") * 50)
@example("а" + (ACCENT * 8 + "\u00ad") * 50)
def test_the_page_holds_the_words_and_nothing_but_paragraphs_and_line_breaks(typed: str):
    page = Read(text.render_plain(typed))
    assert page.elements <= {"p", "br"}
    assert page.attributes == []
    assert page.words == re.sub(r"\n\s*\n", "\n\n", text.harmless(typed).strip())


@given(HOSTILE)
def test_what_is_shown_is_harmless(typed: str):
    shown = text.harmless(typed)
    text.check_text(shown)
    text.check_line(text.shown_line(typed))
    shown.encode()
    assert text.harmless(shown) == shown


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "M", "Zl", "Zp"))))
def test_words_without_anything_odd_are_shown_letter_by_letter(typed: str):
    assert text.harmless(typed) == typed
    assert text.shown_line(typed) == typed


def test_a_blank_line_parts_paragraphs_and_a_line_break_stays_one():
    assert text.render_plain("\nПърво,\nвторо.\n \n\nТрето <b>&\r\nчетвърто\n") == (
        "<p>Първо,<br>\nвторо.</p>\n<p>Трето &lt;b&gt;&amp;<br>\nчетвърто</p>"
    )


def test_nothing_but_blanks_is_no_paragraph():
    assert text.render_plain(" \n\u00a0\n\t") == ""


def test_an_address_is_shown_and_is_no_link():
    assert text.render_plain("Вижте https://example.org/a?b=1&c") == "<p>Вижте https://example.org/a?b=1&amp;c</p>"


@pytest.mark.parametrize("control", DIRECTIONS)
def test_what_would_turn_the_line_around_is_kept_but_not_shown(control: str):
    text.check_words(f"кмет{control}ът")
    assert text.render_plain(f"кмет{control}ът") == "<p>кметът</p>"
    assert text.shown_line(f"Иван{control} Петров") == "Иван Петров"


def test_a_text_from_right_to_left_needs_no_controls_and_stays_whole():
    assert text.shown_line("العربية\u200f עברית") == "العربية\u200f עברית"


def test_of_stacked_marks_eight_are_shown():
    typed = "За" + ACCENT * 400 + "гора и" + ACCENT * 3
    text.check_words(typed)
    assert text.shown_line(typed) == "За" + ACCENT * 8 + "гора и" + ACCENT * 3


@pytest.mark.parametrize("between", "\u200d\u200b\u2060\u00ad\ufeff")
def test_what_is_invisible_between_marks_does_not_let_more_of_them_stand(between: str):
    shown = text.shown_line("а" + (ACCENT * 4 + between) * 100)
    assert shown.count(ACCENT) == 8
    with pytest.raises(Refused, match="stacked on one letter"):
        text.check_text("а" + (ACCENT * 4 + between) * 100)


def test_no_mark_is_overlooked_by_the_quick_question():
    letters = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Mn", "Me", "Cf")]
    assert [sign for sign in letters if not text.PERHAPS_STACKED.fullmatch(sign * 9)] == []


@pytest.mark.parametrize("sign", [*"\x00\x07\x1b\r\x7f\x85", "\ud800", "\ufffe", "\ufdd0", "\U0010ffff"])
def test_what_cannot_be_kept_is_refused_by_the_place_it_stands_in(sign: str):
    with pytest.raises(Refused, match="near “зелената система”") as refusal:
        text.check_words(f"зелената{sign} система", "text")
    assert refusal.value.field == "text"


def test_a_name_over_several_lines_is_shown_on_one():
    assert text.shown_line("Иван\r\nПетров\tИванов") == "Иван Петров Иванов"


@pytest.mark.parametrize("piece", ["\n", "\n ", " ", "\u2029", "а" + ACCENT * 9, "\u202e", "<", "\n\n<br>"])
def test_a_hostile_text_is_shown_in_time_that_grows_with_its_length(piece: str):
    started = time.process_time()
    text.render_plain(piece * (200_000 // len(piece)) + "а")
    assert time.process_time() - started < 2
