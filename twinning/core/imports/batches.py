"""Batches: what was imported, when and by whom, and the ids that records have in the systems they came from."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.core.imports.plans import Row

LONGEST_ID = 200


class Job(models.TextChoices):
    """What is being done with a batch; it takes longer than a request may."""

    NONE = "", _("nothing")
    WRITE = "write", _("is being written")
    CANCEL = "cancel", _("is being cancelled")
    SUBMIT = "submit", _("is being submitted")
    UNDO = "undo", _("is being undone")


class BatchQuerySet(models.QuerySet):
    """Batches by kind of record."""

    def of(self, model: type[models.Model]):
        return self.filter(content_type=ContentType.objects.get_for_model(model))

    def begin(self, model: type[models.Model], *, file_name: str, by, at: datetime, **job) -> "ImportBatch":
        """A batch of which nothing is written yet."""
        kind = ContentType.objects.get_for_model(model)
        return self.create(content_type=kind, file_name=file_name[:200], at=at, by=by, **job)


class ImportBatch(models.Model):
    """One import: the kind of record, the file by name, and the records by key with what became of each.

    ``left`` are the names of those with which the last job did not do what it does with the others, each with the reason.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    file_name = models.CharField(_("file"), max_length=200)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), related_name="+")
    records = models.JSONField(default=list)
    job = models.CharField(max_length=10, choices=Job, default=Job.NONE, blank=True)
    job_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    left = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self):
        return self.file_name

    @property
    def model(self) -> type[models.Model]:
        return self.content_type.model_class()

    def add(self, rows: Sequence[Row], *, left: Sequence[Row]) -> None:
        """Note that these rows were written, but for those that are ``left``."""
        self.records += [[row.record.pk, row.outcome] for row in rows if not row.problems]
        self.left += [[row.name, " ".join(reason for _label, reason in row.problems)] for row in left]
        self.save(update_fields=["records", "left"])


class ExternalId(models.Model):
    """The id that a record has in a spreadsheet or in another system, by which the next import finds it again."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    value = models.CharField(max_length=LONGEST_ID)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["content_type", "value"], name="core_externalid_leads_to_one_record")
        ]

    def __str__(self):
        return self.value


def external_ids(model: type[models.Model]) -> dict[str, int]:
    """The keys of the records of a kind by their external ids."""
    kind = ContentType.objects.get_for_model(model)
    return dict(ExternalId.objects.filter(content_type=kind).values_list("value", "object_id"))


def note_external_ids(model: type[models.Model], ids: dict[str, int]) -> None:
    """Write down the keys of some records by their external ids."""
    kind = ContentType.objects.get_for_model(model)
    ExternalId.objects.bulk_create(
        (ExternalId(content_type=kind, value=value, object_id=key) for value, key in ids.items()),
        update_conflicts=True,
        unique_fields=["content_type", "value"],
        update_fields=["object_id"],
    )
