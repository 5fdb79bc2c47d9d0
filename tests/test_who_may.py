"""Everybody at every page: what they get is what the table says, and who is refused has changed nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from notices.models import Notice  # type: ignore[import-not-found]
from notices.operations import put_up  # type: ignore[import-not-found]

from consult.clock import now
from consult.db import db, operation
from consult.modules import allow, disable, enable, forbid
from consult.outbox import Letter
from consult.people import Person, give_role, make_token
from consult.publishing import Attachment, archive, publish, write
from consult.tenancy import Municipality, inside, open_towns, set_open, through
from consult.testing.counting import database_state
from consult.testing.factories import OFF, ON, add_file, email_of, town
from consult.web.link import LIVES
from consult.web.pace import limiter
from plugins.consultations.models import Consultation, Opinion, Procedure
from plugins.events.models import Event
from plugins.news.models import Category, Post
from plugins.news.operations import name_category
from tests.meetings import meet
from tests.one_event import event_for
from tests.one_following import following_for
from tests.one_opinion import opinion_for
from tests.opinions import accepted, consult_people
from tests.pages import OURS, Visitor, parse, text_of, visitor
from tests.ready_consultations import consultation_for
from tests.who_may import INSTALLATION, REGION, TOWN, WHO, Row, read

REFUSED = {302, 401, 403, 404, 405}
BASES = {"town": "/stara-zagora", "region": "", "installation": ""}
TABLES = {"town": read(TOWN), "region": read(REGION), "installation": read(INSTALLATION)}
VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>")
CLOSED = "SLV20"
ONCE = ("consultations.procedure_usual",)  # it adds what is missing, and here that is there already


@dataclass(frozen=True)
class Way:
    """A route and one of its methods. ``rule`` still has its variables."""

    endpoint: str
    method: str
    rule: str


def ways(app: Flask) -> list[Way]:
    """Every route of the application with every method that it takes."""
    return [
        Way(rule.endpoint, method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def person(app: Flask, who: str) -> Visitor:
    return visitor(app, "admin", OFF) if who == "neighbour" else visitor(app, who)


def things(app: Flask, endpoint: str) -> dict[str, str]:
    """What stands for the variables of an address, made anew and in the state that the page wants."""
    with app.app_context():
        _prepare_the_installation(endpoint)
        with inside(town(ON)):
            disable(("news",)) if endpoint == "admin.switch_on" else enable(
                ("news", "notices", "events", "consultations")
            )
            post = write(Post(title="Новина", body="x"))
            publish(post)
            if endpoint == "news.desk_restore":
                archive(post)
            category = db.session.query(Category).first() or name_category("Ремонти")
            notice = put_up("Обява", now() + timedelta(days=1))
            file = add_file(post)
            letter, token = _write_a_stuck_letter(), make_token("account.link", "nova@test.example", LIVES, town(ON).id)
            event, following = event_for(endpoint), following_for(endpoint, post.id) | opinion_for(endpoint)
            consultation = consultation_for(endpoint)
            db.session.commit()
            numbers = {"news.category": category.id, "notices.remove": notice.id, "files.file": file.id}
            numbers["operator.try_letter"] = letter.id
            found = {"number": str(numbers.get(endpoint, post.id)), "file": str(file.id), "tail": post.slug}
            found |= {"name": file.name if endpoint == "files.file" else "news", "plugin": "news", "token": token}
            found = {**event, **found} | (event if endpoint.startswith("events.") else {}) | following
            found |= consultation
        return found | {"code": CLOSED if endpoint in ("operator.open_town", "operator.close_town") else ON}


@operation
def _write_a_stuck_letter() -> Letter:
    long_ago = now() - timedelta(days=1)
    words = {"key": f"stuck {now()}", "to": "a@test.example", "sender": "", "subject": "", "text": ""}
    letter = Letter(**words, written_at=long_ago, due_at=long_ago)
    db.session.add(letter)
    db.session.flush()
    return letter


def _prepare_the_installation(endpoint: str) -> None:
    with through("operator"):
        for one in open_towns():
            allow(one.id, "news")
        if endpoint == "operator.allow":
            forbid(town(ON).id, "news")
        spare = db.session.query(Municipality).where(Municipality.code == CLOSED).one()
        set_open(spare.id, endpoint == "operator.close_town")
        db.session.commit()


def path_of(way: Way, base: str, values: dict[str, str]) -> str:
    return base + VARIABLE.sub(lambda found: values[found[1]], way.rule)


def ask(somebody: Visitor, way: Way, base: str, values: dict[str, str]) -> int:
    path = path_of(way, base, values)
    return (somebody.get(path) if way.method == "GET" else somebody.send(path)).status_code


def differences(app: Flask, method: str) -> Iterator[str]:
    """Where what happens is not what the table says."""
    nowhere: Row = dict.fromkeys(WHO, 404)
    for place in BASES:
        for way in (one for one in ways(app) if one.method == method):
            if (place == "installation") != ((way.endpoint, method) in TABLES["installation"]):
                continue
            row = TABLES[place].get((way.endpoint, method), nowhere)
            for fault in _asked_by_everybody(app, way, BASES[place], row):
                yield f"{method} {way.endpoint} in the {place}, {fault}"


def _asked_by_everybody(app: Flask, way: Way, base: str, row: Row) -> Iterator[str]:
    values = things(app, way.endpoint)
    for who in WHO:
        somebody = person(app, who)
        limiter.reset()
        before = database_state(app)
        status = ask(somebody, way, base, values)
        is_changed = database_state(app) != before
        if status != row[who]:
            yield f"{who}: {status}, not {row[who]}"
        if status in REFUSED and is_changed:
            yield f"{who}: was refused and changed something"
        if status == 303 and not is_changed and who != "visitor" and way.endpoint not in ONCE:
            yield f"{who}: was let through and changed nothing"
        if is_changed:
            values = things(app, way.endpoint)


@pytest.mark.parametrize("who", [who for who in WHO if who != "visitor"])
def test_everybody_in_the_table_is_really_signed_in(app, who):
    somebody = person(app, who)
    words = text_of(parse(somebody.get("/stara-zagora/vhod")))
    names = {"resident": "Жител", "operator": "Оператор", "neighbour": "admin Ямбол"}
    assert names.get(who, f"{who} Стара Загора") in words
    assert text_of(parse(visitor(app).get("/stara-zagora/vhod"))) != words


def test_every_route_has_its_line(app):
    lines = {key for table in TABLES.values() for key in table}
    assert {(way.endpoint, way.method) for way in ways(app)} == lines


def test_who_may_read(app):
    assert list(differences(app, "GET")) == []


def test_who_may_change(app):
    assert list(differences(app, "POST")) == []


def test_where_a_module_is_off_its_pages_are_not_there_for_anybody(app):
    values = things(app, "consultations.opinion") | things(app, "news.post")
    everybody = [person(app, who) for who in WHO]
    before = database_state(app)
    for way in ways(app):
        if way.endpoint.split(".")[0] in ("news", "notices", "events", "consultations"):
            for somebody in everybody:
                for method in ("GET", "POST"):  # the one that it does not take must not tell of it either
                    one = Way(way.endpoint, method, way.rule)
                    assert ask(somebody, one, "/yambol", values) == 404, (somebody.who, one)
    assert database_state(app) == before


@pytest.mark.parametrize("who", ["editor", "admin", "neighbour"])
def test_the_things_of_another_municipality_are_not_found(app, who):
    """By number, on the own pages: the right to do a thing is not the right to do it to the neighbour's."""
    values = things(app, "participation.receipt") | things(app, "consultations.opinion") | things(app, "news.post")
    with app.app_context(), inside(town(OFF)):
        enable(("news", "notices", "events", "consultations"))
        db.session.commit()
    somebody = person(app, who)
    base, strange = ("/yambol", town_numbers(app, ON)) if who == "neighbour" else ("/stara-zagora", fill_neighbour(app))
    for way in ways(app):
        if "<number" not in way.rule:
            continue
        kinds = {"news.category": "category", "notices.remove": "notice", "files.file": "file"}
        kinds |= {"consultations.procedure_edit": "procedure"}
        thing = kinds.get(way.endpoint, THINGS.get(way.endpoint.split(".")[0], "post"))
        before = database_state(app)
        status = ask(somebody, way, base, values | {"number": strange[thing]})
        is_others = way.endpoint in ADMINS or way.endpoint.startswith("moderation.")
        assert status == (403 if who == "editor" and is_others else 404), (way, status)
        assert database_state(app) == before


# By the blueprint; of all others it is a post.
THINGS = {"events": "event", "consultations": "consultation"}
THINGS |= dict.fromkeys(("participation", "reporting", "moderation"), "opinion")
ADMINS = (
    *("news.category", "news.desk_withdraw", "events.desk_withdraw"),
    *("consultations.desk_withdraw", "consultations.procedure_edit"),
)


def town_numbers(app: Flask, code: str) -> dict[str, str]:
    with app.app_context(), inside(town(code)) as here:
        post = db.session.query(Post).where(Post.municipality_id == here.id).first()
        found = {
            "post": post,
            "event": db.session.query(Event).where(Event.municipality_id == here.id).first(),
            "category": db.session.query(Category).first(),
            "notice": db.session.query(Notice).first(),
            "file": db.session.query(Attachment).where(Attachment.municipality_id == here.id).first(),
            "opinion": db.session.query(Opinion).first(),
            "consultation": db.session.query(Consultation).where(Consultation.municipality_id == here.id).first(),
            "procedure": db.session.query(Procedure).first(),
        }
        return {name: str(row.id) for name, row in found.items() if row is not None}


def fill_neighbour(app: Flask) -> dict[str, str]:
    """A thing of each kind next door, with numbers that nothing has here."""
    with app.app_context(), inside(town(OFF)):
        post = write(Post(title="На съседа", body="x"))
        publish(post)
        add_file(post)
        meet(10)
        accepted(consult_people().id)
        name_category("Съседска")
        put_up("Съседска обява", now() + timedelta(days=1))
        db.session.commit()
    strange = town_numbers(app, OFF)
    assert len(strange) == 8
    assert not set(strange.items()) & set(town_numbers(app, ON).items())
    return strange


def test_no_other_method_is_taken(app):
    somebody, values = person(app, "admin"), things(app, "consultations.opinion") | things(app, "news.post")
    before = database_state(app)
    for way in ways(app):
        is_operators = way.endpoint.startswith("operator.") or (way.endpoint, "GET") in TABLES["installation"]
        path = path_of(way, "" if is_operators else BASES["town"], values)
        taken = {one.method for one in ways(app) if one.rule == way.rule}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - taken:
            answer = somebody.client.open(path, method=method, headers=OURS)
            assert answer.status_code == 405, (method, path)
    assert database_state(app) == before


def test_a_role_holds_in_its_own_municipality_only(app):
    with app.app_context(), inside(town(OFF)):
        editor = db.session.query(Person).where(Person.email_key == email_of("editor", ON)).one()
        give_role(editor, "moderator")
        db.session.commit()
    somebody = person(app, "editor")
    assert somebody.get("/stara-zagora/rabota/novini").status_code == 200
    assert somebody.get("/yambol/rabota").status_code == 200
    assert somebody.get("/yambol/admin/moduli").status_code == 403
