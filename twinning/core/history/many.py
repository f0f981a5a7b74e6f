"""Snapshots and events of many records of one kind, in a few queries for all of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Max

from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.history.snapshots import content_relations, part_relations, values_of


def related_keys(field: models.ManyToManyField, keys: Iterable[int] | None = None) -> dict[int, list[int]]:
    """The keys at the other end of a relation, for each of some records; without ``keys`` for all that have any."""
    rows, found = field.remote_field.through._base_manager.order_by(), defaultdict(list)
    if keys is not None:
        found |= {key: [] for key in keys}
        rows = rows.filter(**{f"{field.m2m_field_name()}__in": found})
    pairs = rows.values_list(f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id")
    for key, other in pairs:
        found[key].append(other)
    return {key: sorted(others) for key, others in found.items()}


def take_all(model: type[models.Model], keys: Sequence[int]) -> dict[int, dict]:
    """The snapshots of some records by their keys, the same that ``snapshots.take`` takes of each."""
    stored = model._base_manager.filter(pk__in=keys)
    taken = {one.pk: {"fields": values_of(one), "relations": {}, "parts": {}} for one in stored}
    for field in content_relations(model):
        for key, others in related_keys(field, taken).items():
            taken[key]["relations"][field.name] = others
    for relation in part_relations(model):
        _take_parts(relation, taken)
    return taken


def _take_parts(relation: models.ManyToOneRel, taken: dict[int, dict]) -> None:
    owner, name = relation.field, relation.get_accessor_name()
    for snapshot in taken.values():
        snapshot["parts"][name] = []
    rows = relation.related_model._base_manager.filter(**{f"{owner.name}__in": taken}).order_by("pk")
    for row in rows:
        parts = taken[getattr(row, owner.attname)]["parts"][name]
        parts.append({"pk": row.pk, "fields": values_of(row, owner=owner)})


def last_states(model: type[models.Model], keys: Sequence[int]) -> dict[int, HistoryEvent]:
    """The event that left each of some records as it is, by the key of the record; none for those without a history."""
    events = HistoryEvent.objects.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    newest = events.states().order_by().values("object_id").annotate(newest=Max("pk")).values("newest")
    return {event.object_id: event for event in HistoryEvent.objects.filter(pk__in=newest)}


def note_found(records: Sequence[models.Model], *, at: datetime) -> None:
    """Write down the content of records of which the history does not know what they are; ``current_state`` of many."""
    taken = take_all(type(records[0]), [one.pk for one in records]) if records else {}
    last = last_states(type(records[0]), [*taken]) if records else {}
    unknown = [one for one in records if one.pk not in last or last[one.pk].snapshot != taken[one.pk]]
    note_all(unknown, EventKind.FOUND, by=None, at=at, snapshots=taken)


def note_all(records: Sequence[models.Model], what: str, *, by, at: datetime, snapshots: dict[int, dict]) -> None:
    """Write the same kind of event into the history of each record, with its snapshot."""
    if not records:
        return
    kind = ContentType.objects.get_for_model(records[0])
    HistoryEvent.objects.bulk_create(
        HistoryEvent(
            content_type=kind, object_id=one.pk, name=str(one)[:300], what=what, at=at, by=by, snapshot=snapshots[one.pk]
        )
        for one in records
    )  # fmt: skip
