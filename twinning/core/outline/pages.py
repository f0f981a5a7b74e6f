"""The page of the handbook in the back office."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from twinning.core.outline.handbook import paragraphs


@require_safe
def page(request):
    """The whole handbook, to which every paragraph beside a form leads."""
    context = admin.site.each_context(request) | {"title": _("Handbook"), "paragraphs": paragraphs()}
    return TemplateResponse(request, "core/outline/handbook.html", context)
