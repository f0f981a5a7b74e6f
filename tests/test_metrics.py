"""Metrics say what is overdue, owed, failed and old at the moment of asking, to nobody without the token."""

import math
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tests.factories import PAST, make_photo, make_release, make_superuser, make_theme, publish, submit
from twinning import health, metrics
from twinning.core.history.events import note_failed_sign_in
from twinning.core.models import OwedTask
from twinning.core.publishing.copies import WorkingCopy, begin
from twinning.core.web import closing
from twinning.core.web.clocks import CLOCKS

pytestmark = pytest.mark.django_db

TOKEN = "a-token-for-the-tests-0123456789-abc"


@pytest.fixture(autouse=True)
def place(settings, tmp_path, monkeypatch):
    settings.METRICS_TOKEN, settings.VAR_DIR = TOKEN, tmp_path
    monkeypatch.setattr(health, "CHECKS", health.Checks())


def ask(client, token: str = TOKEN, **headers):
    return client.get("/metrics", headers={"authorization": f"Bearer {token}", **headers})


def figures(client) -> dict:
    """The value of each figure, by its name and, if it has one, its kind."""
    answer = ask(client)
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    samples = [sample for family in families for sample in family.samples]
    return {" ".join([one.name.removeprefix("twinning_"), *one.labels.values()]): one.value for one in samples}


def test_quiet_site_owes_nothing_and_has_no_backup(client):
    assert figures(client) == {
        "overdue release": 0, "overdue working_copy": 0, "owed_tasks": 0, "owed_tasks_failed": 0,
        "owed_tasks_age_seconds": 0, "owed_renditions": 0, "backup_age_seconds": math.inf, "failed_sign_ins": 0,
        "not_ready": 0,
    }  # fmt: skip


def test_release_that_a_wrong_clock_holds_back_is_overdue(client, monkeypatch):
    publish(make_release(), at=timezone.now() - timedelta(minutes=1))
    assert figures(client)["overdue release"] == 0
    monkeypatch.setattr(CLOCKS, "earlier", lambda at: at - timedelta(hours=1))
    assert figures(client)["overdue release"] == 1


@pytest.mark.parametrize(("is_broken", "overdue"), [(False, 0), (True, 1)])
def test_change_that_is_due_comes_out_and_one_that_cannot_is_overdue(client, is_broken, overdue):
    copy = begin(publish(make_theme()), by=make_superuser(), at=PAST)
    submit(copy).approve(by=make_superuser(), at=PAST, publish_at=PAST + timedelta(days=1))
    if is_broken:
        WorkingCopy.objects.update(snapshot={})
    assert figures(client)["overdue working_copy"] == WorkingCopy.objects.count() == overdue


def test_owed_tasks_are_counted_with_the_age_of_the_oldest_that_is_due(client):
    now = timezone.now()
    OwedTask.objects.create(path="a.due", arguments=[], due_at=now - timedelta(minutes=10))
    OwedTask.objects.create(path="b.later", arguments=[], due_at=now + timedelta(days=1), failure="OSError: away")
    make_photo()
    found = figures(client)
    assert (found["owed_tasks"], found["owed_tasks_failed"], found["owed_renditions"]) == (3, 1, 1)
    assert found["owed_tasks_age_seconds"] == pytest.approx(600, abs=60)


def test_backup_is_as_old_as_the_last_whole_one(client, tmp_path):
    (tmp_path / "last-backup").write_text((timezone.now() - timedelta(days=2)).isoformat())
    assert figures(client)["backup_age_seconds"] == pytest.approx(2 * 24 * 60 * 60, abs=60)
    (tmp_path / "last-backup").write_text("half a li")
    assert figures(client)["backup_age_seconds"] == math.inf


@pytest.mark.django_db(transaction=True)
def test_backup_notes_when_it_was_made(client, tmp_path):
    call_command("backup", tmp_path / "made.tar", stdout=StringIO())
    assert figures(client)["backup_age_seconds"] < 60


def test_failed_sign_ins_of_the_last_hour_are_counted(client):
    for user in (make_superuser(), None):
        note_failed_sign_in(user, at=timezone.now())
    note_failed_sign_in(None, at=timezone.now() - timedelta(hours=2))
    assert figures(client)["failed_sign_ins"] == 2


def test_what_is_not_ready_is_counted(client, monkeypatch):
    def broken():
        raise health.NotReady("broken")

    monkeypatch.setattr(health, "readers", broken)
    assert figures(client)["not_ready"] == 1


def test_figures_cost_a_few_statements_however_much_there_is(client, django_assert_max_num_queries):
    figures(client)
    with django_assert_max_num_queries(12):
        figures(client)


@pytest.mark.parametrize("token", ["", TOKEN[:-1], f"{TOKEN}x", "é"])
def test_without_the_token_nothing_is_said(client, token):
    answer = ask(client, token)
    assert (answer.status_code, answer["WWW-Authenticate"], answer["Cache-Control"]) == (401, "Bearer", "no-store")
    assert b"twinning_" not in answer.content


def test_without_the_setting_there_is_no_such_page(client, settings):
    settings.METRICS_TOKEN = ""
    for token in ("", "None", TOKEN):
        answer = ask(client, token)
        assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")


def test_monitoring_may_use_any_name_and_no_encryption_and_no_cache_keeps_the_answer(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = ask(client, host="10.0.0.7:8000")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")


def test_closed_site_is_not_measured_because_measuring_publishes_what_is_due(client):
    copy = begin(publish(make_theme()), by=make_superuser(), at=PAST)
    submit(copy).approve(by=make_superuser(), at=PAST, publish_at=PAST + timedelta(days=1))
    closing.close(closing.RESTORING)
    assert ask(client).status_code == 503
    assert WorkingCopy.objects.exists()


def test_database_that_is_away_is_an_outage(client, monkeypatch):
    def away(self):
        raise OperationalError("away")

    monkeypatch.setattr(metrics.Figures, "_owed", away)
    client.raise_request_exception = False
    assert ask(client).status_code == 503
