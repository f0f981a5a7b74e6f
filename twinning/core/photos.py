"""Photos that the office keeps once and shows on many pages.

A photo is public while a public page shows it and its licence lasts. What browsers get are renditions of it, other widths
and formats; until those are made, or where one of them is missing, the photo itself serves.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.validators import MaxValueValidator
from django.db import connection, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.core import pictures
from twinning.core.files import PrivateFile
from twinning.core.uploads import once

log = logging.getLogger(__name__)

# One at a time: making them takes all of a processor, and the pages of others come first.
_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="renditions")


class PhotoQuerySet(models.QuerySet):
    """Photos by what may be shown of them."""

    def licensed(self, *, at: datetime):
        """Photos that the council may show at a moment; a licence includes its last day."""
        return self.filter(Q(licence_ends=None) | Q(licence_ends__gte=timezone.localdate(at)))


class Photo(PrivateFile):
    """A photo in the library: who made it, on what terms we may show it, and what must stay in view when it is cut."""

    title = models.CharField(
        _("title"),
        max_length=150,
        help_text=_("What colleagues will search for, for example “Lille: town hall at night”."),
    )
    credit = models.CharField(
        _("credit"),
        max_length=150,
        help_text=_("Who took it, as it is to be printed. The public reads it below the photo."),
    )
    licence = models.CharField(
        _("licence"), max_length=150, blank=True,
        help_text=_("On what terms others may use it, for example “CC BY 4.0” or “Free for editorial use”."),
    )  # fmt: skip
    licence_url = models.URLField(_("link to the licence"), blank=True)
    licence_ends = models.DateField(
        _("may be shown until"), null=True, blank=True,
        help_text=_("The last day. From the next day on no page shows it. Leave empty if there is no end."),
    )  # fmt: skip
    focal_x = models.PositiveSmallIntegerField(
        _("from the left"), default=50, validators=[MaxValueValidator(100)],
        help_text=_("Per cent. What lies there stays in view where the photo is cut to fit."),
    )  # fmt: skip
    focal_y = models.PositiveSmallIntegerField(_("from the top"), default=50, validators=[MaxValueValidator(100)])
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    # A photo that is replaced is gone: nobody brings its bytes back.
    not_content = ("token", "file", "name", "size", "sha256", "width", "height", "added_at")

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ("-added_at", "-pk")
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        permissions = (("approve_photo", "Can change photos that approved pages show"),)
        constraints = [
            models.CheckConstraint(
                name="core_photo_focal_point_is_inside",
                condition=Q(focal_x__lte=100, focal_y__lte=100),
                violation_error_message=_("The point must lie inside the photo, from 0 to 100."),
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("core:file", args=[self.token, self.name])

    @classmethod
    def readable(cls, *, at: datetime):
        """The photos that a published page shows at a moment."""
        shown = Q(pk__in=[])
        for model in uses():
            owner = model._meta.get_field(model.owner).related_model
            of_public = {f"{model.owner}__in": owner.objects.published(at=at)}
            shown |= Q(pk__in=model._base_manager.filter(**of_public).values("photo"))
        return cls.objects.filter(shown).licensed(at=at)

    def look_into(self, upload):
        """Keep what the upload shows, and nothing else of it."""
        picture = once(pictures.read, upload)
        self.file = ContentFile(picture.content, name=self.file.name)
        self.width, self.height = picture.width, picture.height
        return picture.ending

    def save(self, *args, **kwargs):
        """Save, let go of the bytes that were replaced, and have the renditions made of new ones."""
        with transaction.atomic():
            before = Photo.objects.select_for_update().filter(pk=self.pk).first() if self.pk else None
            super().save(*args, **kwargs)
            if not before or before.file.name != self.file.name:
                if before:
                    self._let_go(before)
                transaction.on_commit(self.make_renditions_soon)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            names = [self.file.name, *self.renditions.values_list("file", flat=True)]
            deleted = super().delete(*args, **kwargs)
            _delete_on_commit(names)
        return deleted

    def _let_go(self, before: "Photo") -> None:
        _delete_on_commit([before.file.name, *self.renditions.values_list("file", flat=True)])
        self.renditions.all().delete()

    # Renditions -------------------------------------------------------------------------------------------------------

    def missing(self) -> list[tuple[str, int]]:
        """The renditions, by ending and width, that are still to be made."""
        there = set(self.renditions.values_list("ending", "width"))
        ending = PurePath(self.name).suffix.removeprefix(".")
        return [variant for variant in pictures.variants(self.width, ending) if variant not in there]

    def make_renditions(self) -> None:
        """Make what is missing, the most useful first. Stops when the photo is replaced or deleted meanwhile."""
        with self.file.open("rb") as kept:
            content = kept.read()
        for ending, width in self.missing():
            made = pictures.rendition(content, width=width, ending=ending)
            with transaction.atomic():
                if not Photo.objects.select_for_update().filter(pk=self.pk, sha256=self.sha256).exists():
                    return
                Rendition.add(self, ending, *made)

    def make_renditions_soon(self) -> None:
        """Have what is missing made in the background, so that nobody waits for it."""
        if settings.RENDITIONS_IN_BACKGROUND:
            _worker.submit(_make_renditions, self.pk)
        else:
            self.make_renditions()


class Rendition(PrivateFile):
    """A photo in one width and format, as browsers get it. New bytes are a new rendition under a new address."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="renditions")
    ending = models.CharField(max_length=4)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    is_immutable = True

    class Meta:
        default_permissions = ()
        ordering = ("ending", "width")
        verbose_name = _("size of a photo")
        verbose_name_plural = _("sizes of photos")
        constraints = [
            models.UniqueConstraint(fields=["photo", "ending", "width"], name="core_rendition_once"),
        ]

    def __str__(self):
        return self.name

    @classmethod
    def add(cls, photo: Photo, ending: str, content: bytes, width: int, height: int) -> None:
        """Keep a rendition that was just made, unless a colleague's process was quicker."""
        if not photo.renditions.filter(ending=ending, width=width).exists():
            file = ContentFile(content, name=f"{PurePath(photo.name).stem}-{width}.{ending}")
            cls.objects.create(photo=photo, ending=ending, width=width, height=height, file=file)

    @classmethod
    def readable(cls, *, at: datetime):
        return cls.objects.filter(photo__in=Photo.readable(at=at))

    def look_into(self, upload):
        return self.ending

    def get_absolute_url(self):
        return reverse("core:file", args=[self.token, self.name])


def uses() -> list[type[models.Model]]:
    """The kinds of parts by which records show photos; each names its record in ``owner``."""
    related = [relation.related_model for relation in Photo._meta.related_objects]
    return [model for model in related if model is not Rendition]


def _make_renditions(key: int) -> None:
    """Make the renditions of a photo in a thread of its own; what fails is told to whoever runs the site."""
    try:
        if photo := Photo.objects.filter(pk=key).first():
            photo.make_renditions()
    except Exception:
        log.exception("The renditions of photo %s were not made", key)
    finally:
        connection.close()


def _delete_on_commit(names: list[str]) -> None:
    """Delete files once the rows that named them are gone for good."""

    def delete() -> None:
        for name in names:
            default_storage.delete(name)

    # What cannot be deleted now, check_files will: the rows are gone, and nothing is served without one.
    transaction.on_commit(delete, robust=True)
