"""Undoing an import: what it wrote goes, as long as nobody has done anything else with it since."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from twinning.core.history.events import EventKind, HistoryEvent, content, note
from twinning.core.imports.batches import ExternalId, ImportBatch
from twinning.core.publishing.copies import WorkingCopy, copies_of
from twinning.core.publishing.restore import restore


def last_events(records: Sequence[models.Model]) -> dict[int, HistoryEvent]:
    """The newest event of each of some records of one kind, by the key of the record."""
    if not records:
        return {}
    kind = ContentType.objects.get_for_model(records[0])
    events = HistoryEvent.objects.filter(content_type=kind, object_id__in=[one.pk for one in records])
    newest = events.order_by().values("object_id").annotate(newest=Max("pk")).values("newest")
    return {event.object_id: event for event in HistoryEvent.objects.filter(pk__in=newest)}


def undo_records(batch: ImportBatch, records: Sequence[models.Model], *, by) -> list[tuple[str, str]]:
    """Undo what a batch did to some of its records; returns the names of those that stay, each with the reason."""
    copies = copies_of(records)
    subjects = [copies.get(record.pk, record) for record in records]
    last = {type(one): last_events([s for s in subjects if type(s) is type(one)]) for one in subjects}
    left = []
    for record, subject in zip(records, subjects, strict=True):
        event = last[type(subject)].get(subject.pk)
        if not event or (event.at, event.by_id) != (batch.at, batch.by_id):
            left.append((str(record), _("Somebody has done something with it since; undo that, or delete it.")))
        elif reason := _refusal_to_undo(record, subject, event, by=by):
            left.append((str(record), reason))
    return left


def _refusal_to_undo(record: models.Model, subject: models.Model, event: HistoryEvent, *, by) -> str:
    """Undo what an event did; returns why not, or an empty text."""
    try:
        with transaction.atomic():
            if subject is not record:
                _undo_copy(subject, event, by=by)
            elif event.what == EventKind.ADD:
                _delete(record, by=by)
            else:
                restore(record, event.last_state(), by=by, at=timezone.now())
    except ProtectedError:
        return _("Other records name it.")
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _undo_copy(copy: WorkingCopy, event: HistoryEvent, *, by) -> None:
    """Drop a working copy that the import began, or give an earlier one its content back."""
    before = event.last_state()
    if before.at == event.at:
        copy.drop(by=by, at=timezone.now())
    else:
        copy.keep(before.snapshot, by=by, at=timezone.now())


def _delete(record: models.Model, *, by) -> None:
    key, kind = record.pk, ContentType.objects.get_for_model(record)
    note(record, EventKind.DELETE, by=by, at=timezone.now(), snapshot=content(record))
    record.delete()
    ExternalId.objects.filter(content_type=kind, object_id=key).delete()
