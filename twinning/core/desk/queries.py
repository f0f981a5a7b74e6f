"""Which records are on a desk: one query for each section over all kinds of record, compiled once per process.

A row names a record or a working copy by content type and key; what it says is read afterwards, of those that are shown. No
query reads more for a larger archive: what waits, what is scheduled and what is a draft have indexes of their own.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache, reduce
from operator import or_
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from twinning.core.desk.sections import MOST_COUNTED
from twinning.core.fields.queries import compiled_with
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.gate import Publishable
from twinning.core.publishing.steps import ASK_BACK, SEND_BACK, SUBMIT

# Of each kind, so many drafts are looked at, those first that were saved last.
MOST_DRAFTS = 500
MOST_PUBLISHED = 3
FAILED, URGENT, IN_REVIEW = range(3)

Kinds = tuple[type[Publishable], ...]
Key = tuple[int, int]  # of a record or a working copy: content type and primary key


class Row(NamedTuple):
    """A record or a working copy: its key, its rank among the others, and the moment by which it is sorted."""

    kind: int
    pk: int
    rank: int
    moment: datetime

    @property
    def key(self) -> Key:
        return self.kind, self.pk


def kinds_with(right: str, *, by) -> Kinds:
    """The publishable kinds to which a person has a right, in the order of the apps."""
    kinds = (model for model in apps.get_models() if issubclass(model, Publishable))
    return tuple(kind for kind in kinds if kind.has_right(right, by=by))


def key_of(subject: models.Model) -> Key:
    """The content type and the key of a record or a working copy."""
    return ContentType.objects.get_for_model(type(subject)).pk, subject.pk


def content_types(kinds) -> list[ContentType]:
    return list(ContentType.objects.get_for_models(*kinds).values())


def waiting_rows(kinds: Kinds, *, by) -> list[Row]:
    """What waits for this approver: what failed, what is public already, what is in review; each the oldest first."""
    return _rows(_waiting(kinds, settings.FOUR_EYES)(person=by.pk)) if kinds else []


def asked_back_rows(kinds: Kinds, *, at) -> list[Row]:
    """What is scheduled, and somebody asks for it back; what comes out next first."""
    return _rows(_asked_back(kinds)(at=at)) if kinds else []


def draft_rows(kinds: Kinds, *, by) -> list[Row]:
    """The drafts that this person wrote or submitted; rank 0 for those that came back to them."""
    return _rows(_drafts(kinds)(person=by.pk)) if kinds else []


def coming_rows(kinds: Kinds, *, at, until) -> list[Row]:
    """What is approved and becomes public between two moments."""
    return _rows(_coming(kinds)(at=at, until=until)) if kinds else []


def published_rows(kinds: Kinds, *, at) -> list[Row]:
    """What was published last."""
    return _rows(_published(kinds)(at=at))[:MOST_PUBLISHED] if kinds else []


def number_waiting(kinds: Kinds, *, by) -> int:
    """How many records wait for this approver: every page of the back office asks it."""
    return len(_number_waiting(kinds, settings.FOUR_EYES)(person=by.pk))


def steps_taken(keys: Iterable[Key], *steps: str) -> list[HistoryEvent]:
    """When some steps were taken with some records, the oldest first.

    The database does not sort: SQLite would go through the whole history instead of looking for the records.
    """
    by_kind = {}
    for kind, pk in keys:
        by_kind.setdefault(kind, []).append(pk)
    if not by_kind:
        return []
    chosen = reduce(or_, (Q(content_type=kind, object_id__in=pks) for kind, pks in by_kind.items()))
    events = HistoryEvent.objects.filter(chosen, what__in=steps).select_related("by").defer("snapshot")
    return sorted(events.order_by(), key=lambda event: event.pk)


def _rows(found: list) -> list[Row]:
    return [Row(*values) for values in found]


def _joined(querysets: list[models.QuerySet], *order: str) -> models.QuerySet:
    """The first rows of several querysets with ``rank`` and ``moment`` in one order."""
    values = [
        each.order_by()
        .annotate(kind_key=Value(ContentType.objects.get_for_model(each.model).pk))
        .values_list("kind_key", "pk", "rank", "moment")
        for each in querysets
    ]
    return values[0].union(*values[1:], all=True).order_by(*order)[:MOST_COUNTED]


def _copies(kinds: Kinds) -> models.QuerySet:
    return WorkingCopy.objects.filter(content_type__in=content_types(kinds))


def _waiting_for(kinds: Kinds, person) -> list[models.QuerySet]:
    """Each sort by itself: with one condition for two sorts, PostgreSQL goes through all records."""
    copies = _copies(kinds)
    sound = [*(kind.objects.all() for kind in kinds), copies.filter(failure="")]
    return [copies.failed(), *(sort for each in sound for sort in (each.to_approve(person), each.to_confirm(person)))]


@cache
def _number_waiting(kinds: Kinds, four_eyes: str):
    def rows(person):
        first, *others = (each.order_by().values_list(Value(1)) for each in _waiting_for(kinds, person))
        return first.union(*others, all=True).order_by()

    return compiled_with(rows, {"person": int})


@cache
def _waiting(kinds: Kinds, four_eyes: str):
    def rows(person):
        since = Coalesce("submitted_at", "approved_at")
        found = [each.annotate(rank=_urgency(each.model), moment=since) for each in _waiting_for(kinds, person)]
        return _joined(found, "rank", "moment")

    return compiled_with(rows, {"person": int})


def _urgency(model: type[models.Model]) -> Case:
    failed = [When(~Q(failure=""), then=FAILED)] if model is WorkingCopy else []
    return Case(*failed, When(approved_at__isnull=False, then=URGENT), default=IN_REVIEW)


@cache
def _drafts(kinds: Kinds):
    def rows(person):
        drafts = [*(kind.objects.all() for kind in kinds), _copies(kinds)]
        return _joined([_written_by(person, each) for each in drafts], "rank", "-moment")

    return compiled_with(rows, {"person": int})


def _written_by(person, records: models.QuerySet) -> models.QuerySet:
    """The drafts among some records that a person wrote or submitted last."""
    saved = "begun_at" if records.model is WorkingCopy else "updated_at"
    latest = records.filter(approved_at=None, submitted_at=None).order_by(f"-{saved}").values("pk")[:MOST_DRAFTS]
    events = HistoryEvent.objects.filter(
        content_type=ContentType.objects.get_for_model(records.model), object_id=OuterRef("pk")
    )
    submitted = events.filter(what=SUBMIT.name).order_by("-pk")
    written = events.filter(what__in=[EventKind.ADD, EventKind.CHANGE, EventKind.RESTORE], by=person)
    came_back = When(last_step=SEND_BACK.name, submitted_last_by=person, then=0)
    return (
        records.model.objects.filter(pk__in=latest)
        .alias(last_step=Subquery(_steps_of(records.model)[:1]), submitted_last_by=Subquery(submitted.values("by")[:1]))
        .filter(Exists(written) | Q(submitted_last_by=person))
        .annotate(rank=Case(came_back, default=1), moment=F(saved))
    )


@cache
def _coming(kinds: Kinds):
    def rows(at, until):
        scheduled = [*(kind.objects.all() for kind in kinds), _copies(kinds).filter(failure="")]
        coming = [
            each.filter(approved_at__isnull=False, publish_at__gt=at, publish_at__lte=until) for each in scheduled
        ]
        return _joined([each.annotate(rank=Value(0), moment=F("publish_at")) for each in coming], "moment")

    return compiled_with(rows, {"at": datetime, "until": datetime})


@cache
def _asked_back(kinds: Kinds):
    def rows(at):
        scheduled = [*(kind.objects.all() for kind in kinds), _copies(kinds).filter(failure="")]
        asked = [
            each.filter(approved_at__isnull=False, publish_at__gt=at).alias(last=Subquery(_steps_of(each.model)[:1]))
            for each in scheduled
        ]
        return _joined(
            [each.filter(last=ASK_BACK.name).annotate(rank=Value(0), moment=F("publish_at")) for each in asked],
            "moment",
        )

    return compiled_with(rows, {"at": datetime})


def _steps_of(model: type[models.Model]) -> models.QuerySet:
    """The names of the steps that were taken with a record of the outer query, the last first."""
    kind = ContentType.objects.get_for_model(model)
    events = HistoryEvent.objects.filter(content_type=kind, object_id=OuterRef("pk"), what__in=model.steps)
    return events.order_by("-pk").values("what")


@cache
def _published(kinds: Kinds):
    def rows(at):
        newest = [
            kind.objects.filter(
                pk__in=kind.objects.published(at=at).order_by("-publish_at").values("pk")[:MOST_PUBLISHED]
            ).annotate(rank=Value(0), moment=F("publish_at"))
            for kind in kinds
        ]
        return _joined(newest, "-moment")

    return compiled_with(rows, {"at": datetime})
