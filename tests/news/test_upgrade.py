"""The upgrade of a site that has releases and agreements: each is dated by what was known of it."""

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
AGREEMENT = RELEASE | {"kind": "memorandum", "signed": "1969-06", "signed_earliest": "1969-06-01"}
ENTRY = {"object_id": 1, "publish_at": "2021-02-12 10:00:00"}


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


def entry_of(database: sqlite3.Connection, model: str) -> dict:
    """The search entry of the only record of a kind."""
    [(key,)] = database.execute("SELECT id FROM django_content_type WHERE model = ?", [model])
    return ENTRY | {"content_type_id": key}


def test_releases_are_dated_by_their_publication_and_agreements_by_their_signing(tmp_path):
    migrate(tmp_path, "core", "0012")
    migrate(tmp_path, "news", "0008")
    [file] = tmp_path.glob("**/*.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        insert(database, "core_user", {"username": "ann"})
        insert(database, "news_pressrelease", RELEASE)
        insert(database, "partners_memorandum", AGREEMENT)
        insert(database, "core_searchentry", entry_of(database, "pressrelease"))
        insert(database, "core_searchentry", entry_of(database, "memorandum"))
        database.commit()
    migrate(tmp_path)
    with closing(sqlite3.connect(file)) as database:
        entries = "SELECT dated_at FROM core_searchentry ORDER BY dated_at DESC"
        records = "SELECT issued_at FROM news_pressrelease UNION ALL SELECT dated_at FROM partners_memorandum"
        for dates in (entries, records):
            assert database.execute(dates).fetchall() == [("2021-02-12 10:00:00",), ("1969-05-31 23:00:00",)]
