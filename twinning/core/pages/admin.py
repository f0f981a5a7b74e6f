"""Admin of the pages of the council's own."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from twinning.core.backoffice.publishing import PublishableAdmin, StateFilter
from twinning.core.pages.pages import Page


@admin.register(Page)
class PageAdmin(PublishableAdmin):
    list_display = ("title", "replaces", "is_in_foot", "position", "publication")
    list_filter = (StateFilter,)
    search_fields = ("folded", "slug")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (gettext_lazy("The page"), {"fields": ("title", "summary", "text", "language")}),
        (gettext_lazy("On the site"), {"fields": ("slug", "replaces", ("is_in_foot", "position"))}),
    )
