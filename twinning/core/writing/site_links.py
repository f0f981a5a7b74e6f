"""Links from a text to pages of this site: whether the public will find them."""

from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import Resolver404, resolve

from twinning.core.addresses import old_slugs
from twinning.core.publishing.gate import Publishable


def path_here(href: str) -> str:
    """The path of a link to this site; empty if it leads elsewhere."""
    parts = urlsplit(href)
    is_here = not parts.netloc or f"{parts.scheme}://{parts.netloc}" == settings.SITE_URL.rstrip("/")
    return parts.path if is_here and parts.path.startswith("/") else ""


def leads_nowhere(path: str, *, at: datetime) -> bool:
    """Whether the public finds no page at a path of this site, at a moment."""
    try:
        match = resolve(path)
    except Resolver404:
        return True
    if match.app_name == "admin":
        return True
    if set(match.kwargs) != {"slug"}:
        return False
    slug = match.kwargs["slug"]
    models_here = [model for model in _kinds() if model(slug=slug).get_absolute_url() == path]
    return bool(models_here) and not any(_is_there(model, slug, at=at) for model in models_here)


def _is_there(model: type[models.Model], slug: str, *, at: datetime) -> bool:
    readable = model.objects.readable(at=at)
    if readable.filter(slug=slug).exists():
        return True
    return readable.filter(pk__in=old_slugs(model).filter(slug=slug).values("object_id")).exists()


@cache
def _kinds() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, Publishable)]
