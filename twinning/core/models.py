"""What has a table of its own on the ground floor: the people who log in, addresses of the past, the search index, and
the tables of the rooms of history, working copies, previews, editing and photos."""

from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from twinning.core.copies import WorkingCopy
from twinning.core.editing import OpenForm
from twinning.core.history import HistoryEvent
from twinning.core.photos import Photo, Rendition
from twinning.core.previews import PreviewLink, PreviewOpening
from twinning.core.words import WordsField

# Rooms of their own with a table of their own.
__all__ = [
    "HistoryEvent",
    "OldSlug",
    "OpenForm",
    "Photo",
    "PreviewLink",
    "PreviewOpening",
    "Rendition",
    "SearchEntry",
    "User",
    "WorkingCopy",
]


class User(AbstractUser):
    """Somebody who works on the site. The public needs no account."""

    not_content = ("password", "last_login")
    # Nobody else sees who is one.
    for_superusers = ("is_superuser",)

    class Meta(AbstractUser.Meta):
        # Two accounts that differ only in "Anna" and "anna" are one typing error waiting to happen.
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="core_user_username_any_case",
                violation_error_message=_("There is a user of that name already."),
            )
        ]


class OldSlug(models.Model):
    """An address that a record had before. It leads to the record for as long as the record is public."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    slug = models.SlugField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "slug"], name="core_oldslug_leads_to_one_record")
        ]

    def __str__(self):
        return self.slug


class SearchEntry(models.Model):
    """What one record can be found by: a title, a text and the normalised words of both.

    Rows exist for hidden records too; ``search.Results`` asks the gate before it shows any.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=300)
    text = models.TextField()
    words = WordsField()
    title_words = models.TextField()
    publish_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id"], name="core_searchentry_one_per_record")
        ]

    def __str__(self):
        return self.title
