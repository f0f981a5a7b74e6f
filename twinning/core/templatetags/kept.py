"""Template tag for fragments that are the same on many pages."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from twinning.core.web.http import site

register = template.Library()


@register.simple_tag
def kept(template_name: str, **values) -> SafeString:
    """A fragment of nothing but some hashable values and the names of the site, rendered once per process for each."""
    names = tuple(site()["site"].items())
    return _rendered(template_name, get_language(), names, tuple(values.items()))


@lru_cache(maxsize=512)
def _rendered(template_name: str, language: str, names: tuple, values: tuple) -> SafeString:
    return render_to_string(template_name, {"site": dict(names), **dict(values)})
