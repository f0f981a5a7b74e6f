"""The health checks try what an answer needs, say in a line what does not work, and answer under any name."""

from io import BytesIO

import pytest
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import OperationalError

from twinning import health
from twinning.core.files.storage import NO_SPACE, FileNotStored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Nothing is remembered of earlier checks."""
    monkeypatch.setattr(health, "CHECKS", health.Checks())


def fail(error):
    def failing(*args, **kwargs):
        raise error

    return failing


def problems(client) -> list[str]:
    response = client.get("/healthz/ready")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.status_code == (200 if response.content == b"ok\n" else 503)
    return response.content.decode().splitlines()


def test_site_that_works_is_ready_and_leaves_no_file(client):
    before = set(default_storage.names())
    assert problems(client) == ["ok"]
    assert set(default_storage.names()) == before


@pytest.mark.parametrize("path", ["/healthz/live", "/healthz/ready"])
@pytest.mark.parametrize("host", ["10.0.0.7", "twinning-7f9c:8000", "evil.example"])
def test_any_name_is_answered(client, path, host):
    response = client.get(path, headers={"host": host})
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
    assert client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        (
            "twinning.health.MigrationExecutor",
            OperationalError("no password for 10.0.0.7"),
            "the database: does not work",
        ),
        ("twinning.health.default_storage.save", FileNotStored(NO_SPACE, code="no_space"), "the file store: no space"),
        ("twinning.health.default_storage.open", OSError("/srv/secret"), "the file store: does not work (OSError)"),
        ("twinning.health.ahead_of_database", OperationalError("gone"), "the database: does not work"),
    ],
)
def test_what_does_not_work_is_said_without_a_secret(client, monkeypatch, name, error, said):
    monkeypatch.setattr(name, fail(error))
    [problem] = problems(client)
    assert problem.startswith(said)
    assert "10.0.0.7" not in problem
    assert "secret" not in problem
    assert len(default_storage.listdir("incoming")[1]) == 0


def test_missing_migration_is_told_from_a_database_that_is_away(client, monkeypatch):
    monkeypatch.setattr("twinning.health.MigrationExecutor.migration_plan", lambda *args: ["0099"])
    assert problems(client) == ["the database: migrations are missing; run: manage.py migrate"]


def test_file_that_the_manifest_does_not_know_or_that_is_not_there_is_noticed(client, monkeypatch, settings):
    class Manifest:
        def stored_name(self, name):
            raise ValueError("Missing staticfiles manifest entry")

        def exists(self, name):
            return False

    monkeypatch.setattr(health, "staticfiles_storage", Manifest())
    assert problems(client)[0].startswith("the static files: does not work (ValueError)")
    monkeypatch.setattr(Manifest, "stored_name", lambda self, name: name)
    monkeypatch.setattr(health, "CHECKS", health.Checks())
    assert problems(client)[0].startswith("the static files: a file of the manifest is not there")


def test_file_that_comes_back_as_another_is_noticed(client, monkeypatch):
    monkeypatch.setattr(health, "ContentFile", lambda content: File(BytesIO(b"?")))
    assert problems(client) == ["the file store: what was written there is not what was read"]


def test_reader_that_does_not_run_is_noticed(client, monkeypatch):
    monkeypatch.setattr(health, "reader_problems", lambda: ["pdf_reader.py does not run: no memory at /srv/secret"])
    [problem] = problems(client)
    assert problem == "the readers of uploads: 1 of their programs do not run; the log says why"


def test_clock_of_the_database_that_differs_is_noticed(client, monkeypatch):
    monkeypatch.setattr(health, "ahead_of_database", lambda: -3600.2)
    [problem] = problems(client)
    assert problem.startswith("the database: its clock and that of this machine differ by 3600 seconds")
    monkeypatch.setattr(health, "CHECKS", health.Checks())
    monkeypatch.setattr(health, "ahead_of_database", lambda: 1.9)
    assert problems(client) == ["ok"]


def test_checks_are_made_every_ten_seconds_however_often_somebody_asks(client, monkeypatch, django_assert_num_queries):
    problems(client)
    monkeypatch.setattr("twinning.health.MigrationExecutor", fail(OperationalError("gone")))
    with django_assert_num_queries(0):
        assert [problems(client) for _ in range(3)] == [["ok"]] * 3
    later = health.monotonic() + 11
    monkeypatch.setattr(health, "monotonic", lambda: later)
    assert problems(client)[0].startswith("the database")
