"""The ModelAdmin of publishable records: their form with a button for each step, and their list.

A step and what was typed are saved together or not at all. When the model refuses the step, everything is rolled back
and the form comes back with the reason and with every word that was typed.
"""

from contextlib import nullcontext

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.backoffice import copies, reading
from twinning.core.backoffice.base import EditorAdmin
from twinning.core.backoffice.bulk_steps import BulkSteps
from twinning.core.backoffice.previews import Previews
from twinning.core.backoffice.steps import PublishingForm, chosen, is_plain, panels, take
from twinning.core.backoffice.visit import FormVisit, Refused
from twinning.core.fields.moments import moment_in_short
from twinning.core.lists.saved import OF_WORKFLOW
from twinning.core.publishing.copies import WorkingCopy, copies_of
from twinning.core.publishing.in_words import after_step, state_in_words
from twinning.core.publishing.next_steps import lacks_by_name, lacks_when_empty
from twinning.core.publishing.steps import APPROVED, READABLE, State
from twinning.core.writing.checks import findings_in
from twinning.core.writing.language import LANGUAGE_CHECKS
from twinning.core.writing.pages import set_aside


class StateFilter(admin.SimpleListFilter):
    """List filter: records in one state."""

    title = gettext_lazy("publication")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.in_state(State(self.value()), at=request.visit.at) if self.value() in State else queryset


class PublishableAdmin(BulkSteps, Previews, EditorAdmin):
    """ModelAdmin: form and list of one kind of publishable record, and the form of its working copies."""

    form = PublishingForm
    for_office: tuple[str, ...] = ()  # fields that no public page shows
    writing_checks = LANGUAGE_CHECKS
    saved_views = OF_WORKFLOW

    def has_happened(self, request, record) -> list[tuple[str, str]]:
        """What can be recorded of a record on pages of its own: label and address of each."""
        return []

    def not_recorded(self, record) -> list[str]:
        """What people ask about a record and nobody has written down, for those who read it in the back office."""
        return []

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_copy"
        view = self.admin_site.admin_view(self.copy_view)
        aside = self.admin_site.admin_view(self.set_aside_view)
        return [
            path("<path:object_id>/copy/", view, name=name),
            path("<path:object_id>/set-aside/", aside, name=f"{self.opts.app_label}_{self.opts.model_name}_set_aside"),
            *super().get_urls(),
        ]

    def set_aside_view(self, request, object_id: str):
        """Set aside what a check has found, or take that back."""
        return set_aside(self, request, self.get_object(request, unquote(object_id)))

    def copy_view(self, request, object_id: str):
        """The form of the working copy; without one, back to the record."""
        try:
            return self.changeform_view(request, object_id, of_copy=True)
        except copies.Unfit as error:
            return copies.unfit(self, request, error)

    # A visit ----------------------------------------------------------------------------------------------------------

    def new_visit(self, request, *, of_copy=False):
        visit = super().new_visit(request, of_copy=of_copy)
        visit.step = chosen(self.model, request)
        if visit.step and not self.model.has_right(visit.step.right, by=request.user):
            raise PermissionDenied
        return visit

    def begin_visit(self, request, record):
        if request.method == "POST" and "_copy" in request.POST and not request.visit.of_copy:
            return copies.begin_copy(self, request, record)
        response = super().begin_visit(request, record)
        response = response or (copies.before_form(self, request) if request.visit.of_copy else None)
        return response or (reading.answer(self, request) if request.visit.is_locked else None)

    def set_subject(self, request, record, *, lock=False):
        visit = request.visit
        if visit.of_copy:
            found = WorkingCopy.objects.of(record)
            visit.copy = (found.select_for_update(of=("self",)) if lock else found).first()
            if visit.copy:
                visit.copy.record = record  # not to be looked up again
        # What is approved is not edited: what the approver saw is what goes out. A working copy of it is.
        visit.is_locked = reading.is_read(self, request, visit.copy or record)
        super().set_subject(request, record, lock=lock)

    def world(self, request):
        return copies.as_if_published(self, request) if request.visit.copy else nullcontext()

    def end_visit(self, request, response):
        if request.visit.copy and request.visit.saved_form:
            response = copies.keep(self, request, response)
        return super().end_visit(request, response)

    # Rights -----------------------------------------------------------------------------------------------------------

    def has_change_permission(self, request, obj=None):
        """Whether this person may edit the record, or at least take a step with it."""
        allowed, visit = super().has_change_permission(request, obj), self.visit_of(request, obj)
        if not allowed or not (visit.is_locked if visit else obj and obj.approved_at):
            return allowed
        return bool((visit or FormVisit(at=request.visit.at, by=request.user, record=obj, is_locked=True)).offered)

    def reason_not_deletable(self, record, *, at):
        if record.state(at=at) not in APPROVED or record.state(at=at) == State.SCHEDULED:
            return ""
        return _("has been public. Withdraw it or take it down instead, so that its address can say so.")

    # The form ---------------------------------------------------------------------------------------------------------

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        visit = request.visit
        may_change = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        steps = visit.offered.values() if may_change else []
        found = panels(steps, context["adminform"].form)
        missing = {}
        if may_change and request.method == "GET":
            missing = lacks_by_name(obj, at=visit.at) if obj else lacks_when_empty(self.model)
        context |= {
            "state_in_words": state_in_words(visit.subject, at=visit.at),
            "plain_steps": [(step.name, step.save_button) for step in steps if is_plain(step)],
            "panels": found,
            "is_more_open": any(panel.is_filled for panel in found),
            "next": reading.next_of(visit),
            "findings": findings_in(obj, self.writing_checks, at=visit.at) if obj and visit.is_edited else None,
            "is_opened_to_edit": reading.EDIT in request.GET,
            "missing": missing,
            "lacks": [words for messages in missing.values() for words in messages],
            "show_save": True,
            "show_save_and_continue": True,
            "show_save_and_add_another": False,
        }
        if visit.copy:
            title = _("Working copy of %s") % self.opts.verbose_name
            context |= {"may_discard_copy": visit.copy.may_discard(by=visit.by), "title": title, "show_delete": False}
        response = super().render_change_form(request, context, add, change, form_url, obj)
        is_readable = obj and self.is_readable(obj, at=visit.at)
        response.context_data |= {
            "has_absolute_url": is_readable,
            "absolute_url": obj.get_absolute_url() if is_readable else None,
        }
        return response

    def is_readable(self, record, *, at) -> bool:
        """Whether the public can read the page. Somebody may have taken the address out of the form."""
        return bool(record.slug) and record.state(at=at) in READABLE

    def save_related(self, request, form, formsets, change):
        visit = request.visit
        super().save_related(request, form, formsets, change)
        if visit.step and not visit.copy:
            try:
                take(visit.step, form.instance, form, by=visit.by, at=visit.at)
            except ValidationError as error:
                raise Refused(error) from error

    def log_change(self, request, obj, message):
        # A copy that is discarded leaves no trace; published, it is one step of the record's history.
        if not getattr(request.visit, "copy", None):
            return super().log_change(request, obj, message)

    def response_add(self, request, obj, post_url_continue=None):
        return self._response_to_step(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        if request.visit.copy:
            return self.response_post_save_change(request, obj)
        response = self._response_to_step(request, obj) or super().response_change(request, obj)
        if "_continue" in request.POST and reading.EDIT in request.GET:
            response.headers["Location"] = f"{request.path}?{reading.EDIT}=1"
        return response

    def _response_to_step(self, request, record):
        if not request.visit.step:
            return None
        said = after_step(request.visit.step, record, at=request.visit.at)
        self.message_user(request, format_html("“{}”: {}", record, said), messages.SUCCESS)
        return self.response_post_save_change(request, record)

    # The list ---------------------------------------------------------------------------------------------------------

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        copies = copies_of(changelist.result_list)
        for record in changelist.result_list:
            record.listed_at, record.listed_copy = request.visit.at, copies.get(record.pk)
        return changelist

    @admin.display(description=gettext_lazy("publication"), ordering="publish_at")
    def publication(self, record):
        """The state of the record and of its working copy, as badges."""
        at, copy = record.listed_at, record.listed_copy
        state = record.state(at=at)
        marks = [(state.value, state.label)]
        if record.awaits_confirmation:
            marks.append(("in-review", _("To be approved afterwards")))
        if copy:
            words = (
                _("Working copy failed") if copy.failure else _("Working copy: %s") % copy.state(at=at).label.lower()
            )
            marks.append(("withdrawn" if copy.failure else copy.state(at=at).value, words))
        return format_html_join(" ", '<span class="state {}">{}</span>', marks)

    @admin.display(description=gettext_lazy("public from"), ordering="publish_at")
    def public_from(self, record):
        return moment_in_short(record.publish_at)
