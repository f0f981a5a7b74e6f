"""A site of an earlier day, made by the migrations that there were, and its upgrade to today."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
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


def migrate_to(var: Path, app: str, name: str) -> None:
    """Make the database of an earlier day."""
    _run(var, "-c", STEP_BY_STEP, app, name)


def upgrade(var: Path) -> None:
    """Bring a database to today, or make one."""
    _run(var, "manage.py", "migrate", "--verbosity", "0")


def _run(var: Path, *command: str) -> None:
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
