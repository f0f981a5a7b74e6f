"""Set aside: a finding that somebody has looked at and lets stand, with the reason."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.characters import LineField

LONGEST_EXCERPT = 200


class SetAsideQuerySet(models.QuerySet):
    """What was set aside, by record."""

    def of(self, record: models.Model):
        kind = ContentType.objects.get_for_model(type(record))
        return self.filter(content_type=kind, object_id=record.pk)


class SetAside(models.Model):
    """A finding of a check that is to stand in one record: the words that it is about, why, and who said so."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    code = models.CharField(max_length=40)
    excerpt = models.CharField(max_length=LONGEST_EXCERPT)
    reason = LineField(_("why it stands"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = SetAsideQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "code", "excerpt"], name="core_setaside_once")
        ]

    def __str__(self):
        return self.reason

    def save_for(self, record: models.Model) -> None:
        """Save it as one of a record."""
        self.content_type, self.object_id = ContentType.objects.get_for_model(type(record)), record.pk
        self.full_clean()
        self.save()
