"""The upgrade of a site that has releases: each keeps the date that it had."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

MANAGE = Path(__file__).parents[2] / "manage.py"
RELEASE = {
    "slug": "old", "approved_at": "2021-02-12 10:00:00", "approved_by_id": 1, "publish_at": "2021-02-12 10:00:00",
    "created_at": "2021-02-12", "updated_at": "2021-02-12", "feed_id": "old", "kind": "release",
}  # fmt: skip
ENTRY = {"content_type_id": 1, "object_id": 1, "publish_at": "2021-02-12 10:00:00"}


def migrate(var: Path, *to: str) -> None:
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "twinning.settings", "DEMO": "on", "VAR_DIR": str(var)}
    subprocess.run([sys.executable, MANAGE, "migrate", *to, "--verbosity", "0"], env=env, check=True)


def insert(database: sqlite3.Connection, table: str, given: dict) -> None:
    """Insert a row in which everything that nobody gives is empty."""
    columns = [row for row in database.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
    values = {
        name: given.get(name, "" if is_needed else None) for _n, name, _kind, is_needed, _default, _key in columns
    }
    places = ", ".join("?" * len(values))
    sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"  # noqa: S608 - names of our own
    database.execute(sql, list(values.values()))


def test_releases_of_before_are_dated_by_their_publication(tmp_path):
    migrate(tmp_path, "core", "0012")
    migrate(tmp_path, "news", "0008")
    [file] = tmp_path.glob("**/*.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        insert(database, "core_user", {"username": "ann"})
        insert(database, "news_pressrelease", RELEASE)
        insert(database, "core_searchentry", ENTRY)
        database.commit()
    migrate(tmp_path)
    with closing(sqlite3.connect(file)) as database:
        dates = "SELECT issued_at, dated_at FROM news_pressrelease, core_searchentry"
        assert database.execute(dates).fetchall() == [("2021-02-12 10:00:00",) * 2]
