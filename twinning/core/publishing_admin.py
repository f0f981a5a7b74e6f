"""Publishing from the form: what state a record is in, in a sentence, and a button for each step that may come next.

A step and what was typed are saved together or not at all. When the model refuses the step, everything is rolled back
and the form comes back with the reason and with every word that was typed.
"""

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.actions_admin import StepActions
from twinning.core.admin import EditorAdmin
from twinning.core.approval import STEPS, Approvable, State
from twinning.core.copies import copies_of
from twinning.core.copies_admin import WorkingCopies
from twinning.core.moments import moment_in_short
from twinning.core.previews_admin import Previews
from twinning.core.publishing_form import PublishingForm, chosen, details_of, in_words, offered, take

REACHABLE = (State.PUBLISHED, State.WITHDRAWN)


class Refused(Exception):
    """A step that the model does not accept; rolls the saved form back."""

    def __init__(self, error: ValidationError):
        super().__init__(error)
        self.error = error


class StateFilter(admin.SimpleListFilter):
    """Filters a list by the state of its records."""

    title = gettext_lazy("publication")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.in_state(State(self.value()), at=timezone.now()) if self.value() in State else queryset


class PublishableAdmin(StepActions, WorkingCopies, Previews, EditorAdmin):
    """The form and the list of one kind of publishable record."""

    form = PublishingForm

    def is_locked(self, request, record) -> bool:
        """What is approved is not edited: what the approver saw is what goes out. A working copy of it is."""
        was_open = getattr(request, "is_overtaken", False)
        return bool(record and not was_open and self.subject(request, record).approved_at)

    def has_change_permission(self, request, obj=None):
        """Who may edit the record, or at least take a step with it."""
        allowed = super().has_change_permission(request, obj)
        if allowed and self.is_locked(request, obj):
            return bool(offered(self.subject(request, obj), by=request.user, at=timezone.now()))
        return allowed

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

    def get_readonly_fields(self, request, obj=None):
        if self.is_locked(request, obj):
            return flatten_fieldsets(self.get_fieldsets(request, obj))
        return super().get_readonly_fields(request, obj)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if self.is_locked(request, obj) else super().get_prepopulated_fields(request, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.subject = obj and self.subject(request, obj)
        form.is_locked = self.is_locked(request, obj)
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        step = chosen(request)
        if step and not self.model().has_right(STEPS[step][0], by=request.user):
            raise PermissionDenied
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            request.refusal = refused.error
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        at, subject = timezone.now(), self.subject(request, obj) if obj else self.model()
        may_change = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        is_locked = self.is_locked(request, obj)
        context |= {
            "standing": in_words(subject, at=at),
            "steps": offered(subject, by=request.user, at=at) if may_change else {},
            "own_submission": _waits_for_another(subject, by=request.user, at=at),
            "urgent_reason": subject.urgent_reason,
            "is_locked": is_locked,
            "is_scheduled": subject.state(at=at) == State.SCHEDULED,
            "show_save": not is_locked,
            "show_save_and_continue": not is_locked,
            "show_save_and_add_another": False,
        }
        if is_locked:
            context["title"] = _("View %s") % self.opts.verbose_name
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        if not form.is_locked:
            super().save_model(request, obj, form, change)
        elif not chosen(request):
            raise PermissionDenied

    def save_related(self, request, form, formsets, change):
        if not form.is_locked:
            super().save_related(request, form, formsets, change)
        self.after_save(request, form)

    def construct_change_message(self, request, form, formsets, add=False):
        return [] if form.is_locked else super().construct_change_message(request, form, formsets, add)

    def after_save(self, request, form: PublishingForm) -> None:
        """Take the chosen step, in the transaction that saved the form."""
        if self.is_copy(request):
            return super().after_save(request, form)
        if step := chosen(request):
            try:
                take(step, form.instance, details_of(step, form), by=request.user, at=timezone.now())
            except ValidationError as error:
                raise Refused(error) from error

    def response_add(self, request, obj, post_url_continue=None):
        return self._response_to_step(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._response_to_step(request, obj) or super().response_change(request, obj)

    def _response_to_step(self, request, record):
        if not chosen(request) or self.is_copy(request):
            return None
        standing = in_words(record, at=timezone.now())
        self.message_user(request, format_html("“{}”: {}", record, standing), messages.SUCCESS)
        return self.response_post_save_change(request, record)

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        copies = copies_of(changelist.result_list)
        for record in changelist.result_list:
            record.listed_copy = copies.get(record.pk)
        return changelist

    @admin.display(description=gettext_lazy("publication"), ordering="publish_at")
    def standing(self, record):
        """Where the record stands, and what else somebody may have to see to."""
        at, copy = timezone.now(), record.listed_copy
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


def _waits_for_another(subject: Approvable, *, by, at) -> bool:
    """Whether somebody who might approve cannot, because the submission is their own."""
    in_review = subject.state(at=at) == State.IN_REVIEW
    return in_review and subject.submitted_by_id == by.pk and subject.has_right("approve", by=by)
