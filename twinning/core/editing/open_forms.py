"""Open forms: which user has the form of which record open, so that others see it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.dateformat import format as format_time
from django.utils.translation import gettext as _

# With JavaScript the browser reports twice a minute that a form is still open; without, only its opening is known.
OPENED_FOR = timedelta(minutes=15)
SEEN_FOR = timedelta(seconds=90)


class OpenFormQuerySet(models.QuerySet):
    """Open forms by record and by user."""

    def of(self, record: models.Model):
        """The open forms of one record."""
        return self.filter(content_type=ContentType.objects.get_for_model(type(record)), object_id=record.pk)

    def others(self, record: models.Model, *, than, at: datetime):
        """The open forms of a record that belong to other users, at a moment."""
        return self.of(record).exclude(user=than).filter(expires_at__gt=at).select_related("user")

    def keep(self, record: models.Model, *, by, at: datetime, lasting: timedelta) -> None:
        """Save that a user has the form of a record open, for some time."""
        kind = ContentType.objects.get_for_model(type(record))
        opened = self.model(content_type=kind, object_id=record.pk, user=by, opened_at=at, expires_at=at + lasting)
        same = ["content_type", "object_id", "user"]
        self.bulk_create([opened], update_conflicts=True, unique_fields=same, update_fields=["expires_at"])


class OpenForm(models.Model):
    """The form of a record that a user has open, until ``expires_at``."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = OpenFormQuerySet.as_manager()

    class Meta:
        ordering = ("opened_at",)
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id", "user"], name="core_openform_once_a_person")
        ]

    def __str__(self):
        name = self.user.get_full_name() or self.user.get_username()
        since = format_time(timezone.localtime(self.opened_at), "H:i")
        return _("%(name)s has had this form open since %(time)s.") % {"name": name, "time": since}
