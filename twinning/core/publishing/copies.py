"""Working copies: a public record is edited in a copy, which is approved like a draft and replaces it in one step.

A copy is a snapshot of the record as it is to be. Whoever edits or previews it sees the database as if it were published;
nothing of that remains until it is.
"""

import logging
from contextlib import contextmanager
from datetime import datetime

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.queries import compiled
from twinning.core.history import snapshots
from twinning.core.history.events import EventKind, HistoryEvent, current_state, note, note_state
from twinning.core.publishing import links
from twinning.core.publishing.steps import AGREE, APPROVAL_STEPS, READABLE, State
from twinning.core.publishing.workflow import APPROVAL_FIELDS, Approvable, ApprovableQuerySet, person
from twinning.core.web import read_only
from twinning.core.web.visits import asks_nobody

log = logging.getLogger(__name__)


class WorkingCopyQuerySet(ApprovableQuerySet):
    """Working copies by record and by moment."""

    def of(self, record: models.Model):
        """The copy of one record: one or none."""
        return self.filter(content_type=ContentType.objects.get_for_model(type(record)), object_id=record.pk)

    def due(self, *, at: datetime):
        """Approved copies whose moment has come, in the order of their moments."""
        return self.filter(approved_at__isnull=False, publish_at__lte=at, failure="").order_by("publish_at", "pk")

    def failed(self):
        """Copies that could not be published when their moment came, until an approver sees to it."""
        return self.exclude(failure="")

    def drop(self, *, by, at: datetime) -> None:
        """Remove copies whose record is taken down."""
        for copy in self:
            copy.drop(by=by, at=at)


class WorkingCopy(Approvable):
    """A working copy: the snapshot of a public record as it is to be."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey()
    snapshot = models.JSONField()
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = person("begun")
    failure = models.TextField(blank=True)

    workflow_fields = (*APPROVAL_FIELDS, "failure")

    objects = WorkingCopyQuerySet.as_manager()

    class Meta(Approvable.Meta):
        default_permissions = ()
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
        constraints = [
            *Approvable.Meta.constraints,
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                name="core_workingcopy_one_per_record",
                violation_error_message=_("There is a working copy already."),
            ),
        ]

    def __str__(self):
        return str(self.record)

    def state(self, *, at: datetime) -> State:
        """The state of the copy; it stays scheduled until it is published and removed."""
        state = super().state(at=at)
        return State.SCHEDULED if state == State.PUBLISHED else state

    @property
    def for_approvers(self) -> tuple[str, ...]:
        return self.content_type.model_class().for_approvers

    @property
    def own_steps(self):
        steps = ContentType.objects.get_for_id(self.content_type_id).model_class().steps
        return {name: step for name, step in steps.items() if name in APPROVAL_STEPS or name == AGREE.name}

    def has_right(self, right: str, *, by) -> bool:
        return self.record.has_right(right, by=by)

    def check_ready(self, *, at):
        record = self.fresh_record()
        with snapshots.as_if(record, self.snapshot):
            record.clean()
            record.check_ready(at=at)

    def why_two(self, *, at, snapshot=None):
        return self.record.why_two(at=at, snapshot=self.snapshot)

    def may_need_two(self):
        return self.record.may_need_two()

    def fresh_record(self) -> models.Model:
        """A new instance of the record, read from the database."""
        return self.content_type.model_class()._base_manager.get(pk=self.object_id)

    def approve(self, *, by, at: datetime, **details) -> None:
        with self._alone():
            super().approve(by=by, at=at, **details)
            self._publish_if_due(at)

    def publish_urgently(self, *, by, at: datetime, **details) -> None:
        with self._alone():
            super().publish_urgently(by=by, at=at, **details)
            self._publish_if_due(at)

    def reschedule(self, *, by, at: datetime, **details) -> None:
        with self._alone():
            super().reschedule(by=by, at=at, **details)
            self._publish_if_due(at)

    @contextmanager
    def _alone(self):
        """A transaction with a lock on the record. The copy is always locked after the record, never before."""
        with transaction.atomic():
            yield lock(self.content_type.model_class(), self.object_id)

    @contextmanager
    def taking(self, *args, **kwargs):
        with super().taking(*args, **kwargs) as details:
            self.failure = ""
            yield details

    def _publish_if_due(self, at: datetime) -> None:
        if self.publish_at <= at:
            self.publish()

    def publish(self) -> None:
        """Put the copy into its record, dated to the copy's own moment, as one event of the history."""
        record = self.fresh_record()
        # What the public read until now is a state to compare with and to go back to.
        current_state(record, at=self.publish_at)
        self._fill(record)
        is_told = record.date_changes(since=self.begun_at, at=self.publish_at)
        # The request that came first after the moment publishes it, however late that is: no page may tell.
        approval = {name: getattr(self, name) for name in APPROVAL_FIELDS if name != "publish_at"}
        if record.awaits_confirmation and self.approved_by_id == record.approved_by_id and not self.urgent_reason:
            approval = {}  # nobody approves what they published urgently themselves, by way of a copy neither
        type(record)._base_manager.filter(pk=record.pk).update(updated_at=self.publish_at, **approval)
        events = HistoryEvent.objects.of(self).exclude(what__in=[EventKind.FOUND, EventKind.ADD, EventKind.CHANGE])
        steps = [[event.what, event.at.isoformat(), event.by_id, event.remark] for event in events]
        note(
            record, EventKind.COPY_PUBLISHED, by=self.approved_by, at=self.publish_at, snapshot=snapshots.take(record),
            begun_by=self.begun_by_id, begun_at=self.begun_at.isoformat(), steps=steps[::-1], reason=self.urgent_reason,
            is_minor=is_told is False,
        )  # fmt: skip
        self._remove()

    def _fill(self, record: models.Model) -> None:
        if missing := snapshots.put_back(record, self.snapshot):
            raise ValidationError(missing)
        # Other records have changed since the form was valid: its address may be one that another record left.
        record.clean()
        record.check_ready(at=self.publish_at)

    def keep(
        self, snapshot: dict, *, by, at: datetime, what: str = EventKind.CHANGE, remark: str = "", **details
    ) -> None:
        """Save a new snapshot in the copy; ``what``, ``remark`` and ``details`` are those of the event."""
        self.snapshot = snapshots.with_own_part_keys(snapshot, snapshots.take(self.fresh_record()))
        self.save(update_fields=["snapshot"])
        if what == EventKind.CHANGE:
            note_state(self, what, by=by, at=at)
        else:
            note(self, what, by=by, at=at, remark=remark, snapshot=self.snapshot, **details)

    def may_discard(self, *, by) -> bool:
        """Whether a person may discard the copy; once it is approved, only somebody who could have approved it."""
        return self.has_right("approve" if self.approved_at else "change", by=by)

    def discard(self, *, by, at: datetime) -> None:
        """Remove the copy and its events, and revoke the links to it."""
        if not self.may_discard(by=by):
            raise PermissionDenied
        with transaction.atomic():
            was, self.publish_at = self.publish_at, None
            if was:
                links.tell_holders(self, was=was, by=by, at=at)
            self.drop(by=by, at=at)

    def drop(self, *, by, at: datetime) -> None:
        """Remove the copy without checking a right: callers have checked it, or the record is gone."""
        for link in self.preview_links.alive(at=at):
            link.revoke(by=by, at=at)
        self._remove()

    def _remove(self) -> None:
        HistoryEvent.objects.of(self).delete()
        self.delete()


def lock(model: type[models.Model], pk: int) -> models.Model | None:
    """The stored record, locked until the transaction ends."""
    return model._base_manager.select_for_update(of=("self",)).filter(pk=pk).first()


def copies_of(records) -> dict[int, WorkingCopy]:
    """The working copies of some records of one kind, by the key of the record, in one query."""
    if not (keys := {record.pk: type(record) for record in records}):
        return {}
    kind = ContentType.objects.get_for_model(next(iter(keys.values())))
    return {
        copy.object_id: copy
        for copy in WorkingCopy.objects.filter(content_type=kind, object_id__in=keys).defer("snapshot")
    }


def may_begin(record: models.Model, *, by, at: datetime) -> bool:
    """Whether a person may work on a copy of a record as it stands at a moment."""
    return record.has_right("change", by=by) and record.state(at=at) in READABLE


def begin(record: models.Model, *, by, at: datetime) -> WorkingCopy:
    """A working copy of a public record as it is now; the one that is there already, if there is one."""
    if not record.has_right("change", by=by):
        raise PermissionDenied
    with transaction.atomic():
        # Nobody takes the record down or publishes another copy of it meanwhile.
        record = lock(type(record), record.pk)
        if not record or not may_begin(record, by=by, at=at):
            raise ValidationError(_("Only what is public needs a working copy."), code="not_public")
        key = {"content_type": ContentType.objects.get_for_model(type(record)), "object_id": record.pk}
        values = {"snapshot": snapshots.take(record), "begun_by": by, "begun_at": at}
        copy, is_new = WorkingCopy.objects.get_or_create(**key, defaults=values)
        if is_new:
            note(copy, EventKind.ADD, by=by, at=at, snapshot=copy.snapshot)
    return copy


def publish_due(*, at: datetime) -> None:
    """Publish the copies whose moment has come: one cheap question to the database, and mostly nothing to do."""
    for pk in _due(at=at):
        try:
            with short_lock_timeout():
                _publish_one(pk, at=at)
        except (OperationalError, InterfaceError):
            # The database cannot write at the moment. That is no fault of the copy: the next request tries again.
            raise
        except Exception as error:
            # The public keeps what it has, and the approvers are told on their list.
            log.exception("The working copy %s could not be published", pk)
            said = "\n".join(error.messages) if isinstance(error, ValidationError) else str(error)
            WorkingCopy.objects.due(at=at).filter(pk=pk).update(failure=said or "?")


@compiled
def _due(at: datetime):
    return WorkingCopy.objects.due(at=at).values_list("pk", flat=True)


def _publish_one(pk: int, *, at: datetime) -> None:
    """Publish a copy, unless another request has done so meanwhile."""
    due = WorkingCopy.objects.due(at=at).filter(pk=pk)
    for seen in due.defer("snapshot"):
        with seen._alone():
            if copy := due.select_for_update(of=("self",)).first():
                copy.publish()


@contextmanager
def short_lock_timeout():
    """Context manager: on SQLite, wait at most a second for the lock of another writer, for a visitor waits for a page."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        usual = cursor.fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 1000")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual}")


class PublishDueCopies:
    """Middleware: publishes the copies that are due before it answers; no job has to run for it.

    Nobody goes without an answer because that fails: what is due becomes public with a later request.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if asks_nobody(view) or read_only.is_on():
            return
        try:
            publish_due(at=request.visit.at)
        except (DatabaseError, InterfaceError):
            log.warning("What is due could not be published now", exc_info=True)
