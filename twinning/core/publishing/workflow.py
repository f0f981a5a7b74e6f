"""Approval by a second person: records that one person submits and another approves, for now or for a later moment.

Each step is a method with ``by=`` (the person) and ``at=`` (the moment). It raises PermissionDenied when the person has no
right to it and ValidationError, in words for the person, when it is not possible now. Each is written into the history.
"""

from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from twinning.core.history.events import HistoryEvent, note
from twinning.core.publishing import links
from twinning.core.publishing.steps import (
    AGREE,
    ALONE,
    ANOTHER,
    APPROVAL_STEPS,
    ASK_BACK,
    SUBMIT,
    SUBMIT_AGAIN,
    WITH_REASON,
    State,
    Step,
)

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


# The events after which an agreement no longer holds.
_CHANGED = Q(snapshot__isnull=False) | Q(what__in=[SUBMIT.name, SUBMIT_AGAIN.name])


def person(related_name: str) -> models.ForeignKey:
    """Model field: the person who took a step."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name=f"%(app_label)s_%(class)s_{related_name}",
    )


def moment() -> models.DateTimeField:
    """Model field: the moment of a step."""
    return models.DateTimeField(null=True, blank=True, editable=False)


class ApprovableQuerySet(models.QuerySet):
    """Records by what is still to be approved."""

    def in_review(self):
        """Submitted, and waiting for an approver."""
        return self.filter(submitted_at__isnull=False, approved_at__isnull=True)

    def unconfirmed(self):
        """Published urgently, and waiting for an approver afterwards."""
        return self.filter(approved_at__isnull=False, confirmed_at__isnull=True).exclude(urgent_reason="")

    def waiting(self):
        """Records that wait for an approver, before or after they are published."""
        return self.in_review() | self.unconfirmed()

    def with_authorship(self, person):
        """Annotate ``has_own_changes``: whether the person has changed the record since it was submitted."""
        kind = ContentType.objects.get_for_model(self.model)
        changes = HistoryEvent.objects.filter(content_type=kind, object_id=OuterRef("pk")).changes(by=person)
        return self.annotate(has_own_changes=Exists(changes.filter(at__gte=OuterRef("submitted_at"))))

    def to_approve(self, person):
        """Records in review that this person may approve: not their own work."""
        theirs = self.in_review()
        if settings.FOUR_EYES != ALONE:
            theirs = theirs.exclude(submitted_by=person)
        if settings.FOUR_EYES == ANOTHER:
            theirs = theirs.with_authorship(person).filter(has_own_changes=False)
        return theirs

    def without_agreement(self):
        """Records to whose present words no second approver has agreed; the twin of ``Approvable.agreements``."""
        events = HistoryEvent.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model), object_id=OuterRef("pk")
        )
        last = events.filter(_CHANGED).order_by("-pk").values("pk")[:1]
        agreed = events.filter(what=AGREE.name, pk__gt=OuterRef("last_change"))
        return self.alias(last_change=Coalesce(Subquery(last), 0)).filter(~Exists(agreed))

    def to_confirm(self, person):
        """Urgent publications that this person may approve afterwards: not their own."""
        return self.unconfirmed().exclude(approved_by=person)


class Approvable(models.Model):
    """Abstract model: one person submits it and another approves it, to be public from a moment on."""

    submitted_at = moment()
    submitted_by = person("submitted")
    approved_at = moment()
    approved_by = person("approved")
    publish_at = models.DateTimeField(_("public from"), null=True, blank=True, editable=False)
    urgent_reason = models.TextField(_("why it was urgent"), blank=True, editable=False)
    confirmed_at = moment()
    confirmed_by = person("confirmed")

    steps: dict[str, Step] = APPROVAL_STEPS
    workflow_fields = APPROVAL_FIELDS
    prose: tuple[str, ...] = ()  # the texts that checks read while they are written
    for_approvers: tuple[str, ...] = ()  # fields of the content that only approvers change, as a part of approving

    class Meta:
        abstract = True
        # What waits is counted on every page of the back office, and is little beside all that was ever published.
        indexes = [
            models.Index(
                fields=["submitted_at"],
                name="%(app_label)s_%(class)s_waits",
                condition=Q(submitted_at__isnull=False, approved_at=None),
            ),
            models.Index(
                fields=["approved_at"],
                name="%(app_label)s_%(class)s_urgent",
                condition=~Q(urgent_reason="") & Q(approved_at__isnull=False, confirmed_at=None),
            ),
        ]
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
        """The state of the record at a moment."""
        if not self.approved_at:
            return State.IN_REVIEW if self.submitted_at else State.DRAFT
        return State.SCHEDULED if self.publish_at > at else State.PUBLISHED

    @property
    def awaits_confirmation(self) -> bool:
        """Whether it was published urgently and nobody else has approved it since."""
        return bool(self.urgent_reason) and not self.confirmed_at

    @property
    def own_steps(self) -> dict[str, Step]:
        """The steps that can be taken with it: those of its kind."""
        return self.steps

    @classmethod
    def has_right(cls, right: str, *, by) -> bool:
        """Whether a person has a right (``approve`` and so on) to records of this kind."""
        return by.has_perm(f"{cls._meta.app_label}.{right}_{cls._meta.model_name}")

    def may(self, step: str, *, by, at: datetime) -> bool:
        """Whether a person may take a step with the record as it stands at a moment."""
        return self.has_right(self.own_steps[step].right, by=by) and not self.why_not(step, by=by, at=at)

    def why_not(self, step: str, *, by, at: datetime) -> str:
        """Why a person who has the right to a step cannot take it with the record as it stands; empty if they can."""
        declared, state = self.own_steps[step], self.state(at=at)
        if state not in declared.begins:
            return _("This is not possible now: the record is “%(state)s”.") % {"state": state.label}
        return declared.refusal(self, by) if declared.refusal else ""

    def obstacle(self, step: str, *, by, at: datetime) -> str:
        """Why a step cannot be taken with the record as it stands: ``why_not``, or what it lacks to be public."""
        reason = self.why_not(step, by=by, at=at)
        if self.own_steps[step].publishes and not reason:
            try:
                self.check_ready(at=at)
            except ValidationError as error:
                return " ".join(error.messages)
        return reason

    def check_ready(self, *, at: datetime) -> None:
        """Raise ValidationError naming all that is missing before this record may be public from a moment on.

        What is missing stands under the name of its field or of its part, such as “why” or “photos”.
        """

    def submit(self, *, by, at: datetime, remark: str = "") -> None:
        """Hand a draft to an approver."""
        with self.taking("submit", by=by, at=at, remark=remark):
            self.submitted_at, self.submitted_by = at, by

    def send_back(self, *, by, at: datetime, remark: str) -> None:
        """Return a record that is not public yet to draft, lifting any approval; the remark says what is to be done."""
        with self.taking("send_back", by=by, at=at, remark=remark):
            if not remark.strip():
                message = _("Say what is to be done. Only colleagues read it.")
                raise ValidationError({"remark": ValidationError(message, code="required")})
            was, self.publish_at = self.publish_at, None
            if was:
                links.tell_holders(self, was=was, by=by, at=at)
            self.submitted_at = self.submitted_by = None
            self.approved_at = self.approved_by = self.confirmed_at = self.confirmed_by = None
            self.urgent_reason = ""

    def ask_back(self, *, by, at: datetime, remark: str) -> None:
        """Ask the approvers to send back what is scheduled; the remark says what is wrong. Nothing else changes."""
        with self.taking("ask_back", by=by, at=at, remark=remark):
            if not remark.strip():
                message = _("Say what is wrong, and by when you need it. Only colleagues read it.")
                raise ValidationError({"remark": ValidationError(message, code="required")})

    def is_asked_back(self) -> bool:
        """Whether the last step with the record was to ask for it back."""
        last = HistoryEvent.objects.of(self).filter(what__in=self.own_steps).values_list("what", flat=True).first()
        return last == ASK_BACK.name

    def submit_again(self, *, by, at: datetime, remark: str = "") -> None:
        """Hand what somebody else submitted, and this person has changed, to another approver."""
        with self.taking("submit_again", by=by, at=at, remark=remark):
            self.submitted_at, self.submitted_by = at, by

    def is_changed_by(self, person) -> bool:
        """Whether a person has changed the record since it was submitted; known already for ``with_authorship``."""
        if not (self.submitted_at and self.pk):
            return False
        if hasattr(self, "has_own_changes"):
            return self.has_own_changes
        return HistoryEvent.objects.of(self).changes(by=person).filter(at__gte=self.submitted_at).exists()

    def approve(self, *, by, at: datetime, publish_at: datetime | None = None, remark: str = "") -> None:
        """Let the record be public from ``publish_at`` on, or from ``at`` when no later moment is named.

        Where FOUR_EYES lets authors approve their own work, the history says that they did. An own submission then leaves
        no ``submitted_by``: the constraint that the two differ holds for every record that names both.
        """
        with self.taking("approve", by=by, at=at, remark=remark) as details:
            if self.submitted_by_id == by.pk or self.is_changed_by(by):
                if settings.FOUR_EYES == WITH_REASON and not remark.strip():
                    message = _("You have changed this since it was submitted. Say why nobody else can approve it.")
                    raise ValidationError({"remark": ValidationError(message, code="required")})
                if self.submitted_by_id == by.pk:
                    self.submitted_by = None
                details["own_work"] = True
            self._approve(by, at, publish_at)
            details["publish_at"] = self.publish_at

    def publish_urgently(
        self, *, by, at: datetime, reason: str, publish_at: datetime | None = None, remark: str = ""
    ) -> None:
        """Publish without a second person, who approves afterwards; the reason stays in the office."""
        with self.taking("publish_urgently", by=by, at=at, remark=remark) as details:
            if not reason.strip():
                message = _("Say why this cannot wait for an approver.")
                raise ValidationError({"urgent_reason": ValidationError(message, code="required")})
            self._approve(by, at, publish_at)
            self.urgent_reason = reason.strip()
            details |= {"publish_at": self.publish_at, "reason": self.urgent_reason}

    def confirm(self, *, by, at: datetime, remark: str = "") -> None:
        """Approve afterwards what somebody else published urgently."""
        with self.taking("confirm", by=by, at=at, remark=remark):
            self.confirmed_at, self.confirmed_by = at, by

    def reschedule(self, *, by, at: datetime, publish_at: datetime | None = None, remark: str = "") -> None:
        """Move an embargo to another moment, or lift it now when none is named, and tell those who hold links."""
        with self.taking("reschedule", by=by, at=at, remark=remark) as details:
            _check_future(publish_at, at)
            self._check_agreed(by, publish_at or at)
            was, self.publish_at = self.publish_at, publish_at or at
            details |= {"publish_at": self.publish_at, "was": was}
            links.tell_holders(self, was=was, by=by, at=at)

    def why_two(self, *, at: datetime, snapshot: dict | None = None) -> str:
        """Why two approvers have to let this be public from a moment on, in a sentence; empty where one is enough.

        With a ``snapshot``, a working copy is meant that has the record so.
        """
        return ""

    def may_need_two(self) -> bool:
        """Whether there is a moment, today or later, from which on it could only be public with two approvers."""
        return False

    def agree(self, *, by, at: datetime, remark: str) -> None:
        """Agree as a second approver; the remark says why it cannot wait. Another change, and somebody has to agree anew."""
        with self.taking("agree", by=by, at=at, remark=remark):
            if not remark.strip():
                message = _("Say why it cannot wait. Only colleagues read it.")
                raise ValidationError({"remark": ValidationError(message, code="required")})

    def agreements(self):
        """The times that somebody agreed to what the record says now, the newest first."""
        events = HistoryEvent.objects.of(self)
        last = events.filter(_CHANGED).order_by("-pk").values_list("pk", flat=True).first() or 0
        return events.filter(what=AGREE.name, pk__gt=last)

    def has_agreed(self, person) -> bool:
        return bool(self.pk) and self.agreements().filter(by=person).exists()

    def _check_agreed(self, by, at: datetime) -> None:
        if not (why := self.why_two(at=at)):
            return
        agreed = self.agreements()
        if settings.FOUR_EYES != ALONE:
            agreed = agreed.exclude(by=by)
        if not agreed.exists():
            said = _("%(why)s Have another approver agree first: “%(step)s”, on its page.")
            raise ValidationError(said % {"why": why, "step": AGREE.label}, code="second_approver")

    def _approve(self, by, at: datetime, publish_at: datetime | None) -> None:
        _check_future(publish_at, at)
        self.check_ready(at=publish_at or at)
        self._check_agreed(by, publish_at or at)
        self.approved_at, self.approved_by, self.publish_at = at, by, publish_at or at

    @contextmanager
    def taking(self, name: str, *, by, at: datetime, remark: str = ""):
        """Take a step of ``steps``: the right, the lock, the checks, the save and the note, in one transaction.

        Yields a dict for what the note is to say beside person, moment and remark.
        """
        if not self.has_right(self.own_steps[name].right, by=by):
            raise PermissionDenied
        with transaction.atomic():
            # This instance may have been read long ago: what stands in the database counts, and stays locked to the end.
            self.refresh_from_db(from_queryset=type(self)._base_manager.select_for_update(of=("self",)))
            if reason := self.why_not(name, by=by, at=at):
                raise ValidationError(reason, code="not_possible_now")
            details = {}
            yield details
            self.save(update_fields=self.saved_by(name))
            values = {
                key: value.isoformat() if isinstance(value, datetime) else value for key, value in details.items()
            }
            note(self, name, by=by, at=at, remark=remark, **values)

    def saved_by(self, step: str) -> tuple[str, ...]:
        """The columns that a step writes."""
        return self.workflow_fields


def _check_future(publish_at: datetime | None, at: datetime) -> None:
    if publish_at and publish_at < at:
        message = _("The publication date lies in the past. Leave it empty to publish now.")
        raise ValidationError({"publish_at": ValidationError(message, code="in_the_past")})
