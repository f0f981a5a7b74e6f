"""The back office as a whole: what stands where on its front page."""

from urllib.parse import unquote

from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest
from django.utils.translation import gettext_lazy as _

# What is not named here comes last.
APPS_IN_ORDER = ("partners", "news", "core", "auth")


class BackOffice(AdminSite):
    """Django's admin, in the order of an editor's work: cities first, user accounts last."""

    index_title = _("What would you like to work on?")
    enable_nav_sidebar = True
    empty_value_display = "–"

    def get_app_list(self, request, app_label=None):
        """Apps in the order above, models in the order in which they were registered."""
        order = {label: place for place, label in enumerate(APPS_IN_ORDER)}
        apps = self._build_app_dict(request, app_label).values()
        return sorted(apps, key=lambda app: order.get(app["app_label"], len(order)))

    def admin_view(self, view, cacheable=False):
        """Refuse NUL characters, which no database can look up, before any view meets them."""

        def without_nul(request, *args, **kwargs):
            if "\x00" in unquote(request.get_full_path()):
                raise BadRequest
            return view(request, *args, **kwargs)

        return super().admin_view(without_nul, cacheable)
