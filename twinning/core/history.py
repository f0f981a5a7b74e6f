"""What was done to a record: by whom, when, why, and what it looked like afterwards."""

from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from twinning.core import snapshots


class What(models.TextChoices):
    """What can happen to a record, in the words of the people who work on it."""

    FOUND = "found", _("Found like this")
    ADD = "add", _("Added")
    CHANGE = "change", _("Changed")
    DELETE = "delete", _("Deleted")
    RESTORE = "restore", _("Went back to an earlier state")
    SUBMIT = "submit", _("Submitted")
    SEND_BACK = "send_back", _("Sent back")
    APPROVE = "approve", _("Approved")
    PUBLISH_URGENTLY = "publish_urgently", _("Published urgently")
    CONFIRM = "confirm", _("Approved afterwards")
    RESCHEDULE = "reschedule", _("Publication moved")
    WITHDRAW = "withdraw", _("Withdrawn")
    TAKE_DOWN = "take_down", _("Taken down")
    COPY_PUBLISHED = "copy_published", _("Working copy published")
    LINK_MADE = "link_made", _("Preview link made")
    LINK_OPENED = "link_opened", _("Preview link opened")
    LINK_REVOKED = "link_revoked", _("Preview link revoked")
    HOLDERS_TOLD = "holders_told", _("Holders of links told")
    REFUSED = "refused", _("Refused")


class HistoryEventQuerySet(models.QuerySet):
    """Events of records."""

    def of(self, record: models.Model):
        """The events of one record, the newest first."""
        return self.filter(content_type=ContentType.objects.get_for_model(record), object_id=record.pk)

    def states(self):
        """Those after which the record's content was written down."""
        return self.filter(snapshot__isnull=False)


class HistoryEvent(models.Model):
    """One thing that was done to a record, with the whole record afterwards where its content may have changed."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, null=True)
    object_id = models.PositiveBigIntegerField(null=True)
    record = GenericForeignKey()
    name = models.CharField(_("record"), max_length=300)
    what = models.CharField(_("what"), max_length=20, choices=What)
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

    def last_state(self) -> "HistoryEvent | None":
        """The event that left the record as it was before this one."""
        same = HistoryEvent.objects.filter(content_type=self.content_type_id, object_id=self.object_id)
        return same.states().filter(pk__lt=self.pk).first()


def note(
    record: models.Model, what: What, *, by, at: datetime, remark: str = "", with_content: bool = False, **details
) -> HistoryEvent:
    """Write down what was done to a record; ``details`` are JSON values of this kind of event."""
    return HistoryEvent.objects.create(
        content_type=ContentType.objects.get_for_model(record),
        object_id=record.pk,
        name=str(record)[:300],
        what=what,
        at=at,
        by=by,
        remark=remark.strip(),
        details=details,
        snapshot=content(record) if with_content else None,
    )


def note_state(record: models.Model, what: What, *, by, at: datetime) -> HistoryEvent | None:
    """Write down that a record was added or changed, with its content; nothing if the content is as it was."""
    last = HistoryEvent.objects.of(record).states().first()
    if last and last.snapshot == content(record):
        return None
    return note(record, what, by=by, at=at, with_content=True)


def note_password(user: models.Model, *, by, at: datetime) -> HistoryEvent:
    """Write down that somebody got another password, or none; nothing of the password itself."""
    login = "new password" if user.has_usable_password() else "no password"
    return note(user, What.CHANGE, by=by, at=at, login=login)


def note_refusal(record: models.Model | None, *, by, at: datetime, path: str, asked: list[str]) -> HistoryEvent:
    """Write down that somebody sent what they have no right to: where to, and which steps it asked for."""
    details = {"path": path, "asked": asked}
    if record:
        return note(record, What.REFUSED, by=by, at=at, **details)
    return HistoryEvent.objects.create(name=path[:300], what=What.REFUSED, at=at, by=by, details=details)


def content(record: models.Model) -> dict:
    """The snapshot of a record; a working copy is one itself."""
    return record.snapshot if hasattr(record, "snapshot") else snapshots.take(record)


def current_state(record: models.Model, *, at: datetime) -> HistoryEvent:
    """The event that left a record as it is now.

    Content that came into the database past the back office, by a command or before there was a history, is written down
    the first time it is met.
    """
    last = HistoryEvent.objects.of(record).states().first()
    if last and last.snapshot == content(record):
        return last
    with transaction.atomic():
        return note(record, What.FOUND, by=None, at=at, with_content=True)
