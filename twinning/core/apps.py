"""The names of the ground floor and of the back office."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "twinning.core"
    verbose_name = _("People and roles")


class BackOfficeConfig(admin_apps.AdminConfig):
    default = False
    default_site = "twinning.core.site.BackOffice"
