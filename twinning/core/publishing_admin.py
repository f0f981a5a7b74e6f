"""Publishing from the form: what state a record is in, in a sentence, and a button for each step that may come next.

A step and what was typed are saved together or not at all. When the model refuses the step, everything is rolled back
and the form comes back with the reason and with every word that was typed.
"""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.admin import EditorAdmin
from twinning.core.forms import EditorForm, MomentInput, with_zone
from twinning.core.publishing import STEPS, Publishable, State

BUTTONS = {
    "submit": gettext_lazy("Save and submit"),
    "send_back": gettext_lazy("Save and send back"),
    "approve": gettext_lazy("Save and publish"),
    "withdraw": gettext_lazy("Save and withdraw"),
    "take_down": gettext_lazy("Save and take down"),
}
RESCHEDULE = gettext_lazy("Save and reschedule")
REACHABLE = (State.PUBLISHED, State.WITHDRAWN)


class Refused(Exception):
    """A step, or an edited record, that the model does not accept; rolls the saved form back."""

    def __init__(self, error: ValidationError):
        super().__init__(error)
        self.error = error


class PublishingForm(EditorForm):
    """A record's form with what the steps need to know: when to publish, why to withdraw."""

    publish_at = forms.DateTimeField(
        label=with_zone(gettext_lazy("Publish on")),
        required=False,
        widget=MomentInput,
        help_text=gettext_lazy("Leave empty to publish at once."),
    )
    withdrawal_reason = forms.CharField(
        label=gettext_lazy("Public reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown on the page, which stays when it is withdrawn."),
    )
    refusal: ValidationError | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.state(at=timezone.now()) == State.SCHEDULED:
            self.initial["publish_at"] = self.instance.publish_at

    def clean(self):
        self._expect("publish_at", "approve", _("To publish on this date, choose “%(button)s”. Otherwise take it out."))
        self._expect(
            "withdrawal_reason", "withdraw", _("To withdraw the page, choose “%(button)s”. Otherwise take it out.")
        )
        if self.refusal:
            self._refuse(self.refusal)
        return super().clean()

    def _expect(self, name: str, step: str, message: str) -> None:
        """Refuse a date or a reason that the chosen button would silently forget."""
        if name in self.changed_data and name in self.cleaned_data and f"_{step}" not in self.data:
            self.add_error(name, message % {"button": BUTTONS[step]})

    def _refuse(self, error: ValidationError) -> None:
        by_field = error.error_dict if hasattr(error, "error_dict") else {None: error}
        for name, errors in by_field.items():
            self.add_error(name if name in self.fields else None, errors)


class StateFilter(admin.SimpleListFilter):
    """Filters a list by the state of its records."""

    title = gettext_lazy("publication")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.in_state(State(self.value()), at=timezone.now()) if self.value() in State else queryset


class PublishableAdmin(EditorAdmin):
    """The form and the list of one kind of publishable record."""

    form = PublishingForm

    def get_object(self, request, object_id, from_field=None):
        """The record; locked while a form is being saved, so that nobody approves or withdraws it in between."""
        record = super().get_object(request, object_id, from_field)
        if record and request.method == "POST" and transaction.get_connection().in_atomic_block:
            record = self.model._base_manager.select_for_update(of=("self",)).filter(pk=record.pk).first()
        return record

    def has_change_permission(self, request, obj=None):
        """What is approved belongs to the approvers: no word of it changes without them."""
        allowed = super().has_change_permission(request, obj)
        return allowed and not (obj and obj.approved_at and not obj.has_right("approve", by=request.user))

    def why_kept(self, record):
        was_public = record.state(at=timezone.now()) in (*REACHABLE, State.TAKEN_DOWN)
        return (
            _("has been public. Withdraw it or take it down instead, so that its address can say so.")
            if was_public
            else ""
        )

    def get_view_on_site_url(self, obj=None):
        is_reachable = obj and obj.state(at=timezone.now()) in REACHABLE
        return obj.get_absolute_url() if is_reachable else None

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        step = _chosen(request)
        if step and not self.model().has_right(STEPS[step][0], by=request.user):
            raise PermissionDenied
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            request.refusal = refused.error
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        at, record = timezone.now(), obj or self.model()
        may_change = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        context |= {
            "standing": in_words(record, at=at),
            "steps": _offered(record, by=request.user, at=at) if may_change else {},
            "is_locked": not may_change and super().has_change_permission(request, obj),
            "show_save_and_add_another": False,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        record, at = form.instance, timezone.now()
        try:
            if step := _chosen(request):
                getattr(record, step)(by=request.user, at=at, **_details(step, form))
            if record.state(at=at) in (State.SCHEDULED, State.PUBLISHED):
                record.check_ready()
        except ValidationError as error:
            raise Refused(error) from error

    def response_add(self, request, obj, post_url_continue=None):
        return self._response_to_step(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._response_to_step(request, obj) or super().response_change(request, obj)

    def _response_to_step(self, request, record):
        if not _chosen(request):
            return None
        standing = in_words(record, at=timezone.now())
        self.log_change(request, record, standing)
        self.message_user(request, format_html("“{}”: {}", record, standing), messages.SUCCESS)
        return self.response_post_save_change(request, record)

    @admin.display(description=gettext_lazy("publication"), ordering="publish_at")
    def standing(self, record):
        state = record.state(at=timezone.now())
        return format_html('<span class="state {}">{}</span>', state.value, state.label)


def _offered(record: Publishable, *, by, at) -> dict:
    """The steps that a person may take now, with the words on their buttons."""
    labels = BUTTONS | ({"approve": RESCHEDULE} if record.state(at=at) == State.SCHEDULED else {})
    return {step: label for step, label in labels.items() if record.may(step, by=by, at=at)}


def _chosen(request) -> str | None:
    """The step whose button was pressed."""
    return next((step for step in STEPS if f"_{step}" in request.POST), None)


def _details(step: str, form: PublishingForm) -> dict:
    """What a step asks for beside a person and a moment."""
    details = {"approve": {"publish_at": "publish_at"}, "withdraw": {"reason": "withdrawal_reason"}}
    return {argument: form.cleaned_data[name] for argument, name in details.get(step, {}).items()}


def in_words(record: Publishable, *, at) -> str:
    """Where a record stands, in a sentence: what happened, when, by whom."""
    state = record.state(at=at)
    sentence, moment, person = {
        State.DRAFT: (_("Draft"), None, None),
        State.IN_REVIEW: (_("Submitted on %(when)s by %(who)s"), record.submitted_at, record.submitted_by),
        State.SCHEDULED: (_("Scheduled for %(when)s, approved by %(who)s"), record.publish_at, record.approved_by),
        State.PUBLISHED: (_("Published on %(when)s, approved by %(who)s"), record.publish_at, record.approved_by),
        State.WITHDRAWN: (_("Withdrawn on %(when)s by %(who)s: %(why)s"), record.withdrawn_at, record.withdrawn_by),
        State.TAKEN_DOWN: (_("Taken down on %(when)s by %(who)s"), record.taken_down_at, record.taken_down_by),
    }[state]
    who = person and (person.get_full_name() or person.get_username())
    return sentence % {"when": _moment(moment), "who": who, "why": record.withdrawal_reason}


def _moment(moment) -> str:
    """“Thursday 4 March 2027, 00:01 GMT”."""
    return format_date(timezone.localtime(moment), "l j F Y, H:i T") if moment else ""
