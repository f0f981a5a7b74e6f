"""Steps that change the content of a record: of a draft at once, of a public record in its working copy."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from twinning.core.history import snapshots
from twinning.core.history.events import current_state, note
from twinning.core.publishing.copies import WorkingCopy, begin, lock
from twinning.core.publishing.gate import Publishable
from twinning.core.publishing.steps import READABLE, Step

APPROVED_COPY = _("The working copy of it is approved already. Send that back first, and record this then.")


@contextmanager
def as_to_be(record: Publishable) -> Iterator[Publishable]:
    """Context manager: the record as its working copy has it, if there is one; nothing that is saved inside remains."""
    fresh = type(record)._base_manager.get(pk=record.pk)
    copy = WorkingCopy.objects.of(record).first()
    if not copy:
        yield fresh
        return
    with snapshots.as_if(fresh, copy.snapshot, is_whole=False):
        yield fresh


@contextmanager
def writing(record: Publishable, step: Step, *, by, at: datetime, remark: str = "", **details) -> Iterator[Publishable]:
    """Context manager: take a step that changes the content; yields the record as it is to be, which is saved inside.

    A public record stays as it is: what is saved goes into its working copy, a new one or the one that is there, so that
    somebody else approves it. The step is written into the history; who takes it is an author.
    """
    if not record.has_right(step.right, by=by):
        raise PermissionDenied
    with transaction.atomic():
        stored = lock(type(record), record.pk)
        if (state := stored.state(at=at)) not in step.begins:
            message = _("This is not possible now: the record is “%(state)s”.") % {"state": state.label}
            raise ValidationError(message, code="not_possible_now")
        noted = {"by": by, "at": at, "remark": remark, **details}
        if state not in READABLE:
            current_state(stored, at=at)
            yield stored
            note(stored, step.name, snapshot=snapshots.take(stored), **noted)
            return
        copy = begin(stored, by=by, at=at)
        if copy.approved_at:
            raise ValidationError(APPROVED_COPY, code="copy_approved")
        with snapshots.as_if(stored, copy.snapshot):
            yield stored
            snapshot = snapshots.take(stored)
        copy.keep(snapshot, what=step.name, **noted)
