"""An earlier state of a record, brought back."""

from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from twinning.core import snapshots
from twinning.core.approval import State
from twinning.core.copies import WorkingCopy, begin
from twinning.core.history import HistoryEvent, What, content, note

_ALREADY = _("It is like this already.")
_NOT_NOW = {
    State.SCHEDULED: _("This is scheduled. It has to be sent back before it can go back to an earlier state."),
    State.TAKEN_DOWN: _("This has been taken down for good."),
}


def restore(record: models.Model, event: HistoryEvent, *, by, at: datetime) -> list[str]:
    """Make a record what it was after an event; return what could not be brought back, in words.

    Raises ValidationError, and changes nothing, when that is not possible.
    """
    with transaction.atomic():
        if content(record) == event.snapshot:
            raise ValidationError(_ALREADY)
        lost = _put_back(record, event.snapshot)
        note(record, What.RESTORE, by=by, at=at, with_content=True, of_at=event.at.isoformat(), lost=lost)
    return lost


def restore_into_copy(record: models.Model, event: HistoryEvent, *, by, at: datetime) -> list[str]:
    """Begin a working copy of a public record with what it was after an event; otherwise as ``restore``."""
    if message := _NOT_NOW.get(record.state(at=at)):
        raise ValidationError(message)
    with transaction.atomic():
        if content(record) == event.snapshot:
            raise ValidationError(_ALREADY)
        if WorkingCopy.objects.of(record).exists():
            raise ValidationError(_("There is a working copy already. Publish or discard it first."))
        copy = begin(record, by=by, at=at)
        with transaction.atomic():
            # What no longer fits is found out now, and not when somebody opens the copy.
            lost = _put_back(copy.fresh_record(), event.snapshot, keep_keys=True)
            snapshot = snapshots.take(record)
            transaction.set_rollback(True)
        copy.keep(snapshot, by=by, at=at)
    return lost


def _put_back(record: models.Model, snapshot: dict, **options) -> list[str]:
    with transaction.atomic():
        lost = snapshots.put_back(record, snapshot, **options)
        record.full_clean()
    return list(map(str, lost))


def in_words(error: ValidationError, model: type[models.Model]) -> list[str]:
    """What stands in the way, each message with the name of its field."""
    if not hasattr(error, "error_dict"):
        return error.messages
    labels = {field.name: capfirst(field.verbose_name) for field in model._meta.fields}
    return [
        message if name == NON_FIELD_ERRORS else f"{labels.get(name, name)}: {message}"
        for name, messages in error.message_dict.items()
        for message in messages
    ]
