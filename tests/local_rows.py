"""One row of every model that a municipality owns, made from the models themselves: a new model is there by itself."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import JSON, Column, DateTime, select
from sqlalchemy.orm import Mapper

from consult.clock import now
from consult.db import Base, Moment, db, operation
from consult.people import Person
from consult.publishing import Publication, ShownIn
from consult.tenancy import Local, here, inside
from consult.testing.factories import OFF, ON, email_of, town

Rows = dict[type[Any], Any]  # model → primary key


def local_models() -> list[type[Any]]:
    """Every installed model that belongs to a municipality, those first that others point to."""
    found = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Local)]
    order = [table.name for table in Base.metadata.sorted_tables]
    return sorted(found, key=lambda model: order.index(model.__table__.name))


def local_tables() -> list[str]:
    """The names of their tables."""
    return [model.__table__.name for model in local_models()]


def fill(app: Flask) -> dict[str, Rows]:
    """Adds one row of each model in both towns; answers their primary keys by the town's code."""
    with app.app_context():
        made = {}
        for code in (ON, OFF):
            with inside(town(code)):
                made[code] = add_one_of_each()
                db.session.commit()
        return made


@operation
def add_one_of_each() -> Rows:
    """Adds one row of each model to the municipality that we are in."""
    made: dict[Any, Any] = {}  # table → row
    for model in local_models():
        if model is ShownIn:
            continue  # comes with its publication, which nobody could read without it
        row = model(**_values(model.__mapper__, made))
        db.session.add(row)
        db.session.flush()
        made[model.__table__] = row
        if isinstance(row, Publication):
            shown = ShownIn(town_id=here().id, publication_id=row.id, kind=row.kind)
            db.session.add(shown)
            made.setdefault(ShownIn.__table__, shown)
    db.session.flush()
    return {type(row): row.__mapper__.primary_key_from_instance(row) for row in made.values()}


def _values(mapper: Mapper[Any], made: dict[Any, Any]) -> dict[str, Any]:
    values = {}
    for name, column in mapper.columns.items():
        is_filled = column.nullable or column.default is not None or column is mapper.polymorphic_on
        parents = [key for one in column.table.columns if one is column for key in column.foreign_keys]
        if name == "municipality_id" or is_filled or (column.primary_key and not parents and _is_counted(column)):
            continue
        if mapper.inherits is None or not column.primary_key:
            values[name] = _value(column, made)
    return values


def _is_counted(column: Column[Any]) -> bool:
    return column.table.autoincrement_column is column


def _value(column: Column[Any], made: dict[Any, Any]) -> Any:
    for key in column.foreign_keys:
        parent = key.column.table
        if parent.name == "municipality":
            return here().id
        if parent.name == "person":
            return db.session.scalar(select(Person.id).where(Person.email_key == email_of("resident")))
        return getattr(made[parent], key.column.key)
    if isinstance(column.type, Moment | DateTime):
        return now()
    if isinstance(column.type, JSON):
        return {}
    if column.type.python_type is str:
        return f"{column.name} {here().code}"[: column.type.length]  # type: ignore[attr-defined]
    return column.type.python_type(1)
