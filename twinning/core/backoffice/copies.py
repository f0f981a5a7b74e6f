"""Working copies in the back office: the form of a public record, filled from its copy and saved into it.

The form is the record's own. Around it the database looks as if the copy were published (``snapshots.as_if``), so that
every rule, every list of choices and every part is the real one; only the snapshot of what was written remains.
"""

from contextlib import ExitStack, contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from twinning.core.backoffice.conflicts import overtaken
from twinning.core.backoffice.steps import take
from twinning.core.backoffice.visit import Refused
from twinning.core.history import snapshots
from twinning.core.lists.way_back import keeping_list
from twinning.core.publishing.copies import begin
from twinning.core.publishing.in_words import after_step, quicker, state_in_words


class Unfit(Exception):
    """Error: the working copy cannot be shown, because its snapshot cannot be put back into the record."""

    def __init__(self, error: ValidationError):
        super().__init__(error)
        self.error = error


def _to(admin, request, page: str, record) -> HttpResponseRedirect:
    url = reverse(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_{page}", args=[record.pk])
    return HttpResponseRedirect(keeping_list(request, url))


def begin_copy(admin, request, record) -> HttpResponseRedirect:
    """Begin a working copy, or go on with the one that is there."""
    try:
        begin(record, by=request.user, at=request.visit.at)
    except ValidationError as error:
        admin.message_user(request, " ".join(error.messages), messages.ERROR)
        return _to(admin, request, "change", record)
    return _to(admin, request, "copy", record)


def before_form(admin, request):
    """The response where no form is to be shown: the copy is gone, or is being discarded; otherwise None."""
    visit = request.visit
    if not visit.copy and "_version" in request.POST:
        return overtaken(admin, request, visit.record)
    if not visit.copy:
        admin.message_user(request, _("There is no working copy any more."), messages.WARNING)
        return _to(admin, request, "change", visit.record)
    if "_discard" in request.POST and visit.copy.approved_at and not visit.copy.may_discard(by=visit.by):
        admin.message_user(request, quicker(visit.record, visit.copy, at=visit.at), messages.WARNING)
        return _to(admin, request, "copy", visit.record)
    if "_discard" in request.POST:
        visit.copy.discard(by=visit.by, at=visit.at)
        admin.message_user(request, _("The working copy is discarded. The public page was never changed."))
        return _to(admin, request, "change", visit.record)
    return None


@contextmanager
def as_if_published(admin, request):
    """Context manager: the database as if the copy were published; takes a snapshot of a form saved inside."""
    visit = request.visit
    snapshot, taken = snapshots.without_taken_values(visit.record, visit.copy.snapshot)
    with ExitStack() as stack:
        try:
            missing = stack.enter_context(snapshots.as_if(visit.record, snapshot, is_whole=False))
        except ValidationError as error:
            raise Unfit(error) from error
        for line in dict.fromkeys([*taken, *map(str, missing)]):
            admin.message_user(request, _("This copy no longer fits: %s") % line, messages.WARNING)
        yield
        if visit.saved_form:
            visit.written = snapshots.take(visit.record)


def unfit(admin, request, unfit: Unfit) -> HttpResponseRedirect:
    """The response to a request for a copy that cannot be shown."""
    reason = " ".join(unfit.error.messages)
    admin.message_user(request, _("The working copy cannot be shown: %s") % reason, messages.ERROR)
    return _to(admin, request, "change", request.visit.record)


def keep(admin, request, response):
    """Save into the copy what its form made of the record, take the chosen step, and answer."""
    visit, copy = request.visit, request.visit.copy
    try:
        copy.keep(visit.written, by=visit.by, at=visit.at)
        if visit.step:
            take(visit.step, copy, visit.saved_form, by=visit.by, at=visit.at)
    except ValidationError as error:
        raise Refused(error) from error
    is_public = not copy.pk
    words = after_step(visit.step, copy, at=visit.at) if visit.step else state_in_words(copy, at=visit.at)
    said = _("Published.") if is_public else f"{_('Working copy')}: {words.removesuffix('.')}."
    admin.message_user(request, format_html("“{}”: {}", visit.record, said), messages.SUCCESS)
    if is_public:
        return _to(admin, request, "change", visit.record)
    return response if visit.step else _to(admin, request, "copy", visit.record)
