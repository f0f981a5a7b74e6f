"""Health checks, for whoever runs the server: what a site needs to answer is tried, and what does not work is said in a line.

Nothing of what the database, the disk or the store say themselves is repeated: it could name hosts, paths or accounts.
"""

import logging
import secrets
from time import monotonic

from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from twinning.core.checks import reader_problems
from twinning.core.files.storage import INCOMING, FileNotStored
from twinning.core.web.clocks import MOST_DIFFERENCE, ahead_of_database
from twinning.core.web.logs import without_content
from twinning.core.web.outages import OUTAGES
from twinning.core.web.stylesheets import WHOLE
from twinning.core.web.visits import asking_nobody

log = logging.getLogger(__name__)

KEPT_FOR, READERS_KEPT_FOR = 10, 60 * 60  # seconds


class NotReady(Exception):
    """What does not work, in the words of a check."""


def database() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReady("migrations are missing; run: manage.py migrate")
    if abs(ahead := ahead_of_database()) > MOST_DIFFERENCE:
        raise NotReady(
            f"its clock and that of this machine differ by {abs(ahead):.0f} seconds; set the one that is wrong"
        )


def static_files() -> None:
    """One entry of the manifest, and the file that it names."""
    if hasattr(staticfiles_storage, "stored_name") and not staticfiles_storage.exists(
        staticfiles_storage.stored_name(WHOLE)
    ):
        raise NotReady("a file of the manifest is not there; run: manage.py collectstatic")


def file_store() -> None:
    name = f"{INCOMING}/{secrets.token_hex(16)}"
    stored = default_storage.save(name, ContentFile(b"!"))
    try:
        with default_storage.open(stored) as file:
            if file.read() != b"!":
                raise NotReady("what was written there is not what was read")
    finally:
        default_storage.delete(stored)


def readers() -> None:
    if problems := reader_problems():
        log.warning("Not ready: %s", "; ".join(problems))
        raise NotReady(f"{len(problems)} of their programs do not run; the log says why")


class Checks:
    """The checks with their names, and what came of them for as long as that is kept."""

    def __init__(self):
        self._found: dict[str, tuple[float, str]] = {}

    def problems(self) -> list[str]:
        """A line for each thing that does not work."""
        found = [
            self._look("the database", database),
            self._look("the static files", static_files),
            self._look("the file store", file_store),
            self._look("the readers of uploads", readers, lasting=READERS_KEPT_FOR),
        ]
        return [f"{problem}\n" for problem in found if problem]

    def _look(self, name: str, check, *, lasting: float = KEPT_FOR) -> str:
        until, problem = self._found.get(name, (0, ""))
        if monotonic() > until:
            problem = _problem(name, check)
            self._found[name] = monotonic() + (KEPT_FOR if problem else lasting), problem
        return problem


def _problem(name: str, check) -> str:
    try:
        check()
    except FileNotStored as error:
        return f"{name}: {error.error.code.replace('_', ' ')}"
    except NotReady as error:
        return f"{name}: {error}"
    except Exception as error:
        reason = without_content(" ".join(str(error).split()))
        in_short = error if isinstance(error, OUTAGES) else None
        log.warning("Not ready: %s, %s: %s", name, type(error).__name__, reason, exc_info=in_short)
        return f"{name}: does not work ({type(error).__name__}); the log says why"
    return ""


CHECKS = Checks()


@asking_nobody
@require_safe
def live(request):
    """Liveness check: answers as long as the process runs, and asks nobody."""
    return _plain("ok\n")


@asking_nobody
@require_safe
def ready(request):
    """Readiness check: 503 and the reasons while something that answers need does not work."""
    problems = CHECKS.problems()
    return _plain("".join(problems), status=503) if problems else _plain("ok\n")


def _plain(text: str, **options) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    response = HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers, **options)
    response._has_been_logged = True  # the check itself has logged its reason
    return response
