"""Metrics: figures about the site for a monitoring program such as Prometheus, computed when it asks for them (ADR 68)."""

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Min, Q
from django.http import HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from news.models import PressRelease
from twinning import health
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.models import OwedTask, User
from twinning.core.photos.library import make_renditions
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.web.clocks import MOST_DIFFERENCE
from twinning.operations import backup

NO_STORE = {"Cache-Control": "no-store"}


class Figures:
    """Collector of prometheus-client: the figures at one moment, for which the request is answered."""

    def __init__(self, *, at: datetime):
        self.at = at

    def collect(self) -> Iterator[Metric]:
        yield self._overdue()
        yield from self._owed()
        yield _gauge(
            "backup_age_seconds", "Since the last backup of this machine; +Inf without any.", self._backup_age()
        )
        yield _gauge("failed_sign_ins", "Wrong passwords and codes in the last hour.", self._failed_sign_ins())
        yield _gauge("not_ready", "Things that /healthz/ready finds not to work.", len(health.CHECKS.problems()))

    def _overdue(self) -> Metric:
        """What should be public by the clock of this machine and is not; the answer itself has published what was due."""
        copies = WorkingCopy.objects
        due = PressRelease.objects.published(at=timezone.now() - timedelta(seconds=MOST_DIFFERENCE))
        overdue = GaugeMetricFamily(
            "twinning_overdue", "What should be public and is not; has to be 0.", labels=["kind"]
        )
        overdue.add_metric(["release"], due.exclude(pk__in=PressRelease.objects.published(at=self.at)).count())
        overdue.add_metric(["working_copy"], copies.due(at=self.at).count() + copies.failed().count())
        return overdue

    def _owed(self) -> Iterator[Metric]:
        tasks = OwedTask.objects
        oldest = tasks.filter(due_at__lte=self.at).aggregate(oldest=Min("due_at"))["oldest"]
        age = (self.at - oldest).total_seconds() if oldest else 0
        yield _gauge("owed_tasks", "Tasks that are not done yet.", tasks.count())
        yield _gauge(
            "owed_tasks_failed", "Tasks that failed and will be tried again.", tasks.exclude(failure="").count()
        )
        yield _gauge("owed_tasks_age_seconds", "How long the oldest task has been due.", age)
        yield _gauge("owed_renditions", "Photos whose sizes are to be made.", tasks.of(make_renditions).count())

    def _backup_age(self) -> float:
        made_at = backup.last_made_at()
        return (self.at - made_at).total_seconds() if made_at else math.inf

    def _failed_sign_ins(self) -> int:
        # By the kind of record, which is indexed: these are written about accounts, or about none.
        accounts = Q(content_type=ContentType.objects.get_for_model(User)) | Q(content_type=None)
        recent = HistoryEvent.objects.filter(accounts, what=EventKind.SIGN_IN_FAILED)
        return recent.filter(at__gt=self.at - timedelta(hours=1)).count()


def _gauge(name: str, explanation: str, value: float) -> Metric:
    return GaugeMetricFamily(f"twinning_{name}", explanation, value=value)


@require_safe
def metrics(request) -> HttpResponse:
    """View for who has METRICS_TOKEN; without that setting there is no such page."""
    if not settings.METRICS_TOKEN:
        return HttpResponse("Not found\n", status=404, content_type="text/plain; charset=utf-8", headers=NO_STORE)
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        refused = {**NO_STORE, "WWW-Authenticate": "Bearer"}
        return HttpResponse("METRICS_TOKEN is asked for\n", status=401, content_type="text/plain", headers=refused)
    registry = CollectorRegistry()
    registry.register(Figures(at=request.visit.at))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers=NO_STORE)
