"""Slugs of records, and the view of each page. A changed slug leaves a redirect, and no other record can take the old one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import wraps
from itertools import chain, count

from anyascii import anyascii
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from twinning.core.fields.queries import compiled

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ADDRESS = 100


def address_of(name: str) -> str:
    """The address that a name in any script makes: “da-nang” of “Đà Nẵng”, “beijing” of “北京”; empty of signs alone.

    ``static/core/admin-address.js`` makes it of Latin letters while the name is typed.
    """
    letters = anyascii(name).lower().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", letters)[:LONGEST_ADDRESS].strip("-")


class AddressField(models.SlugField):
    """Model field: a slug, which a form may leave empty."""

    def formfield(self, **kwargs):
        said = format_lazy("{} {}", self.help_text, _("Without one, it is made of the name."))
        return super().formfield(**{"required": False, "help_text": said} | kwargs)

    def validate(self, value, model_instance):
        if value:
            super().validate(value, model_instance)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.SlugField", args, kwargs


class OldSlug(models.Model):
    """A slug that a record had before. It redirects to the record while that is public."""

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    slug = models.SlugField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_type", "slug"], name="core_oldslug_leads_to_one_record")
        ]

    def __str__(self):
        return self.slug


class Sluggable(models.Model):
    """Abstract model: a record with a slug, the last part of the address of its public page."""

    slug = AddressField(
        _("address"),
        max_length=LONGEST_ADDRESS,
        unique=True,
        help_text=_(
            "The last part of the page's address, in small letters, digits and hyphens, for example “dortmund”. "
            "If you change it, the old address leads to the new one."
        ),
        error_messages={"unique": _("Another record has this address. Choose a different one.")},
    )

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if self.slug and not _SLUG.fullmatch(self.slug):
            message = _("Write the address in small letters and digits, with single hyphens between the words.")
            raise ValidationError({"slug": ValidationError(message, code="not_an_address")})
        if old_slugs(type(self)).filter(slug=self.slug).exclude(object_id=self.pk or 0).exists():
            message = _("Another record had this address before, and links to it still work. Choose a different one.")
            raise ValidationError({"slug": ValidationError(message, code="old_address")})

    def save(self, *, update_fields=None, **kwargs):
        self.slug = self.slug or self._free_address()
        with transaction.atomic():
            is_saved = update_fields is None or "slug" in update_fields
            left = self._stored_slug() if is_saved and self.pk else None
            super().save(update_fields=update_fields, **kwargs)
            if left and left != self.slug:
                old_slugs(type(self)).filter(slug=self.slug, object_id=self.pk).delete()
                # Whoever had the address first keeps it.
                old_slugs(type(self)).get_or_create(
                    slug=left, defaults={"content_type": _type(type(self)), "object_id": self.pk}
                )

    @classmethod
    def formerly_at(cls, slug, old_keys) -> models.Q:
        """The records to which an address leads that is nobody's now; ``old_keys`` are those of records that had it."""
        return models.Q(pk__in=old_keys)

    def _free_address(self) -> str:
        """An address made of the record's name, which no other record has or had."""
        others = type(self)._base_manager.exclude(pk=self.pk)
        old = old_slugs(type(self)).exclude(object_id=self.pk or 0)
        return next(
            address
            for address in self.possible_addresses()
            if not (others.filter(slug=address).exists() or old.filter(slug=address).exists())
        )

    def possible_addresses(self) -> Iterator[str]:
        """Addresses made of the record's name; never a number alone, such as a year."""
        base = address_of(str(self)) or self._meta.model_name
        base = f"{self._meta.model_name}-{base}" if base.isdecimal() else base
        for ending in chain([""], (f"-{number}" for number in count(2))):
            yield base[: LONGEST_ADDRESS - len(ending)] + ending

    def _stored_slug(self) -> str | None:
        stored = type(self)._base_manager.select_for_update(of=("self",)).filter(pk=self.pk)
        return stored.values_list("slug", flat=True).first()

    def delete(self, **kwargs):
        addresses = old_slugs(type(self)).filter(object_id=self.pk)
        with transaction.atomic():
            deleted = super().delete(**kwargs)
            addresses.delete()
        return deleted


def give_addresses(records: Sequence[Sluggable], *, but: Iterable[str] = ()) -> None:
    """Give new records of one kind that have no address the next free one, with two queries for all; none of ``but``."""
    model = type(records[0])
    taken = {*model._base_manager.values_list("slug", flat=True), *old_slugs(model).values_list("slug", flat=True)}
    taken |= {*but, *(record.slug for record in records)}
    for record in records:
        record.slug = record.slug or next(a for a in record.possible_addresses() if a not in taken)
        taken.add(record.slug)


def note_old_addresses(model: type[Sluggable], addresses: Iterable[tuple[str, Sluggable]]) -> None:
    """Write down that each of some addresses leads to a record from now on."""
    kind = _type(model)
    OldSlug.objects.bulk_create(OldSlug(content_type=kind, object_id=one.pk, slug=slug) for slug, one in addresses)


def _type(model) -> ContentType:
    return ContentType.objects.get_for_model(model)


def old_slugs(model):
    """The old slugs of one kind of record, as a queryset."""
    return OldSlug.objects.filter(content_type=_type(model))


class Lookups:
    """The compiled queries of one kind of record by slug: what the public may read there, took place there, or moved.

    ``seen(at=, slug=)`` has the record as its page needs it, ``gone(at=, slug=)`` one that was taken down, and
    ``moved(at=, slug=)`` one that had the slug before.
    """

    def __init__(self, model, *, only_published: bool):
        def readable(at):
            return model.objects.published(at=at) if only_published else model.objects.readable(at=at)

        @compiled
        def seen(at: datetime, slug: str):
            return readable(at).for_page(at=at).filter(slug=slug)

        @compiled
        def gone(at: datetime, slug: str):
            return model.objects.gone(at=at).filter(slug=slug)

        @compiled
        def moved(at: datetime, slug: str):
            kind = {"content_type__app_label": model._meta.app_label, "content_type__model": model._meta.model_name}
            old_keys = OldSlug.objects.filter(**kind, slug=slug).values("object_id")
            return readable(at).filter(model.formerly_at(slug, old_keys))

        self.seen, self.gone, self.moved = seen, gone, moved


# By model and name: the views inside ``public_record``, which previews call for records that are not public.
_page_views = {}


def page_view(model, name: str = ""):
    """The view ``(request, record, at)`` of the page of a kind of record, or of what is below that page under a name.

    Raises Http404 if there is none.
    """
    if view := _page_views.get((model, name)):
        return view
    raise Http404


def public_record(model, name: str = ""):
    """Decorator: calls a view ``(request, record, at)`` for the slug of a record that the public may read now.

    The page of a record taken down answers 410; an old slug of a readable record redirects; everything else is the same
    404. What is below a page, under a ``name``, is only there while the record is published.
    """

    lookups = Lookups(model, only_published=bool(name))

    def decorate(view):
        _page_views[model, name] = view

        @require_safe
        @wraps(view)
        def found(request, slug):
            at = request.visit.at
            for record in lookups.seen(at=at, slug=slug):
                return view(request, record, at)
            if not name and lookups.gone(at=at, slug=slug):
                return render(request, "core/publishing/410.html", status=410)
            for record in lookups.moved(at=at, slug=slug):
                return redirect(record.get_absolute_url() + name, permanent=True)
            raise Http404

        return found

    return decorate
