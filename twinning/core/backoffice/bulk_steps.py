"""Steps for several records at once: chosen in the list, looked over, then taken one by one.

Every record stands alone: a step that one of them refuses leaves the others done, and each is reported with what was done
or why not.
"""

import logging

from django.contrib import messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twinning.core.backoffice.steps import NOW, StepForm, chosen, take, version_of
from twinning.core.publishing.in_words import state_in_words
from twinning.core.publishing.steps import Step
from twinning.core.publishing.workflow import Approvable

log = logging.getLogger(__name__)

PEOPLE = ("submitted_by", "approved_by", "confirmed_by", "withdrawn_by", "taken_down_by")
# Each is looked at, locked and written down by itself, while somebody waits for the page.
MOST_AT_ONCE = 100
LEFT_OUT = "left_out"


class BulkSteps:
    """Mixin of a ModelAdmin: each step as an action of the list, with a confirmation page."""

    def names_of_actions(self):
        return super().names_of_actions() | self.model.steps.keys()

    def get_actions(self, request, action_location=ActionLocation.CHANGE_LIST):
        """The steps, and last the action that Django offers for all lists: deleting. In a form they would drop edits."""
        others = super().get_actions(request, action_location=action_location)
        is_list = action_location == ActionLocation.CHANGE_LIST
        steps = [step for step in self.model.steps.values() if is_list and self._has_right(request, step)]
        return {step.name: (_look_over(step), step.name, step.label) for step in steps} | others

    def _has_right(self, request, step: Step) -> bool:
        return self.has_view_or_change_permission(request) and self.model.has_right(step.right, by=request.user)

    def changelist_view(self, request, extra_context=None):
        # Past Django's own way of running actions, which would save all records together or none.
        if step := chosen(self.model, request):
            if not self._has_right(request, step):
                raise PermissionDenied
            return self._take(request, step)
        return super().changelist_view(request, extra_context)

    def _page(self, request, step: Step, records: list, form: StepForm, notes: dict, versions: dict):
        """The page that shows the chosen records and asks: what was said of some, and the versions it showed before."""
        by, at, possible, impossible = request.user, request.visit.at, [], []
        for record in records:
            shown = {"record": record, "state": state_in_words(record, at=at), "note": notes.get(record.pk)}
            shown["why_not"] = record.obstacle(step.name, by=by, at=at)
            if step.vouches and not shown["why_not"]:
                shown["version"] = versions.get(record.pk) or version_of(record, at=at)
            (impossible if shown["why_not"] else possible).append(shown)
        context = self.admin_site.each_context(request) | {
            "title": f"{step.label}: {self.opts.verbose_name_plural}", "opts": self.opts, "step": step, "form": form,
            "possible": possible, "impossible": impossible, "is_refused": form.is_bound, "now": NOW,
            "checkbox_name": ACTION_CHECKBOX_NAME, "left_out_name": LEFT_OUT, "list_url": request.get_full_path(),
        }  # fmt: skip
        return TemplateResponse(request, "core/backoffice/step_confirmation.html", context)

    def _take(self, request, step: Step):
        """Take the step with each record that the page showed as possible, and report on each."""
        form = StepForm(step, self.form, request.POST)
        records = self._chosen(request, ACTION_CHECKBOX_NAME)
        shown = [*records, *self._chosen(request, LEFT_OUT)]
        versions = {record.pk: request.POST.get(f"version-{record.pk}", "") for record in records}
        if not form.is_valid():
            return self._page(request, step, shown, form, {}, versions)
        done, refused = [], []
        for record in records:
            try:
                done.append(self._take_one(request, step, record, form, versions[record.pk]))
            except ValidationError as error:
                refused.append((record, error))
        if refused and not done:
            notes = {record.pk: " ".join(e.messages) for record, e in refused if not form.takes_over(e)}
            # As they stand now: the attempt may have failed because of what somebody else did.
            again = self.model._base_manager.filter(pk__in=[record.pk for record in shown]).select_related(*PEOPLE)
            return self._page(request, step, list(again), form, notes, {})
        self._report(request, step, done, refused)
        return HttpResponseRedirect(request.get_full_path())

    def _chosen(self, request, name: str) -> list:
        if len(keys := request.POST.getlist(name)) > MOST_AT_ONCE or not all(key.isdecimal() for key in keys):
            raise BadRequest
        return list(self.get_queryset(request).filter(pk__in=keys).select_related(*PEOPLE))

    def _take_one(self, request, step: Step, record: Approvable, form: StepForm, version: str) -> Approvable:
        try:
            with transaction.atomic():
                if not (locked := self.locked([record]).first()):
                    raise ValidationError(_("It has been deleted since you looked."), code="deleted")
                if step.vouches and version != version_of(locked, at=request.visit.at):
                    message = _("Somebody has changed it since you looked. Look at it again.")
                    raise ValidationError(message, code="changed")
                take(step, locked, form, by=request.user, at=request.visit.at)
        except DatabaseError as error:
            log.exception("The step %s of the record %s could not be saved", step.name, record.pk)
            raise ValidationError(_("It could not be saved. Try again."), code="not_saved") from error
        return locked

    def _report(self, request, step: Step, done: list, refused: list) -> None:
        """One message on what was done, one on what was not."""
        if done:
            lines = self._lines(step.done, [(one, state_in_words(one, at=request.visit.at)) for one in done])
            self.message_user(request, lines, messages.SUCCESS)
        if refused:
            heading = ngettext("Not done with one", "Not done with %(number)d", len(refused)) % {"number": len(refused)}
            lines = self._lines(heading, [(record, " ".join(error.messages)) for record, error in refused])
            self.message_user(request, lines, messages.WARNING)
        if not done and not refused:
            self.message_user(request, _("None of them is there any more."), messages.WARNING)

    def _lines(self, heading: str, lines: list[tuple[Approvable, str]]) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        linked = ((reverse(name, args=[record.pk]), record, said) for record, said in lines)
        listed = format_html_join("", '<li>“<a href="{}">{}</a>”: {}</li>', linked)
        return format_html("{}:<ul>{}</ul>", heading, listed)


def _look_over(step: Step):
    """The action of a step in the list: it asks before anything happens, and does nothing if there are too many."""

    def action(model_admin: BulkSteps, request, queryset):
        records = list(queryset.select_related(*PEOPLE)[: MOST_AT_ONCE + 1])
        if len(records) <= MOST_AT_ONCE:
            return model_admin._page(request, step, records, StepForm(step, model_admin.form), {}, {})
        text = _("Choose at most %(number)d at once. Nothing has been changed.") % {"number": MOST_AT_ONCE}
        return model_admin.message_user(request, text, messages.ERROR)

    return action
