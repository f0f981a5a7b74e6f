"""The names of the ground floor and of the back office."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core.checks import Tags, register
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from twinning.core.checks import accessibility_is_reviewed, scanner_has_an_address, site_url_is_answered


class CoreConfig(AppConfig):
    name = "twinning.core"
    verbose_name = _("Library and people")

    def ready(self):
        register(site_url_is_answered, Tags.security, deploy=True)
        register(accessibility_is_reviewed)
        register(scanner_has_an_address)
        # Django finds this out in a transaction, once a connection: a page would wait for whoever is writing, and if that
        # takes long, fail from then on. Every SQLite that Django supports knows JSON.
        DatabaseWrapper.features_class.supports_json_field = True


class BackOfficeConfig(admin_apps.AdminConfig):
    default = False
    default_site = "twinning.core.site.BackOffice"

    def ready(self):
        # They build on the admin module, which therefore cannot import them; the front page lists people before the rest.
        autodiscover_modules("accounts_admin", "photos_admin")
        super().ready()
