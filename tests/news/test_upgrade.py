"""The upgrade of a site that has releases and agreements: each is dated by what was known of it."""

import sqlite3
from contextlib import closing

from tests.upgrades import insert, migrate_to, schema, upgrade

RELEASE = {
    "slug": "old", "approved_at": "2021-02-12 10:00:00", "approved_by_id": 1, "publish_at": "2021-02-12 10:00:00",
    "created_at": "2021-02-12", "updated_at": "2021-02-12", "feed_id": "old", "kind": "release",
}  # fmt: skip
AGREEMENT = RELEASE | {"kind": "memorandum", "signed": "1969-06", "signed_earliest": "1969-06-01"}
ENTRY = {"object_id": 1, "publish_at": "2021-02-12 10:00:00"}


def entry_of(database: sqlite3.Connection, model: str) -> dict:
    """The search entry of the only record of a kind."""
    [(key,)] = database.execute("SELECT id FROM django_content_type WHERE model = ?", [model])
    return ENTRY | {"content_type_id": key}


def test_releases_are_dated_by_their_publication_and_agreements_by_their_signing(tmp_path):
    migrate_to(tmp_path, "core", "0012")
    migrate_to(tmp_path, "news", "0008")
    [file] = tmp_path.glob("**/*.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        insert(database, "core_user", {"username": "ann"})
        insert(database, "news_pressrelease", RELEASE)
        insert(database, "partners_memorandum", AGREEMENT)
        insert(database, "core_searchentry", entry_of(database, "pressrelease"))
        insert(database, "core_searchentry", entry_of(database, "memorandum"))
        database.commit()
    upgrade(tmp_path)
    with closing(sqlite3.connect(file)) as database:
        entries = "SELECT dated_at FROM core_searchentry ORDER BY dated_at DESC"
        records = "SELECT issued_at FROM news_pressrelease UNION ALL SELECT dated_at FROM partners_memorandum"
        for dates in (entries, records):
            assert database.execute(dates).fetchall() == [("2021-02-12 10:00:00",), ("1969-05-31 23:00:00",)]
        upgraded = schema(database)
    upgrade(tmp_path / "new")
    [file] = tmp_path.glob("new/**/*.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        assert schema(database) == upgraded
