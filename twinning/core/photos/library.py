"""The photo library: photos, stored once and used on many pages, and their renditions.

A photo is public while a public page shows it and its licence lasts. Browsers get renditions, other widths and formats;
until those are made, or where one is missing, they get the photo itself.
"""

from datetime import datetime
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.validators import MaxValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.folding import FoldedField
from twinning.core.fields.queries import local_day
from twinning.core.files.private import PrivateFile
from twinning.core.files.removal import remove_later
from twinning.core.files.uploads import once_per_upload
from twinning.core.photos import pictures
from twinning.core.web.http import address
from twinning.core.web.tasks import owe


class PhotoQuerySet(models.QuerySet):
    """Photos, by whether their licence allows showing them."""

    def licensed(self, *, at: datetime):
        """The photos whose licence has not ended at a moment; it includes its last day."""
        return self.filter(Q(licence_ends=None) | Q(licence_ends__gte=local_day(at)))


class Photo(PrivateFile):
    """A photo in the library, with its credit, licence and focal point."""

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
    folded = FoldedField("title", "credit", "licence", "name")

    # The history does not restore these: a file that was replaced is deleted.
    not_content = ("token", "file", "name", "size", "sha256", "width", "height", "added_at")

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ("-added_at", "-pk")
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        indexes = [
            models.Index(fields=["licence_ends"], name="core_photo_ends", condition=Q(licence_ends__isnull=False))
        ]
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

    @property
    def focal_point(self) -> tuple[int, int]:
        """The point that stays in view where the photo is cut, in per cent from the left and from the top."""
        return self.focal_x, self.focal_y

    def get_absolute_url(self):
        return address("core:file", self.token, self.name)

    @classmethod
    def readable(cls, *, at: datetime):
        """The licensed photos on pages that are published at a moment."""
        shown = Q(pk__in=[])
        for model in photo_use_models():
            owner = model._meta.get_field(model.owner).related_model
            of_public = {f"{model.owner}__in": owner.objects.published(at=at)}
            shown |= Q(pk__in=model._base_manager.filter(**of_public).values("photo"))
        return cls.objects.filter(shown).licensed(at=at)

    def inspect_upload(self, upload):
        """Replace the upload by its re-encoded picture, without metadata."""
        picture = once_per_upload(pictures.read, upload)
        self.file = ContentFile(picture.content, name=self.file.name)
        self.width, self.height = picture.width, picture.height
        return picture.ending

    def save(self, *args, **kwargs):
        """Save; from then on the renditions of a new file, or the cut of a new focal point, are owed."""
        with transaction.atomic():
            before = Photo.objects.select_for_update().filter(pk=self.pk).first() if self.pk else None
            super().save(*args, **kwargs)
            if not before:
                self.owe_renditions()
            elif before.file.name != self.file.name:
                remove_later([before.file.name])
                self._remake(self.renditions.all())
            elif before.focal_point != self.focal_point:
                self._remake(self.renditions.filter(is_for_sharing=True))

    def delete(self, *args, **kwargs):
        """Delete the photo and its renditions; their files are removed later."""
        with transaction.atomic():
            # Not self.file: somebody may have replaced the photo since it was read. Nor is a rendition added meanwhile.
            stored = Photo.objects.select_for_update().filter(pk=self.pk).values_list("file", flat=True)
            names = [*stored, *self.renditions.values_list("file", flat=True)]
            deleted = super().delete(*args, **kwargs)
            remove_later(names)
        return deleted

    def _remake(self, renditions: models.QuerySet) -> None:
        """Delete outdated renditions; new ones are owed."""
        remove_later([*renditions.values_list("file", flat=True)])
        renditions.delete()
        self.owe_renditions()

    # Renditions -------------------------------------------------------------------------------------------------------

    def missing_renditions(self) -> list[pictures.Variant]:
        """The renditions that are still to be made."""
        made = set(self.renditions.values_list("ending", "width", "is_for_sharing"))
        ending = PurePath(self.name).suffix.removeprefix(".")
        return [variant for variant in pictures.variants(self.width, ending) if variant not in made]

    def make_renditions(self) -> None:
        """Make the missing renditions, sizes for browsers first. Stops if the photo is changed or deleted meanwhile."""
        unchanged = {"pk": self.pk, "sha256": self.sha256, "focal_x": self.focal_x, "focal_y": self.focal_y}
        if not (missing := self.missing_renditions()):
            return
        with self.file.open("rb") as file:
            made = pictures.render(file, missing, focal_point=self.focal_point)
        for variant, rendered in zip(missing, made, strict=True):
            with transaction.atomic():
                if not Photo.objects.select_for_update().filter(**unchanged).exists():
                    return
                Rendition.store(self, variant, rendered)

    def owe_renditions(self) -> None:
        """Have the missing renditions made, soon and by another process or thread."""
        owe(make_renditions, self.pk)


class Rendition(PrivateFile):
    """A photo in one width and format for browsers, or cut for sharing.

    Its file never changes: a new file is a new rendition with a new address.
    """

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="renditions")
    ending = models.CharField(max_length=4)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    is_for_sharing = models.BooleanField(default=False)

    is_immutable = True

    class Meta:
        default_permissions = ()
        ordering = ("ending", "width")
        verbose_name = _("size of a photo")
        verbose_name_plural = _("sizes of photos")
        constraints = [
            models.UniqueConstraint(fields=["photo", "ending", "width", "is_for_sharing"], name="core_rendition_once"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_for_other_sites(self) -> bool:
        return self.is_for_sharing

    @classmethod
    def store(cls, photo: Photo, variant: pictures.Variant, rendered: pictures.Rendered) -> None:
        """Store a rendition, unless another process has stored the same one."""
        if not photo.renditions.filter(**variant._asdict()).exists():
            size = f"{rendered.width}x{rendered.height}" if variant.is_for_sharing else rendered.width
            file = ContentFile(rendered.content, name=f"{PurePath(photo.name).stem}-{size}.{variant.ending}")
            cls.objects.create(photo=photo, **variant._asdict(), height=rendered.height, file=file)

    @classmethod
    def readable(cls, *, at: datetime):
        return cls.objects.filter(photo__in=Photo.readable(at=at))

    def inspect_upload(self, upload):
        return self.ending

    def get_absolute_url(self):
        return address("core:file", self.token, self.name)


def photo_use_models() -> list[type[models.Model]]:
    """The models of photo uses, such as CityPhoto; each names the field of its record in ``owner``."""
    related = [relation.related_model for relation in Photo._meta.related_objects]
    return [model for model in related if model is not Rendition]


@task
def make_renditions(key: int) -> None:
    """Make the missing renditions of a photo, if it is still there."""
    if photo := Photo.objects.filter(pk=key).first():
        photo.make_renditions()
