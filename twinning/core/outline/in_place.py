"""Adding a record from the form of another: a few fields in a dialog, and nobody leaves what he or she is writing.

The address is that of the empty form with ``?in_place=1``: the same fields, checks, rights and history, another page around them.
"""

from django.db import models
from django.http import JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse

IN_PLACE = "in_place"


class InPlace:
    """Mixin of a ModelAdmin whose records may be added from other forms; ``in_place`` are the fields that are asked for then."""

    in_place: tuple = ()
    words_in_place = ""  # on the button beside a chooser

    def is_in_place(self, request) -> bool:
        asked = IN_PLACE in request.GET and request.resolver_match.url_name.endswith("_add")
        return bool(self.in_place) and asked

    def get_fieldsets(self, request, obj=None):
        own = [(None, {"fields": self.in_place})] if self.is_in_place(request) else None
        return own or super().get_fieldsets(request, obj)

    def get_prepopulated_fields(self, request, obj=None):
        return {} if self.is_in_place(request) else super().get_prepopulated_fields(request, obj)

    def get_inlines(self, request, obj):
        return [] if self.is_in_place(request) else super().get_inlines(request, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if self.is_in_place(request):
            form.ids = "id_new_%s"  # the form around the dialog may have fields of the same names
        return form

    def render_change_form(self, request, context, *args, **kwargs):
        if not self.is_in_place(request):
            return super().render_change_form(request, context, *args, **kwargs)
        context |= {"address": request.get_full_path(), "words": self.words_in_place}
        return TemplateResponse(request, "core/outline/in_place.html", context)

    def response_add(self, request, obj, post_url_continue=None):
        if not self.is_in_place(request):
            return super().response_add(request, obj, post_url_continue)
        return JsonResponse({"id": obj.pk, "text": self.name_to_choose(obj), "picture": self.picture_url(obj)})


def offer(widget, site, model: type[models.Model], request) -> None:
    """Let a chooser offer to add a record of its kind, to those who may."""
    office = site._registry.get(model)
    if getattr(office, "in_place", ()) and office.has_add_permission(request):
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
        widget.attrs |= {"data-in-place": f"{address}?{IN_PLACE}=1", "data-in-place-words": office.words_in_place}
