"""What was done to any record, for those who look after the whole: a list to read, and nothing else."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from twinning.core.comparison import differences
from twinning.core.copies import WorkingCopy
from twinning.core.history import HistoryEvent, What
from twinning.core.history_words import tell, who
from twinning.core.moments import moment_in_words


class Log:
    """The list of all events, the newest first; nobody adds, changes or deletes one, superusers neither."""

    list_display = ("when", "person", "what", "subject")
    list_display_links = ("when",)
    list_filter = ("what",)
    list_select_related = ("by",)
    search_fields = ("name", "by__username", "by__first_name", "by__last_name")
    search_help_text = _("Search in the names of records and colleagues.")
    fields = ("when", "person", "what", "subject", "remark", "told", "changes")
    readonly_fields = fields
    offers_restore = False

    class Media:
        css = {"all": ["core/admin-history.css"]}

    def get_fields(self, request, obj=None):
        can_be_empty = {
            "remark": obj and obj.remark,
            "told": obj and self.told(obj),
            "changes": obj and self.changes(obj),
        }
        return [name for name in self.fields if can_be_empty.get(name, True)]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).defer("snapshot").prefetch_related("record")

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        for event in changelist.result_list:
            event.reader = request
        return changelist

    def get_object(self, request, object_id, from_field=None):
        event = super().get_object(request, object_id, from_field)
        if event:
            event.reader = request
        return event

    def history_view(self, request, object_id, extra_context=None):
        """An event has no history; that of its record is meant."""
        event = self.get_object(request, object_id)
        url = event and self.has_view_permission(request, event) and _history_of(event)
        return HttpResponseRedirect(url or reverse("admin:core_historyevent_changelist"))

    @admin.display(description=_("when"), ordering="pk")
    def when(self, event):
        return moment_in_words(event.at)

    @admin.display(description=_("who"))
    def person(self, event):
        return who(event) or None

    @admin.display(description=_("record"))
    def subject(self, event):
        model = _kind(event)
        named = f"{capfirst(model._meta.verbose_name)}: {event.name}" if model else event.name
        url = _history_of(event)
        return format_html('<a href="{}">{}</a>', url, named) if url else named

    @admin.display(description=_("details"))
    def told(self, event):
        return format_html_join("", "<p>{}</p>", ((line,) for line in tell([event])[0].details))

    @admin.display(description=_("what changed"))
    def changes(self, event):
        """The fields that changed; of a record that was added or deleted, all that it held."""
        model = event.record.content_type.model_class() if isinstance(event.record, WorkingCopy) else _kind(event)
        if not model or event.snapshot is None:
            return ""
        before, after = None, event.snapshot
        if event.what == What.DELETE:
            before, after = after, None
        elif last := event.last_state():
            before = last.snapshot
        found = differences(model, before, after, reader=event.reader.user)
        return render_to_string("admin/_differences.html", {"differences": found})


def _kind(event: HistoryEvent) -> type[models.Model] | None:
    """What the event was done to a record of; None if it was to no record, or to a kind that is no more."""
    return ContentType.objects.get_for_id(event.content_type_id).model_class() if event.content_type_id else None


def _history_of(event: HistoryEvent) -> str:
    """The address of the history of an event's record; empty if it is no longer there or not for this reader."""
    record = event.record
    if not record or not admin.site.is_registered(type(record)):
        return ""
    opts = record._meta
    may_see = admin.site.get_model_admin(type(record)).has_view_permission(event.reader, record)
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[record.pk]) if may_see else ""
