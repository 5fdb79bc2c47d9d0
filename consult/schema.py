"""What migrations say about tables beyond their columns: the wall of PostgreSQL, and records that never change."""

from __future__ import annotations

from collections.abc import Iterable

from alembic import op

_TOWN = "municipality_id = consult_town()"


def prepare_walls() -> None:
    """Makes the functions by which policies ask where the application is, and when. Once, in the first migration.

    The moment is the application's own, so that both walls open what is scheduled at the same instant.
    """
    if not _is_postgresql():
        return
    _run(
        "create or replace function consult_town() returns integer language sql stable as"
        " $$ select nullif(current_setting('consult.town', true), '')::integer $$"
    )
    _run(
        "create or replace function consult_door() returns text language sql stable as"
        " $$ select coalesce(current_setting('consult.door', true), '') $$"
    )
    _run(
        "create or replace function consult_now() returns timestamptz language sql stable as"
        " $$ select coalesce(nullif(current_setting('consult.now', true), '')::timestamptz, now()) $$"
    )


def wall(table: str, doors: Iterable[str] = ()) -> None:
    """A table of ``Local`` rows: read and changed in its own municipality, or through one of ``doors``.

    Through the door "region" it is only read.
    """
    if not _is_postgresql():
        return
    _force(table)
    allowed = " or ".join([_TOWN, *(f"consult_door() = '{door}'" for door in sorted({*doors} - {"region"}))])
    _run(f"create policy own on {table} using ({allowed}) with check ({allowed})")
    if "region" in doors:
        _run(f"create policy region on {table} for select using (consult_door() = 'region')")


def wall_shown(table: str, key: str = "publication_id", only: str = "true") -> None:
    """A table of ``Shown`` rows: read wherever the publication in column ``key`` is shown, changed by its owner.

    ``only``: a condition without which ``key`` holds no publication, and the row is read by its owner alone.
    """
    if not _is_postgresql():
        return
    _force(table)
    its = f"select 1 from shown_in s where {only} and s.publication_id = {table}.{key}"
    in_town = f"s.town_id = consult_town() and ({table}.{_TOWN} or s.open_at <= consult_now())"
    in_region = "consult_door() = 'region' and s.open_at <= consult_now()"
    _read_and_change(table, f"{_TOWN} or exists ({its} and (({in_town}) or ({in_region})))")


def wall_shown_in() -> None:
    """The table ``shown_in`` itself: read by the town that shows and by the owner, changed by the owner."""
    if not _is_postgresql():
        return
    _force("shown_in")
    in_region = "(consult_door() = 'region' and open_at <= consult_now())"
    _read_and_change("shown_in", f"{_TOWN} or town_id = consult_town() or {in_region}")


def append_only(table: str) -> None:
    """The database itself refuses to update or delete a row of ``table``."""
    _refuse(table, "update", "true", f"{table} is append-only")
    _refuse(table, "delete", "true", f"{table} is append-only")


def only_blanking(table: str, key: str, columns: Iterable[str]) -> None:
    """Permits one change to a row of ``table``: that ``columns`` become NULL (erasure, GDPR art. 17)."""
    blank = " and ".join(f"new.{column} is null" for column in columns)
    same = f"new.{key} = old.{key} and new.municipality_id = old.municipality_id"
    _refuse(table, "update", f"not ({blank} and {same})", f"{table} may only be blanked")
    _refuse(table, "delete", "true", f"{table} may only be blanked")


def _refuse(table: str, verb: str, condition: str, message: str) -> None:
    name = f"{table}_no_{verb}"
    if _is_postgresql():
        _run(
            f"create or replace function {name}() returns trigger language plpgsql as"
            f" $$ begin raise exception '{message}' using errcode = 'restrict_violation'; end $$"
        )
        when = "" if condition == "true" else f" when ({condition})"
        _run(f"create trigger {name} before {verb} on {table} for each row{when} execute function {name}()")
    else:
        _run(
            f"create trigger {name} before {verb} on {table} for each row when {condition}"
            f" begin select raise(abort, '{message}'); end"
        )


def _read_and_change(table: str, readable: str) -> None:
    _run(f"create policy shown on {table} for select using ({readable})")
    _run(f"create policy added on {table} for insert with check ({_TOWN})")
    _run(f"create policy changed on {table} for update using ({_TOWN}) with check ({_TOWN})")
    _run(f"create policy deleted on {table} for delete using ({_TOWN})")


def _force(table: str) -> None:
    _run(f"alter table {table} enable row level security")
    _run(f"alter table {table} force row level security")


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _run(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement)
