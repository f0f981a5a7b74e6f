"""What is owed: written with what it belongs to, done by whoever is there, taken up again when that process was killed."""

import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from tests.factories import drawn, make_photo
from tests.processes import PATIENCE, environment, wait_until
from twinning.core.models import OwedTask, Photo, Rendition
from twinning.core.photos.library import make_renditions
from twinning.core.web import tasks
from twinning.core.web.tasks import TAKEN_FOR, Looker, do_owed, owe

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[3]
# A worker whose machine loses its power while it makes the second of ten renditions.
KILLED = """
import django, os, signal
django.setup()
from twinning.core.models import Rendition
from twinning.core.web.tasks import do_owed
store, stored = Rendition.store.__func__, []
def dying(cls, *args):
    if stored:
        os.kill(os.getpid(), signal.SIGKILL)
    stored.append(store(cls, *args))
Rendition.store = classmethod(dying)
do_owed()
"""
called = []


@task
def note(*words: str) -> None:
    called.append(words)


@task
def fail() -> None:
    raise ValueError("broken")


@task
def owe_again() -> None:
    called.append("again")
    if called.count("again") == 1:
        owe(owe_again)


@pytest.fixture(autouse=True)
def nothing_called():
    called.clear()


def new_photo() -> Photo:
    return Photo.objects.create(title="Hall", credit="Desk", file=ContentFile(drawn(1700, 1000), name="hall.jpg"))


def test_task_is_owed_with_what_it_belongs_to_or_not_at_all():
    with transaction.atomic():
        owe(note, "kept")
        with transaction.atomic():
            owe(note, "rolled back")
            transaction.set_rollback(True)
    assert do_owed() == 1
    assert called == [("kept",)]
    assert not OwedTask.objects.exists()


def test_what_is_owed_already_is_owed_once_and_in_the_order_in_which_it_became_due():
    for word in ("first", "second", "first"):
        owe(note, word)
    assert do_owed() == 2
    assert called == [("second",), ("first",)]


def test_task_that_comes_to_be_owed_while_it_is_done_is_done_again():
    owe(owe_again)
    do_owed()
    assert called == ["again", "again"]
    assert not OwedTask.objects.exists()


def test_task_that_was_taken_is_due_for_nobody_else_until_its_taker_must_have_been_killed():
    owe(note, "word")
    at = timezone.now()
    taken = OwedTask.objects.take(at=at)
    assert OwedTask.objects.take(at=at + TAKEN_FOR - timedelta(seconds=1)) is None
    assert OwedTask.objects.take(at=at + TAKEN_FOR) == taken


def test_slow_taker_leaves_the_row_to_whoever_has_taken_it_since():
    owe(note, "word")
    at = timezone.now()
    slow = OwedTask.objects.take(at=at)
    OwedTask.objects.take(at=at + TAKEN_FOR)
    slow.do()
    assert OwedTask.objects.count() == 1


def test_task_that_fails_is_told_and_tried_again_later_and_later(caplog, time_machine):
    owe(fail)
    waits = []
    for number in range(1, 15):
        assert do_owed() == 1
        owed = OwedTask.objects.get()
        assert (owed.attempts, owed.failure) == (number, "ValueError: broken")
        waits.append(round((owed.due_at - timezone.now()).total_seconds() / 60))
        time_machine.move_to(owed.due_at, tick=False)
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == 24 * 60
    assert "fail() failed, for the 3. time" in caplog.text


def test_task_that_nobody_knows_any_more_holds_up_no_other():
    owe(note, "word")
    OwedTask.objects.create(path="twinning.core.gone", arguments=[], due_at=timezone.now() - timedelta(days=1))
    assert do_owed() == 2
    assert called == [("word",)]


def test_other_backend_hears_of_a_task_after_the_commit(settings, django_capture_on_commit_callbacks):
    settings.TASKS = settings.TASKS | {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    with django_capture_on_commit_callbacks(execute=True):
        owe(note, "word")
        assert called == []
    assert called == [("word",)]
    assert not OwedTask.objects.exists()


# Processes --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_renditions_that_a_killed_worker_left_half_made_are_taken_up_again(time_machine):
    photo = new_photo()
    killed = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, env=environment(), capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (photo.renditions.count(), len(photo.missing_renditions())) == (1, 9)
    assert do_owed() == 0
    time_machine.move_to(timezone.now() + TAKEN_FOR + timedelta(seconds=1))
    assert do_owed() == 1
    assert (photo.renditions.count(), photo.missing_renditions()) == (10, [])


@pytest.mark.django_db(transaction=True)
def test_worker_does_what_is_owed_until_it_is_told_to_stop():
    photo = new_photo()
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "work"], cwd=ROOT, env=environment(), stderr=subprocess.PIPE, text=True
    )
    try:
        wait_until(lambda: not OwedTask.objects.exists() or worker.poll() is not None)
    finally:
        worker.terminate()
        said = worker.communicate(timeout=PATIENCE)[1]
    assert (worker.returncode, said) == (0, "")
    assert photo.missing_renditions() == []


def test_worker_does_once_what_is_due_when_asked(capsys):
    owe(note, "word")
    call_command("work", once=True)
    assert capsys.readouterr().out == "1 tasks\n"


@pytest.fixture
def looker(monkeypatch):
    """What a web process does after its answers; the one of this process is not connected meanwhile."""
    of_this_process, looker = tasks.looker, Looker()
    tasks.request_finished.disconnect(dispatch_uid="owed")
    tasks.request_finished.connect(looker.after_answer, dispatch_uid="test")
    monkeypatch.setattr(tasks, "looker", looker)
    yield looker
    tasks.request_finished.disconnect(dispatch_uid="test")
    tasks.request_finished.connect(of_this_process.after_answer, dispatch_uid="owed")
    looker._thread.shutdown()


@pytest.mark.django_db(transaction=True)
def test_web_process_does_what_is_owed_after_an_answer(client, settings, looker):
    settings.WORKER = False
    first, second = new_photo(), new_photo()
    client.get("/healthz/live")
    wait_until(lambda: not OwedTask.objects.exists())
    assert [first.missing_renditions(), second.missing_renditions()] == [[], []]


@pytest.mark.django_db(transaction=True)
def test_web_process_looks_at_once_when_it_owes_something_and_once_a_minute_for_what_others_left(
    client, settings, looker, monkeypatch
):
    settings.WORKER, looks = False, []
    monkeypatch.setattr(tasks, "do_next", lambda: looks.append(1))
    now = time.monotonic()
    for seconds, number in ((0, 1), (1, 1), (59, 1), (61, 2), (62, 2)):
        monkeypatch.setattr(tasks.time, "monotonic", lambda passed=seconds: now + 1000 + passed)
        client.get("/healthz/live")
        looker._looking.result(PATIENCE)
        assert len(looks) == number
    owe(note, "word")
    client.get("/healthz/live")
    looker._looking.result(PATIENCE)
    assert len(looks) == 3


def test_web_process_leaves_what_is_owed_to_a_worker(client, settings, looker):
    settings.WORKER = True
    looker._thread.submit = lambda function: pytest.fail("It was begun.")
    client.get("/healthz/live")


def test_web_process_begins_nothing_while_it_is_busy(settings, looker):
    settings.WORKER = False
    looker._looking = Future()
    looker._thread.submit = lambda function: pytest.fail("It was begun.")
    looker.after_answer()


def test_answers_are_given_when_what_is_owed_cannot_be_looked_at(settings, looker, monkeypatch, caplog):
    monkeypatch.setattr(tasks, "do_next", lambda: (_ for _ in ()).throw(tasks.DatabaseError("gone")))
    looker._do_next()
    assert "What is owed waits for the database: gone" in caplog.text


def test_renditions_of_a_photo_are_owed_by_their_row_alone():
    make_photo()
    assert [owed.path for owed in OwedTask.objects.all()] == [make_renditions.module_path]
    assert Rendition.objects.exists()
