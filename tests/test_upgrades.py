"""The upgrade of a site of an earlier day: everything is dated by what was known of it, and suspensions become spells."""

import json
import sqlite3
from contextlib import closing

import pytest

from news.models import Quote
from tests.upgrades import insert, migrate_to, schema, upgrade

RELEASE = {
    "slug": "old", "approved_at": "2021-02-12 10:00:00", "approved_by_id": 1, "publish_at": "2021-02-12 10:00:00",
    "created_at": "2021-02-12", "updated_at": "2021-02-12", "feed_id": "old", "kind": "release",
}  # fmt: skip
AGREEMENT = RELEASE | {"kind": "memorandum", "signed": "1969-06", "signed_earliest": "1969-06-01"}
DRAFT = {
    "signed": "2018", "signed_earliest": "2018-01-01", "signed_latest": "2018-12-31", "kind": "letter",
    "is_signed_on_unknown_day": 0, "signatories_unknown": 0, "renewal_months": 0, "notice_days": 0,
    "created_at": "2021-02-12", "updated_at": "2021-02-12",
}  # fmt: skip
SUSPENDED = {"suspended_on": "2022-03-01", "end_reason": "War."}
TICKED = {
    "release_id": 1, "position": 1, "office": "Lord Mayor", "side": "home", "text": "We\r\nagree.\r\n\r\nYes.", "is_approved": 1,
}  # fmt: skip
ENTRY = {"object_id": 1, "publish_at": "2021-02-12 10:00:00"}
SNAPSHOT = {"fields": {"title": "A", "ended_on": None, "abandoned_on": None, **SUSPENDED}, "relations": {}}


def kind(database: sqlite3.Connection, model: str) -> int:
    """The key of a kind of record; the tables of an earlier day do not name all yet."""
    app = {"pressrelease": "news", "memorandum": "partners"}[model]
    database.execute("INSERT OR IGNORE INTO django_content_type (app_label, model) VALUES (?, ?)", [app, model])
    return database.execute("SELECT id FROM django_content_type WHERE model = ?", [model]).fetchone()[0]


def copy_of(database: sqlite3.Connection, quote: dict) -> dict:
    """A working copy of the release, with one quote."""
    fields = {name: quote.get(name, "") for name in ("speaker", "office", "language", "text", "is_approved")}
    snapshot = json.dumps({"parts": {"quotes": [{"pk": 1, "fields": fields}]}})
    about = {"content_type_id": kind(database, "pressrelease"), "object_id": 1, "snapshot": snapshot}
    return about | {"begun_at": "2021-02-12", "begun_by_id": 1}


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """The database of a site that had releases and agreements, after its upgrade."""
    var = tmp_path_factory.mktemp("earlier")
    migrate_to(var, "core", "0012")
    migrate_to(var, "news", "0008")
    [file] = var.glob("**/*.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        insert(database, "core_user", {"username": "ann"})
        insert(database, "news_pressrelease", RELEASE)
        insert(database, "partners_memorandum", AGREEMENT)
        insert(database, "partners_memorandum", DRAFT | SUSPENDED | {"slug": "a"})
        insert(database, "partners_memorandum", DRAFT | {"slug": "b", "ended_on": "2023-04-02", "end_reason": "Done."})
        for model in ("pressrelease", "memorandum"):
            insert(database, "core_searchentry", ENTRY | {"content_type_id": kind(database, model)})
        event = {"content_type_id": kind(database, "memorandum"), "object_id": 2, "what": "add", "at": "2021-02-12"}
        snapshot = json.dumps(SNAPSHOT | {"parts": {"signatories": []}})
        insert(database, "core_historyevent", event | {"details": "{}", "snapshot": snapshot})
        insert(database, "news_quote", TICKED)
        insert(database, "news_quote", TICKED | {"text": "Not yet.", "is_approved": 0})
        insert(database, "core_workingcopy", copy_of(database, TICKED | {"text": "In the copy."}))
        database.commit()
    upgrade(var)
    with closing(sqlite3.connect(file)) as database:
        yield database


def test_tables_are_those_of_a_new_site(upgraded, tmp_path):
    upgrade(tmp_path)
    [file] = tmp_path.glob("**/*.sqlite3")
    with closing(sqlite3.connect(file)) as database:
        assert schema(database) == schema(upgraded)


def test_releases_are_dated_by_their_publication_and_agreements_by_their_signing(upgraded):
    entries = "SELECT dated_at FROM core_searchentry ORDER BY dated_at DESC"
    records = "SELECT issued_at FROM news_pressrelease UNION ALL SELECT dated_at FROM partners_memorandum WHERE id = 1"
    for dates in (entries, records):
        assert upgraded.execute(dates).fetchall() == [("2021-02-12 10:00:00",), ("1969-05-31 23:00:00",)]


def test_quotes_that_were_ticked_as_approved_stay_so(upgraded):
    approved = "SELECT digest, said, how FROM news_quoteapproval ORDER BY id"
    wordings = [Quote(office="Lord Mayor", text=text) for text in (TICKED["text"], "In the copy.")]
    assert upgraded.execute(approved).fetchall() == [(q.digest, "approved", "before") for q in wordings]


def test_what_was_suspended_ended_or_abandoned_still_is(upgraded):
    spell = upgraded.execute("SELECT begins, begins_earliest, ends, reason FROM partners_suspension").fetchall()
    assert spell == [("2022-03-01", "2022-03-01", "", "War.")]
    ends = "SELECT slug, ended_on, ended_on_earliest, abandoned_on, end_reason FROM partners_memorandum WHERE id > 1"
    assert upgraded.execute(f"{ends} ORDER BY slug").fetchall() == [
        ("a", "", None, "", ""),
        ("b", "2023-04-02", "2023-04-02", "", "Done."),
    ]


def test_what_is_stored_of_the_past_is_suspended_in_spells_too(upgraded):
    [stored] = upgraded.execute("SELECT snapshot FROM core_historyevent").fetchone()
    fields, parts = json.loads(stored)["fields"], json.loads(stored)["parts"]
    assert "suspended_on" not in fields
    assert (fields["ended_on"], fields["end_reason"]) == ("", "")
    assert [part["fields"] for part in parts["suspensions"]] == [{"begins": "2022-03-01", "ends": "", "reason": "War."}]
