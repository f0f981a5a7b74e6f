"""Going back: an earlier snapshot of a record is put back, or begins a working copy of a public record."""

from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from twinning.core.history import snapshots
from twinning.core.history.events import EventKind, HistoryEvent, content, note
from twinning.core.publishing.copies import WorkingCopy, begin
from twinning.core.publishing.workflow import State

UNCHANGED = _("It is like this already.")
HAS_COPY = _("There is a working copy already. Publish or discard it first.")
NOT_RESTORABLE = {
    State.SCHEDULED: _("This is scheduled. It has to be sent back before it can go back to an earlier state."),
    State.TAKEN_DOWN: _("This has been taken down for good."),
}


def restore(record: models.Model, event: HistoryEvent, *, by, at: datetime) -> list[str]:
    """Put the snapshot of an event back into its record; return a message for each value that could not be put back.

    What only approvers change stays as it is when somebody else goes back. Raises ValidationError, and changes nothing, when
    that is not possible.
    """
    with transaction.atomic():
        snapshot = _permitted(record, event, by=by)
        missing = _put_back(record, snapshot)
        note(
            record,
            EventKind.RESTORE,
            by=by,
            at=at,
            snapshot=content(record),
            of_at=event.at.isoformat(),
            missing=missing,
        )
    return missing


def restore_into_copy(record: models.Model, event: HistoryEvent, *, by, at: datetime) -> list[str]:
    """Begin a working copy of a public record with the snapshot of an event; otherwise as ``restore``."""
    if message := NOT_RESTORABLE.get(state := record.state(at=at)):
        raise ValidationError(message, code=state.value)
    with transaction.atomic():
        snapshot = _permitted(record, event, by=by)
        if WorkingCopy.objects.of(record).exists():
            raise ValidationError(HAS_COPY, code="has-copy")
        copy = begin(record, by=by, at=at)
        with transaction.atomic():
            # Conflicts are reported now, and not when somebody opens the copy.
            missing = _put_back(copy.fresh_record(), snapshot, keep_keys=True)
            snapshot = snapshots.take(record)
            transaction.set_rollback(True)
        copy.keep(snapshot, by=by, at=at)
    return missing


def _permitted(record: models.Model, event: HistoryEvent, *, by) -> dict:
    """The snapshot of an event as this person may put it back; ValidationError if the record is like that already."""
    now, names = content(record), getattr(record, "for_approvers", ())
    is_free = not names or record.has_right("approve", by=by)
    snapshot = event.snapshot if is_free else snapshots.with_fields(names, of=now, snapshot=event.snapshot)
    if now == snapshot:
        raise ValidationError(UNCHANGED, code="unchanged")
    return snapshot


def _put_back(record: models.Model, snapshot: dict, **options) -> list[str]:
    with transaction.atomic():
        missing = snapshots.put_back(record, snapshot, **options)
        record.full_clean()
    return list(map(str, missing))


def labelled_messages(error: ValidationError, model: type[models.Model]) -> list[str]:
    """The messages of an error, each behind the label of its field."""
    if not hasattr(error, "error_dict"):
        return error.messages
    labels = {field.name: capfirst(field.verbose_name) for field in model._meta.fields}
    return [
        message if name == NON_FIELD_ERRORS else f"{labels.get(name, name)}: {message}"
        for name, messages in error.message_dict.items()
        for message in messages
    ]
