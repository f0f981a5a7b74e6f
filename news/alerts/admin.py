"""Subscribers in the back office: for finding, handing out and deleting what is kept about an address.

Nothing of it goes into a history: what somebody wants deleted is deleted.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy

from news.alerts.readers import Subscriber


class SubscriberAdmin(admin.ModelAdmin):
    list_display = ("email", "confirmed_at", "everything", "chosen")
    list_filter = ("everything",)
    search_fields = ("email",)
    search_help_text = gettext_lazy("Search by a part of the address.")
    fields = ("email", "confirmed_at", "everything", "cities", "themes")
    actions = ("hand_out",)
    show_full_result_count = False

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("cities", "themes")

    def has_add_permission(self, request):
        return False  # only readers themselves can want it

    def has_change_permission(self, request, obj=None):
        return False

    def log_deletions(self, request, queryset):
        """The log would keep the address."""

    def history_view(self, request, object_id, extra_context=None):
        """There is none: leads to what is kept."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return redirect("admin:news_subscriber_change", object_id)

    @admin.display(description=gettext_lazy("about"))
    def chosen(self, subscriber):
        return ", ".join(record.name for record in (*subscriber.cities.all(), *subscriber.themes.all()))

    @admin.action(permissions=["view"], description=gettext_lazy("Download all that is kept about these addresses"))
    def hand_out(self, request, queryset):
        kept = [about(subscriber) for subscriber in queryset]
        disposition = 'attachment; filename="alerts.json"'
        return JsonResponse(kept, safe=False, headers={"Content-Disposition": disposition, "Cache-Control": "no-store"})


def about(subscriber: Subscriber) -> dict:
    """All that is kept about an address, for the person to whom it belongs (Article 15 of the GDPR)."""
    mails = subscriber.mails.exclude(sent_at=None).order_by("sent_at").values_list("sent_at", "release__headline")
    return {
        "email": subscriber.email,
        "confirmed at": _written(subscriber.confirmed_at),
        "all press releases": subscriber.everything,
        "cities": [city.name for city in subscriber.cities.all()],
        "themes": [theme.name for theme in subscriber.themes.all()],
        "mails of the last 30 days": [{"sent at": _written(at), "about": headline} for at, headline in mails],
    }


def _written(moment) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
