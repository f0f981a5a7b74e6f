"""The gate: what the public may see is a function of a record and a moment, computed when asked.

``PublishableQuerySet.published`` and ``Publishable.is_published`` are the only two places that know the rule, and no job
publishes anything: a release appears because its moment has come, whatever else is running.
"""

from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a record stands, in the words of the people who work on it."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in-review", _("In review")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TAKEN_DOWN = "taken-down", _("Taken down")


# The steps from state to state: the right that each needs, and where it can begin.
STEPS = {
    "submit": ("submit", (State.DRAFT,)),
    "send_back": ("approve", (State.IN_REVIEW, State.SCHEDULED)),
    "approve": ("approve", (State.DRAFT, State.IN_REVIEW, State.SCHEDULED)),
    "withdraw": ("withdraw", (State.PUBLISHED,)),
    "take_down": ("withdraw", (State.PUBLISHED, State.WITHDRAWN)),
}

WORKFLOW_FIELDS = (
    "submitted_at",
    "submitted_by",
    "approved_at",
    "approved_by",
    "publish_at",
    "withdrawn_at",
    "withdrawn_by",
    "withdrawal_reason",
    "taken_down_at",
    "taken_down_by",
)


class PublishableQuerySet(models.QuerySet):
    """Sets of records by what the public may see of them at a moment."""

    def _opened(self, at: datetime):
        return self.filter(approved_at__isnull=False, publish_at__lte=at)

    def published(self, *, at: datetime):
        """Records that stand in public lists, searches and feeds at a moment (aware datetime)."""
        return self._opened(at).filter(withdrawn_at__isnull=True, taken_down_at__isnull=True)

    def readable(self, *, at: datetime):
        """Published records, and withdrawn ones, whose page stays and says that it is withdrawn."""
        return self._opened(at).filter(taken_down_at__isnull=True)

    def for_page(self, *, at: datetime):
        """With what the record's own page shows beside its fields, where that can come in the same query."""
        return self

    def gone(self, *, at: datetime):
        """Records that were public and have been taken down: their address answers 410."""
        return self._opened(at).filter(taken_down_at__isnull=False)

    def in_state(self, state: State, *, at: datetime):
        """Records in one state at a moment; the twin of ``Publishable.state``."""
        unapproved = self.filter(approved_at__isnull=True)
        return {
            State.DRAFT: unapproved.filter(submitted_at__isnull=True),
            State.IN_REVIEW: unapproved.filter(submitted_at__isnull=False),
            State.SCHEDULED: self.filter(approved_at__isnull=False, publish_at__gt=at),
            State.PUBLISHED: self.published(at=at),
            State.WITHDRAWN: self.readable(at=at).filter(withdrawn_at__isnull=False),
            State.TAKEN_DOWN: self.gone(at=at),
        }[state]


def _person(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name=f"%(app_label)s_%(class)s_{related_name}",
    )


def _moment() -> models.DateTimeField:
    return models.DateTimeField(null=True, blank=True, editable=False)


class Publishable(models.Model):
    """A record with a life: draft, in review, scheduled, published, withdrawn or taken down.

    Each step is a verb with ``by=`` (the person) and ``at=`` (the moment). A verb raises PermissionDenied when the person
    has no right to it and ValidationError, in words for the person, when the record is not where the verb needs it.
    """

    submitted_at = _moment()
    submitted_by = _person("submitted")
    approved_at = _moment()
    approved_by = _person("approved")
    publish_at = models.DateTimeField(_("public from"), null=True, blank=True, editable=False)
    withdrawn_at = _moment()
    withdrawn_by = _person("withdrawn")
    withdrawal_reason = models.TextField(_("public reason for the withdrawal"), blank=True, editable=False)
    taken_down_at = _moment()
    taken_down_by = _person("taken_down")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last updated"), auto_now=True)

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "submit", "approve", "withdraw")
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_approval_is_whole",
                condition=Q(approved_at=None, approved_by=None, publish_at=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False, publish_at__isnull=False),
                violation_error_message=_("An approval needs a person, a moment and a publication date."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_withdrawal_is_whole",
                condition=Q(withdrawn_at=None)
                | Q(withdrawn_by__isnull=False, withdrawn_at__gte=F("publish_at")) & ~Q(withdrawal_reason=""),
                violation_error_message=_("A withdrawal needs a person, a reason and something that was public."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_takedown_is_whole",
                condition=Q(taken_down_at=None) | Q(taken_down_by__isnull=False, taken_down_at__gte=F("publish_at")),
                violation_error_message=_("Only what was public can be taken down."),
            ),
        ]

    def is_published(self, *, at: datetime) -> bool:
        """Whether the record stands in public lists at a moment; the twin of ``objects.published``."""
        return self.state(at=at) == State.PUBLISHED

    @property
    def changed_at(self) -> datetime:
        """When the public last got something new: the last save, or the publication if that came later."""
        return max(self.updated_at, self.publish_at)

    def state(self, *, at: datetime) -> State:
        """Where the record stands at a moment."""
        if not self.approved_at:
            return State.IN_REVIEW if self.submitted_at else State.DRAFT
        if self.publish_at > at:
            return State.SCHEDULED
        if self.taken_down_at:
            return State.TAKEN_DOWN
        return State.WITHDRAWN if self.withdrawn_at else State.PUBLISHED

    def has_right(self, right: str, *, by) -> bool:
        """Whether a person has a right (``approve`` and so on) to records of this kind."""
        return by.has_perm(f"{self._meta.app_label}.{right}_{self._meta.model_name}")

    def may(self, step: str, *, by, at: datetime) -> bool:
        """Whether a person may take one of the STEPS with the record as it stands at a moment."""
        right, states = STEPS[step]
        return self.state(at=at) in states and self.has_right(right, by=by)

    def check_ready(self) -> None:
        """Raise ValidationError naming all that is missing before this record may be approved."""

    def submit(self, *, by, at: datetime) -> None:
        """Hand a draft to an approver."""
        with self._step("submit", by, at):
            self.submitted_at, self.submitted_by = at, by

    def send_back(self, *, by, at: datetime) -> None:
        """Return a record that is not public yet to draft, lifting any approval."""
        with self._step("send_back", by, at):
            self.submitted_at = self.submitted_by = None
            self.approved_at = self.approved_by = self.publish_at = None

    def approve(self, *, by, at: datetime, publish_at: datetime | None = None) -> None:
        """Let the record be public from ``publish_at`` on, or from ``at`` when no later moment is named."""
        with self._step("approve", by, at):
            if publish_at and publish_at < at:
                message = _("The publication date lies in the past. Leave it empty to publish now.")
                raise ValidationError({"publish_at": message})
            self.check_ready()
            self.approved_at, self.approved_by, self.publish_at = at, by, publish_at or at

    def withdraw(self, *, by, at: datetime, reason: str) -> None:
        """Mark a published page as withdrawn, with a public reason, and take it out of every list."""
        with self._step("withdraw", by, at):
            if not reason.strip():
                message = _("Say why the page is withdrawn. The reason is shown on the page.")
                raise ValidationError({"withdrawal_reason": message})
            self.withdrawn_at, self.withdrawn_by, self.withdrawal_reason = at, by, reason.strip()

    def take_down(self, *, by, at: datetime) -> None:
        """Remove a page that was public: its address answers 410 and its files are gone."""
        with self._step("take_down", by, at):
            self.taken_down_at, self.taken_down_by = at, by

    @contextmanager
    def _step(self, step: str, by, at: datetime):
        """One move from state to state: the right, the lock, the check and the save, in one transaction."""
        right, allowed = STEPS[step]
        if not self.has_right(right, by=by):
            raise PermissionDenied
        with transaction.atomic():
            # This copy may have been read long ago: what stands in the database counts, and stays locked to the end.
            self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update(of=("self",)))
            if (state := self.state(at=at)) not in allowed:
                message = _("This is not possible now: the record is “%(state)s”.")
                raise ValidationError(message, params={"state": state.label})
            yield
            self.save(update_fields=[*WORKFLOW_FIELDS, "updated_at"])
