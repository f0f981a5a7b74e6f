"""Working on a copy: the form of a public record, filled from its copy and saved into it.

The form is the record's own. Around it the database looks as if the copy were published (``snapshots.as_if``), so that
every rule, every list of choices and every part is the real one; only the snapshot of what was written remains.
"""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import SimpleTemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from twinning.core import snapshots
from twinning.core.copies import WorkingCopy, begin, lock, may_begin
from twinning.core.editing import OPENED_FOR, OpenForm
from twinning.core.publishing_form import PublishingForm, chosen, details_of, in_words, take


class WorkingCopies:
    """What a ModelAdmin of a publishable kind offers for what is public already."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.copy_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_copy"
        return [path("<path:object_id>/copy/", view, name=name), *super().get_urls()]

    def is_copy(self, request) -> bool:
        """Whether the form at hand is that of a working copy."""
        return bool(getattr(request, "working_copy", None))

    def subject(self, request, record):
        """What the steps of the form at hand are taken with: the working copy that it shows, or the record itself."""
        return request.working_copy if self.is_copy(request) else record

    def open_subject(self, request, record):
        request.working_copy = WorkingCopy.objects.of(record).first() if "copy" in request.POST else None
        return self.subject(request, record)

    def _to(self, page: str, record) -> HttpResponseRedirect:
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=[record.pk])
        )

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and "_copy" in request.POST and object_id:
            return self._begin(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _begin(self, request, object_id: str):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        try:
            begin(record, by=request.user, at=timezone.now())
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return self._to("change", record)
        return self._to("copy", record)

    def copy_view(self, request, object_id: str):
        """The form of the copy; without one, back to the record."""
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        self.look_at_uploads(request)
        with transaction.atomic():
            copies = WorkingCopy.objects.of(record)
            # Who saves has the copy for themselves; who only looks keeps nobody waiting.
            if request.method == "POST":
                lock(self.model, record.pk)
            copy = (copies.select_for_update(of=("self",)) if request.method == "POST" else copies).first()
            if not copy and "_version" in request.POST:
                return self.overtaken(request, record)
            if not copy:
                self.message_user(request, _("There is no working copy any more."), messages.WARNING)
                return self._to("change", record)
            if "_discard" in request.POST:
                copy.discard(by=request.user, at=timezone.now())
                self.message_user(request, _("The working copy is discarded. The public page was never changed."))
                return self._to("change", record)
            request.working_copy = copy
            if request.method == "GET" and self.has_change_permission(request, record):
                # Said here as well: what the form itself says is said in the world of the copy, and gone with it.
                OpenForm.objects.keep(copy, by=request.user, at=timezone.now(), lasting=OPENED_FOR)
            try:
                return self._saved(request, record, self._form_of(copy, request, object_id, record))
            except ValidationError as error:
                reason = " ".join(error.messages)
                self.message_user(request, _("The working copy cannot be shown: %s") % reason, messages.ERROR)
                return self._to("change", record)

    def _form_of(self, copy: WorkingCopy, request, object_id: str, record):
        """The answer of the record's own form, in the world of the copy."""
        snapshot, taken = snapshots.without_what_is_taken(record, copy.snapshot)
        with snapshots.as_if(record, snapshot, is_whole=False) as lost:
            for line in dict.fromkeys([*taken, *map(str, lost)]):
                self.message_user(request, _("This copy no longer fits: %s") % line, messages.WARNING)
            response = self.changeform_view(request, object_id)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        return response

    def _saved(self, request, record, response):
        """Keep what the form saved into that world, and take the chosen step; without either, just the answer."""
        form = getattr(request, "saved_form", None)
        if not form:
            return response
        copy, step, at = request.working_copy, chosen(request), timezone.now()
        try:
            with transaction.atomic():
                if not form.is_locked:
                    copy.keep(request.written, by=request.user, at=at)
                if step:
                    take(step, copy, details_of(step, form), by=request.user, at=at)
        except ValidationError as error:
            request.refusal = error
            copy = request.working_copy = WorkingCopy.objects.of(record).get()
            return self._form_of(copy, request, str(record.pk), record)
        is_public = not copy.pk
        if not is_public:
            OpenForm.objects.of(copy).filter(user=request.user).delete()
        said = _("Published.") if is_public else f"{_('Working copy')}: {in_words(copy, at=at)}."
        self.message_user(request, format_html("“{}”: {}", record, said), messages.SUCCESS)
        return self._to("change", record) if is_public else self._to("copy", record) if not step else response

    def after_save(self, request, form: PublishingForm) -> None:
        """Remember what the form made of the record, before that world ends."""
        request.saved_form = form
        request.written = snapshots.take(form.instance)

    def log_change(self, request, obj, message):
        # A copy that is discarded leaves no trace; published, it is one step of the record's history.
        if not self.is_copy(request):
            return super().log_change(request, obj, message)

    def response_change(self, request, obj):
        if self.is_copy(request):
            return self.response_post_save_change(request, obj)
        return super().response_change(request, obj)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        copy = request.working_copy if self.is_copy(request) else None
        existing = WorkingCopy.objects.of(obj).select_related("begun_by").first() if obj and not copy else None
        at = timezone.now()
        context |= {
            "working_copy": copy,
            "may_discard_copy": copy and copy.may_discard(by=request.user),
            "existing_copy": existing,
            "existing_copy_standing": existing and in_words(existing, at=at),
            "may_begin_copy": obj and not copy and not existing and may_begin(obj, by=request.user, at=at),
        }
        if copy:
            context |= {"title": _("Working copy of %s") % self.opts.verbose_name, "show_delete": False}
        return super().render_change_form(request, context, add, change, form_url, obj)
