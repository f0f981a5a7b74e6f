"""Setting findings aside in the back office: what comes of the small form beside each."""

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from twinning.core.writing.set_aside import LONGEST_EXCERPT, SetAside


def set_aside(admin, request, record):
    """Set a finding aside with the reason, or take that back; answers with the page on which it stood."""
    if record is None:
        raise Http404
    if not may_set_aside(record, by=request.user):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    code, excerpt = request.POST.get("check", ""), request.POST.get("excerpt", "")[:LONGEST_EXCERPT]
    if code not in [check.code for check in admin.writing_checks if check.warns]:
        raise BadRequest
    found, reason = SetAside.objects.of(record).filter(code=code, excerpt=excerpt), request.POST.get("reason", "")
    if "again" in request.POST:
        found.delete()
    elif not reason.strip():
        admin.message_user(request, _("Say in a word why it is to stand."), messages.ERROR)
    elif not found:
        SetAside(code=code, excerpt=excerpt, reason=reason, by=request.user, at=request.visit.at).save_for(record)
    return _back(admin, request, record)


def may_set_aside(record, *, by) -> bool:
    """Whether a person may set findings aside: who writes the record, or approves it."""
    return record.has_right("change", by=by) or record.has_right("approve", by=by)


def _back(admin, request, record) -> HttpResponseRedirect:
    page = "copy" if "copy" in request.POST else "change"
    address = reverse(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_{page}", args=[record.pk])
    return HttpResponseRedirect(f"{address}{'?edit=1' if 'edit' in request.POST else ''}#checks")
