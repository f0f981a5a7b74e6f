"""Batches: what was imported, when and by whom, and the ids that records have in the systems they came from."""

from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_ID = 200


class ImportBatch(models.Model):
    """One import: the kind of record, the file by name, and the records by key with what became of each."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    file_name = models.CharField(_("file"), max_length=200)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("who"), related_name="+")
    records = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self):
        return self.file_name


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


def note_batch(
    model: type[models.Model], records: list[tuple[int, str, str]], *, file_name: str, by, at: datetime
) -> ImportBatch:
    """Write down an import: for each record its key, what became of it, and its external id or an empty text."""
    kind = ContentType.objects.get_for_model(model)
    for key, _outcome, value in records:
        if value:
            ExternalId.objects.update_or_create(content_type=kind, value=value, defaults={"object_id": key})
    rows = [[key, outcome] for key, outcome, _value in records]
    return ImportBatch.objects.create(content_type=kind, file_name=file_name[:200], at=at, by=by, records=rows)
