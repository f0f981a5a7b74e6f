"""Lists of work: records that wait for an approver, and drafts that were sent back to their submitter."""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, Subquery, Value, prefetch_related_objects
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from twinning.core.backoffice.steps import name_of, state_in_words
from twinning.core.fields.queries import compiled_with
from twinning.core.history.events import HistoryEvent
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.gate import Publishable
from twinning.core.publishing.steps import SEND_BACK, SUBMIT, SUBMIT_AGAIN, State
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
    remark_by: str = ""

    @property
    def kind(self) -> str:
        return self.record._meta.verbose_name

    @property
    def url(self) -> str:
        opts, page = self.record._meta, "copy" if self.is_copy else "change"
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[self.record.pk])


def _kinds(right: str, *, by) -> list[type[Publishable]]:
    """The publishable kinds to which a person has a right, in the order of the apps."""
    kinds = (model for model in apps.get_models() if issubclass(model, Publishable))
    return [kind for kind in kinds if kind().has_right(right, by=by)]


def _content_types(kinds: list) -> list[ContentType]:
    return list(ContentType.objects.get_for_models(*kinds).values())


def number(*, by) -> int | None:
    """The number of records that wait for this approver, in one query; None for somebody who approves nothing."""
    kinds = _kinds("approve", by=by)
    return len(_waiting_for(tuple(kinds), settings.FOUR_EYES)(person=by.pk)) if kinds else None


@cache
def _waiting_for(kinds: tuple[type[Publishable], ...], four_eyes: str):
    """The compiled query of a row for each record of some kinds that waits for a person: every page of the office asks it."""

    def rows(person):
        copies = WorkingCopy.objects.filter(content_type__in=_content_types(kinds))
        waiting = [*(kind.objects.waiting_for(person) for kind in kinds), copies.waiting_for(person) | copies.failed()]
        first, *others = (each.order_by().values_list(Value(1)) for each in waiting)
        return first.union(*others, all=True).order_by()

    return compiled_with(rows, {"person": int})


def waiting(*, by, at) -> dict[str, list[Item]]:
    """The records that a person may approve, the oldest first, in sections: failed, urgent, in review, own."""
    kinds = _kinds("approve", by=by)
    waiting = [kind.objects.waiting().with_authorship(by).select_related(*PEOPLE) for kind in kinds]
    items = [Item(record, record, False) for records in waiting for record in records]
    copies = WorkingCopy.objects.filter(content_type__in=_content_types(kinds))
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
        item.remark = remarks.get(_key(item.subject), "")
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


def _key(subject: Approvable) -> tuple[int, int]:
    return ContentType.objects.get_for_model(type(subject)).pk, subject.pk


def _remarks(subjects: list[Approvable]) -> dict[tuple[int, int], str]:
    """The remark of the last submission of each record, its first or a later one, by content type and key."""
    wanted = {}
    for subject in subjects:
        wanted.setdefault(type(subject), []).append(subject.pk)
    records = Q(pk=None)
    for model, keys in wanted.items():
        records |= Q(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    events = HistoryEvent.objects.filter(records, what__in=[SUBMIT.name, SUBMIT_AGAIN.name]).order_by("pk")
    return {(kind, key): remark for kind, key, remark in events.values_list("content_type", "object_id", "remark")}


def sent_back(*, by, at) -> list[Item]:
    """The drafts that this person submitted and an approver sent back, the newest first, with the remark."""
    if not (kinds := _kinds("submit", by=by)):
        return []
    same = {"content_type": OuterRef("content_type"), "object_id": OuterRef("object_id")}
    steps = HistoryEvent.objects.filter(**same, what__in={name for kind in kinds for name in kind.steps}).order_by(
        "-pk"
    )
    submissions = HistoryEvent.objects.filter(
        ~Exists(steps.filter(pk__gt=OuterRef("pk"), what=SUBMIT.name)),
        by=by, what=SUBMIT.name, content_type__in=_content_types([*kinds, WorkingCopy]),
    )  # fmt: skip
    last = submissions.annotate(last=Subquery(steps.values("pk")[:1])).values("last")
    events = HistoryEvent.objects.filter(pk__in=last, what=SEND_BACK.name).select_related("by")
    return [item for item in _to_mend(events.prefetch_related("record")) if _is_mine(item, kinds, at)]


def _to_mend(events) -> list[Item]:
    events = [event for event in events if event.record]
    copies = [event.record for event in events if isinstance(event.record, WorkingCopy)]
    prefetch_related_objects(copies, "record")
    items = [
        Item(event.record, getattr(event.record, "record", event.record), event.record in copies) for event in events
    ]
    for item, event in zip(items, events, strict=True):
        item.remark, item.remark_by = event.remark, name_of(event.by)
    return items


def _is_mine(item: Item, kinds: list, at) -> bool:
    return item.record and type(item.record) in kinds and item.subject.state(at=at) == State.DRAFT


@require_safe
def page(request):
    """The approver's list."""
    if not _kinds("approve", by=request.user):
        raise PermissionDenied
    found = waiting(by=request.user, at=request.visit.at)
    context = {**admin.site.each_context(request), "title": _("Waiting for approval"), **found}
    return TemplateResponse(request, "core/backoffice/waiting.html", context | {"is_empty": not any(found.values())})
