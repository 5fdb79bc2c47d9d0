"""Consultations with as many opinions as are asked for, written straight into the tables by their owner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from flask import Flask
from sqlalchemy import Connection, func, insert, select

from bench.measuring.town import as_owner
from consult.clock import local, now
from consult.db import Base, db, operation
from consult.participation import REPLY, Contribution, Standing, Tally
from consult.publishing import publish, write
from consult.tenancy import inside
from consult.testing.factories import ON, town
from consult.text import render_plain
from plugins.consultations.models import Consultation, Opinion, Passage, Procedure, Stance

OTHERS = 9  # consultations that share the last tenth of all rows
ARTICLES = 40  # of each draft
BLOCK = 20  # opinions, as many as a page has: every page holds the same mixture, wherever in the thread it lies
REPLIES = {0: 5, 3: 1, 6: 1, 9: 1, 12: 1, 15: 1}  # opinion of a block → replies to it: a third of all rows are replies
WITH_REPLIES = BLOCK + sum(REPLIES.values())
HIDDEN = 7  # the one of a block that has a tombstone
SENTENCE = "Три млади фиданки не заменят една липа на четиридесет години, а за сянката няма обезщетение. "
REPLY_TEXT = "Съгласна съм с казаното, но нека се добави и срок за отговор."
CONTRIBUTIONS, OPINIONS, TALLIES, PASSAGES = (
    Base.metadata.tables[model.__tablename__] for model in (Contribution, Opinion, Tally, Passage)
)
Row = dict[str, Any]


def consult_people(app: Flask, many: int = 1) -> list[int]:
    """Opens so many consultations; answers their numbers."""
    with app.app_context(), inside(town(ON)):
        numbers = [_open(turn).id for turn in range(many)]
        db.session.commit()
        return numbers


@operation
def _open(turn: int) -> Consultation:
    procedure = db.session.scalars(select(Procedure).order_by(Procedure.id)).first()
    if procedure is None:
        procedure = Procedure(key="naredba", name="Наредба", days_legal=30, days_shortened=14)
        db.session.add(procedure)
        db.session.flush()
    opened, closes = now() - timedelta(days=20), now() + timedelta(days=10)
    words = {"title": f"Наредба {turn} за зелената система", "short_title": "Зелена система", "body": "Проект."}
    term = {"days": 30, "opens_at": opened, "counted_from": local(opened).date()}
    term |= {"closes_at": closes, "last_day": local(closes).date()}
    one = Consultation(topic="okolna-sreda", procedure_id=procedure.id, **words, **term)
    write(one)
    publish(one)
    return one


def say_much(app: Flask, many: int) -> tuple[int, range]:
    """Gives a new consultation ``many`` opinions, replies included, and nine others a ninth of that between them.

    In bulk and past the operations, so they have no versions and no journal; the counts are right. Answers the number
    of the big one and the numbers of its rows.
    """
    big, *others = consult_people(app, 1 + OTHERS)
    with as_owner(app) as (connection, town_id):
        shares = [(number, many // 9 // OTHERS) for number in others]
        for number in (big, *others):
            connection.execute(insert(PASSAGES), list(_articles(number, town_id)))
        for number, share in shares[: OTHERS // 2]:
            _say(connection, number, town_id, share)
        rows = _say(connection, big, town_id, many)
        for number, share in shares[OTHERS // 2 :]:
            _say(connection, number, town_id, share)
    return big, rows


def _say(connection: Connection, publication_id: int, town_id: int, many: int) -> range:
    first = (connection.scalar(select(func.max(CONTRIBUTIONS.c.id))) or 0) + 1
    of_article = dict(
        connection.execute(
            select(PASSAGES.c.position, PASSAGES.c.id).where(PASSAGES.c.consultation_id == publication_id)
        ).all()
    )
    numbers = range(first, first + many)
    rows = list(_rows(first, many, publication_id, town_id, of_article))
    _count_replies(rows)
    if rows:
        connection.execute(insert(CONTRIBUTIONS), rows)
        connection.execute(insert(OPINIONS), [_of_kind(row) for row in rows])
        connection.execute(insert(TALLIES), list(_tallies(rows)))
    return numbers


def _rows(first: int, many: int, publication_id: int, town_id: int, of_article: dict[int, int]) -> Iterator[Row]:
    """Twenty opinions, then the ten replies to them, again and again, a second apart; what is left over comes first."""
    begin, start = now() - timedelta(days=15), first
    texts = [SENTENCE * (1 + turn * 7 % 9) for turn in range(BLOCK)]
    drawn = {text: str(render_plain(text)) for text in (*texts, REPLY_TEXT)}

    def row(number: int, text: str, turn: int) -> Row:
        part = of_article[turn // 2] if turn % 2 else 0
        said = {"text": text, "text_html": drawn[text], "part_id": part}
        return _row(number, publication_id, town_id, begin + timedelta(seconds=number - first)) | said

    while start < first + many:
        is_whole = (first + many - start) % WITH_REPLIES == 0
        agreed = crc32(str(start - first).encode()) % 60  # alike in a block, so that these pages hold it whole too
        for turn in range(BLOCK if is_whole else many % WITH_REPLIES):
            stance = list(Stance)[turn % len(Stance)]
            is_hidden = {"standing": Standing.HIDDEN, "rule": "insult", "reason": "Обида."} if turn == HIDDEN else {}
            said = {"stance": stance, "is_listed": True, "agreed": agreed, "is_answered": turn % 5 == 0}
            yield row(start + turn, texts[turn % BLOCK], turn) | said | is_hidden
        answers = [(turn, number + 1) for turn, replies in REPLIES.items() for number in range(replies)]
        for place, (turn, number) in enumerate(answers if is_whole else ()):
            said = {"stance": REPLY, "reply_to_id": start + turn, "reply_number": number}
            yield row(start + BLOCK + place, REPLY_TEXT, turn) | said
        start += WITH_REPLIES if is_whole else many % WITH_REPLIES


def _row(number: int, publication_id: int, town_id: int, moment: datetime) -> Row:
    email = f"gost{number}@crowd.example"
    return {
        "id": number,
        "municipality_id": town_id,
        "kind": str(Opinion.__mapper__.polymorphic_identity),
        "publication_id": publication_id,
        "reply_to_id": None,
        "reply_number": 0,
        "standing": Standing.PUBLISHED,
        "is_listed": False,
        "is_answered": False,
        "agreed": 0,
        "replies": 0,
        "edition": 1,
        "sealed_to": 0,
        "channel": "site",
        "language": "bg",
        "name": f"Гост {number}",
        "home": "жител на кв. „Казански“",
        "organisation": "",
        "consent": "full",
        "email": email,
        "address_key": email,
        "salt": "",
        "file_name": "",
        "file_type": "",
        "file_size": 0,
        "received_at": moment,
        "accepted_at": moment,
        "ended_at": moment,
        "rule": "",
        "reason": "",
        "queued_for": "",
    }


def _count_replies(rows: list[Row]) -> None:
    replies = Counter(row["reply_to_id"] for row in rows if row["reply_to_id"] is not None)
    for row in rows:
        row["replies"] = replies[row["id"]]


def _of_kind(row: Row) -> Row:
    label = f"чл. {row['part_id']}" if row["part_id"] and row["stance"] != REPLY else ""
    none = {"eid": "", "quote_exact": "", "quote_prefix": "", "quote_suffix": "", "proposed": ""}
    return {"id": row["id"], "municipality_id": row["municipality_id"], "version": 0, "label": label, **none}


def _tallies(rows: list[Row]) -> Iterator[Row]:
    leaves = Counter((row["part_id"], str(row["stance"]), row["standing"] == Standing.PUBLISHED) for row in rows)
    for part_id, stance in sorted({(part_id, stance) for part_id, stance, _is_shown in leaves}):
        shown, gone = leaves[part_id, stance, True], leaves[part_id, stance, False]
        leaf = {"publication_id": rows[0]["publication_id"], "municipality_id": rows[0]["municipality_id"]}
        yield {**leaf, "part_id": part_id, "stance": stance, "accepted": shown + gone, "shown": shown, "gone": gone}


def _articles(consultation_id: int, town_id: int) -> Iterator[Row]:
    for position in range(ARTICLES):
        named = {"eid": f"art_{position}", "slug": f"chl-{position}", "label": f"чл. {position}"}
        whose = {"consultation_id": consultation_id, "municipality_id": town_id}
        seen = {"changed_in": 0, "moved_from": "", "dropped_in": 0}
        yield {**whose, **named, **seen, "heading": f"Опазване на дърветата {position}", "position": position}
