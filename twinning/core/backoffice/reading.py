"""The page on which a record is read: what nobody edits at the moment, with the steps that its reader may take.

A record opens like this for everybody once it is approved, for approvers while it is in review, and always for those who may
only look. It shows the page that the public gets, what has changed, what the public does not see, and what comes next.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override

from twinning.core.backoffice.steps import WayForm, take, version_of
from twinning.core.editing.open_forms import OpenForm
from twinning.core.fields.date_words import day_in_words
from twinning.core.fields.moments import moment_in_words
from twinning.core.history import snapshots
from twinning.core.history.compare import Difference, differences
from twinning.core.history.describe import describe
from twinning.core.history.events import HistoryEvent
from twinning.core.lists.way_back import keeping_list
from twinning.core.previews.framed import WITH_FRAME
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.gate import Publishable
from twinning.core.publishing.in_words import after_step, name_of, quicker, state_in_words
from twinning.core.publishing.next_steps import Next, next_step, what_it_lacks
from twinning.core.publishing.steps import ASK_BACK, SEND_BACK, SUBMIT, SUBMIT_AGAIN, State, Step
from twinning.core.writing.checks import Findings, findings_of

MOST_EVENTS = 5
MOST_USES = 5
REMARKED = [step.name for step in (SUBMIT, SUBMIT_AGAIN, SEND_BACK, ASK_BACK)]
READ = "_read"  # the field with the version that somebody has read
EDIT = "edit"  # the parameter by which an approver opens the form instead


def is_read(admin, request, subject) -> bool:
    """Whether a record or a working copy opens to be read, and not in its form."""
    if subject.approved_at or not subject.has_right("change", by=request.user):
        return True
    if not subject.submitted_at or not subject.has_right("approve", by=request.user):
        return False
    if request.method == "POST":
        return READ in request.POST
    return EDIT not in request.GET and not request.visit.problem


def answer(admin, request):
    """The page, or what comes of a step that was taken on it."""
    if request.method == "POST":
        return _take(admin, request)
    return _page(request, admin)


def _take(admin, request):
    visit = request.visit
    if not visit.step:
        raise PermissionDenied
    if visit.step.name not in visit.offered:
        admin.message_user(request, quicker(visit.record, visit.subject, at=visit.at), messages.WARNING)
        return _redirect(admin, request)
    if visit.step.vouches and request.POST.get(READ) != version_of(visit.subject, at=visit.at):
        admin.message_user(request, _("It was changed while you read it. Read it again."), messages.WARNING)
        return _redirect(admin, request)
    stood_on_desk = visit.state == State.IN_REVIEW or visit.subject.awaits_confirmation
    form = WayForm(visit.step, admin.form, request.POST, auto_id=_ids(visit.step))
    if form.is_valid() and _is_taken(admin, request, form):
        return _after(admin, request, stood_on_desk)
    return _page(request, admin, refused=form)


def _is_taken(admin, request, form: WayForm) -> bool:
    """Take the step; if it is refused, the form says why, and everything is as it was."""
    visit = request.visit
    try:
        with transaction.atomic():
            take(visit.step, visit.subject, form, by=visit.by, at=visit.at)
            return True
    except ValidationError as error:
        if not form.takes_over(error):
            for message in error.messages:
                form.add_error(None, message)
        admin.set_subject(request, admin.model._base_manager.get(pk=visit.record.pk))
        return False


def _after(admin, request, stood_on_desk: bool) -> HttpResponseRedirect:
    """What stood on the desk leads back to it, everything else to the record."""
    visit = request.visit
    is_public_now = visit.copy and not visit.copy.pk
    said = _("Published.") if is_public_now else after_step(visit.step, visit.subject, at=visit.at)
    said = f"{_('Working copy')}: {said}" if visit.copy and not is_public_now else said
    said = f"{visit.step.done}. {said}" if visit.step.name == ASK_BACK.name else said
    admin.message_user(request, format_html("“{}”: {}", visit.record, said), messages.SUCCESS)
    if stood_on_desk:
        return HttpResponseRedirect(reverse("admin:index"))
    return _redirect(admin, request, of_copy=visit.copy and not is_public_now)


def _redirect(admin, request, *, of_copy: bool | None = None) -> HttpResponseRedirect:
    of_copy = request.visit.of_copy if of_copy is None else of_copy
    page = _address(admin, "copy" if of_copy else "change", request.visit.record)
    return HttpResponseRedirect(keeping_list(request, page))


def _address(admin, page: str, record) -> str:
    return reverse(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_{page}", args=[record.pk])


# The page -------------------------------------------------------------------------------------------------------------


@csp_override(WITH_FRAME)
def _page(request, admin, *, refused: WayForm | None = None) -> TemplateResponse:
    visit = request.visit
    record, subject = visit.record, visit.subject
    ways = _ways(admin, visit, {visit.step.name: refused} if refused else {})
    may_delete = not visit.copy and admin.has_delete_permission(request, record)
    may_delete = may_delete and not admin.reason_not_deletable(record, at=visit.at)
    may_discard = visit.copy and visit.copy.may_discard(by=visit.by)
    context = {
        **admin.admin_site.each_context(request),
        "title": str(record),
        "opts": admin.opts,
        "original": record,
        "visit": visit,
        "state": visit.state,
        "state_in_words": state_in_words(subject, at=visit.at),
        "page_url": _address(admin, "framed_copy" if visit.copy else "framed", record),
        "public_url": record.get_absolute_url() if admin.is_readable(record, at=visit.at) else "",
        # Only where it is asked for: looking at what is public writes nothing into its history.
        "version": version_of(subject, at=visit.at) if any(way.step.vouches for way in ways) else "",
        "next": next_of(visit),
        "ways": ways,
        "is_way_strong": any(way.is_strong for way in ways),
        "has_more": any(way.step.fold for way in ways) or may_discard or may_delete,
        "is_more_wrong": any(way.step.fold and way.is_wrong for way in ways),
        "problems": refused.non_field_errors() if refused else [],
        "may_discard_copy": may_discard,
        "may_delete": may_delete,
        "lacks": what_it_lacks(subject, at=visit.at) if visit.state != State.TAKEN_DOWN else [],
        "findings": _findings(admin, visit),
        "others": list(OpenForm.objects.others(subject, than=visit.by, at=visit.at)),
        "previews": admin.previews_of(record, at=visit.at),
        "has_happened": admin.has_happened(request, record),
        **_facts(admin, visit),
    }  # fmt: skip
    return TemplateResponse(request, "core/backoffice/reading.html", context)


def _findings(admin, visit) -> Findings | None:
    """What the approver may want to look at; once it is public, that is read in its working copy."""
    if visit.state not in (State.DRAFT, State.IN_REVIEW, State.SCHEDULED):
        return None
    return findings_of(visit.subject, admin.writing_checks, at=visit.at)


def next_of(visit) -> Next:
    """What comes next for the person of a visit."""
    copy = visit.copy
    if visit.is_locked and not visit.of_copy:
        copy = WorkingCopy.objects.of(visit.record).select_related("begun_by").defer("snapshot").first()
    return next_step(visit.record, copy, of_copy=visit.of_copy, offered=visit.offered, by=visit.by, at=visit.at)


@dataclass(frozen=True)
class Way:
    """A way to take a step: its button, with the fields that it asks for; without any it is pressed at once."""

    step: Step
    words: str
    form: WayForm | None = None
    value: str = "on"
    is_strong: bool = False

    @property
    def is_wrong(self) -> bool:
        """Whether a field of it is wrong; why the step was refused stands above the page."""
        return bool(self.form and self.form.is_bound and self.form.errors.keys() - {NON_FIELD_ERRORS})


def _ids(step: Step) -> str:
    return f"id_{step.name}_%s"


def _ways(admin, visit, refused: dict[str, WayForm]) -> list[Way]:
    """The ways to all steps that are offered. One is strong: to vouch for it, or what leads to a form, or the first."""
    steps = sorted(visit.offered.values(), key=lambda step: (bool(step.fold), not step.vouches))
    ways = [way for step in steps for way in _ways_to(step, admin, visit, refused.get(step.name))]
    if ways and not ways[0].step.fold and (ways[0].step.vouches or not next_of(visit).code):
        ways[0] = replace(ways[0], is_strong=True)
    return ways


def _ways_to(step: Step, admin, visit, refused: WayForm | None) -> list[Way]:
    initial = {"publish_at": visit.subject.publish_at} if visit.state == State.SCHEDULED else {}
    form = refused or WayForm(step, admin.form, initial=initial, auto_id=_ids(step))
    if step.later_button:
        at_once = Way(step, step.button_alone, value="now")
        return [at_once, Way(step, step.later_button, form)]
    is_plain = step.vouches and not (step.asks_for or step.needs or step.fold)
    return [Way(step, step.button_alone, None if is_plain else form)]


# What the public does not see -----------------------------------------------------------------------------------------


def _facts(admin, visit) -> dict:
    """Context: what only colleagues know of the record."""
    record, subject = visit.record, visit.subject
    events = list(HistoryEvent.objects.of(subject).select_related("by").defer("snapshot")[:MOST_EVENTS])
    last = HistoryEvent.objects.of(subject).filter(what__in=REMARKED)
    last = last.exclude(remark="").select_related("by").defer("snapshot").first()
    return {
        "for_office": _office_facts(admin, record),
        "not_recorded": admin.not_recorded(record) if not visit.copy else [],
        "remark": last,
        "remark_by": last and name_of(last.by),
        "entries": describe(events),
        "uses": _uses(record) if not visit.copy else [],
        "changes": _changes(visit),
    }


def _office_facts(admin, record) -> list[tuple[str, str]]:
    """The fields that only the office sees and that are filled in, each with its label."""
    fields = (record._meta.get_field(name) for name in admin.for_office)
    found = [(field.verbose_name, getattr(record, field.name)) for field in fields]
    return [(label, _in_words(value)) for label, value in found if value]


def _in_words(value) -> str:
    if isinstance(value, datetime):
        return moment_in_words(value)
    if isinstance(value, date):
        return day_in_words(value)
    return name_of(value) if isinstance(value, models.Model) else str(value)


@dataclass(frozen=True)
class Use:
    """Records of one kind that name a record."""

    kind: str
    named: list[tuple[str, str]]  # the name and the address of each
    is_more: bool


def _uses(record) -> list[Use]:
    relations = [one for one in record._meta.related_objects if issubclass(one.related_model, Publishable)]
    return [use for relation in relations if (use := _use(record, relation))]


def _use(record, relation: models.ForeignObjectRel) -> Use | None:
    model, opts = relation.related_model, relation.related_model._meta
    found = list(model._base_manager.filter(**{relation.field.name: record}).order_by("-pk")[: MOST_USES + 1])
    if not found:
        return None
    address = f"admin:{opts.app_label}_{opts.model_name}_change"
    named = [(str(one), reverse(address, args=[one.pk])) for one in found[:MOST_USES]]
    return Use(opts.verbose_name_plural, named, is_more=len(found) > MOST_USES)


@dataclass(frozen=True)
class Changes:
    """What differs in a text that waits: from the public page, or from what was sent back at a moment."""

    differences: list[Difference]
    since: datetime | None = None


def _changes(visit) -> Changes | None:
    """None for what has been seen by nobody before, and for what does not wait."""
    record, copy = visit.record, visit.copy
    if copy:
        return Changes(differences(type(record), snapshots.take(record), copy.snapshot, reader=visit.by))
    if visit.state != State.IN_REVIEW:
        return None
    back = HistoryEvent.objects.of(record).filter(what=SEND_BACK.name).first()
    before = back and back.last_state()
    if not before:
        return None
    return Changes(differences(type(record), before.snapshot, snapshots.take(record), reader=visit.by), since=back.at)
