"""The upgrade of a site that has agreements: a day of suspension becomes a spell, in what is stored of the past too."""

import json
import sqlite3
from contextlib import closing

from tests.upgrades import insert, migrate_to, upgrade

AGREEMENT = {
    "signed": "2018", "signed_earliest": "2018-01-01", "signed_latest": "2018-12-31", "kind": "letter",
    "is_signed_on_unknown_day": 0, "signatories_unknown": 0, "renewal_months": 0, "notice_days": 0,
    "created_at": "2021-02-12", "updated_at": "2021-02-12",
}  # fmt: skip
OLD = {"title": "A", "suspended_on": "2022-03-01", "ended_on": None, "abandoned_on": None, "end_reason": "War."}


def test_what_was_suspended_ended_or_abandoned_still_is(tmp_path):
    migrate_to(tmp_path, "partners", "0015")
    migrate_to(tmp_path, "core", "0015")
    [file] = tmp_path.glob("**/*.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        insert(
            database,
            "partners_memorandum",
            AGREEMENT | {"slug": "a", "suspended_on": "2022-03-01", "end_reason": "War."},
        )
        insert(
            database, "partners_memorandum", AGREEMENT | {"slug": "b", "ended_on": "2023-04-02", "end_reason": "Done."}
        )
        database.execute(
            "INSERT OR IGNORE INTO django_content_type (app_label, model) VALUES ('partners', 'memorandum')"
        )
        [kind] = database.execute("SELECT id FROM django_content_type WHERE model = 'memorandum'").fetchone()
        snapshot = json.dumps({"fields": OLD, "relations": {}, "parts": {"signatories": []}})
        event = {"content_type_id": kind, "object_id": 1, "what": "add", "at": "2021-02-12", "details": "{}"}
        insert(database, "core_historyevent", event | {"snapshot": snapshot})
        database.commit()
    upgrade(tmp_path)
    with closing(sqlite3.connect(file)) as database:
        spell = database.execute("SELECT begins, begins_earliest, ends, reason FROM partners_suspension").fetchall()
        assert spell == [("2022-03-01", "2022-03-01", "", "War.")]
        dates = (
            "SELECT slug, ended_on, ended_on_earliest, abandoned_on, end_reason FROM partners_memorandum ORDER BY slug"
        )
        assert database.execute(dates).fetchall() == [
            ("a", "", None, "", ""),
            ("b", "2023-04-02", "2023-04-02", "", "Done."),
        ]
        [stored] = database.execute("SELECT snapshot FROM core_historyevent").fetchone()
    fields, parts = json.loads(stored)["fields"], json.loads(stored)["parts"]
    assert "suspended_on" not in fields
    assert (fields["ended_on"], fields["end_reason"]) == ("", "")
    assert [part["fields"] for part in parts["suspensions"]] == [{"begins": "2022-03-01", "ends": "", "reason": "War."}]
