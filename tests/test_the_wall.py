"""The wall: whatever is asked or changed in one municipality, its neighbour's rows are neither seen nor touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, exists, func, insert, literal, select, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import aliased, make_transient_to_detached

from consult.db import begin_writing, db
from consult.links import Relation
from consult.modules import AllowedPlugin, EnabledPlugin
from consult.outbox import Letter, LetterAttachment
from consult.people import Membership
from consult.publishing import ShownIn, write
from consult.publishing.models import Shown
from consult.subscriptions import Subscription
from consult.tenancy import Municipality, WallBroken, current_door, here, inside, through
from consult.testing.counting import count_queries, database_state
from consult.testing.factories import OFF, ON, town
from plugins.news.models import Category, Post
from tests.local_rows import Rows, fill, local_models

Seen = set[int | None]  # the municipalities of the rows that a statement saw or changed
Statement = Callable[[Any], Seen]
# The database refuses every update and delete of these, whosever they are; see test_records.
NEVER_CHANGED = (
    *("journal_entry", "journal_entry_words", "publication_version", "publication_version_words"),
    *("contribution_version", "contribution_version_words", "moderation_act", "moderation_act_words"),
)

# ---- Every kind of statement over every model


def _owner(model: Any) -> Any:
    return model.municipality_id


def _foreign(model: Any) -> Any:
    """Rows of others: what has to be empty."""
    return _owner(model) != here().id


READS: dict[str, Statement] = {
    "entity": lambda m: {row.municipality_id for row in db.session.scalars(select(m))},
    "column": lambda m: set(db.session.scalars(select(_owner(m)))),
    "aliased entity": lambda m: {row.municipality_id for row in db.session.scalars(select(aliased(m)))},
    "aliased column": lambda m: set(db.session.scalars(select(_owner(aliased(m))))),
    "join": lambda m: set(db.session.scalars(select(Municipality.id).join(m, _owner(m) == Municipality.id).distinct())),
    "outer join": lambda m: (
        set(db.session.scalars(select(_owner(m)).select_from(Municipality).outerjoin(m, _owner(m) == Municipality.id)))
        - {None}
    ),
    "membership in a subquery": lambda m: set(
        db.session.scalars(select(Municipality.id).where(Municipality.id.in_(select(_owner(m)))))
    ),
    "correlated exists": lambda m: set(
        db.session.scalars(select(Municipality.id).where(exists().where(_owner(m) == Municipality.id)))
    ),
    "from a subquery": lambda m: set(db.session.scalars(select(select(_owner(m)).subquery().c[0]))),
    "from a CTE": lambda m: set(db.session.scalars(select(select(_owner(m)).cte().c[0]))),
    "union": lambda m: set(db.session.scalars(select(_owner(m)).union_all(select(_owner(aliased(m)))))),
    "the older query": lambda m: {row.municipality_id for row in db.session.query(m)},
    "join of itself": lambda m: set(
        db.session.scalars(select(_owner(other := aliased(m))).join(m, _owner(m) != _owner(other), isouter=True))
    ),
}
COUNTS: dict[str, Callable[[Any], Any]] = {
    "count from": lambda m: db.session.scalar(select(func.count()).select_from(m).where(_foreign(m))),
    "count of a column": lambda m: db.session.scalar(select(func.count(_owner(m))).where(_foreign(m))),
    "exists": lambda m: db.session.scalar(select(exists().where(_foreign(m)))),
    "exists of a select": lambda m: db.session.scalar(select(select(m).where(_foreign(m)).exists())),
    "nothing but exists": lambda m: db.session.scalar(select(literal(1)).where(exists().where(_foreign(m)))),
    "scalar subquery": lambda m: db.session.scalar(
        select(select(func.count()).select_from(m).where(_foreign(m)).scalar_subquery())
    ),
    "count of a subquery": lambda m: db.session.scalar(
        select(func.count()).select_from(select(m).where(_foreign(m)).subquery())
    ),
}
CHANGES: dict[str, Callable[[Any], int]] = {
    "update": lambda m: _rows(update(m).where(_foreign(m)).values(municipality_id=here().id)),
    "update of all": lambda m: _rows(update(m).values(municipality_id=_owner(m))) - _rows_here(m),
    "update by the older query": lambda m: (
        db.session.query(m).where(_foreign(m)).update({"municipality_id": here().id}, synchronize_session=False)
    ),
    "delete": lambda m: _rows(delete(m).where(_foreign(m))),
    "delete by the older query": lambda m: db.session.query(m).where(_foreign(m)).delete(synchronize_session=False),
}


def _rows(statement: Any) -> int:
    result: Any = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)


def _rows_here(model: Any) -> int:
    raw = model.__table__
    owned = select(func.count()).select_from(raw).where(raw.c.municipality_id == here().id)
    return db.session.scalar(owned) or 0


def each(app: Flask) -> Iterator[type[Any]]:
    """Every model, in the first town and in a transaction that may write; what is written is not kept."""
    with app.app_context(), inside(town(ON)):
        for model in local_models():
            begin_writing()
            yield model
            db.session.rollback()


@pytest.fixture
def rows(app: Flask) -> dict[str, Rows]:
    return fill(app)


def test_both_towns_have_a_row_of_every_model(app, rows):
    assert len(local_models()) >= 14
    for code in (ON, OFF):
        assert set(rows[code]) == set(local_models())
        with app.app_context(), inside(town(code)):
            for model, key in rows[code].items():
                found = db.session.get(model, key)
                assert found is not None, model
                assert found.municipality_id == here().id


def test_reading_sees_the_own_rows_and_no_others(app, rows):
    for model in each(app):
        for kind, read in READS.items():
            assert read(model) == {here().id}, (kind, model)


def test_counting_counts_no_foreign_rows(app, rows):
    for model in each(app):
        for kind, count in COUNTS.items():
            assert not count(model), (kind, model)


def test_a_change_of_many_rows_touches_no_foreign_ones(app, rows):
    for model in each(app):
        if model.__table__.name in NEVER_CHANGED:
            continue
        for kind, change in CHANGES.items():
            assert change(model) == 0, (kind, model)


def test_a_foreign_row_is_not_got_by_its_key(app, rows):
    for model in each(app):
        assert db.session.get(model, rows[ON][model]) is not None, model
        own_parts, foreign = rows[ON][model], rows[OFF][model]
        assert own_parts != foreign
        assert db.session.get(model, foreign) is None, model


def test_what_a_relationship_loads_is_asked_for_in_this_municipality(app, rows):
    for model in each(app):
        row = db.session.get(model, rows[ON][model])
        for relation in model.__mapper__.relationships:
            if relation.mapper.class_ not in local_models():
                continue
            db.session.expire(row)
            with count_queries(app) as asked:
                getattr(row, relation.key)
            target = relation.mapper.local_table.name
            loads = [one for one in asked if re.search(rf"FROM {target}\b", one)]
            assert loads, f"{model.__name__}.{relation.key} asked nothing"
            wall = re.compile(rf"AND ({target}\.municipality_id = \S+$|.EXISTS .*shown_in AS wall)", re.DOTALL)
            assert all(wall.search(one) for one in loads), loads


def test_rows_are_added_and_changed_one_by_one(app, rows):
    for model in each(app):
        foreign = {"municipality_id": town(OFF).id}
        for statement, values in (
            (insert(model), foreign),
            (insert(model), [foreign]),
            (insert(model).values(**foreign), None),
            (insert(model).from_select(["municipality_id"], select(Municipality.id)), None),
            (update(model), [foreign]),
        ):
            with pytest.raises(WallBroken, match="one by one"):
                db.session.execute(statement, values)
        for bulk in (db.session.bulk_insert_mappings, db.session.bulk_update_mappings):
            with pytest.raises(RuntimeError, match="one by one"):
                bulk(model, [foreign])
        with pytest.raises(RuntimeError, match="one by one"):
            db.session.bulk_save_objects([model(**foreign)])


def test_where_no_municipality_is_set_nothing_is_answered(app, rows):
    with app.app_context():
        for model in local_models():
            for statement in (READS | COUNTS | CHANGES).values():
                begin_writing()
                with pytest.raises((WallBroken, StatementError), match="no municipality is set"):
                    statement(model)
                db.session.rollback()


# ---- The guard of changes


def foreign_category(app: Flask, rows: dict[str, Rows]) -> Category:
    """A row of the neighbour's that found its way into a session here."""
    row = Category(id=rows[OFF][Category][0], municipality_id=town(OFF).id, key="k", name_bg="чужда")
    make_transient_to_detached(row)
    db.session.add(row)
    return row


def rename(row: Category) -> None:
    row.name_bg = "превзета"


def take_over(row: Category) -> None:
    row.municipality_id = here().id


@pytest.mark.parametrize("change", [rename, take_over, lambda row: db.session.delete(row)])
def test_a_foreign_row_is_neither_changed_nor_taken_over_nor_deleted(app, rows, change):
    before = database_state(app)
    with app.app_context(), inside(town(ON)):
        begin_writing()
        change(foreign_category(app, rows))
        with pytest.raises(WallBroken, match="of another municipality"):
            db.session.flush()
        db.session.rollback()
    assert database_state(app) == before


def test_a_row_is_not_added_for_another_municipality(app):
    with app.app_context():
        neighbour = town(OFF).id
        with inside(town(ON)):
            begin_writing()
            db.session.add(Category(municipality_id=neighbour, key="k", name_bg="подхвърлена"))
            with pytest.raises(WallBroken, match="of another municipality"):
                db.session.flush()
            db.session.rollback()


def test_a_row_is_not_added_where_no_municipality_is_set(app):
    with app.app_context():
        begin_writing()
        db.session.add(Category(key="k", name_bg="ничия"))
        with pytest.raises(WallBroken, match="no municipality was set"):
            db.session.flush()


def test_what_was_loaded_behind_one_door_is_not_found_behind_the_next(app, rows):
    key = rows[OFF][Category]
    with app.app_context(), inside(town(OFF)):
        assert db.session.get(Category, key) is not None
        with inside(town(ON)):
            assert db.session.get(Category, key) is None
        assert len(db.session.identity_map) == 0
        assert db.session.get(Category, key) is not None


def test_an_error_behind_a_door_is_told_as_it_is_and_the_door_closes(app):
    with app.app_context():
        with pytest.raises(ZeroDivisionError), inside(town(ON)):
            begin_writing()
            db.session.add(Category(key="k", name_bg="забравена"))
            raise ZeroDivisionError
        assert current_door() is None


def test_a_door_is_not_left_with_changes_that_nobody_kept(app):
    with app.app_context():
        with pytest.raises(WallBroken, match="neither committed nor rolled back"), inside(town(ON)):
            begin_writing()
            db.session.add(Category(key="k", name_bg="забравена"))
        assert current_door() is None


# ---- The doors


def reachable(door: str) -> set[type[Any]]:
    """Written by hand: what a door without a municipality opens, and nothing else."""
    if door == "region":
        published = {model for model in local_models() if issubclass(model, Shown)}
        return {AllowedPlugin, EnabledPlugin, ShownIn, Relation, *published}
    both = {AllowedPlugin, EnabledPlugin, Letter, LetterAttachment}
    return both | ({Membership} if door == "operator" else {Subscription})


@pytest.mark.parametrize("door", ["region", "operator", "jobs"])
def test_a_door_opens_what_says_so_and_nothing_else(app, rows, door):
    with app.app_context(), through(door):
        for model in local_models():
            if model in reachable(door):
                db.session.scalars(select(model)).all()
                continue
            for statement in (
                select(model),
                select(func.count(_owner(model))),
                select(exists().where(_owner(model) > 0)),
            ):
                with pytest.raises(WallBroken, match="cannot be reached through the door"):
                    db.session.execute(statement)


@pytest.mark.parametrize("door", ["region", "operator", "jobs"])
def test_a_door_lets_through_the_rows_of_all_towns(app, rows, door):
    with app.app_context(), through(door):
        assert READS["column"](AllowedPlugin) == {town(ON).id, town(OFF).id}


def test_nothing_is_changed_through_a_door_that_does_not_open_it(app, rows):
    with app.app_context(), through("operator"):
        begin_writing()
        db.session.add(Category(municipality_id=town(ON).id, key="k", name_bg="отвън"))
        with pytest.raises(WallBroken, match="cannot be changed through the door"):
            db.session.flush()
        db.session.rollback()


def test_there_is_no_other_door(app):
    with app.app_context(), pytest.raises(WallBroken, match="no door called"), through("back"):
        pass


def test_a_row_that_is_read_anew_again_and_again_stands_behind_one_wall(app: Flask):
    """The wall comes along with what is read for a row: built again each time, it would double what is asked."""
    with app.app_context(), inside(town(ON)):
        post = write(Post(title="Чете се често", body="Три пъти."))
        db.session.commit()
        asked = []
        for _time in range(3):
            with count_queries(app) as queries:
                db.session.refresh(post)
                assert post.translations == []
            asked.append(queries[:])
    assert asked[0] == asked[1] == asked[2]
    assert any("publication_translation" in query for query in asked[0])
