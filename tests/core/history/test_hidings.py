"""The log names what must not come back with an older backup, by kind and number, and is read again from any log."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import make_release, make_superuser, make_user, publish
from tests.previews import make_link
from twinning.core.history import hidings
from twinning.core.history.events import EventKind, note
from twinning.core.web.logs import JsonFormatter

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 1, 5, 12, tzinfo=UTC)


def test_log_names_what_was_taken_from_the_public_and_accounts_that_changed(caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.INFO)
    release, draft, by = publish(make_release("Secret words")), make_release("Other words"), make_superuser()
    link, _address = make_link(draft)
    account, now = make_user("Twinning editor"), timezone.now()
    caplog.clear()
    with django_capture_on_commit_callbacks(execute=True):
        release.withdraw(by=by, at=now, reason="Wrong.")
        release.take_down(by=by, at=now)
        link.revoke(by=by, at=now)
        note(account, EventKind.CHANGE, by=by, at=now)
        note(draft, EventKind.CHANGE, by=by, at=now)
    found = list(hidings.found_in(caplog.text.splitlines(), since=now - timedelta(seconds=1)))
    assert [hiding[:3] for hiding in found] == [
        ("withdraw", "news.pressrelease", release.pk),
        ("take_down", "news.pressrelease", release.pk),
        ("link_revoked", "news.pressrelease", draft.pk),
        ("change", "core.user", account.pk),
    ]
    assert "words" not in caplog.text.lower().replace("keywords", "")


def test_what_is_not_saved_is_not_logged(caplog, django_capture_on_commit_callbacks):
    caplog.set_level(logging.INFO)
    with django_capture_on_commit_callbacks(execute=False):
        publish(make_release()).take_down(by=make_superuser(), at=timezone.now())
    assert not list(hidings.found_in(caplog.text.splitlines(), since=NOW - timedelta(days=10_000)))


def test_lines_of_a_journal_are_read_and_older_ones_left_out():
    lines = [
        "Jan 05 12:00:01 host gunicorn[7]: x INFO y: To be repeated after a restore: withdraw news.pressrelease 3 at "
        + moment.isoformat()
        for moment in (NOW - timedelta(hours=1), NOW + timedelta(hours=1))
    ]
    assert list(hidings.found_in([*lines, "noise"], since=NOW)) == [
        hidings.Hiding("withdraw", "news.pressrelease", 3, NOW + timedelta(hours=1))
    ]


def test_lines_of_a_log_in_json_are_read():
    said = f"To be repeated after a restore: take_down core.page 7 at {NOW.isoformat()}"
    record = logging.makeLogRecord({"name": "site", "levelname": "INFO", "msg": said})
    assert list(hidings.found_in([JsonFormatter().format(record)], since=NOW - timedelta(days=1))) == [
        hidings.Hiding("take_down", "core.page", 7, NOW)
    ]
