"""The names of the ground floor and of the back office."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core.checks import Tags, register
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from twinning.core.checks import (
    accessibility_is_reviewed,
    readers_run,
    site_url_is_answered,
    steps_are_whole,
)


class CoreConfig(AppConfig):
    name = "twinning.core"
    verbose_name = _("Library and people")

    def ready(self):
        register(site_url_is_answered, Tags.security, deploy=True)
        register(readers_run, Tags.files, deploy=True)
        register(accessibility_is_reviewed)
        register(steps_are_whole, Tags.models)
        # Models cannot be imported before now.
        post_migrate.connect(import_string("twinning.core.search.triggers.lay_triggers"), sender=self)
        # Django finds this out in a transaction, once a connection: a page would wait for whoever is writing, and if that
        # takes long, fail from then on. Every SQLite that Django supports knows JSON.
        DatabaseWrapper.features_class.supports_json_field = True


class BackOfficeConfig(admin_apps.AdminConfig):
    default = False
    default_site = "twinning.core.backoffice.site.BackOffice"
