"""Databases beside that of the tests, of the same kind, and all that stands in one."""

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from django.db import connection

TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}


@contextmanager
def empty_database(name: str):
    """The setting for an empty database; none for SQLite, where it is a file in VAR_DIR."""
    if connection.vendor != "postgresql":
        yield {}
        return
    usual = connection.settings_dict
    name = f"{usual['NAME']}_{name}"
    host, port, user = usual["HOST"] or "localhost", usual["PORT"] or 5432, usual["USER"]
    account = {"host": host, "port": port, "user": user, "password": usual["PASSWORD"], "dbname": "postgres"}
    with psycopg.connect(**account, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}"')
        yield {"DATABASE_URL": f"postgres://{user}:{usual['PASSWORD']}@{host}:{port}/{name}"}
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def rows(database: str | Path) -> dict[str, list[dict]]:
    """All rows of a database, by table: the path of an SQLite file, or the address of one in PostgreSQL."""
    is_file = isinstance(database, Path)
    with closing(sqlite3.connect(database) if is_file else psycopg.connect(database)) as line:
        tables = [name for [name] in line.execute(TABLES["sqlite" if is_file else "postgresql"]).fetchall()]
        return {table: _rows(line, table) for table in tables}


def _rows(line, table: str) -> list[dict]:
    found = line.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - a table of ours
    names = [column[0] for column in found.description]
    return sorted((dict(zip(names, row, strict=True)) for row in found.fetchall()), key=repr)
