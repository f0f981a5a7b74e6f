"""The approvers' list: all records that wait for approval, in sections, and their number for every page."""

from dataclasses import dataclass

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from twinning.core.desk.queries import Key, content_types, key_of, kinds_with, number_waiting, steps_taken
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.gate import Publishable
from twinning.core.publishing.in_words import state_in_words
from twinning.core.publishing.steps import SUBMIT, SUBMIT_AGAIN
from twinning.core.publishing.workflow import Approvable

PEOPLE = ("submitted_by", "approved_by")


@dataclass
class Item:
    """A record, or a working copy of one, that waits for somebody."""

    subject: Approvable
    record: Publishable
    is_copy: bool
    state_in_words: str = ""
    remark: str = ""

    @property
    def kind(self) -> str:
        return self.record._meta.verbose_name

    @property
    def url(self) -> str:
        opts, page = self.record._meta, "copy" if self.is_copy else "change"
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[self.record.pk])


def number(*, by) -> int | None:
    """The number of records that wait for this approver, in one query; None for somebody who approves nothing."""
    kinds = kinds_with("approve", by=by)
    return number_waiting(kinds, by=by) if kinds else None


def waiting(*, by, at) -> dict[str, list[Item]]:
    """The records that a person may approve, the oldest first, in sections: failed, urgent, in review, own."""
    kinds = kinds_with("approve", by=by)
    waiting = [kind.objects.waiting().with_authorship(by).select_related(*PEOPLE) for kind in kinds]
    items = [Item(record, record, False) for records in waiting for record in records]
    copies = WorkingCopy.objects.filter(content_type__in=content_types(kinds))
    copies = (
        (copies.waiting() | copies.failed())
        .with_authorship(by)
        .select_related(*PEOPLE)
        .defer("snapshot")
        .prefetch_related("record")
    )
    items += [Item(copy, copy.record, True) for copy in copies if copy.record]
    remarks = _remarks([item.subject for item in items if not item.subject.approved_at])
    found = {"failed": [], "urgent": [], "in_review": [], "own": []}
    for item in sorted(items, key=lambda item: item.subject.submitted_at or item.subject.approved_at):
        item.state_in_words = state_in_words(item.subject, at=at)
        item.remark = remarks.get(key_of(item.subject), "")
        found[_place(item, by=by, at=at)].append(item)
    return found


def _place(item: Item, *, by, at) -> str:
    """The section of an item on the approver's list."""
    if item.is_copy and item.subject.failure:
        return "failed"
    is_urgent = item.subject.awaits_confirmation
    if item.subject.why_not("confirm" if is_urgent else "approve", by=by, at=at):
        return "own"
    return "urgent" if is_urgent else "in_review"


def _remarks(subjects: list[Approvable]) -> dict[Key, str]:
    """The remark of the last submission of each record, its first or a later one."""
    events = steps_taken(map(key_of, subjects), SUBMIT.name, SUBMIT_AGAIN.name)
    return {(event.content_type_id, event.object_id): event.remark for event in events}


@require_safe
def page(request):
    """The approver's list."""
    if not kinds_with("approve", by=request.user):
        raise PermissionDenied
    found = waiting(by=request.user, at=request.visit.at)
    context = {**admin.site.each_context(request), "title": _("Waiting for approval"), **found}
    return TemplateResponse(request, "core/desk/waiting.html", context | {"is_empty": not any(found.values())})
