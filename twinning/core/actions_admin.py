"""The steps of the workflow for several records at once: chosen in the list, looked over, then taken one by one.

Every record stands alone: a step that one of them refuses leaves the others done, and each is reported with what was done
or why not.
"""

import logging
from copy import deepcopy
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import DatabaseError, models, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from twinning.core.approval import STEPS, Approvable
from twinning.core.history import HistoryEvent, What, current_state
from twinning.core.publishing_form import ASKS_FOR, LIFT, PublishingForm, chosen, details_of, in_words, take

log = logging.getLogger(__name__)

LABELS = {
    "submit": gettext_lazy("Submit"),
    "send_back": gettext_lazy("Send back"),
    "approve": gettext_lazy("Approve"),
    "reschedule": gettext_lazy("Move or lift the embargo"),
    "publish_urgently": gettext_lazy("Publish urgently"),
    "confirm": gettext_lazy("Approve afterwards"),
    "withdraw": gettext_lazy("Withdraw"),
    "take_down": gettext_lazy("Take down"),
}
BUTTONS = LABELS | {"reschedule": gettext_lazy("Move to this moment")}
NEEDS = {
    "send_back": "remark",
    "reschedule": "publish_at",
    "publish_urgently": "urgent_reason",
    "withdraw": "withdrawal_reason",
}
OPENING = ("approve", "publish_urgently")
# Who takes one of these answers for what the record says, so it has to be what they could read.
VOUCHING = (*OPENING, "confirm")
PEOPLE = ("submitted_by", "approved_by", "confirmed_by", "withdrawn_by", "taken_down_by")
# Each is looked at, locked and written down by itself, while somebody waits for the page.
MOST_AT_ONCE = 100
LEFT_OUT = "left_out"


@dataclass
class Choice:
    """A record that was chosen in the list: whether the step can be taken with it, and what was seen of it."""

    record: Approvable
    standing: str
    why_not: str
    note: str = ""
    version: str = ""


class StepForm(forms.Form):
    """What a step asks for, once for all records."""

    required_css_class = "required"


def step_form(step: str, *args, **kwargs) -> StepForm:
    """The form of a step: the fields that a record's own form has for it."""
    names = (*ASKS_FOR.get(step, {}).values(), "remark")
    form = StepForm(*args, **{"label_suffix": ""} | kwargs)
    form.fields = {name: deepcopy(PublishingForm.declared_fields[name]) for name in names}
    if step in NEEDS:
        form.fields[NEEDS[step]].required = form.data.get(f"_{step}") != LIFT
    if step == "reschedule":
        form.fields["publish_at"].help_text = ""
    return form


def _action(step: str):
    """The entry of a step in the list's choice of actions. It is not for the form: there it would drop what was typed."""

    def action(model_admin, request, queryset):
        return model_admin.look_over(request, step, queryset)

    action.__name__ = step
    action.short_description = LABELS[step]
    action.allowed_permissions = [STEPS[step][0]]
    action.locations = [ActionLocation.CHANGE_LIST]
    return action


class StepActions:
    """What the list of a publishable kind offers for the records that somebody ticks in it."""

    actions = [_action(step) for step in STEPS]

    def _has_right(self, request, right: str) -> bool:
        return self.has_view_or_change_permission(request) and self.model().has_right(right, by=request.user)

    def has_submit_permission(self, request) -> bool:
        return self._has_right(request, "submit")

    def has_approve_permission(self, request) -> bool:
        return self._has_right(request, "approve")

    def has_urgent_permission(self, request) -> bool:
        return self._has_right(request, "urgent")

    def has_withdraw_permission(self, request) -> bool:
        return self._has_right(request, "withdraw")

    def get_actions(self, request, action_location=ActionLocation.CHANGE_LIST):
        """The steps, and last what Django offers for all lists: deleting."""
        actions = super().get_actions(request, action_location=action_location)
        return dict(sorted(actions.items(), key=lambda item: item[0] not in STEPS))

    def changelist_view(self, request, extra_context=None):
        # Past Django's own way of running actions, which would save all records together or none.
        if step := chosen(request):
            if not self._has_right(request, STEPS[step][0]):
                raise PermissionDenied
            return self._take(request, step)
        return super().changelist_view(request, extra_context)

    def look_over(self, request, step: str, queryset: models.QuerySet):
        """Ask before anything happens; nothing if there are too many."""
        records = list(queryset.select_related(*PEOPLE)[: MOST_AT_ONCE + 1])
        if len(records) > MOST_AT_ONCE:
            text = _("Choose at most %(number)d at once. Nothing has been changed.") % {"number": MOST_AT_ONCE}
            return self.message_user(request, text, messages.ERROR)
        return self._page(request, step, records, step_form(step))

    def _page(self, request, step: str, records: list, form: StepForm, *, notes=None, versions=None):
        """The page that shows the chosen records and asks; ``versions`` are those that it showed before."""
        choices = [self._choice(request, step, record, notes or {}, versions or {}) for record in records]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{LABELS[step]}: {self.opts.verbose_name_plural}",
            "label": LABELS[step],
            "step": step,
            "button": BUTTONS[step],
            "lift": LIFT if step == "reschedule" else "",
            "form": form,
            "possible": [choice for choice in choices if not choice.why_not],
            "impossible": [choice for choice in choices if choice.why_not],
            "is_refused": form.is_bound,
            "checkbox_name": ACTION_CHECKBOX_NAME,
            "left_out_name": LEFT_OUT,
            "list_url": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/step_confirmation.html", context)

    def _choice(self, request, step: str, record: Approvable, notes: dict, versions: dict) -> Choice:
        at = timezone.now()
        choice = Choice(record, in_words(record, at=at), _why_not(step, record, by=request.user, at=at))
        choice.note = notes.get(record.pk, "")
        if step in VOUCHING and not choice.why_not:
            choice.version = versions.get(record.pk) or _version(record, at=at)
        return choice

    def _take(self, request, step: str):
        """Take the step with each record that the page showed as possible, and report on each."""
        form = step_form(step, request.POST)
        records = self._chosen(request, ACTION_CHECKBOX_NAME)
        shown = [*records, *self._chosen(request, LEFT_OUT)]
        versions = {record.pk: request.POST.get(f"version-{record.pk}", "") for record in records}
        if not form.is_valid():
            return self._page(request, step, shown, form, versions=versions)
        details, done, refused = details_of(step, form), [], []
        for record in records:
            try:
                done.append(self._take_one(request, step, record, details, versions[record.pk]))
            except ValidationError as error:
                refused.append((record, error))
        if refused and not done:
            notes = {record.pk: _words(error) for record, error in refused if not _stands_at_field(error, form)}
            return self._page(request, step, self._again(shown), form, notes=notes)
        self._report(request, step, done, refused)
        return HttpResponseRedirect(request.get_full_path())

    def _chosen(self, request, name: str) -> list:
        keys = request.POST.getlist(name)
        if len(keys) > MOST_AT_ONCE or not all(key.isdecimal() for key in keys):
            raise BadRequest
        return list(self.get_queryset(request).filter(pk__in=keys).select_related(*PEOPLE))

    def _again(self, records: list) -> list:
        """The records as they stand after an attempt: it may have failed because of what somebody else did."""
        keys = [record.pk for record in records]
        return list(self.model._base_manager.filter(pk__in=keys).select_related(*PEOPLE))

    def _take_one(self, request, step: str, record: Approvable, details: dict, version: str) -> Approvable:
        try:
            with transaction.atomic():
                locked = self.model._base_manager.select_for_update(of=("self",)).filter(pk=record.pk).first()
                at = timezone.now()
                if not locked:
                    raise ValidationError(_("It has been deleted since you looked."))
                if step in VOUCHING and version != _version(locked, at=at):
                    raise ValidationError(_("Somebody has changed it since you looked. Look at it again."))
                take(step, locked, details, by=request.user, at=at)
        except DatabaseError as error:
            log.exception("The step %s of the record %s could not be saved", step, record.pk)
            raise ValidationError(_("It could not be saved. Try again.")) from error
        return locked

    def _report(self, request, step: str, done: list, refused: list) -> None:
        """One message on what was done, one on what was not."""
        if done:
            at = timezone.now()
            lines = [(self._link(record), in_words(record, at=at)) for record in done]
            self.message_user(request, _list(What(step).label, lines), messages.SUCCESS)
        if refused:
            lines = [(self._link(record), _words(error)) for record, error in refused]
            heading = ngettext("Not done with one", "Not done with %(number)d", len(refused)) % {"number": len(refused)}
            self.message_user(request, _list(heading, lines), messages.WARNING)
        if not done and not refused:
            self.message_user(request, _("None of them is there any more."), messages.WARNING)

    def _link(self, record: Approvable) -> str:
        url = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, record)


def _why_not(step: str, record: Approvable, *, by, at) -> str:
    """Why somebody cannot take a step with a record as it is, by the rules of the workflow or because something is missing."""
    if reason := record.why_not(step, by=by, at=at):
        return reason
    try:
        if step in OPENING:
            record.check_ready(at=at)
    except ValidationError as error:
        return _words(error)
    return ""


def _version(record: Approvable, *, at) -> str:
    """What stands in the record, and which submission of it: another one after it was edited, or submitted anew."""
    submitted = HistoryEvent.objects.of(record).filter(what=What.SUBMIT).first()
    return f"{current_state(record, at=at).pk}-{submitted.pk if submitted else 0}"


def _words(error: ValidationError) -> str:
    return " ".join(error.messages)


def _stands_at_field(error: ValidationError, form: StepForm) -> bool:
    """Whether a refusal is about what was typed, for all records alike; if so, it is shown there, once."""
    wrong = getattr(error, "error_dict", {})
    for name in form.fields.keys() & wrong.keys():
        if not form.has_error(name):
            form.add_error(name, wrong[name])
    return bool(wrong) and wrong.keys() <= form.fields.keys()


def _list(heading: str, lines: list[tuple[str, str]]) -> str:
    """A message with a line for each record."""
    return format_html("{}:<ul>{}</ul>", heading, format_html_join("", "<li>“{}”: {}</li>", lines))
