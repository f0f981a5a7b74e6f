"""A form that two people can have open: nobody's save wins silently, and everybody sees who else is there.

Each form carries the number of the state that it shows. When the record has another state by the time somebody saves,
nothing is saved: the form comes back with what the colleague changed, what was typed here on top of it, and both side by
side where they meet.
"""

from dataclasses import dataclass

from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core import snapshots
from twinning.core.comparison import Difference, differences
from twinning.core.editing import OPENED_FOR, SEEN_FOR, OpenForm, Shown, Typed, merge, with_plain_newlines
from twinning.core.history import HistoryEvent, current_state
from twinning.core.overtaken import typed_in

NOT_SAVED = gettext_lazy("Nothing is saved yet: somebody else has saved this while you were writing. See below.")


class Stale(Exception):
    """The record is no longer what the form showed."""


class Overtaken(Exception):
    """The record is no longer to be edited: it was approved while somebody had its form open."""


@dataclass
class Conflict:
    """What a colleague has done while somebody was writing, and the form with both."""

    latest: HistoryEvent
    is_known: bool
    theirs: list[tuple[Difference, bool]]  # and whether the same field was changed here too
    files: list[str]  # no browser sends a chosen file twice
    data: QueryDict

    @property
    def who(self) -> str:
        """The colleague who saved last."""
        by = self.latest.by
        return by.get_full_name() or by.get_username() if by else _("Somebody else")


class _NotSaved:
    """A form that shows a conflict and is not valid for that reason."""

    def clean(self):
        self.add_error(None, NOT_SAVED)
        return super().clean()


class SharedForms:
    """What a ModelAdmin needs so that two people can have its form open."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.open_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_open"
        return [path("<path:object_id>/open/", view, name=name), *super().get_urls()]

    def subject(self, request, record):
        """What the form at hand writes."""
        return record

    # Saving ----------------------------------------------------------------------------------------------------------

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST":
            request.POST = with_plain_newlines(request.POST)
        try:
            response = super().changeform_view(request, object_id, form_url, extra_context)
        except Stale:
            with transaction.atomic():
                record = self.get_object(request, unquote(object_id))
                request.conflict = self._conflict(request, record)
                request.POST = request.conflict.data
                return super().changeform_view(request, object_id, form_url, extra_context)
        except Overtaken:
            return self.overtaken(request, self.get_object(request, unquote(object_id)))
        if isinstance(response, HttpResponseRedirect) and (edited := getattr(request, "edited", None)) and edited.pk:
            OpenForm.objects.of(edited).filter(user=request.user).delete()
        return response

    def _changeform_view(self, request, object_id, form_url, extra_context):
        # Inside the transaction that saves, before anything of the form is looked at.
        if request.method == "POST" and object_id and not hasattr(request, "conflict"):
            record = self.get_object(request, unquote(object_id))
            # Only a form that could be edited sends what it showed.
            if record and self.is_locked(request, record) and "_version" in request.POST:
                raise Overtaken
            if record and self._is_edited(request, record):
                request.edited = self.subject(request, record)
                latest = current_state(request.edited, at=timezone.now())
                if str(latest.pk) != request.POST.get("_version"):
                    raise Stale
        return super()._changeform_view(request, object_id, form_url, extra_context)

    def overtaken(self, request, record) -> TemplateResponse:
        """What somebody had typed into a form that cannot be saved any more; nobody else is told of it."""
        request.is_overtaken = True
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("This can no longer be saved"),
            "subtitle": str(record),
            "opts": self.opts,
            "original": record,
            "typed": typed_in(*self._forms(request, record)),
        }
        return TemplateResponse(request, "admin/overtaken.html", context, status=409)

    def _is_edited(self, request, record) -> bool:
        return self.has_change_permission(request, record) and not self.is_locked(request, record)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        is_conflict = hasattr(request, "conflict") and getattr(request.conflict, "data", None) is request.POST
        return type(form)(form.__name__, (_NotSaved, form), {}) if is_conflict else form

    def _conflict(self, request, record) -> Conflict:
        subject = self.subject(request, record)
        latest = current_state(subject, at=timezone.now())
        version = request.POST.get("_version", "")
        states = HistoryEvent.objects.of(subject).states()
        opened = states.filter(pk=version).first() if version.isdecimal() and len(version) < 19 else None
        request.conflict = None  # while the forms of both sides are made
        typed, is_known = self._typed(request, opened)
        method, request.method = request.method, "GET"
        shown = Shown.read(*self._forms(request, record))
        request.method = method
        data = merge(request.POST, typed, shown)
        data["_version"] = str(latest.pk)
        theirs = self._theirs(request, opened, latest) if is_known else []
        files = [upload.name for upload in request.FILES.values()]
        return Conflict(latest, is_known, [(one, _is_changed(typed, one)) for one in theirs], files, data)

    def _theirs(self, request, opened: HistoryEvent, latest: HistoryEvent) -> list[Difference]:
        return differences(self.model, opened.snapshot, latest.snapshot, reader=request.user)

    def _typed(self, request, opened: HistoryEvent | None) -> tuple[Typed, bool]:
        """What was changed here since the form was opened; against the record of now if nobody knows how it was then."""
        record = self.get_object(request, unquote(request.resolver_match.kwargs["object_id"]))
        if opened:
            try:
                with snapshots.as_if(record, opened.snapshot):
                    return Typed.read(*self._forms(request, record)), True
            except ValidationError:
                record.refresh_from_db()
        return Typed.read(*self._forms(request, record)), False

    def _forms(self, request, record):
        """The form and the formsets of a record; bound if the request has the method POST."""
        fields = flatten_fieldsets(self.get_fieldsets(request, record))
        form_class = self.get_form(request, record, change=True, fields=fields)
        is_bound = request.method == "POST"
        form = form_class(request.POST, request.FILES, instance=record) if is_bound else form_class(instance=record)
        return form, self._create_formsets(request, record, change=True)[0]

    # Showing ---------------------------------------------------------------------------------------------------------

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and obj.pk and self._is_edited(request, obj):
            subject, at = self.subject(request, obj), timezone.now()
            OpenForm.objects.keep(subject, by=request.user, at=at, lasting=OPENED_FOR)
            opts = self.opts
            context |= {
                "version": self._version(request, subject, at),
                "conflict": getattr(request, "conflict", None),
                "others": list(OpenForm.objects.others(subject, than=request.user, at=at)),
                "open_url": f"admin:{opts.app_label}_{opts.model_name}_open",
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _version(self, request, subject, at) -> str:
        """The state that the form shows: after a refusal still the one that it showed before."""
        return request.POST.get("_version") or str(current_state(subject, at=at).pk)

    # Being there -----------------------------------------------------------------------------------------------------

    def open_view(self, request, object_id: str):
        """A form says that it is still open, or that it is being left, and hears who else has it open."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.get_object(request, unquote(object_id))
        if record is None:
            raise Http404
        at, subject = timezone.now(), self.open_subject(request, record)
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        if "leave" in request.POST:
            OpenForm.objects.of(subject).filter(user=request.user).delete()
        else:
            OpenForm.objects.keep(subject, by=request.user, at=at, lasting=SEEN_FOR)
        others = OpenForm.objects.others(subject, than=request.user, at=at)
        return JsonResponse({"others": [other.in_words for other in others]})

    def open_subject(self, request, record):
        """What the form that says it is open writes."""
        return record


def _is_changed(typed: Typed, difference: Difference) -> bool:
    """Whether the field of a difference was changed here too."""
    relation, key, name = difference.key
    if not relation:
        return name in typed.fields
    rows = [rows[key][1] for rows in typed.parts.values() if key in rows]
    return any(name in changed for changed in rows)
