"""Addresses that never break: a changed slug leaves a redirect, and nobody else can move into the old address."""

import re
from functools import wraps

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from twinning.core.models import OldSlug

_ADDRESS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Sluggable(models.Model):
    """A record with a public address made of words."""

    slug = models.SlugField(
        _("address"),
        max_length=100,
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
        if self.slug and not _ADDRESS.fullmatch(self.slug):
            message = _("Write the address in small letters and digits, with single hyphens between the words.")
            raise ValidationError({"slug": message})
        if old_slugs(type(self)).filter(slug=self.slug).exclude(object_id=self.pk or 0).exists():
            message = _("Another record had this address before, and links to it still work. Choose a different one.")
            raise ValidationError({"slug": message})

    def save(self, *, update_fields=None, **kwargs):
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

    def _stored_slug(self) -> str | None:
        stored = type(self)._base_manager.select_for_update(of=("self",)).filter(pk=self.pk)
        return stored.values_list("slug", flat=True).first()

    def delete(self, **kwargs):
        addresses = old_slugs(type(self)).filter(object_id=self.pk)
        with transaction.atomic():
            deleted = super().delete(**kwargs)
            addresses.delete()
        return deleted


def _type(model) -> ContentType:
    return ContentType.objects.get_for_model(model)


def old_slugs(model):
    """The addresses of the past of one kind of record."""
    return OldSlug.objects.filter(content_type=_type(model))


def moved_from(model, slug: str) -> models.QuerySet:
    """The keys of the records of a kind that left an address: one or none."""
    return old_slugs(model).filter(slug=slug).values("object_id")


# The view of each kind of record, before it is told who may see which: previews show the very same page, and what else
# lies below its address under a name.
_pages = {}


def page_of(model, name: str = ""):
    """The view ``(request, record, at)`` that draws the page of a kind of record, or what lies below it under a name.

    Raises Http404 if nothing lies there.
    """
    if view := _pages.get((model, name)):
        return view
    raise Http404


def public_record(model, name: str = ""):
    """Decorate a view ``(request, record, at)`` so that it is reached by the slug of a record the visitor may see.

    The page of a record taken down answers 410; an old slug of a readable record redirects; everything else is the same
    404. What lies below a page, under a ``name``, is only there while the record is published.
    """

    def decorate(view):
        _pages[model, name] = view

        @require_safe
        @wraps(view)
        def found(request, slug):
            at = timezone.now()
            seen = model.objects.published(at=at) if name else model.objects.readable(at=at)
            if record := seen.for_page(at=at).filter(slug=slug).first():
                return view(request, record, at)
            if not name and model.objects.gone(at=at).filter(slug=slug).exists():
                return render(request, "core/410.html", status=410)
            if record := seen.filter(pk__in=moved_from(model, slug)).first():
                return redirect(record.get_absolute_url() + name, permanent=True)
            raise Http404

        return found

    return decorate
