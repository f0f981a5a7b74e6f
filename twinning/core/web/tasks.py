"""Tasks that are owed: a backend of Django's Tasks framework that keeps each as a row until it is done (ADR 18).

A task is written in the transaction of what it belongs to. Whoever does it takes it for a while; if that process is killed, the
task is due again afterwards. So a task may be done twice, and has to bear that.
"""

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.signals import request_finished
from django.db import DatabaseError, connection, models, transaction
from django.db.models import F
from django.tasks import TaskResult, TaskResultStatus
from django.tasks.backends.base import BaseTaskBackend
from django.utils import timezone
from django.utils.json import normalize_json
from django.utils.module_loading import import_string

from twinning.core.web import read_only

log = logging.getLogger(__name__)

# Longer than any task takes: after that, the process that took it was killed.
TAKEN_FOR = timedelta(minutes=5)
# A task that failed is tried again after 1, 2, 4 … minutes, and at last once a day.
LONGEST_WAIT = timedelta(days=1)
SECONDS_BETWEEN_LOOKS = 60


class OwedTaskQuerySet(models.QuerySet):
    """Owed tasks by what they are and by moment."""

    def of(self, task):
        return self.filter(path=task.module_path)

    def take(self, *, at: datetime):
        """The task that is due longest, taken from all others for TAKEN_FOR; None if there is none."""
        while row := self.filter(due_at__lte=at).order_by("due_at", "pk").first():
            taken_until = at + TAKEN_FOR
            if self.filter(pk=row.pk, due_at=row.due_at).update(due_at=taken_until, attempts=F("attempts") + 1):
                row.due_at, row.attempts = taken_until, row.attempts + 1
                return row
        return None


class OwedTask(models.Model):
    """A call of a task that is still to be made; what is owed already is owed once."""

    path = models.CharField(max_length=200)
    arguments = models.JSONField()
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)

    objects = OwedTaskQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["path", "arguments"], name="core_owedtask_once")]

    def __str__(self):
        return f"{self.path.rpartition('.')[2]}({', '.join(map(str, self.arguments))})"

    def do(self) -> None:
        """Make the call, and remove the row unless the task came to be owed again meanwhile; a failure stays in it."""
        mine = OwedTask.objects.filter(pk=self.pk, due_at=self.due_at)
        try:
            import_string(self.path).call(*self.arguments)
        except Exception as error:
            log.exception("%s failed, for the %s. time", self, self.attempts)
            wait = min(LONGEST_WAIT, timedelta(minutes=2 ** min(self.attempts - 1, 20)))
            mine.update(due_at=timezone.now() + wait, failure=f"{type(error).__name__}: {error}"[:500])
        else:
            mine.delete()


class OwedBackend(BaseTaskBackend):
    """Task backend that keeps each task as a row of OwedTask."""

    supports_defer = True

    def enqueue(self, task, args, kwargs):
        """Write what is owed; arguments by name are not supported, because nothing here needs them."""
        self.validate_task(task)
        if kwargs:
            raise TypeError("Owed tasks take arguments by position.")
        owed = OwedTask(path=task.module_path, arguments=normalize_json(args), due_at=task.run_after or timezone.now())
        OwedTask.objects.bulk_create(
            [owed],
            update_conflicts=True,
            unique_fields=["path", "arguments"],
            update_fields=["due_at", "attempts", "failure"],
        )
        transaction.on_commit(looker.look_soon)
        return TaskResult(
            task=task, id=str(owed), status=TaskResultStatus.READY, args=owed.arguments, kwargs={}, backend=self.alias,
            enqueued_at=timezone.now(), started_at=None, finished_at=None, last_attempted_at=None, errors=[], worker_ids=[],
        )  # fmt: skip


def owe(task, *args) -> None:
    """Owe a task as part of the transaction; a backend that is no table hears of it after the commit."""
    if isinstance(task.get_backend(), OwedBackend):
        task.enqueue(*args)
    else:
        transaction.on_commit(partial(task.enqueue, *args))


def do_next() -> bool:
    """Do the task that is due longest; returns whether there was one. What is owed waits while the site saves nothing."""
    if read_only.is_on():
        return False
    if row := OwedTask.objects.take(at=timezone.now()):
        row.do()
    return row is not None


def do_owed() -> int:
    """Do all tasks that are due; returns how many there were."""
    return sum(1 for _task in iter(do_next, False))


class Looker:
    """Does what is owed in a thread of the web process, after its answers, where no worker does it.

    Others may have left something, so it looks once a minute even if this process has not owed anything itself.
    """

    def __init__(self):
        # One thread: a task may take all of a processor, and requests come first.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="owed")
        self._next_look, self._looking = 0.0, Future()
        self._looking.set_result(None)

    def look_soon(self) -> None:
        self._next_look = 0.0

    def after_answer(self, **kwargs) -> None:
        """Receiver of the signal request_finished."""
        if settings.WORKER or time.monotonic() < self._next_look or not self._looking.done():
            return
        self._next_look = time.monotonic() + SECONDS_BETWEEN_LOOKS
        self._looking = self._thread.submit(self._do_next)

    def _do_next(self) -> None:
        try:
            if do_next():
                # Not in a loop: a process that is to end waits for the task at hand and takes no other.
                with suppress(RuntimeError):
                    self._looking = self._thread.submit(self._do_next)
        except DatabaseError as error:
            log.warning("What is owed waits for the database: %s", error)
        finally:
            connection.close()


looker = Looker()
request_finished.connect(looker.after_answer, dispatch_uid="owed")
