"""Files that letters bring along, invitations among them, and the letters of the installation itself."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from consult.db import db
from consult.outbox import Letter, LetterFile, send
from consult.tenancy import WallBroken, inside, through
from consult.testing.factories import ON, town
from tests.mail import Sink, deliver_all, letters, mail_server, write

CALENDAR = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:\xd0\xa1\xd1\x8a\xd0\xb1\xd0\xbe\xd1\x80\r\nEND:VCALENDAR\r\n"
INVITATION = LetterFile("sabitie.ics", "text/calendar", CALENDAR, {"method": "REQUEST", "charset": "utf-8"})
PROGRAMME = LetterFile("Програма на събора.pdf", "application/pdf", b"%PDF-1.7\n\x00\xff")


@pytest.fixture
def taken(app: Flask) -> Iterator[Sink]:
    """What a real mail server has taken."""
    sink = Sink()
    with mail_server(sink) as address:
        app.config["MAIL"] = address
        yield sink


def delivered(app: Flask, sink: Sink) -> EmailMessage:
    assert deliver_all(app) == 1
    return sink.letters[-1]


def test_a_file_arrives_byte_by_byte_under_its_name(app, taken):
    write(app, "one", files=(PROGRAMME,))
    [file] = delivered(app, taken).iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("application/pdf", PROGRAMME.name)
    assert file.get_content() == PROGRAMME.content


def test_an_invitation_stands_beside_the_text_and_once_more_as_a_file(app, taken):
    """RFC 6047: programs offer to take what has a method; a few take only what is attached."""
    write(app, "one", files=(INVITATION, PROGRAMME))
    message = delivered(app, taken)
    assert message.get_content_type() == "multipart/mixed"
    words, *files = message.iter_parts()
    assert words.get_content_type() == "multipart/alternative"
    text, offered = words.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert offered.get_content_type() == "text/calendar"
    assert dict(offered["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert offered.get_payload(decode=True) == CALENDAR
    assert [file.get_content_type() for file in files] == ["application/ics", "application/pdf"]
    assert files[0].get_filename() == INVITATION.name
    assert files[0].get_content() == CALENDAR


def test_a_calendar_without_a_method_is_a_file_and_no_invitation(app, taken):
    write(app, "one", files=(LetterFile("kalendar.ics", "text/calendar", CALENDAR, {"charset": "utf-8"}),))
    message = delivered(app, taken)
    [file] = message.iter_attachments()
    assert file.get_content_type() == "text/calendar"
    assert file.get_payload(decode=True) == CALENDAR


def test_a_second_try_is_the_same_letter_with_the_same_files(app, taken):
    write(app, "one", files=(INVITATION,))
    taken.answer = "451 later"
    assert deliver_all(app) == 0
    assert [len(one.attachments) for one in letters(app)] == [1]
    assert len(taken.tried) == 1


@pytest.mark.parametrize(
    ("name", "kind", "parameters"),
    [
        ("a\r\nBcc: x@y.example", "text/plain", {}),
        ("../a.txt", "text/plain", {}),
        ('a".txt', "text/plain", {}),
        ("", "text/plain", {}),
        ("a.txt", "text", {}),
        ("a.txt", "text/plain\r\nBcc: x@y.example", {}),
        ("a.txt", "message/rfc822", {}),
        ("a.txt", "Multipart/mixed", {}),
        ("a.txt", "text/plain", {"charset": "utf-8\r\nBcc: x@y.example"}),
        ("a.txt", "text/plain", {"name=x; y": "z"}),
    ],
)
def test_what_could_not_stand_in_a_header_is_no_file(name, kind, parameters):
    with pytest.raises(ValueError, match=r"no (name of a file|media type)"):
        LetterFile(name, kind, b"", parameters)


def test_the_letters_of_the_installation_are_no_towns_and_reached_by_two_doors(app, taken):
    write(app, "one")
    with app.app_context():
        with through("jobs"):
            for subject in ("първо", "второ"):
                send("one", "somebody@test.example", subject, "Текст")
            db.session.commit()
        with inside(town(ON)):
            assert [one.subject for one in _seen()] == ["Нещо ново"]
        with through("operator"):
            assert [one.subject for one in _seen()] == ["Нещо ново", "първо"]
    assert deliver_all(app) == 2
    assert [one["From"] for one in taken.letters] == ["uchastvay@stara-zagora.example", "no-reply@127.0.0.1"]
    assert len(taken.tried) == 2, "the key of a town is not the installation's"


@pytest.mark.parametrize("door", ["operator", "region"])
def test_by_no_other_door_does_the_installation_write(app, door):
    with app.app_context(), pytest.raises(WallBroken), through(door):
        send("one", "somebody@test.example", "първо", "Текст")


def _seen() -> list[Letter]:
    return list(db.session.scalars(select(Letter).order_by(Letter.id)))
