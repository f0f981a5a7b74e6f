"""The names of the ground floor and of the back office."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from twinning.core.checks import site_url_is_answered


class CoreConfig(AppConfig):
    name = "twinning.core"
    verbose_name = _("People and roles")

    def ready(self):
        register(site_url_is_answered, Tags.security, deploy=True)


class BackOfficeConfig(admin_apps.AdminConfig):
    default = False
    default_site = "twinning.core.site.BackOffice"
