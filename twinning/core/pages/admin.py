"""Admin of the pages of the council's own."""

from django.contrib import admin

from twinning.core.backoffice.publishing import PublishableAdmin, StateFilter
from twinning.core.pages.pages import Page


@admin.register(Page)
class PageAdmin(PublishableAdmin):
    list_display = ("title", "replaces", "is_in_foot", "position", "publication")
    list_filter = (StateFilter,)
    search_fields = ("folded", "slug")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (None, {"fields": ("title", "slug", "summary", "text", "language", "replaces", ("is_in_foot", "position"))}),
    )
