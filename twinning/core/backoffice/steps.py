"""Steps in the form of a publishable record: the fields that they ask for, and their buttons in panels."""

from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.backoffice.forms import EditorForm
from twinning.core.fields.moments import MomentField, with_zone
from twinning.core.history.events import HistoryEvent, current_state
from twinning.core.publishing.steps import SUBMIT, Step
from twinning.core.publishing.workflow import Approvable

NOW = "now"  # the value of a step's second button


class PublishingForm(EditorForm):
    """The form of a record with the fields of its steps: when to publish, why to hurry or to withdraw."""

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

    def clean(self):
        """Refuse a date, a reason or a remark that the chosen button would silently forget."""
        steps = self._meta.model.steps.values()
        for name in {name: None for step in steps for name in step.asks_for.values()}:
            asking = [step for step in steps if name in step.asks_for.values()]
            if name in self.changed_data and name in self.cleaned_data and self.visit.step not in asking:
                button = next(filter(None, (step.save_button for step in asking)), asking[0].label)
                message = _("This goes with “%(button)s”. Choose that, or take it out.") % {"button": button}
                self.add_error(name, forms.ValidationError(message, code="goes_with_a_step"))
        if self.cleaned_data.get("remark") and not self.visit.step:
            message = _("A remark goes with a step. Choose one, or take it out.")
            self.add_error("remark", forms.ValidationError(message, code="goes_with_a_step"))
        return super().clean()


class StepForm(forms.Form):
    """The form of one step for several records: the fields that the step asks for in a record's own form."""

    required_css_class = "required"

    def __init__(self, step: Step, record_form: type[PublishingForm], *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        names = (*step.asks_for.values(), "remark")
        self.fields = {name: deepcopy(record_form.declared_fields[name]) for name in names}
        if step.needs:
            self.fields[step.needs].required = not is_at_once(step, self.data)
        if step.needs == "publish_at":
            self.fields["publish_at"].help_text = ""

    def takes_over(self, error: forms.ValidationError) -> bool:
        """Whether a refusal is about what was typed, for all records alike; if so, it is shown there, once."""
        wrong = getattr(error, "error_dict", {})
        for name in self.fields.keys() & wrong.keys():
            if not self.has_error(name):
                self.add_error(name, wrong[name])
        return bool(wrong) and wrong.keys() <= self.fields.keys()


class WayForm(StepForm):
    """The form of one step. Which text is missing, and why it is needed, says the step itself."""

    def _clean_fields(self):
        texts = [one for one in self.fields.values() if one.required and isinstance(one, forms.CharField)]
        for text in texts:
            text.required = False
        super()._clean_fields()
        for text in texts:
            text.required = True


@dataclass
class Button:
    """A step on its button, with the fields that stand before it."""

    step: Step
    words: str
    fields: list[forms.BoundField]


@dataclass
class Panel:
    """A part of the lower end of the form; with a heading it is folded away."""

    fold: str = ""
    fields: list[forms.BoundField] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)

    @property
    def is_filled(self) -> bool:
        """Whether something is typed in it, or wrong: then it stands open when the form comes back."""
        every = [*self.fields, *(one for button in self.buttons for one in button.fields)]
        return any(one.errors or (one.form.is_bound and one.data) for one in every)


def chosen(model: type[Approvable], request) -> Step | None:
    """The step whose button was pressed."""
    return next((step for step in model.steps.values() if f"_{step.name}" in request.POST), None)


def is_plain(step: Step) -> bool:
    """Whether a step asks for nothing, so that its button stands beside “Save”."""
    return not (step.asks_for or step.needs or step.fold or step.warning)


def panels(steps: Iterable[Step], form: forms.BaseForm) -> list[Panel]:
    """The steps that may be taken, in panels: the remark, the fields that several steps share, then step by step."""
    every = form._meta.model.steps.values()
    asking = Counter(name for step in every for name in step.asks_for.values())
    wanted = list(dict.fromkeys(name for step in steps for name in step.asks_for.values()))
    shared = [name for name in wanted if asking[name] > 1]
    with_shared = Panel(fields=[form[name] for name in shared])
    found = [Panel(fields=[form["remark"]])] if steps else []
    found += [with_shared] if shared else []
    for step in steps:
        if is_plain(step):
            continue
        names = [name for name in step.asks_for.values() if name not in shared]
        button = Button(step, step.save_button, [form[name] for name in names])
        if not step.fold and len(names) < len(step.asks_for):
            with_shared.buttons.append(button)
        elif step.fold and found[-1].fold == step.fold:
            found[-1].buttons.append(button)
        else:
            found.append(Panel(fold=step.fold, buttons=[button]))
    return found


def is_at_once(step: Step, data) -> bool:
    """Whether the button was pressed that takes a step at once, whatever moment was typed."""
    return bool(step.now_button or step.later_button) and data.get(f"_{step.name}") == NOW


def version_of(subject: Approvable, *, at) -> str:
    """The keys of the events that left the content and the submission: they change when either does."""
    submitted = HistoryEvent.objects.of(subject).filter(what=SUBMIT.name).first()
    return f"{current_state(subject, at=at).pk}-{submitted.pk if submitted else 0}"


def take(step: Step, subject: Approvable, form: forms.BaseForm, *, by, at) -> None:
    """Take a step with what a valid form asked for."""
    given = {argument: form.cleaned_data[name] for argument, name in step.asks_for.items()}
    if is_at_once(step, form.data):
        given = dict.fromkeys(given)
    getattr(subject, step.name)(by=by, at=at, remark=form.cleaned_data["remark"], **given)
