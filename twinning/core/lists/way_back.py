"""The way back to a list as it was left: the pages of a record carry its order and filters along in their addresses."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

LEFT = "_changelist_filters"  # Django's name for it, on the links of its lists


def keeping_list(request, url: str) -> str:
    """The address of another page of a record, from which the way back is still known."""
    left = request.GET.get(LEFT)
    if not left:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({LEFT: left})}"


def list_as_left(request, opts) -> str:
    """The address of the list of a model as somebody left it; Django's own keeps one of several chosen values."""
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    left = QueryDict(request.GET.get(LEFT, "")).urlencode()
    return f"{url}?{left}" if left else url


class WayBack:
    """Mixin of ModelAdmin: what is saved leads back to the list as it was left."""

    def _response_post_save(self, request, obj):
        response = super()._response_post_save(request, obj)
        if self.has_view_or_change_permission(request):
            response.headers["Location"] = list_as_left(request, self.opts)
        return response
