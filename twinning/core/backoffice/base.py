"""The base of all forms and lists: the ModelAdmin of every kind of record, and the inline of its parts."""

import json
from contextlib import nullcontext, suppress

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import prefetch_related_objects
from django.forms import Script
from django.http import Http404, HttpResponseNotAllowed, JsonResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from twinning.core.backoffice.conflicts import Conflict, find_conflict, overtaken
from twinning.core.backoffice.deleting import Deleting
from twinning.core.backoffice.forms import Finding, FormFields, PartFormSet, ProblemForm
from twinning.core.backoffice.history_page import HistoryPage
from twinning.core.backoffice.visit import FormVisit, Refused
from twinning.core.editing import resuming
from twinning.core.editing.merging import with_plain_newlines
from twinning.core.editing.open_forms import OPENED_FOR, SEEN_FOR, OpenForm
from twinning.core.editing.unsaved import KEPT, sign_reader
from twinning.core.fields.richtext import RichTextField, richtext_on_page
from twinning.core.files import scanner
from twinning.core.files.private import check_size
from twinning.core.files.storage import FileNotStored
from twinning.core.files.uploads import once_per_upload, share_time
from twinning.core.history.events import EventKind, current_state, note_state
from twinning.core.lists.saved import SavedViewFilter
from twinning.core.lists.way_back import WayBack
from twinning.core.outline.in_place import InPlace
from twinning.core.outline.parts import fill_in, outline


class EditorAdmin(WayBack, HistoryPage, Deleting, Finding, FormFields, InPlace, admin.ModelAdmin):
    """ModelAdmin: the form and the list of one kind of record.

    While a form is opened or sent, ``request.visit`` is its FormVisit.
    """

    list_per_page = 50
    list_prefetch_related = ()
    saved_views = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    # Checks of an upload that take seconds.
    upload_checks = (scanner.check,)

    class Media:
        js = [
            *("core/admin-links.js", "core/admin-paste-styles.js", "core/admin-paste-tables.js", "core/admin-paste.js"),
            "core/admin-address.js",
            *("core/admin-richtext.js", "core/admin-autocomplete.js"),
            # These look for their places in the form, and so wait until it is there.
            *(
                Script(f"core/admin-{name}.js", type="module")
                for name in ("open-form", "rows", "save", "in-place", "place")
            ),
        ]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_open"
        return [
            path("<path:object_id>/open/", self.admin_site.admin_view(self.open_view), name=name),
            *super().get_urls(),
        ]

    # The form ---------------------------------------------------------------------------------------------------------

    @method_decorator(csrf_protect)
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None, *, of_copy=False):
        """Open or send a form.

        What comes of sending it: it is saved; or nothing is, and the form comes back with all that was typed, because
        the record has another state by now (stale), a step is refused, a file cannot be kept, or it was typed before
        (unsaved); or what was typed is shown, because the record is no longer edited (overtaken).
        """
        if resuming.is_dropped(request):
            return resuming.drop(request)
        may_save = self.has_change_permission(request) or self.has_add_permission(request)
        problem = resuming.shown_again(request) if may_save else None
        if request.method == "POST":
            request.POST = with_plain_newlines(request.POST)
            self.check_uploads(request)
        request.visit = self.new_visit(request, of_copy=of_copy)
        request.visit.problem, request.visit.is_shown_again = problem, bool(problem)
        try:
            return self._open_or_save(request, object_id, form_url, extra_context)
        except (FileNotStored, Refused) as refused:
            problem = refused.error
        except IntegrityError:
            # Since the form was looked at, a colleague has deleted what it names, or taken what only one can have: the
            # second look finds that, and says so.
            pass
        request.visit = self.new_visit(request, of_copy=of_copy)
        request.visit.problem = problem
        return self._open_or_save(request, object_id, form_url, extra_context)

    def _open_or_save(self, request, object_id, form_url, extra_context):
        visit, is_sent = request.visit, request.method == "POST"
        with transaction.atomic() if is_sent or visit.of_copy else nullcontext():
            record = object_id and super().get_object(request, unquote(object_id))
            if record and self.has_view_or_change_permission(request, record):
                if response := self.begin_visit(request, record):
                    return response
            with self.world(request):
                if is_sent and visit.is_edited and request.POST.get("_version") != str(visit.last.pk):
                    visit.problem = None
                    visit.problem = find_conflict(self, request)
                    request.POST = visit.problem.data
                response = self._changeform_view(request, object_id, form_url, extra_context)
                if visit.of_copy and hasattr(response, "render"):
                    response.render()
            return self.end_visit(request, response)

    def new_visit(self, request, *, of_copy: bool = False) -> FormVisit:
        """The visit of a form that is opened or sent, before its record is known."""
        known = request.visit.known
        return FormVisit(at=request.visit.at, by=request.user, record=self.model(), of_copy=of_copy, known=known)

    def begin_visit(self, request, record):
        """Lock the record and set what may be done with it; returns a response where no form is to be shown."""
        visit, is_sent = request.visit, request.method == "POST"
        if is_sent and not (stored := self.locked([record]).first()):
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(record.pk))
        self.set_subject(request, stored if is_sent else record, lock=is_sent)
        if is_sent and visit.is_locked and "_version" in request.POST:
            return overtaken(self, request, record)  # only a form that could be edited sends what it showed
        if is_sent or visit.is_edited:
            visit.last = current_state(visit.subject, at=visit.at)
        return None

    def set_subject(self, request, record, *, lock: bool = False) -> None:
        """Set the record of the visit, and what may be done with it; ``lock`` also locks its working copy."""
        visit = request.visit
        visit.record = record
        visit.is_edited = not visit.is_locked and self.has_change_permission(request, record)

    def world(self, request):
        """Context manager: the database as the form sees it."""
        return nullcontext()

    def end_visit(self, request, response):
        """Note that the form is open, or no longer open; returns the response."""
        visit = request.visit
        if visit.is_edited and visit.saved_form and visit.subject.pk:
            OpenForm.objects.of(visit.subject).filter(user=request.user).delete()
        elif visit.is_edited and not visit.saved_form:
            OpenForm.objects.keep(visit.subject, by=request.user, at=visit.at, lasting=OPENED_FOR)
        return resuming.after_saving(request, response) if visit.saved_form else response

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """As Django's, which copies all that was sent once for each kind of part."""
        arguments = {"instance": obj, "prefix": prefix, "queryset": inline.get_queryset(request)}
        sent = {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
        return arguments | sent

    def visit_of(self, request, record) -> FormVisit | None:
        """The visit, if it is to the form of this record."""
        visit = request.visit
        is_its = isinstance(visit, FormVisit) and record and record.pk and visit.record.pk == record.pk
        return visit if is_its else None

    def get_object(self, request, object_id, from_field=None):
        """The record. In a POST request it is locked, and its state before is in the history."""
        visit = request.visit
        if isinstance(visit, FormVisit) and visit.record.pk and not visit.of_copy:
            return visit.record
        record = super().get_object(request, object_id, from_field)
        if record and request.method == "POST" and connection.in_atomic_block and not isinstance(visit, FormVisit):
            record = self.locked([record]).first()
            if record:
                current_state(record, at=visit.at)
        return record

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if request.visit.problem:
            form = type(form)(form.__name__, (ProblemForm, form), {})
        form.visit = request.visit
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        visit = request.visit
        parts = outline(context["adminform"], context["inline_admin_formsets"], kind=self.opts.verbose_name)
        # What is only shown again need not be corrected.
        found = {} if visit.is_shown_again else context.get("missing", {})
        context |= {
            "visit": visit,
            "parts": parts,
            "lacks_elsewhere": [] if visit.is_shown_again else fill_in(parts, context["adminform"].form, found),
            "conflict": visit.problem if isinstance(visit.problem, Conflict) else None,
            "shown_to": sign_reader(request.user),
            "is_kept": KEPT in request.POST,
        }
        if visit.is_shown_again:
            context["errors"] = None  # nothing has to be corrected
        if visit.is_edited:
            context |= {
                # After a refusal still the state that the form showed before.
                "version": request.POST.get("_version") or str(visit.last.pk),
                "others": list(OpenForm.objects.others(visit.subject, than=request.user, at=visit.at)),
                "open_url": f"admin:{self.opts.app_label}_{self.opts.model_name}_open",
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if connection.vendor == "postgresql":
            # At the end of the transaction it would be too late: the colleague has been told by then that all is saved.
            connection.check_constraints()
        visit = request.visit
        visit.saved_form = form
        if not visit.copy:
            note_state(
                form.instance, EventKind.CHANGE if change else EventKind.ADD, by=visit.by, at=visit.at, last=visit.last
            )

    def check_uploads(self, request) -> None:
        """Run the slow checks of uploads before the transaction begins, which keeps others from saving."""
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            return
        uploads = [upload for _name, files in request.FILES.lists() for upload in files]
        share_time(uploads, since=request.visit.at)
        for upload in uploads:
            with suppress(ValidationError):  # the form asks again, and says why
                check_size(upload)
                for check in self.upload_checks:
                    once_per_upload(check, upload)

    def open_view(self, request, object_id: str):
        """Note that a form is still open, or is being left; answers with the others who have it open (JSON)."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        request.visit = visit = self.new_visit(request, of_copy="copy" in request.POST)
        self.set_subject(request, record)
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        if "leave" in request.POST:
            OpenForm.objects.of(visit.subject).filter(user=request.user).delete()
        else:
            OpenForm.objects.keep(visit.subject, by=request.user, at=visit.at, lasting=SEEN_FOR)
        others = OpenForm.objects.others(visit.subject, than=request.user, at=visit.at)
        return JsonResponse({"others": [str(other) for other in others]})

    def get_view_on_site_url(self, obj=None):
        return None

    def get_inline_formsets(self, request, formsets, inline_instances, obj=None):
        if obj and not self.has_change_permission(request, obj):
            for record in [obj, *(form.instance for formset in formsets for form in formset.initial_forms)]:
                _format_for_reading(record)
        parts = super().get_inline_formsets(request, formsets, inline_instances, obj)
        for part in parts:
            part.inline_formset_data = _with_plain_words(part)
        return parts

    def has_choose_permission(self, request) -> bool:
        """Whether somebody may choose records of this kind in other forms."""
        return self.has_view_permission(request)

    # The list ---------------------------------------------------------------------------------------------------------

    def changelist_view(self, request, extra_context=None):
        forbidden = self.names_of_actions() - self.get_actions(request).keys()
        if request.method == "POST" and forbidden.intersection(request.POST.getlist("action")):
            raise PermissionDenied
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        prefetch_related_objects(changelist.result_list, *self.list_prefetch_related)
        return changelist

    def get_list_filter(self, request):
        above = [SavedViewFilter] if self.saved_views else []
        return [*above, *super().get_list_filter(request)]

    def names_of_actions(self) -> set[str]:
        """The actions of the list, also those that this person may not use."""
        of_the_site = {name for name, _action in self.admin_site.actions}
        return of_the_site | {getattr(action, "__name__", action) for action in self.actions or ()}

    def lookup_allowed(self, lookup, value, request):
        """Only what the filters beside the list ask for; Django looks anything up, a broken regular expression too."""
        for listed in self.get_list_filter(request):
            if isinstance(listed, str) and lookup in (f"{listed}__exact", f"{listed}__id__exact", f"{listed}__isnull"):
                return True
            if lookup == getattr(listed, "parameter_name", None):
                return True
        return False

    def response_action(self, request, *args, **kwargs):
        if not all(pk.isdecimal() for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest
        # Django deletes what was chosen in a list and logs it in two transactions.
        with transaction.atomic():
            return super().response_action(request, *args, **kwargs)


class PartInline(FormFields, admin.StackedInline):
    """Inline: the parts of a record, inside its form."""

    formset = PartFormSet
    words_to_add = ""  # on the button that adds a part
    after = ""  # a field of the record: the rows stand below the group that has it
    is_moved = False  # whether somebody puts the rows in order; they have a field “position”
    extra = 0
    view_on_site = False

    def get_queryset(self, request):
        return super().get_queryset(request).fetch_mode(models.FETCH_PEERS)

    def line(self, part) -> str:
        """What says which part a row is, while the row is folded."""
        return str(part)

    def has_add_permission(self, request, obj):
        return super().has_add_permission(request, obj) and self._is_open(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_open(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_open(request, obj)

    def _is_open(self, request, owner) -> bool:
        form = self.admin_site.get_model_admin(self.parent_model)
        return form.has_change_permission(request, owner)


def _with_plain_words(part) -> str:
    """What Django’s script for parts is told, with a button that says “Add a milestone” and not “Add another Milestone”."""
    told = json.loads(part.inline_formset_data())
    told["options"]["addText"] = str(part.opts.words_to_add or _("Add: %(part)s") % {"part": part.opts.verbose_name})
    return json.dumps(told)


def _format_for_reading(record: models.Model) -> None:
    """Show rich texts formatted, for people who may not edit them."""
    for field in record._meta.fields:
        if isinstance(field, RichTextField):
            setattr(record, field.name, richtext_on_page(getattr(record, field.name)))
