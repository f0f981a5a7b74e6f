"""Jobs: what is done with all records of a batch, piece by piece, after the answer to whoever asked for it.

Each piece is a transaction of its own that locks the batch first: others can save in between, the page of the batch sees how
far it is, and a job that was killed goes on behind the last piece. A job ends when the batch has another one.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext as _

from twinning.core.imports.batches import ImportBatch, Job
from twinning.core.imports.plans import Row
from twinning.core.imports.undoing import undo_records
from twinning.core.imports.uploads import ImportUpload, importer_of
from twinning.core.imports.writing import AT_ONCE, check_rights
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.steps import State
from twinning.core.web.tasks import owe


def begin_writing(upload: ImportUpload, *, with_doubles: bool, by, at: datetime) -> ImportBatch:
    """Have the rows of a preview written as one batch."""
    with transaction.atomic():
        batch = upload.confirm(with_doubles=with_doubles, by=by, at=at)
        owe(carry_out, batch.pk)
    return batch


def begin(batch: ImportBatch, job: Job, *, by) -> bool:
    """Begin a job with all records of a batch, unless another one is at work; writing can be cancelled."""
    check_rights(batch.model, by=by)
    if job == Job.SUBMIT and not batch.model.has_right("submit", by=by):
        raise PermissionDenied
    ends = [Job.WRITE] if job == Job.CANCEL else [Job.NONE]
    with transaction.atomic():
        free = ImportBatch.objects.filter(pk=batch.pk, job__in=ends, undone_at=None)
        total = {} if job == Job.CANCEL else {"total": len(batch.records)}
        if begun := free.update(job=job, job_by=by, done=0, left=[], **total):
            owe(carry_out, batch.pk)
    return bool(begun)


@task(backend="owed")
def carry_out(pk: int) -> None:
    """Carry out the job of a batch."""
    if (batch := ImportBatch.objects.filter(pk=pk).first()) and batch.job:
        _JOBS[batch.job](batch)


def _pieces(batch: ImportBatch, things: list) -> Iterator[tuple[ImportBatch, list]]:
    """The things from where the job stands on, piece by piece, each with the locked batch; ends when the job does.

    What is set on the batch is saved with ``done``.
    """
    done, same = batch.done, ImportBatch.objects.filter(pk=batch.pk)
    same.filter(job=batch.job).update(total=len(things))
    while done < len(things):
        with transaction.atomic():
            locked = same.select_for_update(of=("self",)).first()
            if not locked or (locked.job, locked.done) != (batch.job, done):
                return
            piece = things[done : done + AT_ONCE]
            yield locked, piece
            done += len(piece)
            locked.done = done
            locked.save(update_fields=["done", "left", "records"])


def _finished(batch: ImportBatch) -> models.QuerySet:
    """The batch, if it still has the same job and all of that is done; another process may have gone on with it."""
    return ImportBatch.objects.filter(pk=batch.pk, job=batch.job, done=F("total"))


# Writing --------------------------------------------------------------------------------------------------------------


def _write(batch: ImportBatch) -> None:
    importer = importer_of(batch.model)(at=batch.at)
    confirmed = list(batch.upload.confirmed().items())
    rows = {row.number: row for row in batch.upload.plan(importer).rows}
    for locked, piece in _pieces(batch, confirmed):
        planned = [_as_confirmed(rows[number], mark) for number, mark in piece]
        left = [row for row in planned if row.problems]
        possible = [row for row in planned if not row.problems]
        left += importer.write_rows(possible, by=batch.by)
        locked.add(possible, left=left)
    with transaction.atomic():
        if _finished(batch).update(job=Job.NONE):
            batch.upload.delete()


def _as_confirmed(row: Row, mark: str) -> Row:
    if row.mark != mark and not row.problems:
        row.refuse("", _("Somebody has changed the record since you looked."))
    return row


# What comes after it --------------------------------------------------------------------------------------------------


def _submit(batch: ImportBatch) -> None:
    at, by = timezone.now(), batch.job_by
    for locked, piece in _pieces(batch, batch.records):
        for record in _stored(batch, piece):
            if reason := _refusal_to_submit(record, by=by, at=at):
                locked.left.append([str(record), reason])
    _finished(batch).update(job=Job.NONE)


def _refusal_to_submit(record: models.Model, *, by, at: datetime) -> str:
    """Submit a draft, or the working copy of what is public; returns why not, or an empty text."""
    copy = WorkingCopy.objects.of(record).first()
    if not copy and record.state(at=at) not in (State.DRAFT, State.IN_REVIEW):
        return ""  # it has been approved, and its copy published
    try:
        with transaction.atomic():
            (copy or record).submit(by=by, at=at)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def _undo(batch: ImportBatch) -> None:
    for locked, piece in _pieces(batch, batch.records):
        locked.left += undo_records(batch, _stored(batch, piece), by=batch.job_by)
    _finished(batch).update(job=Job.NONE, undone_at=timezone.now())


def _cancel(batch: ImportBatch) -> None:
    for locked, piece in _pieces(batch, batch.records):
        locked.left += undo_records(batch, _stored(batch, piece), by=batch.job_by)
    with transaction.atomic():
        if _finished(batch).exists():
            ImportUpload.objects.filter(batch=batch).delete()
        _finished(batch).filter(left=[]).delete()
        # Somebody has changed one of them meanwhile: the page of the batch names it.
        _finished(batch).update(job=Job.NONE, undone_at=timezone.now())


def _stored(batch: ImportBatch, piece: list) -> list[models.Model]:
    """The records of a piece, locked, as they are now."""
    keys = [key for key, _outcome in piece]
    return list(batch.model._base_manager.select_for_update(of=("self",)).filter(pk__in=keys))


_JOBS: dict[str, Callable[[ImportBatch], None]] = {
    Job.WRITE: _write, Job.CANCEL: _cancel, Job.SUBMIT: _submit, Job.UNDO: _undo,
}  # fmt: skip
