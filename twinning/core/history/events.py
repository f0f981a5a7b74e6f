"""History events: what was done to a record, by whom, when and why, with its snapshot afterwards."""

from datetime import datetime
from functools import partial

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from twinning.core.history import hidings, snapshots


class EventKind(models.TextChoices):
    """The kinds of event that are no step of a workflow; an event of a step has the name of the step."""

    FOUND = "found", _("Found like this")
    ADD = "add", _("Added")
    CHANGE = "change", _("Changed")
    DATED = "dated", _("First issued date set")
    DELETE = "delete", _("Deleted")
    RESTORE = "restore", _("Went back to an earlier state")
    COPY_PUBLISHED = "copy_published", _("Working copy published")
    LINK_MADE = "link_made", _("Preview link made")
    LINK_OPENED = "link_opened", _("Preview link opened")
    LINK_REVOKED = "link_revoked", _("Preview link revoked")
    HOLDERS_TOLD = "holders_told", _("Holders of links told")
    LIFTED = "lifted", _("Approval lifted: a backup was restored")
    REFUSED = "refused", _("Refused")
    SIGNED_IN = "signed_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")


# What must not come back with an older backup (twinning/core/history/hidings.py), beside changes of accounts.
HIDING = ("withdraw", "take_down", EventKind.LINK_REVOKED, EventKind.DELETE)


def labels() -> dict[str, str]:
    """Every kind of event and its words: those above, and what any model declares in ``steps`` and ``verbs``."""
    declared = (step for name in ("steps", "verbs") for step in _declared(name))
    return {**dict(EventKind.choices), **{step.name: step.done for step in declared}}


def _declared(table: str) -> list:
    """The steps of all models in their tables of one name."""
    return [step for model in apps.get_models() for step in getattr(model, table, {}).values()]


class HistoryEventQuerySet(models.QuerySet):
    """Events by record."""

    def of(self, record: models.Model):
        """The events of one record, the newest first."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)

    def states(self):
        """Events with a snapshot."""
        return self.filter(snapshot__isnull=False)

    def changes(self, *, by):
        """The times that a person changed the content: in its form, by a verb, or by going back."""
        kinds = [EventKind.CHANGE, EventKind.RESTORE, *{verb.name for verb in _declared("verbs")}]
        return self.states().filter(what__in=kinds, by=by)


class HistoryEvent(models.Model):
    """One event in the history of a record, with a snapshot where its content may have changed."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, null=True)
    object_id = models.PositiveBigIntegerField(null=True)
    record = GenericForeignKey()
    name = models.CharField(_("record"), max_length=300)
    what = models.CharField(_("what"), max_length=20)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("who"), related_name="history_events"
    )
    remark = models.TextField(_("remark"), blank=True)
    details = models.JSONField(default=dict)
    snapshot = models.JSONField(null=True)

    objects = HistoryEventQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        default_permissions = ("view",)
        verbose_name = _("event")
        verbose_name_plural = _("history")
        indexes = [models.Index(fields=["content_type", "object_id", "-id"], name="core_history_of_a_record")]

    def __str__(self):
        return f"{self.get_what_display()}: {self.name}"

    def get_what_display(self) -> str:
        """The kind of event in words, as Django names it for a field with choices."""
        return str(labels().get(self.what, self.what))

    def last_state(self) -> "HistoryEvent | None":
        """The event that left the record as it was before this one."""
        same = HistoryEvent.objects.filter(content_type=self.content_type_id, object_id=self.object_id)
        return same.states().filter(pk__lt=self.pk).first()


def note(
    record: models.Model, what: str, *, by, at: datetime, remark: str = "", snapshot: dict | None = None, **details
) -> HistoryEvent:
    """Write an event into the history of a record; ``details`` are JSON values of this kind of event.

    ``snapshot`` is the content of the record afterwards, where it may have changed.
    """
    if what in HIDING or (what == EventKind.CHANGE and record._meta.label == settings.AUTH_USER_MODEL):
        transaction.on_commit(partial(hidings.write, what, record._meta.label_lower, record.pk, at))
    return HistoryEvent.objects.create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        name=str(record)[:300],
        what=what,
        at=at,
        by=by,
        remark=remark.strip(),
        details=details,
        snapshot=snapshot,
    )


def note_state(
    record: models.Model, what: str, *, by, at: datetime, last: HistoryEvent | None = None
) -> HistoryEvent | None:
    """Write an event with a snapshot; none if the content is the same as after the last one.

    ``last`` is the event that left the state before, where that is known. A change of nothing but what approvers fill in
    (``for_approvers``) makes nobody an author: it is a kind of its own.
    """
    last, now = last or HistoryEvent.objects.of(record).states().first(), content(record)
    if last and last.snapshot == now:
        return None
    names = getattr(record, "for_approvers", ())
    if what == EventKind.CHANGE and last and snapshots.with_fields(names, of=now, snapshot=last.snapshot) == now:
        what = EventKind.DATED
    return note(record, what, by=by, at=at, snapshot=now)


def note_password(user: models.Model, *, by, at: datetime) -> HistoryEvent:
    """Write an event for a password that was set or removed, without the password."""
    login = "new password" if user.has_usable_password() else "no password"
    return note(user, EventKind.CHANGE, by=by, at=at, login=login)


def note_refusal(record: models.Model | None, *, by, at: datetime, path: str, asked: list[str]) -> HistoryEvent:
    """Write an event for a request without the right: its path, and the steps that it asked for."""
    details = {"path": path, "asked": asked}
    if record:
        return note(record, EventKind.REFUSED, by=by, at=at, **details)
    return HistoryEvent.objects.create(name=path[:300], what=EventKind.REFUSED, at=at, by=by, details=details)


def note_failed_sign_in(user: models.Model | None, *, at: datetime) -> HistoryEvent:
    """Write an event for a wrong password or code; ``user`` is None where no account has the name that was typed."""
    accounts = ContentType.objects.get_for_model(apps.get_model(settings.AUTH_USER_MODEL))
    return HistoryEvent.objects.create(
        content_type=accounts if user else None,
        object_id=user.pk if user else None,
        name=str(user or _("no account")),
        what=EventKind.SIGN_IN_FAILED,
        at=at,
    )


def content(record: models.Model) -> dict:
    """The snapshot of a record; a working copy is one itself."""
    return record.snapshot if hasattr(record, "snapshot") else snapshots.take(record)


def current_state(record: models.Model, *, at: datetime) -> HistoryEvent:
    """The event whose snapshot is the content of a record now.

    Content that came into the database past the back office, by a command or before there was a history, is written down
    the first time it is met.
    """
    last, now = HistoryEvent.objects.of(record).states().first(), content(record)
    if last and last.snapshot == now:
        return last
    return note(record, EventKind.FOUND, by=None, at=at, snapshot=now)
