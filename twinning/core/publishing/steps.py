"""States of a record, and the table of the steps between them.

A step is declared once, here or in the app that adds one, and listed in ``steps`` of its model. The verb of the same name,
its buttons, the confirmation page for several records, the right and the line in the history all derive from it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# The values of FOUR_EYES: whether authors may approve what they wrote themselves.
ANOTHER, WITH_REASON, ALONE = "another", "with-reason", "alone"


class State(models.TextChoices):
    """The state of a record in the workflow."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in-review", _("In review")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TAKEN_DOWN = "taken-down", _("Taken down")


APPROVED = (State.SCHEDULED, State.PUBLISHED, State.WITHDRAWN, State.TAKEN_DOWN)
READABLE = (State.PUBLISHED, State.WITHDRAWN)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the workflow. Its model has a method of the same name, which takes it."""

    name: str
    right: str  # the permission, as in “approve_city”
    begins: tuple[State, ...]  # the states in which it can begin
    label: str  # as a command: “Approve”
    done: str  # in the history: “Approved”
    button: str = ""  # on its button, where that differs from the label
    save_button: str = ""  # on its button while the record is still edited: the form is saved first
    now_button: str = ""  # on a second button that takes the step at once and leaves its moment out
    later_button: str = ""  # on a second button that takes the step for a moment; the first then takes it at once
    asks_for: Mapping[str, str] = field(
        default_factory=dict
    )  # arguments of the method, and the form fields they come from
    needs: str = ""  # the form field that cannot stay empty
    publishes: bool = False  # the record must be complete
    vouches: bool = False  # the person answers for the content: it must be the one that was shown
    refusal: Callable[[models.Model, models.Model], str] | None = (
        None  # (record, person): why this person cannot take it
    )
    instead_of: str = ""  # the step in whose place it is offered where the record is only read
    warning: str = ""  # beside its button
    then: str = ""  # after it was taken: what has become of the page, and the way on or back
    fold: str = ""  # the heading under which its button is folded away

    @property
    def button_alone(self) -> str:
        """The words on its button where nothing is saved with it."""
        return self.button or self.label

    def words(self, *, is_edited: bool) -> str:
        """The words on its button, while a record is edited or only read; empty if it has none there."""
        return self.save_button if is_edited else self.button_alone


def table(*steps: Step) -> dict[str, Step]:
    """Steps by their names, in the order of their buttons."""
    return {step.name: step for step in steps}


def rights(steps: Iterable[Step]) -> tuple[str, ...]:
    """The rights that some steps need, for ``default_permissions`` of their model."""
    return tuple(dict.fromkeys(step.right for step in steps))


def _own_work(record, person) -> str:
    if settings.FOUR_EYES == ALONE:
        return ""
    if record.submitted_by_id == person.pk:
        return _("You submitted this yourself. Somebody else has to approve it.")
    if settings.FOUR_EYES == ANOTHER and record.is_changed_by(person):
        return _("You have changed this since it was submitted. Somebody else has to approve it.")
    return ""


def _own_submission(record, person) -> str:
    return _("You have submitted this already.") if record.submitted_by_id == person.pk else ""


def _own_publication(record, person) -> str:
    if not record.awaits_confirmation:
        return _("There is nothing to approve afterwards.")
    is_own = record.approved_by_id == person.pk
    return _("You published this yourself. Somebody else has to approve it.") if is_own else ""


def _agreeing_in_vain(record, person) -> str:
    if not record.may_need_two():
        return _("One approver is enough.")
    if record.approved_by_id == person.pk and settings.FOUR_EYES != ALONE:
        return _("You approved this yourself. Somebody else has to agree.")
    return _("You have agreed already.") if record.has_agreed(person) else _own_work(record, person)


def _asking_in_vain(record, person) -> str:
    if record.has_right("approve", by=person):
        return _("You can send it back yourself.")
    if getattr(record, "failure", ""):
        return _("It could not be published, and stands on the desk of the approvers.")
    return _("It has been asked for back already.") if record.is_asked_back() else ""


SUBMIT = Step(
    name="submit",
    right="submit",
    begins=(State.DRAFT,),
    label=_("Submit"),
    done=_("Submitted"),
    save_button=_("Save and submit"),
    then=_("It waits on the desk of the approvers."),
)
SUBMIT_AGAIN = Step(
    name="submit_again",
    right="approve",
    begins=(State.IN_REVIEW,),
    label=_("Submit to a colleague"),
    done=_("Submitted again"),
    save_button=_("Save and submit to a colleague"),
    instead_of="approve",
    refusal=_own_submission,
)
SEND_BACK = Step(
    name="send_back",
    right="approve",
    begins=(State.IN_REVIEW, State.SCHEDULED),
    label=_("Send back"),
    done=_("Sent back"),
    save_button=_("Save and send back"),
    needs="remark",
    then=_("Whoever submitted it finds it on the desk, with your remark."),
)
ASK_BACK = Step(
    name="ask_back",
    right="submit",
    begins=(State.SCHEDULED,),
    label=_("Ask for it back"),
    done=_("Asked for it back"),
    needs="remark",
    refusal=_asking_in_vain,
)
APPROVE = Step(
    name="approve",
    right="approve",
    begins=(State.IN_REVIEW,),
    label=_("Approve"),
    done=_("Approved"),
    save_button=_("Save and approve"),
    later_button=_("Approve for a moment"),
    asks_for={"publish_at": "publish_at"},
    publishes=True,
    vouches=True,
    refusal=_own_work,
)
# For kinds of record that sometimes need two approvers; they list it in their own ``steps``.
AGREE = Step(
    name="agree",
    right="approve",
    begins=(State.IN_REVIEW, State.SCHEDULED),
    label=_("Agree as second approver"),
    done=_("Agreed, as second approver"),
    save_button=_("Save and agree as second approver"),
    needs="remark",
    vouches=True,
    refusal=_agreeing_in_vain,
    then=_("Another approver can publish it now."),
)
RESCHEDULE = Step(
    name="reschedule",
    right="approve",
    begins=(State.SCHEDULED,),
    label=_("Move or lift the embargo"),
    done=_("Publication moved"),
    button=_("Move to this moment"),
    now_button=_("Lift the embargo: publish now"),
    asks_for={"publish_at": "publish_at"},
    needs="publish_at",
)
PUBLISH_URGENTLY = Step(
    name="publish_urgently",
    right="urgent",
    begins=(State.DRAFT, State.IN_REVIEW),
    label=_("Publish urgently"),
    done=_("Published urgently"),
    save_button=_("Save and publish urgently"),
    asks_for={"publish_at": "publish_at", "reason": "urgent_reason"},
    needs="urgent_reason",
    publishes=True,
    vouches=True,
    fold=_("It cannot wait for an approver"),
)
CONFIRM = Step(
    name="confirm",
    right="approve",
    begins=APPROVED,
    label=_("Approve afterwards"),
    done=_("Approved afterwards"),
    vouches=True,
    refusal=_own_publication,
)
WITHDRAW = Step(
    name="withdraw",
    right="withdraw",
    begins=(State.PUBLISHED,),
    label=_("Withdraw"),
    done=_("Withdrawn"),
    asks_for={"reason": "withdrawal_reason"},
    needs="withdrawal_reason",
    then=_("The page now says why. That cannot be undone; to publish it again, edit a copy and submit that."),
    fold=_("Take it off the site"),
)
TAKE_DOWN = Step(
    name="take_down",
    right="withdraw",
    begins=READABLE,
    label=_("Take down"),
    done=_("Taken down"),
    then=_("That cannot be undone."),
    warning=_("Taken down, the page and its files are gone for good. Its address says so."),
    fold=_("Take it off the site"),
)
APPROVAL_STEPS = table(SUBMIT, SUBMIT_AGAIN, SEND_BACK, ASK_BACK, APPROVE, RESCHEDULE, PUBLISH_URGENTLY, CONFIRM)
PUBLISHING_STEPS = APPROVAL_STEPS | table(WITHDRAW, TAKE_DOWN)
