"""Races: two steps in a thread each, one of which is held where a guard lets only one of them be at a time.

race(place, *steps)            both steps go to the place, and meet there
meanwhile(place, step, other)  the first step goes to the place, and the other one begins once it is there

A test that uses one of them runs twice: with the guard, and without it as the negative control, where no row is locked and
transactions keep nobody waiting; ``is_guarded`` says which. A race proves something only if it took place. Each half
waits for that, however busy the machine is, and fails if it does not come: with the guard, until the database keeps the
other step waiting; without it, until both steps are in the place, or until the other one is over.

Both return what became of the steps, ``race`` in alphabetical order: “done”, “refused” in words, or “failed”, which would
be an error page. A place is an object and the name of its method, or a module and the name of its function; a step is
held there after the function has run.
"""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Condition, get_ident
from types import SimpleNamespace

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from twinning.core.history import snapshots

PATIENCE = 60  # seconds, of which none is spent unless a race fails
# SQLite lets one transaction write at a time, PostgreSQL one transaction have a row.
GUARD = re.compile("BEGIN IMMEDIATE|FOR (NO KEY )?UPDATE")

KEPT_WAITING = "The database kept the other step waiting."
MET = "Nothing kept the other step waiting."
NOT_MET = "The other step was over before it came to the place."
NOTHING = "No step came to the place, or the other one neither came nor was kept waiting."

Place = tuple[object, str]
Step = Callable[[], object]


class Race:
    """Two steps that meet in a place, and in ``result`` how that went."""

    def __init__(self):
        self._changed = Condition()
        # By thread; of those at the guard also the process of the database, where there is one.
        self._inside, self._over, self._at_guard = set(), set(), {}
        self.result = NOTHING

    def take(self, step: Step) -> str:
        """Take a step in the thread that calls this, and return what became of it."""
        try:
            with connection.execute_wrapper(self._execute):
                step()
        except ValidationError:
            return "refused"
        except (DatabaseError, ObjectDoesNotExist):
            return "failed"
        finally:
            connection.close()
            with self._changed:
                self._over.add(get_ident())
                self._changed.notify_all()
        return "done"

    def _execute(self, execute, sql, params, many, context):
        if not GUARD.search(str(sql)):
            return execute(sql, params, many, context)
        self._at_guard[get_ident()] = process_of(context["connection"])
        try:
            return execute(sql, params, many, context)
        finally:
            del self._at_guard[get_ident()]

    def hold(self) -> None:
        """Hold the step of this thread in the place until the race is decided.

        Raises nothing: the step might take that for a failure of its own, and handle it.
        """
        with self._changed:
            self._inside.add(get_ident())
            self._changed.notify_all()
            end = time.monotonic() + PATIENCE
            while self.result == NOTHING and time.monotonic() < end:
                self.result = self._look()
                if self.result == NOTHING:
                    self._changed.wait(0.02)  # the database tells nobody that it keeps a step waiting
            self._changed.notify_all()

    def _look(self) -> str:
        if self._is_met():
            return MET
        if self._over:
            return NOT_MET
        waiting = [process for thread, process in list(self._at_guard.items()) if thread != get_ident()]
        return KEPT_WAITING if any(keeps_waiting(process) for process in waiting) else NOTHING

    def _is_met(self) -> bool:
        return len(self._inside) > 1


class Meanwhile(Race):
    """A step that is held in a place, and another one that begins then."""

    def once_inside(self, other: Step) -> Step:
        """The other step, to be begun once the first one is in the place."""

        def begin() -> None:
            with self._changed:
                self._changed.wait_for(lambda: self._inside or self._over)
            other()

        return begin

    def hold(self) -> None:
        if not self._inside:
            super().hold()

    def _is_met(self) -> bool:
        return bool(self._over)


def process_of(used) -> int | None:
    """The process of PostgreSQL behind a connection."""
    return used.connection.info.backend_pid if used.vendor == "postgresql" else None


def keeps_waiting(process: int | None) -> bool:
    """Whether a thread that is at the guard waits for the transaction of this thread."""
    if connection.vendor == "sqlite":
        return connection.connection.in_transaction
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid() = ANY(pg_blocking_pids(%s))", [process])
        return cursor.fetchone()[0]


def switch_guard_off(patched: pytest.MonkeyPatch) -> None:
    """Lock no row, and let no transaction keep others waiting."""
    # What is only tried out has to be rolled back all the same.
    real = SimpleNamespace(atomic=transaction.atomic, set_rollback=transaction.set_rollback)
    patched.setattr(snapshots, "transaction", real)
    patched.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    patched.setattr(transaction, "atomic", lambda using=None, savepoint=True, durable=False: nullcontext())


@pytest.fixture(params=[True, False], ids=["guarded", "unguarded"])
def is_guarded(request) -> bool:
    """Whether this half of a race runs with the guard."""
    return request.param


@pytest.fixture
def run_race(monkeypatch, is_guarded):
    """Function: runs a race in one half, and asserts that it took place."""

    def run(running: Race, place: Place, *steps: Step) -> list[str]:
        function = getattr(*place)

        def held(*args, **kwargs):
            found = function(*args, **kwargs)
            running.hold()
            return found

        with monkeypatch.context() as patched, ThreadPoolExecutor(len(steps)) as threads:
            if not is_guarded:
                switch_guard_off(patched)
            patched.setattr(*place, held)
            outcomes = list(threads.map(running.take, steps))
        assert running.result == (KEPT_WAITING if is_guarded else MET), running.result
        return outcomes

    return run


@pytest.fixture
def race(run_race):
    """Function: runs two steps that meet in a place."""

    def race(place: Place, *steps: Step) -> list[str]:
        return sorted(run_race(Race(), place, *steps))

    return race


@pytest.fixture
def meanwhile(run_race):
    """Function: runs a step, and another one that begins while the first is in a place."""

    def meanwhile(place: Place, step: Step, other: Step) -> tuple[str, str]:
        running = Meanwhile()
        return tuple(run_race(running, place, step, running.once_inside(other)))

    return meanwhile
