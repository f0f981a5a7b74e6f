"""Uploads: a sheet that somebody has sent, with its columns and its preview, until it is written or thrown away.

The file itself is not kept. What its rows say is kept in the database, for whoever sent it and nobody else.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.tasks import task

from twinning.core.imports.batches import ImportBatch, Job
from twinning.core.imports.columns import Target, match
from twinning.core.imports.importing import Importer
from twinning.core.imports.plans import Outcome, Plan, Row
from twinning.core.imports.writing import check_rights
from twinning.core.spreadsheets.sheets import NotReadable, Sheet
from twinning.core.web.tasks import owe

KEPT_FOR = timedelta(days=7)


class UploadQuerySet(models.QuerySet):
    """Uploads by kind of record and person."""

    def of(self, model: type[models.Model], *, by):
        """Those of a person, the newest first, without what is large."""
        kind = ContentType.objects.get_for_model(model)
        return self.filter(content_type=kind, by=by).order_by("-pk").defer("sheet", "rows")

    def keep(self, model: type[models.Model], sheet: Sheet, *, file_name: str, by, at: datetime) -> "ImportUpload":
        """Keep a sheet with the columns that its header names; removes all that have been kept for KEPT_FOR."""
        self.filter(at__lt=at - KEPT_FOR, batch=None).delete()
        columns = {place: target.field for place, target in match(sheet.header, importer_of(model).targets).items()}
        return self.create(
            content_type=ContentType.objects.get_for_model(model), file_name=file_name[:200], by=by, at=at,
            sheet={"header": sheet.header, "rows": sheet.rows}, columns=columns, total=len(sheet.rows),
        )  # fmt: skip


class ImportUpload(models.Model):
    """A sheet on its way: which column fills what, how many rows are looked at, and what would come of each."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    file_name = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    sheet = models.JSONField()
    columns = models.JSONField(default=dict)
    asked_at = models.DateTimeField(null=True)  # the preview was asked for
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    rows = models.JSONField(null=True)
    problem = models.TextField(blank=True)
    with_doubles = models.BooleanField(default=False)
    batch = models.OneToOneField(ImportBatch, models.CASCADE, null=True, related_name="upload")

    objects = UploadQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.file_name

    @property
    def model(self) -> type[models.Model]:
        return self.content_type.model_class()

    def look(self, columns: dict[int, str], *, at: datetime) -> None:
        """Ask for the preview, with these columns."""
        with transaction.atomic():
            self.columns, self.rows, self.problem, self.asked_at, self.done = columns, None, "", at, 0
            self.save(update_fields=["columns", "rows", "problem", "asked_at", "done"])
            owe(make_preview, self.pk)

    def plan(self, importer: Importer, **tell) -> Plan:
        """What would come of the sheet now."""
        rows = [(number, cells) for number, cells in self.sheet["rows"]]
        return importer.plan(Sheet(self.sheet["header"], rows), self.targets(importer), **tell)

    def targets(self, importer: Importer | type[Importer]) -> dict[int, Target]:
        by_field = {target.field: target for target in importer.targets}
        return {int(place): by_field[field] for place, field in self.columns.items() if field in by_field}

    def confirmed(self) -> dict[int, str]:
        """The marks of the rows that are to be written, by their numbers."""
        wanted = (Outcome.NEW, Outcome.CHANGED)
        return {
            row["number"]: row["mark"]
            for row in self.rows or ()
            if row["outcome"] in wanted and (self.with_doubles or not is_double(row))
        }

    def confirm(self, *, with_doubles: bool, by, at: datetime) -> ImportBatch:
        """Have the preview written, as one batch."""
        check_rights(self.model, by=by)
        with transaction.atomic():
            self.with_doubles = with_doubles
            job = {"job": Job.WRITE, "job_by": by, "total": len(self.confirmed())}
            self.batch = ImportBatch.objects.begin(self.model, file_name=self.file_name, by=by, at=at, **job)
            self.save(update_fields=["with_doubles", "batch"])
        return self.batch


def is_double(row: dict) -> bool:
    """Whether a row of a preview has a new record that is probably there already."""
    return row["outcome"] == Outcome.NEW and bool(row["doubles"])


def importer_of(model: type[models.Model]) -> type[Importer]:
    """The import of a kind of record, which its ModelAdmin names."""
    return admin.site.get_model_admin(model).importer


class _Gone(Exception):
    """The upload was thrown away, or its preview asked for anew, while it was looked at."""


@task(backend="owed")
def make_preview(pk: int) -> None:
    """Work out what would come of each row of an upload."""
    asked = ImportUpload.objects.filter(pk=pk, asked_at__isnull=False, rows__isnull=True, problem="")
    if not (upload := asked.first()):
        return
    mine = asked.filter(asked_at=upload.asked_at)

    def tell(done: int) -> None:
        if not mine.update(done=done):
            raise _Gone

    try:
        plan = upload.plan(importer_of(upload.model)(at=upload.at), tell=tell)
    except _Gone:
        return
    except NotReadable as error:
        mine.update(problem=" ".join(error.messages))
        return
    mine.update(rows=[_kept(row) for row in plan.rows], done=len(plan.rows))


def _kept(row: Row) -> dict:
    """What the preview keeps of a row."""
    return {
        "number": row.number, "name": row.name, "outcome": row.outcome, "mark": row.mark, "key": row.record and row.record.pk,
        "is_public": row.is_public, "differences": row.differences, "problems": row.problems, "proposed": row.proposed,
        "doubles": row.doubles,
    }  # fmt: skip
