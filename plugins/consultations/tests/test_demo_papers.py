"""The documents of the demonstration: PDF files that any program opens, with words that can be searched."""

from __future__ import annotations

import re
import zlib
from io import BytesIO

import pytest

from consult.files import read_upload
from plugins.consultations.demo_content.papers import paper_of

TITLE = "Мотиви към проекта на наредба № 142"
LONG = "Наредбата от 2014 г. не казва кога хората научават „за отсичането“. "


def paper(times: int = 1) -> bytes:
    return paper_of(TITLE, [("Причини", LONG * times), ("Цели", "")])


def streams(data: bytes) -> list[bytes]:
    """What the packed parts of the file hold."""
    return [zlib.decompress(found) for found in re.findall(rb"stream\n(.*?)\nendstream", data, re.DOTALL)]


def said_in(data: bytes) -> str:
    """The words as a program reads them: glyphs, and which character each is."""
    table = next(stream for stream in streams(data) if b"beginbfchar" in stream)
    characters = {glyph: chr(int(sign, 16)) for glyph, sign in re.findall(rb"<(\w{4})> <(\w{4})>", table)}
    shown = [found for stream in streams(data) if b" Tj" in stream for found in re.findall(rb"<(\w*)> Tj", stream)]
    return " ".join("".join(characters[line[at : at + 4]] for at in range(0, len(line), 4)) for line in shown)


def test_it_is_taken_as_a_file_and_made_the_same_each_time():
    assert read_upload(BytesIO(paper()), "motivi.pdf").media_type == "application/pdf"
    assert paper() == paper()


@pytest.mark.parametrize("times", [1, 300])
def test_its_words_can_be_read_out_of_it_in_their_order(times):
    said = " ".join(said_in(paper(times)).split())
    assert said == " ".join(f"{TITLE} Причини {LONG * times} Цели".split())


def test_a_long_one_has_more_pages_and_all_objects_stand_where_the_table_says():
    data = paper(300)
    pages = data.count(b"/Type /Page ")
    assert pages > 3
    assert f"/Count {pages}".encode() in data
    begins = int(data.rpartition(b"startxref\n")[2].split()[0])
    assert data[begins:].startswith(b"xref\n")
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", data[begins:])]
    assert [data[place:].split()[0] for place in places] == [str(one).encode() for one in range(1, len(places) + 1)]


def test_a_sign_that_the_font_does_not_have_is_a_question_mark():
    assert "Тук е ?." in said_in(paper_of("А", [("Б", "Тук е 漢.")]))
