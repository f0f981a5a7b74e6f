"""Conflicts of two people at one form: the second save is shown beside the first, and never wins silently.

Each form carries the number of the state that it shows. When the record has another state by the time somebody saves,
nothing is saved: the form comes back with what the colleague changed, what was typed here on top of it, and both side by
side where they meet.
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.editing.merging import Shown, Typed, merge
from twinning.core.editing.overtaken import typed_in
from twinning.core.editing.unsaved import KEPT
from twinning.core.history import snapshots
from twinning.core.history.compare import Difference, differences
from twinning.core.history.events import HistoryEvent

NOT_SAVED = gettext_lazy("Nothing is saved yet: somebody else has saved this while you were writing. See below.")


@dataclass
class Conflict:
    """What a colleague changed while a form was open, and the form with both edits merged."""

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


def find_conflict(admin, request) -> Conflict:
    """The conflict between a form that was sent (``request.POST``) and the state that its record has meanwhile."""
    latest, version = request.visit.last, request.POST.get("_version", "")
    states = HistoryEvent.objects.of(request.visit.subject).states()
    opened = states.filter(pk=version).first() if version.isdecimal() and len(version) < 19 else None
    typed, is_known = _typed(admin, request, opened)
    with _as_if_opened(request):
        shown = Shown.read(*_forms(admin, request))
    data = merge(request.POST, typed, shown)
    data["_version"] = str(latest.pk)
    theirs = differences(admin.model, opened.snapshot, latest.snapshot, reader=request.user) if is_known else []
    files = [upload.name for upload in request.FILES.values()]
    return Conflict(latest, is_known, [(one, _is_changed(typed, one)) for one in theirs], files, data)


def overtaken(admin, request, record) -> TemplateResponse:
    """The answer to a form that cannot be saved any more, because its record was approved or its copy is gone.

    It shows what was typed; nobody else is told of it.
    """
    request.visit.record, request.visit.is_locked = record, False  # as it was when the form was opened
    if not admin.has_change_permission(request, record):
        raise PermissionDenied
    context = admin.admin_site.each_context(request) | {
        "title": _("This can no longer be saved"),
        "subtitle": str(record),
        "opts": admin.opts,
        "original": record,
        "typed": typed_in(*_forms(admin, request)),
        "is_kept": KEPT in request.POST,
    }
    return TemplateResponse(request, "core/backoffice/overtaken.html", context, status=409)


def _typed(admin, request, opened: HistoryEvent | None) -> tuple[Typed, bool]:
    """What was changed here since the form was opened; against the record of now if nobody knows how it was then."""
    if opened:
        try:
            with snapshots.as_if(_stored(admin, request), opened.snapshot):
                return Typed.read(*_forms(admin, request)), True
        except ValidationError:
            pass
    return Typed.read(*_forms(admin, request)), False


@contextmanager
def _as_if_opened(request):
    """Context manager: forms that are made inside are unbound, and so show the record and not what was sent."""
    method, request.method = request.method, "GET"
    try:
        yield
    finally:
        request.method = method


def _stored(admin, request):
    return admin.model._base_manager.get(pk=request.visit.record.pk)


def _forms(admin, request):
    """The form and the formsets of the record; bound if the request has the method POST."""
    record = _stored(admin, request)
    fields = flatten_fieldsets(admin.get_fieldsets(request, record))
    form_class = admin.get_form(request, record, change=True, fields=fields)
    is_bound = request.method == "POST"
    form = form_class(request.POST, request.FILES, instance=record) if is_bound else form_class(instance=record)
    return form, admin._create_formsets(request, record, change=True)[0]


def _is_changed(typed: Typed, difference: Difference) -> bool:
    """Whether the field of a difference was changed here too."""
    relation, key, name = difference.key
    if not relation:
        return name in typed.fields
    rows = [rows[key][1] for rows in typed.parts.values() if key in rows]
    return any(name in changed for changed in rows)
