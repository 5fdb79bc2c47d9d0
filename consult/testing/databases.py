"""Real databases for tests: SQLite and PostgreSQL, each migrated once a process and clean for every test."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
from flask import Flask
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import URL

from consult.testing.postgres import administrator_url
from consult.testing.run import quick_folder

OWNER = "consult_owner"
PLAIN = "consult_app"
MADE_UP_PASSWORD = "only-for-tests"  # these two roles live on a throw-away server

Migrate = Callable[["Database"], None]

# The application remembers things until a municipality's stamp is raised. Each test begins with stamps that nobody in
# this process has seen, so that nothing remembered in one test answers in the next.
_unseen = itertools.count(1000, 1000)
RENUMBER = "update content_stamp set value = {}"


class Database(ABC):
    """A migrated database. ``url`` is for the application, ``owner_url`` for migrations."""

    kind: str
    name: str
    url: str
    owner_url: str

    @abstractmethod
    def clean(self) -> None:
        """Puts the database back to what it was right after the migrations."""

    @abstractmethod
    def state(self) -> str:
        """A mark that differs after any commit that changed a row."""

    @abstractmethod
    def remove(self) -> None:
        """Ends the connections and removes the database."""


class SqliteDatabase(Database):
    """A file, and beside it the copy that every test begins with."""

    kind = "sqlite"

    def __init__(self, name: str, migrate: Migrate) -> None:
        self.name = name
        self.folder = quick_folder() / name
        self.folder.mkdir()
        self.path = self.folder / "consult.sqlite3"
        self.pristine = self.folder / "pristine.sqlite3"
        self.url = self.owner_url = f"sqlite:///{self.path}"
        self._watcher: sqlite3.Connection | None = None
        migrate(self)
        self._copy(self.path, self.pristine)

    def clean(self) -> None:
        # Copied by the engine and not as a file: a server that has it open sees the new content too.
        self._forget_watcher()
        self._copy(self.pristine, self.path)
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute(RENUMBER.format(next(_unseen)))

    def state(self) -> str:
        if self._watcher is None:
            self._watcher = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        return str(self._watcher.execute("pragma data_version").fetchone()[0])

    def remove(self) -> None:
        self._forget_watcher()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _forget_watcher(self) -> None:
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    @staticmethod
    def _copy(source: Path, target: Path) -> None:
        with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(target)) as writer:
            writer.execute("pragma synchronous = off")
            reader.backup(writer)


class PostgresDatabase(Database):
    """A database with two roles: the owner migrates; the application is a plain one, bound by row-level security."""

    kind = "postgresql"

    def __init__(self, name: str, migrate: Migrate) -> None:
        administrator = administrator_url()
        self.name = f"consult_test_{os.getpid()}_{name}"
        self._server = psycopg.connect(administrator, autocommit=True)
        self._make(administrator)
        self.url = self._url(administrator, PLAIN)
        self.owner_url = self._url(administrator, OWNER)
        migrate(self)
        self._inside = psycopg.connect(make_conninfo(administrator, dbname=self.name), autocommit=True)
        self._inside.execute(KEEP)

    def clean(self) -> None:
        self._inside.execute("select kept.restore()")
        self._inside.execute(RENUMBER.format(next(_unseen)).encode())

    def state(self) -> str:
        row = self._inside.execute("select kept.state()").fetchone()
        return str(row and row[0])

    def remove(self) -> None:
        self._inside.close()
        self._server.execute(f"drop database {self.name} with (force)".encode())
        self._server.close()

    def _make(self, administrator: str) -> None:
        lock = int.from_bytes(b"roles")  # roles belong to the whole server; two processes must not make them at once
        self._server.execute("select pg_advisory_lock(%s)", (lock,))
        for role in (OWNER, PLAIN):
            if not self._server.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone():
                attributes = "login nosuperuser nocreatedb nocreaterole nobypassrls"
                self._server.execute(f"create role {role} {attributes} password '{MADE_UP_PASSWORD}'".encode())
        self._server.execute("select pg_advisory_unlock(%s)", (lock,))
        settings = "encoding 'UTF8' locale 'C.UTF-8' template template0"
        self._server.execute(f"create database {self.name} owner {OWNER} {settings}".encode())

    def _url(self, administrator: str, role: str) -> str:
        parts = conninfo_to_dict(administrator)
        host, port = str(parts.get("host") or ""), int(parts.get("port") or 5432)
        is_socket = host.startswith("/") or not host
        return URL.create(
            "postgresql+psycopg",
            username=role,
            password=MADE_UP_PASSWORD,
            host=None if is_socket else host,
            port=None if is_socket else port,
            database=self.name,
            query={"host": host, "port": str(port)} if is_socket and host else {},
        ).render_as_string(hide_password=False)


# Rows that migrations brought (the municipalities) are kept in a schema of their own. Only tables that hold anything
# are emptied: a size above nothing tells it without reading them, and stays above nothing after a rollback. TRUNCATE
# is not DELETE: the triggers of append-only tables let it pass; `replica` silences triggers while rows are put back.
KEEP = """
create schema kept;
create table kept."where sequences stand" as
    select sequencename, last_value from pg_sequences where schemaname = 'public' and last_value is not null;

do $$ declare name text; is_used boolean; begin
    for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'alembic_version' loop
        execute format('select exists (select from public.%I)', name) into is_used;
        if is_used then execute format('create table kept.%1$I as table public.%1$I', name); end if;
    end loop;
end $$;

create function kept.restore() returns void language plpgsql set session_replication_role = replica as $$
declare used text; name text; differs boolean; begin
    select string_agg(format('public.%I', relname), ', ') into used from pg_class
        where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0
        and relname <> 'alembic_version' and relname not in (select tablename from pg_tables where schemaname = 'kept');
    if used is not null then execute 'truncate ' || used || ' cascade'; end if;
    for name in select tablename from pg_tables where schemaname = 'kept' and tablename !~ ' ' loop
        execute format('select (select md5(string_agg(x::text, chr(10) order by x::text)) from public.%1$I x)
            is distinct from (select md5(string_agg(x::text, chr(10) order by x::text)) from kept.%1$I x)', name)
            into differs;
        if differs then
            execute format('delete from public.%I', name);
            execute format('insert into public.%1$I overriding system value table kept.%1$I', name);
        end if;
    end loop;
    perform setval(format('public.%I', now.sequencename)::regclass, coalesce(kept.last_value, now.start_value),
                   kept.last_value is not null)
        from pg_sequences now left join kept."where sequences stand" kept using (sequencename)
        where now.schemaname = 'public' and now.last_value is distinct from kept.last_value;
end $$;

create function kept.state() returns text language plpgsql as $$
declare name text; one text; whole text := ''; begin
    for name in select tablename from pg_tables where schemaname = 'public' order by tablename loop
        execute format('select md5(string_agg(ctid || '' '' || xmin, '','' order by ctid)) from public.%I', name)
            into one;
        whole := md5(whole || coalesce(one, '-'));
    end loop;
    return whole;
end $$;
"""

KINDS: dict[str, Callable[[str, Migrate], Database]] = {
    "sqlite": SqliteDatabase,
    "postgresql": PostgresDatabase,
    "served": SqliteDatabase,  # for the server that tests in a browser talk to, beside the tests' own
}


class Databases:
    """The databases of this process, each made when a test first asks for its kind."""

    def __init__(self, process: str, migrate: Migrate) -> None:
        self._process = process
        self._migrate = migrate
        self._made: dict[str, Database] = {}

    def clean(self, kind: str) -> Database:
        """The database of ``kind``, as it was right after the migrations."""
        if kind not in self._made:
            self._made[kind] = KINDS[kind](f"{self._process}_{kind}", self._migrate)
        self._made[kind].clean()
        return self._made[kind]

    def remove(self) -> None:
        """Removes them all."""
        for database in self._made.values():
            database.remove()


def attach(app: Flask, database: Database) -> None:
    """Lets database_state(app) find the database behind ``app``."""
    app.extensions["consult.testing.database"] = database
