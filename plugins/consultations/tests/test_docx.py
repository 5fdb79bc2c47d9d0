"""A Word file becomes text as it is read on paper; what is none, is locked, swollen or unfinished says what helps."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from flask import Flask

from consult.api import Refused, force_locale
from plugins.consultations.drafts.docx import docx_text
from plugins.consultations.drafts.reading import read_draft
from plugins.consultations.drafts.word_lists import write_number

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BODY = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def packed(body: str, **more: bytes) -> bytes:
    """A bare DOCX with ``body`` in it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("word/document.xml", body)
        for name, data in more.items():
            package.writestr(f"word/{name}.xml", data)
    return stream.getvalue()


def paragraph(words: str, inside: str = "") -> str:
    return f"<w:p>{inside}<w:r><w:t>{words}</w:t></w:r></w:p>"


def why(data: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        docx_text(data)
    return str(refusal.value.sentence._args[1])  # type: ignore[attr-defined]


def in_list(paragraph: Any, level: int, name: int = 77) -> None:
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{name}"/></w:numPr>')
    )


def with_list(document: Any, *levels: tuple[str, str]) -> None:
    """A list 77 whose levels have these forms and texts."""
    numbering = document.part.numbering_part.element
    drawn = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for place, (form, text) in enumerate(levels)
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{drawn}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))


def test_paragraphs_broken_lines_and_tables_come_in_their_order():
    document = docx.Document()
    document.add_paragraph("Чл. 1. Видовете са в таблицата.")
    table = document.add_table(rows=2, cols=2)
    for row, words in zip(table.rows, [("Вид", "Брой"), ("Липа | дребна", "2")], strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    run = document.add_paragraph("Чл. 2.").add_run("\tПърви ред")
    run.add_break(WD_BREAK.LINE)
    run.add_text("втори ред.")
    draft = read_draft(docx_text(saved(document)))
    assert [one.eid for one in draft.provisions] == ["art_1", "art_1__table_1", "art_2"]
    assert draft.provisions[1].table == (("Вид", "Брой"), ("Липа | дребна", "2"))
    assert draft.provisions[2].text == "Първи ред втори ред."


def test_numbers_that_word_only_draws_are_written_out():
    document = docx.Document()
    with_list(document, ("decimal", "Чл. %1."), ("decimal", "(%2)"), ("decimal", "%3."), ("russianLower", "%4)"))
    for level, words in [(0, "Кметът:"), (2, "решава;"), (3, "сам;"), (3, "с други;"), (2, "пише."), (0, "Съветът."),
                         (1, "Заседава."), (1, "Гласува.")]:  # fmt: skip
        in_list(document.add_paragraph(words), level)
    lines = docx_text(saved(document)).split("\n")
    assert lines == ["Чл. 1. Кметът:", "1. решава;", "а) сам;", "б) с други;", "2. пише.", "Чл. 2. Съветът.",
                     "(1) Заседава.", "(2) Гласува."]  # fmt: skip


def test_a_list_that_a_style_brings_is_counted_and_bullets_are_dashes():
    document = docx.Document()
    document.add_paragraph("първо", style="List Number")
    document.add_paragraph("второ", style="List Number")
    document.add_paragraph("точка", style="List Bullet")
    assert docx_text(saved(document)).split("\n") == ["1. първо", "2. второ", "– точка"]


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [(3, "decimal", "3"), (3, "decimalZero", "03"), (4, "lowerRoman", "iv"), (9, "upperRoman", "IX"),
     (2, "lowerLetter", "b"), (27, "upperLetter", "AA"), (3, "russianLower", "в"), (1, "russianUpper", "А"),
     (5, "chicago", "5"), (0, "lowerLetter", "0")],
)  # fmt: skip
def test_each_form_of_number_is_known(value: int, form: str, written: str):
    assert write_number(value, form) == written


def test_hidden_words_comments_and_contents_stay_out_and_notes_come_in():
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>тайно</w:t></w:r><w:r><w:t>Явно</w:t></w:r></w:p>"
    contents = paragraph("Чл. 1 ..... 5", '<w:pPr><w:pStyle w:val="TOC1"/></w:pPr>')
    marked = '<w:p><w:r><w:t>Дума</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    notes = BODY.format(f'<w:footnote w:id="2">{paragraph("бележка")}</w:footnote>').encode()
    text = docx_text(packed(BODY.format(contents + hidden + marked), footnotes=notes))
    assert text.split() == ["Явно", "Дума", "[бележка]"]


def test_a_text_box_is_read_once():
    box = "<mc:Choice>{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback>".format(paragraph("Каре"))
    body = f'<w:p><w:r><mc:AlternateContent xmlns:mc="m">{box}</mc:AlternateContent></w:r></w:p>'
    assert docx_text(packed(BODY.format(body))).split() == ["Каре"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a Word file"),
        (b"Just words", "not a Word file"),
        (b"%PDF-1.7\n...", "A PDF cannot be read by article"),
        (OLE + bytes(600) + "WordDocument".encode("utf-16-le"), "save it as a Word document"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"{\\rtf1 words}", "save it as a Word document"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (packed("<w:document"), "damaged"),
        (packed(BODY.format("<w:p/>")), "no text in the file"),
        (packed("<!DOCTYPE a [<!ENTITY b 'c'>]>" + BODY.format(paragraph("&b;"))), "damaged"),
        (packed("<!DOCTYPE a SYSTEM 'file:///etc/passwd'>" + BODY.format(paragraph("a"))), "damaged"),
        (packed(BODY.format(paragraph("a"))).replace(b"word/document.xml", b"word/documens.xml"), "not a Word file"),
    ],
)  # fmt: skip
def test_what_is_no_readable_docx_says_what_helps(data: bytes, says: str):
    assert says in why(data)


def test_an_odt_is_told_to_be_saved_as_docx():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", "<a/>")
    assert "save it as a Word document" in why(stream.getvalue())


@pytest.mark.parametrize("mark", ["ins", "del", "moveFrom", "moveTo"])
def test_tracked_changes_anywhere_are_refused(mark: str):
    inside_a_table = (
        f"<w:tbl><w:tr><w:tc><w:p><w:{mark} w:id='1'><w:r><w:t>нова</w:t></w:r></w:{mark}></w:p></w:tc></w:tr></w:tbl>"
    )
    assert "tracked changes" in why(packed(BODY.format(paragraph("Чл. 1. Стар.") + inside_a_table)))


def test_a_locked_entry_is_refused():
    data = bytearray(packed(BODY.format(paragraph("a"))))
    for found in re.finditer(rb"PK\x01\x02", bytes(data)):
        data[found.start() + 8] |= 1
    assert "password" in why(bytes(data))


def test_a_bomb_is_refused_before_it_is_unpacked():
    assert "more than can be read safely" in why(packed(BODY.format(paragraph("а" * 6_000_000))))
    assert "more than can be read safely" in why(packed(BODY.format("a"), media=bytes(60 * 1024 * 1024)))


def test_a_bomb_that_lies_about_its_size_is_stopped():
    data = packed(BODY.format(paragraph("дума " * 2_000_000)))
    true_size = len(BODY.format(paragraph("дума " * 2_000_000)).encode())
    lying = data.replace(true_size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != data
    assert "damaged" in why(lying)


def test_a_package_of_very_many_entries_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for number in range(3_100):
            package.writestr(str(number), "")
    assert "more than can be read safely" in why(stream.getvalue())


def test_a_text_longer_than_a_draft_may_be_is_refused_while_it_is_read():
    words = "".join(chr(0x410 + place * 7919 % 64) for place in range(1000))
    assert "million characters" in why(packed(BODY.format(paragraph(words) * 2_100)))


def test_the_reader_is_told_in_the_own_language(app: Flask):
    with app.app_context(), force_locale("bg"), pytest.raises(Refused, match="PDF не може да се чете по членове"):
        docx_text(b"%PDF-1.4")
