"""The gate: what the public may see is a function of a record and a moment, computed when asked.

``PublishableQuerySet.published`` and ``Publishable.is_published`` are the only two places that know the rule, and no job
publishes anything: a release appears because its moment has come, whatever else is running.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.core.publishing import links
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.steps import PUBLISHING_STEPS, State, rights
from twinning.core.publishing.workflow import APPROVAL_FIELDS, Approvable, ApprovableQuerySet, moment, person


class PublishableQuerySet(ApprovableQuerySet):
    """Records by what the public may see of them at a moment."""

    def _opened(self, at: datetime):
        return self.filter(approved_at__isnull=False, publish_at__lte=at)

    def published(self, *, at: datetime):
        """Records that stand in public lists, searches and feeds at a moment (aware datetime)."""
        return self._opened(at).filter(withdrawn_at__isnull=True, taken_down_at__isnull=True)

    def readable(self, *, at: datetime):
        """Published records, and withdrawn ones, whose page stays and says that it is withdrawn."""
        return self._opened(at).filter(taken_down_at__isnull=True)

    def for_page(self, *, at: datetime):
        """With related data for the record's own page, where that can come in the same query."""
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


class Publishable(Approvable):
    """A record that is published in steps: draft, in review, scheduled, published, withdrawn or taken down.

    What is approved is not edited: a working copy of it is written, approved and published in its place.
    """

    withdrawn_at = moment()
    withdrawn_by = person("withdrawn")
    withdrawal_reason = models.TextField(_("public reason for the withdrawal"), blank=True, editable=False)
    taken_down_at = moment()
    taken_down_by = person("taken_down")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last updated"), auto_now=True)

    steps = PUBLISHING_STEPS
    workflow_fields = (
        *APPROVAL_FIELDS,
        "withdrawn_at",
        "withdrawn_by",
        "withdrawal_reason",
        "taken_down_at",
        "taken_down_by",
    )
    not_content = (*workflow_fields, "created_at", "updated_at")

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = Approvable.Meta.indexes
        default_permissions = ("add", "change", "delete", "view", *rights(PUBLISHING_STEPS.values()))
        constraints = [
            *Approvable.Meta.constraints,
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

    @property
    def filed_at(self) -> datetime | None:
        """The moment in whose year the public finds the record, if that is known: its publication."""
        return self.publish_at

    def date_changes(self, *, since: datetime, at: datetime) -> bool | None:
        """Date the parts that were written into a working copy since a moment to the publication of the copy.

        Returns whether the public is told of a change; None where a kind of record knows no such notes.
        """
        return None

    def state(self, *, at: datetime) -> State:
        state = super().state(at=at)
        if state == State.PUBLISHED and self.taken_down_at:
            return State.TAKEN_DOWN
        return State.WITHDRAWN if state == State.PUBLISHED and self.withdrawn_at else state

    def withdraw(self, *, by, at: datetime, reason: str, remark: str = "") -> None:
        """Mark a published page as withdrawn, with a public reason, and take it out of every list."""
        with self.taking("withdraw", by=by, at=at, remark=remark) as details:
            if not reason.strip():
                message = _("Say why the page is withdrawn. The reason is shown on the page.")
                raise ValidationError({"withdrawal_reason": ValidationError(message, code="required")})
            self.withdrawn_at, self.withdrawn_by, self.withdrawal_reason = at, by, reason.strip()
            details["public_reason"] = self.withdrawal_reason

    def take_down(self, *, by, at: datetime, remark: str = "") -> None:
        """Remove a page that was public: its address answers 410, and its files, copies and links are gone."""
        with self.taking("take_down", by=by, at=at, remark=remark):
            self.taken_down_at, self.taken_down_by = at, by
            WorkingCopy.objects.of(self).drop(by=by, at=at)
            links.revoke_all(self, by=by, at=at)

    def saved_by(self, step: str) -> tuple[str, ...]:
        # Only a withdrawal changes what the page says; an approval afterwards is the office's own business.
        return (*self.workflow_fields, *(["updated_at"] if step == "withdraw" else []))
