"""What a photo shows on one page: its words for those who cannot see it, and where else it is used."""

import re
from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from twinning.core.copies import WorkingCopy
from twinning.core.photos import Photo, Rendition, uses
from twinning.core.relations import rows
from twinning.core.search import SearchablePart
from twinning.core.snapshots import part_relations

# What cameras and scanners call their files: “IMG_2041”, “DSC00123”, “town-hall.jpg”.
FILE_NAME = re.compile(
    r"(img|dsc[fn]?|pict?|scan|image|photo)?[\s_-]*\d+|\S+\.(jpe?g|png|webp|avif|heic|tiff?)", re.IGNORECASE
)

# What pages, the press pack and pictures for sharing need to know.
OF_USE = ("pk", "alt", "is_decorative", "caption", "position")
OF_PHOTO = (
    "pk", "token", "file", "name", "sha256", "title", "credit", "licence", "licence_url", "focal_x", "focal_y", "width", "height",
)  # fmt: skip
OF_RENDITION = ("photo_id", "token", "file", "name", "sha256", "ending", "width", "height")


def not_a_file_name(alt: str) -> None:
    """Refuse what a camera called the file: it tells nobody what can be seen."""
    if FILE_NAME.fullmatch(alt.strip()):
        raise ValidationError(_("This is the name of a file. Say what can be seen on the photo."))


class PhotoUse(SearchablePart):
    """A photo on the page of a record. A concrete class has the record under the name in ``owner``; the first one leads."""

    photo = models.ForeignKey(
        Photo, models.PROTECT, verbose_name=_("photo"), related_name="%(class)ss",
        help_text=_("From the library. A new one is added there first, under “Photos”."),
    )  # fmt: skip
    alt = models.CharField(
        _("what can be seen"), max_length=250, blank=True, validators=[not_a_file_name],
        help_text=_("For those who cannot see it: “The two leaders shake hands on the town hall steps”."),
    )  # fmt: skip
    is_decorative = models.BooleanField(
        _("only decoration"), default=False,
        help_text=_("Tick it if the page says the same without the photo, and leave the description empty."),
    )  # fmt: skip
    caption = models.CharField(
        _("caption"), max_length=250, blank=True, help_text=_("Stands below the photo: who, what, where and when.")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=1, help_text=_("The photo with the lowest number leads.")
    )

    class Meta:
        abstract = True
        ordering = ("position", "pk")
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_is_described_or_decoration",
                condition=Q(is_decorative=True, alt="") | Q(is_decorative=False) & ~Q(alt=""),
                violation_error_message=_(
                    "Say what can be seen on the photo, or tick “only decoration”: one of the two, not both."
                ),
            ),
        ]

    def __str__(self):
        return self.caption or str(self.photo)

    @property
    def words(self) -> str:
        """What the page says with the photo, to be found by."""
        return f"{self.alt} {self.caption}".strip()


class Illustrated(models.Model):
    """A record with photos on its page: ``photos`` leads to its uses of them."""

    class Meta:
        abstract = True

    @cached_property
    def shown_photos(self) -> list[PhotoUse]:
        """The uses of photos that may be shown, the leading one first, each with ``renditions``, the narrowest first.

        Only for a record that came ``with_photos``.
        """
        model = type(self)._meta.get_field("photos").related_model
        made = [Rendition(**row) for row in sorted(self.rendition_rows, key=itemgetter("width", "ending"))]
        shown = []
        for row in sorted(self.photo_rows, key=itemgetter("position", "pk")):
            photo = Photo(**{name: row.pop(f"photo__{name}") for name in OF_PHOTO})
            use = model(photo=photo, **row)
            use.renditions = [rendition for rendition in made if rendition.photo_id == photo.pk]
            shown.append(use)
        return shown


def with_photos(records: models.QuerySet, *, at: datetime) -> models.QuerySet:
    """Illustrated records with their photos, and those with their renditions, in the records' own query."""
    model = records.model._meta.get_field("photos").related_model
    uses_of = model.objects.filter(**{model.owner: OuterRef("pk")}, photo__in=Photo.objects.licensed(at=at))
    # One more query lies between these uses and the records.
    theirs = model.objects.filter(**{model.owner: OuterRef(OuterRef("pk"))}).values("photo")
    renditions = Rendition.objects.filter(photo__in=theirs)
    return records.annotate(
        photo_rows=rows(uses_of, *OF_USE, *(f"photo__{name}" for name in OF_PHOTO)),
        rendition_rows=rows(renditions, *OF_RENDITION),
    )


def photo_files(record: models.Model) -> list[models.QuerySet]:
    """The photos that a record's page shows and their renditions, whoever may read them."""
    shown = [
        relation.related_model._base_manager.filter(**{relation.field.name: record.pk}).values("photo")
        for relation in part_relations(type(record))
        if issubclass(relation.related_model, PhotoUse)
    ]
    photos = [Photo.objects.licensed(at=timezone.now()).filter(pk__in=keys) for keys in shown]
    return [files for of in photos for files in (of, Rendition.objects.filter(photo__in=of))]


def is_before_approvers(photo: Photo) -> bool:
    """Whether an approver is looking at a page with this photo on it, or has approved it; working copies are such pages."""
    # What was published urgently may never have been submitted.
    return any(page.submitted_at or page.approved_at for page in where_used(photo))


def unlicensed(photos: models.QuerySet, *, at: datetime) -> list[str]:
    """What stands against showing some of a record's photos at a moment, each with the reason."""
    ended = photos.exclude(photo__in=Photo.objects.licensed(at=at)).select_related("photo")
    message = _("“%(photo)s” may not be shown by then: its licence ends on %(date)s. Take it out.")
    return [message % {"photo": use.photo, "date": date_format(use.photo.licence_ends, "j F Y")} for use in ended]


def where_used(photo: Photo) -> Iterator[models.Model]:
    """The records whose pages show a photo, and the working copies that would."""
    for model in uses():
        shown = model._base_manager.filter(photo=photo).values(model.owner)
        yield from model._meta.get_field(model.owner).related_model._base_manager.filter(pk__in=shown)
    yield from copies_with(photo)


def copies_with(photo: Photo) -> Iterator[WorkingCopy]:
    """The working copies that would show a photo."""
    relations = {model._meta.get_field(model.owner).remote_field.get_accessor_name() for model in uses()}
    for copy in WorkingCopy.objects.prefetch_related("record"):
        parts = [part for relation in relations for part in copy.snapshot["parts"].get(relation, [])]
        if any(part["fields"].get("photo") == photo.pk for part in parts):
            yield copy
