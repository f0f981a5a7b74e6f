"""The back office as a whole: what stands where on its front page."""

from urllib.parse import unquote

from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest
from django.utils.translation import gettext_lazy as _

APPS_IN_ORDER = ("partners", "news", "core", "auth")


class BackOffice(AdminSite):
    """Django's admin, in the order of an editor's work: cities first, user accounts last."""

    index_title = _("What would you like to work on?")
    enable_nav_sidebar = True
    empty_value_display = "–"

    def get_app_list(self, request, app_label=None):
        """Apps in the order above, models in the order in which they were registered; roles stand with the people."""
        apps = self._build_app_dict(request, app_label)
        if "core" in apps and "auth" in apps:
            apps["core"]["models"] += apps.pop("auth")["models"]
        return [apps[label] for label in dict.fromkeys((*APPS_IN_ORDER, *apps)) if label in apps]

    def get_urls(self):
        """Without Django's redirect from a record's key to its page: it tells whoever may log in a hidden address."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def admin_view(self, view, cacheable=False):
        """Refuse what no database can look up: NUL characters, and numbers that are too large for it."""

        def calm(request, *args, **kwargs):
            if "\x00" in unquote(request.get_full_path()):
                raise BadRequest
            try:
                return view(request, *args, **kwargs)
            except OverflowError:
                raise BadRequest from None

        return super().admin_view(calm, cacheable)
