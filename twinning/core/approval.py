"""Two pairs of eyes: what one person submits, another approves, for now or for a moment.

Each step is a verb with ``by=`` (the person) and ``at=`` (the moment). A verb raises PermissionDenied when the person has
no right to it and ValidationError, in words for the person, when it is not possible now. Each is written into the history.
"""

from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from twinning.core import previews
from twinning.core.history import What, note


class State(models.TextChoices):
    """Where a record stands, in the words of the people who work on it."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in-review", _("In review")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TAKEN_DOWN = "taken-down", _("Taken down")


APPROVED = (State.SCHEDULED, State.PUBLISHED, State.WITHDRAWN, State.TAKEN_DOWN)

# The steps from state to state: the right that each needs, and where it can begin.
STEPS = {
    "submit": ("submit", (State.DRAFT,)),
    "send_back": ("approve", (State.IN_REVIEW, State.SCHEDULED)),
    "approve": ("approve", (State.IN_REVIEW,)),
    "reschedule": ("approve", (State.SCHEDULED,)),
    "publish_urgently": ("urgent", (State.DRAFT, State.IN_REVIEW)),
    "confirm": ("approve", APPROVED),
    "withdraw": ("withdraw", (State.PUBLISHED,)),
    "take_down": ("withdraw", (State.PUBLISHED, State.WITHDRAWN)),
}

APPROVAL_FIELDS = (
    "submitted_at",
    "submitted_by",
    "approved_at",
    "approved_by",
    "publish_at",
    "urgent_reason",
    "confirmed_at",
    "confirmed_by",
)


def person(related_name: str) -> models.ForeignKey:
    """Who took a step."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name=f"%(app_label)s_%(class)s_{related_name}",
    )


def moment() -> models.DateTimeField:
    """When a step was taken."""
    return models.DateTimeField(null=True, blank=True, editable=False)


class ApprovableQuerySet(models.QuerySet):
    """Sets of records by what is still to be approved."""

    def in_review(self):
        """Submitted, and waiting for an approver."""
        return self.filter(submitted_at__isnull=False, approved_at__isnull=True)

    def unconfirmed(self):
        """Published urgently, and waiting for an approver afterwards."""
        return self.filter(approved_at__isnull=False, confirmed_at__isnull=True).exclude(urgent_reason="")

    def waiting(self):
        """What waits for an approver, before or after it is published."""
        return self.in_review() | self.unconfirmed()

    def waiting_for(self, person):
        """What waits for this approver: nobody approves what they submitted, or published urgently, themselves."""
        return self.in_review().exclude(submitted_by=person) | self.unconfirmed().exclude(approved_by=person)


class Approvable(models.Model):
    """Something that one person submits and another approves, so that it is public from a moment on."""

    submitted_at = moment()
    submitted_by = person("submitted")
    approved_at = moment()
    approved_by = person("approved")
    publish_at = models.DateTimeField(_("public from"), null=True, blank=True, editable=False)
    urgent_reason = models.TextField(_("why it was urgent"), blank=True, editable=False)
    confirmed_at = moment()
    confirmed_by = person("confirmed")

    workflow_fields = APPROVAL_FIELDS

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_approval_is_whole",
                condition=Q(approved_at=None, approved_by=None, publish_at=None, urgent_reason="")
                | Q(approved_at__isnull=False, approved_by__isnull=False, publish_at__isnull=False),
                violation_error_message=_("An approval needs a person, a moment and a publication date."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_approved_by_another",
                condition=Q(submitted_by=None) | Q(approved_by=None) | ~Q(submitted_by=F("approved_by"))
                | ~Q(urgent_reason=""),
                violation_error_message=_("Somebody else than the one who submitted it has to approve it."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_confirmation_is_whole",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False)
                & ~Q(urgent_reason="") & ~Q(confirmed_by=F("approved_by")),
                violation_error_message=_("Only what was published urgently is approved afterwards, by somebody else."),
            ),
        ]  # fmt: skip

    def state(self, *, at: datetime) -> State:
        """Where the record stands at a moment."""
        if not self.approved_at:
            return State.IN_REVIEW if self.submitted_at else State.DRAFT
        return State.SCHEDULED if self.publish_at > at else State.PUBLISHED

    @property
    def awaits_confirmation(self) -> bool:
        """Whether it was published urgently and nobody else has approved it since."""
        return bool(self.urgent_reason) and not self.confirmed_at

    def has_right(self, right: str, *, by) -> bool:
        """Whether a person has a right (``approve`` and so on) to records of this kind."""
        return by.has_perm(f"{self._meta.app_label}.{right}_{self._meta.model_name}")

    def may(self, step: str, *, by, at: datetime) -> bool:
        """Whether a person may take one of the STEPS with the record as it stands at a moment."""
        return self.has_right(STEPS[step][0], by=by) and not self.why_not(step, by=by, at=at)

    def why_not(self, step: str, *, by, at: datetime) -> str:
        """Why a person who has the right to a step cannot take it with the record as it stands; empty if they can."""
        if (state := self.state(at=at)) not in STEPS[step][1]:
            return _("This is not possible now: the record is “%(state)s”.") % {"state": state.label}
        if step == "approve" and self.submitted_by_id == by.pk:
            return _("You submitted this yourself. Somebody else has to approve it.")
        if step == "confirm" and not self.awaits_confirmation:
            return _("There is nothing to approve afterwards.")
        if step == "confirm" and self.approved_by_id == by.pk:
            return _("You published this yourself. Somebody else has to approve it.")
        return ""

    def check_ready(self, *, at: datetime) -> None:
        """Raise ValidationError naming all that is missing before this record may be public from a moment on."""

    def submit(self, *, by, at: datetime, remark: str = "") -> None:
        """Hand a draft to an approver."""
        with self._step("submit", by, at, remark):
            self.submitted_at, self.submitted_by = at, by

    def send_back(self, *, by, at: datetime, remark: str) -> None:
        """Return a record that is not public yet to draft, lifting any approval; the remark says what is to be done."""
        with self._step("send_back", by, at, remark):
            if not remark.strip():
                raise ValidationError({"remark": _("Say what is to be done. Only colleagues read it.")})
            was, self.publish_at = self.publish_at, None
            if was:
                previews.tell_holders(self, was=was, by=by, at=at)
            self.submitted_at = self.submitted_by = None
            self.approved_at = self.approved_by = self.confirmed_at = self.confirmed_by = None
            self.urgent_reason = ""

    def approve(self, *, by, at: datetime, publish_at: datetime | None = None, remark: str = "") -> None:
        """Let the record be public from ``publish_at`` on, or from ``at`` when no later moment is named."""
        with self._step("approve", by, at, remark) as details:
            self._open(by, at, publish_at)
            details["publish_at"] = self.publish_at

    def publish_urgently(
        self, *, by, at: datetime, reason: str, publish_at: datetime | None = None, remark: str = ""
    ) -> None:
        """Publish without a second person, who approves afterwards; the reason stays in the office."""
        with self._step("publish_urgently", by, at, remark) as details:
            if not reason.strip():
                raise ValidationError({"urgent_reason": _("Say why this cannot wait for an approver.")})
            self._open(by, at, publish_at)
            self.urgent_reason = reason.strip()
            details |= {"publish_at": self.publish_at, "reason": self.urgent_reason}

    def confirm(self, *, by, at: datetime, remark: str = "") -> None:
        """Approve afterwards what somebody else published urgently."""
        with self._step("confirm", by, at, remark):
            self.confirmed_at, self.confirmed_by = at, by

    def reschedule(self, *, by, at: datetime, publish_at: datetime | None = None, remark: str = "") -> None:
        """Move an embargo to another moment, or lift it now when none is named, and tell those who hold links."""
        with self._step("reschedule", by, at, remark) as details:
            _check_future(publish_at, at)
            was, self.publish_at = self.publish_at, publish_at or at
            details |= {"publish_at": self.publish_at, "was": was}
            previews.tell_holders(self, was=was, by=by, at=at)

    def _open(self, by, at: datetime, publish_at: datetime | None) -> None:
        _check_future(publish_at, at)
        self.check_ready(at=publish_at or at)
        self.approved_at, self.approved_by, self.publish_at = at, by, publish_at or at

    @contextmanager
    def _step(self, step: str, by, at: datetime, remark: str = ""):
        """One move from state to state: the right, the lock, the check, the save and the note, in one transaction.

        Yields a dict for what the note is to say beside person, moment and remark.
        """
        if not self.has_right(STEPS[step][0], by=by):
            raise PermissionDenied
        with transaction.atomic():
            # This copy may have been read long ago: what stands in the database counts, and stays locked to the end.
            self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update(of=("self",)))
            if reason := self.why_not(step, by=by, at=at):
                raise ValidationError(reason)
            details = {}
            yield details
            self.save(update_fields=self._saved_by(step))
            said = {
                name: value.isoformat() if isinstance(value, datetime) else value for name, value in details.items()
            }
            note(self, What(step), by=by, at=at, remark=remark, **said)

    def _saved_by(self, step: str) -> tuple[str, ...]:
        """The columns that a step writes."""
        return self.workflow_fields


def _check_future(publish_at: datetime | None, at: datetime) -> None:
    if publish_at and publish_at < at:
        message = _("The publication date lies in the past. Leave it empty to publish now.")
        raise ValidationError({"publish_at": message})
