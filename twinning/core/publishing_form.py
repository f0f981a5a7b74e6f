"""The lower end of a publishable record's form: the steps that a person may take now, and what each of them asks for."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.approval import STEPS, Approvable, State
from twinning.core.forms import EditorForm
from twinning.core.moments import MomentField, moment_in_words, with_zone

# A draft is saved with the step; what is approved is not edited, and its steps stand alone.
WITH_SAVE = {
    "submit": gettext_lazy("Save and submit"),
    "approve": gettext_lazy("Save and approve"),
    "send_back": gettext_lazy("Save and send back"),
    "publish_urgently": gettext_lazy("Save and publish urgently"),
}
ALONE = {
    "reschedule": gettext_lazy("Move to this moment"),
    "send_back": gettext_lazy("Send back"),
    "confirm": gettext_lazy("Approve afterwards"),
    "withdraw": gettext_lazy("Withdraw"),
    "take_down": gettext_lazy("Take down"),
}
# What a step asks for beside a person and a moment: the argument of the verb, and the field of the form.
ASKS_FOR = {
    "approve": {"publish_at": "publish_at"},
    "publish_urgently": {"publish_at": "publish_at", "reason": "urgent_reason"},
    "reschedule": {"publish_at": "publish_at"},
    "withdraw": {"reason": "withdrawal_reason"},
}
LIFT = "now"


class PublishingForm(EditorForm):
    """A record's form with what the steps need to know: when to publish, why to hurry or to withdraw."""

    publish_at = MomentField(
        label=with_zone(gettext_lazy("Publish on")),
        required=False,
        help_text=gettext_lazy("Leave empty to publish at once."),
    )
    withdrawal_reason = forms.CharField(
        label=gettext_lazy("Public reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown on the page, which stays when it is withdrawn."),
    )
    urgent_reason = forms.CharField(
        label=gettext_lazy("Why it cannot wait"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Only colleagues read it. Somebody else approves afterwards."),
    )
    remark = forms.CharField(
        label=gettext_lazy("Remark for colleagues"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept in the history, never public. Needed to send something back."),
    )
    subject: Approvable | None = None
    is_locked = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        subject = self.subject or self.instance
        if subject.state(at=timezone.now()) == State.SCHEDULED:
            self.initial["publish_at"] = subject.publish_at

    def clean(self):
        self._expect("publish_at", _("To publish on this date, choose “%(button)s”. Otherwise take it out."))
        self._expect("withdrawal_reason", _("To withdraw the page, choose “%(button)s”. Otherwise take it out."))
        self._expect("urgent_reason", _("To publish without waiting, choose “%(button)s”. Otherwise take it out."))
        if self.cleaned_data.get("remark") and not any(f"_{step}" in self.data for step in STEPS):
            self.add_error("remark", _("A remark goes with a step. Choose one, or take it out."))
        return super().clean()

    def _post_clean(self):
        # What is approved was valid then, and nothing of it is saved now: no fault in it may stop a withdrawal.
        if not self.is_locked:
            super()._post_clean()

    def _expect(self, name: str, message: str) -> None:
        """Refuse a date or a reason that the chosen button would silently forget."""
        steps = [step for step, asked in ASKS_FOR.items() if name in asked.values()]
        if (
            name in self.changed_data
            and name in self.cleaned_data
            and not any(f"_{step}" in self.data for step in steps)
        ):
            step = next((step for step in steps if step in (ALONE if self.is_locked else WITH_SAVE)), steps[0])
            self.add_error(name, message % {"button": (WITH_SAVE | ALONE)[step]})


def chosen(request) -> str | None:
    """The step whose button was pressed."""
    return next((step for step in STEPS if f"_{step}" in request.POST), None)


def take(step: str, subject: Approvable, details: dict, *, by, at) -> None:
    """Take a step with what the form asked for."""
    getattr(subject, step)(by=by, at=at, **details)


def details_of(step: str, form: PublishingForm) -> dict:
    """The arguments of a step's verb, from the form."""
    details = {argument: form.cleaned_data[name] for argument, name in ASKS_FOR.get(step, {}).items()}
    if step == "reschedule" and form.data.get("_reschedule") == LIFT:
        details["publish_at"] = None
    return details | {"remark": form.cleaned_data["remark"]}


def offered(subject: Approvable, *, by, at) -> dict:
    """The steps that a person may take now, with the words on their buttons."""
    labels = ALONE if subject.approved_at else WITH_SAVE
    return {step: label for step, label in labels.items() if subject.may(step, by=by, at=at)}


def in_words(record: Approvable, *, at) -> str:
    """Where a record stands, in a sentence: what happened, when, by whom."""
    state = record.state(at=at)
    sentence, moment, person = {
        State.DRAFT: (_("Draft"), None, None),
        State.IN_REVIEW: (_("Submitted on %(when)s by %(who)s"), record.submitted_at, record.submitted_by),
        State.SCHEDULED: (_("Scheduled for %(when)s, approved by %(who)s"), record.publish_at, record.approved_by),
        State.PUBLISHED: (_("Published on %(when)s, approved by %(who)s"), record.publish_at, record.approved_by),
    }.get(state) or {
        State.WITHDRAWN: (_("Withdrawn on %(when)s by %(who)s: %(why)s"), record.withdrawn_at, record.withdrawn_by),
        State.TAKEN_DOWN: (_("Taken down on %(when)s by %(who)s"), record.taken_down_at, record.taken_down_by),
    }[state]
    if record.awaits_confirmation and state in (State.SCHEDULED, State.PUBLISHED):
        sentence = {
            State.SCHEDULED: _("Scheduled urgently for %(when)s by %(who)s, not approved by anybody else yet"),
            State.PUBLISHED: _("Published urgently on %(when)s by %(who)s, not approved by anybody else yet"),
        }[state]
    why = getattr(record, "withdrawal_reason", "")
    return sentence % {"when": moment_in_words(moment), "who": person and name_of(person), "why": why}


def name_of(person) -> str:
    """A colleague's name, or at least the name of the account."""
    return person.get_full_name() or person.get_username()
