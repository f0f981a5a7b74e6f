"""Uses of photos on pages: description, caption and position, and which records use a photo."""

import re
from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.date_words import day_in_words
from twinning.core.fields.relations import rows
from twinning.core.history.snapshots import part_relations
from twinning.core.photos.library import Photo, Rendition, photo_use_models
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.search.index import SearchablePart

# What cameras and scanners call their files: “IMG_2041”, “DSC00123”, “town-hall.jpg”.
FILE_NAME = re.compile(
    r"(img|dsc[fn]?|pict?|scan|image|photo)?[\s_-]*\d+|\S+\.(jpe?g|png|webp|avif|heic|tiff?)", re.IGNORECASE
)

DESCRIBED_OR_DECORATION = _("Say what can be seen on the photo, or tick “only decoration”: one of the two, not both.")
NAME_OF_A_FILE = _("This is the name of a file. Say what can be seen on the photo.")
LICENCE_ENDS = _("“%(photo)s” may not be shown by then: its licence ends on %(date)s. Take it out.")

# The fields that pages and the press pack need.
USE_FIELDS = ("pk", "alt", "is_decorative", "caption", "position")
PHOTO_FIELDS = (
    "pk", "token", "file", "name", "sha256", "title", "credit", "licence", "licence_url", "focal_x", "focal_y", "width", "height",
)  # fmt: skip
RENDITION_FIELDS = ("photo_id", "token", "file", "name", "sha256", "ending", "width", "height", "is_for_sharing")


def not_a_file_name(alt: str) -> None:
    """Validator: refuse a description that is the name of a file."""
    if FILE_NAME.fullmatch(alt.strip()):
        raise ValidationError(NAME_OF_A_FILE, code="name_of_a_file")


class PhotoUse(SearchablePart):
    """Abstract: a photo on the page of a record. ``owner`` is the name of the field that leads to the record."""

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
                violation_error_message=DESCRIBED_OR_DECORATION,
            ),
        ]

    def __str__(self):
        return self.caption or str(self.photo)

    @property
    def words(self) -> str:
        """The text of the use, for search."""
        return f"{self.alt} {self.caption}".strip()


class Illustrated(models.Model):
    """Abstract: a record with photos on its page; ``photos`` are their uses."""

    class Meta:
        abstract = True

    @cached_property
    def shown_photos(self) -> list[PhotoUse]:
        """The uses of licensed photos, the leading one first; only on a record from ``with_photos``.

        Each has ``renditions`` for browsers, the narrowest first, and its ``sharing_cut`` or None.
        """
        model = type(self)._meta.get_field("photos").related_model
        made = [Rendition(**row) for row in sorted(self.rendition_rows, key=itemgetter("width", "ending"))]
        shown = []
        for row in sorted(self.photo_rows, key=itemgetter("position", "pk")):
            photo = Photo(**{name: row.pop(f"photo__{name}") for name in PHOTO_FIELDS})
            use = model(photo=photo, **row)
            own = [rendition for rendition in made if rendition.photo_id == photo.pk]
            use.renditions = [rendition for rendition in own if not rendition.is_for_sharing]
            use.sharing_cut = next((rendition for rendition in own if rendition.is_for_sharing), None)
            shown.append(use)
        return shown


def with_photos(records: models.QuerySet, *, at: datetime) -> models.QuerySet:
    """Annotate illustrated records with their photos and renditions, in one query."""
    model = records.model._meta.get_field("photos").related_model
    uses_of = model.objects.filter(**{model.owner: OuterRef("pk")}, photo__in=Photo.objects.licensed(at=at))
    # These uses are one sub-query further away from the records.
    theirs = model.objects.filter(**{model.owner: OuterRef(OuterRef("pk"))}).values("photo")
    renditions = Rendition.objects.filter(photo__in=theirs)
    return records.annotate(
        photo_rows=rows(uses_of, *USE_FIELDS, *(f"photo__{name}" for name in PHOTO_FIELDS)),
        rendition_rows=rows(renditions, *RENDITION_FIELDS),
    )


def photo_files(record: models.Model, *, at: datetime) -> list[models.QuerySet]:
    """The licensed photos of a record's page and their renditions, public or not: a queryset for each model."""
    shown = [
        relation.related_model._base_manager.filter(**{relation.field.name: record.pk}).values("photo")
        for relation in part_relations(type(record))
        if issubclass(relation.related_model, PhotoUse)
    ]
    photos = [Photo.objects.licensed(at=at).filter(pk__in=keys) for keys in shown]
    return [files for of in photos for files in (of, Rendition.objects.filter(photo__in=of))]


def only_approvers_may_change(photo: Photo) -> bool:
    """Whether a page or a working copy with this photo was submitted or approved."""
    # What was published urgently may never have been submitted.
    return any(page.submitted_at or page.approved_at for page in where_used(photo))


def unlicensed(photos: models.QuerySet, *, at: datetime) -> dict[str, list[str]]:
    """A message for each photo of a record whose licence ends before a moment, under the name of the part; else empty."""
    ended = photos.exclude(photo__in=Photo.objects.licensed(at=at)).select_related("photo")
    said = [LICENCE_ENDS % {"photo": use.photo, "date": day_in_words(use.photo.licence_ends)} for use in ended]
    return {"photos": said} if said else {}


def where_used(photo: Photo) -> Iterator[models.Model]:
    """The records and the working copies that use a photo."""
    for model in photo_use_models():
        shown = model._base_manager.filter(photo=photo).values(model.owner)
        yield from model._meta.get_field(model.owner).related_model._base_manager.filter(pk__in=shown)
    yield from copies_with(photo)


def copies_with(photo: Photo) -> Iterator[WorkingCopy]:
    """The working copies that use a photo."""
    relations = {model._meta.get_field(model.owner).remote_field.get_accessor_name() for model in photo_use_models()}
    for copy in WorkingCopy.objects.prefetch_related("record"):
        parts = [part for relation in relations for part in copy.snapshot["parts"].get(relation, [])]
        if any(part["fields"].get("photo") == photo.pk for part in parts):
            yield copy
