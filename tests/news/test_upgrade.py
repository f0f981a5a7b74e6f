"""The upgrade of a site that has releases and agreements: each is dated by what was known of it."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[2]
# As a site did it before there were squashed migrations: one after the other.
STEP_BY_STEP = """
import sys
from django.core.management import execute_from_command_line
from django.db.migrations.loader import MigrationLoader
load_disk = MigrationLoader.load_disk


def load_without_squashed(self):
    load_disk(self)
    self.disk_migrations = {key: one for key, one in self.disk_migrations.items() if not one.replaces}


MigrationLoader.load_disk = load_without_squashed
execute_from_command_line(["manage.py", "migrate", *sys.argv[1:], "--verbosity", "0"])
"""
RELEASE = {
    "slug": "old", "approved_at": "2021-02-12 10:00:00", "approved_by_id": 1, "publish_at": "2021-02-12 10:00:00",
    "created_at": "2021-02-12", "updated_at": "2021-02-12", "feed_id": "old", "kind": "release",
}  # fmt: skip
AGREEMENT = RELEASE | {"kind": "memorandum", "signed": "1969-06", "signed_earliest": "1969-06-01"}
ENTRY = {"object_id": 1, "publish_at": "2021-02-12 10:00:00"}


def run(var: Path, *command: str) -> None:
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "twinning.settings", "DEMO": "on", "VAR_DIR": str(var)}
    subprocess.run([sys.executable, *command], env=env, cwd=ROOT, check=True)


def schema(database: sqlite3.Connection) -> dict[str, list]:
    """The tables by their columns and indexes, and the SQL of triggers, whatever the order in which they were made."""
    statements = "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'table') ORDER BY name"
    found = dict(database.execute(statements).fetchall())
    return {name: sorted(re.findall(r"\w+|[^\w\s]", sql)) for name, sql in found.items()}


def insert(database: sqlite3.Connection, table: str, given: dict) -> None:
    """Insert a row in which everything that nobody gives is empty."""
    columns = [row for row in database.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
    values = {
        name: given.get(name, "" if is_needed else None) for _n, name, _kind, is_needed, _default, _key in columns
    }
    places = ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"  # noqa: S608 - names of our own
    database.execute(sql, list(values.values()))


def entry_of(database: sqlite3.Connection, model: str) -> dict:
    """The search entry of the only record of a kind."""
    [(key,)] = database.execute("SELECT id FROM django_content_type WHERE model = ?", [model])
    return ENTRY | {"content_type_id": key}


def test_releases_are_dated_by_their_publication_and_agreements_by_their_signing(tmp_path):
    run(tmp_path, "-c", STEP_BY_STEP, "core", "0012")
    run(tmp_path, "-c", STEP_BY_STEP, "news", "0008")
    [file] = tmp_path.glob("**/*.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        insert(database, "core_user", {"username": "ann"})
        insert(database, "news_pressrelease", RELEASE)
        insert(database, "partners_memorandum", AGREEMENT)
        insert(database, "core_searchentry", entry_of(database, "pressrelease"))
        insert(database, "core_searchentry", entry_of(database, "memorandum"))
        database.commit()
    run(tmp_path, "manage.py", "migrate", "--verbosity", "0")
    with closing(sqlite3.connect(file)) as database:
        entries = "SELECT dated_at FROM core_searchentry ORDER BY dated_at DESC"
        records = "SELECT issued_at FROM news_pressrelease UNION ALL SELECT dated_at FROM partners_memorandum"
        for dates in (entries, records):
            assert database.execute(dates).fetchall() == [("2021-02-12 10:00:00",), ("1969-05-31 23:00:00",)]
        upgraded = schema(database)
    run(tmp_path / "new", "manage.py", "migrate", "--verbosity", "0")
    [file] = tmp_path.glob("new/**/*.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        assert schema(database) == upgraded
