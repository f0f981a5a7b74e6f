"""The log: the history events of all records, for administrators to read."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.moments import moment_in_words
from twinning.core.history.compare import differences
from twinning.core.history.describe import describe, person_name
from twinning.core.history.events import EventKind, HistoryEvent, labels
from twinning.core.publishing.copies import WorkingCopy


class KindFilter(admin.SimpleListFilter):
    """Filters events by what was done."""

    title = _("what")
    parameter_name = "what"

    def lookups(self, request, model_admin):
        return labels().items()

    def queryset(self, request, queryset):
        return queryset.filter(what=self.value()) if self.value() else queryset


class Log:
    """ModelAdmin of history events, the newest first; nobody, superusers neither, adds, changes or deletes one."""

    list_display = ("when", "person", "kind", "subject")
    list_display_links = ("when",)
    list_filter = (KindFilter,)
    list_select_related = ("by",)
    search_fields = ("name", "by__folded")
    search_help_text = _("Search in the names of records and colleagues.")
    fields = ("when", "person", "kind", "subject", "remark", "detail_lines", "changes")
    readonly_fields = fields
    offers_restore = False

    class Media:
        css = {"all": ["core/admin-history.css"]}

    def get_fields(self, request, obj=None):
        can_be_empty = {
            "remark": obj and obj.remark,
            "detail_lines": obj and self.detail_lines(obj),
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
            event.request = request
        return changelist

    def get_object(self, request, object_id, from_field=None):
        event = super().get_object(request, object_id, from_field)
        if event:
            event.request = request
        return event

    def history_view(self, request, object_id, extra_context=None):
        """Redirect to the history of the event's record: an event has none of its own."""
        event = self.get_object(request, object_id)
        url = event and self.has_view_permission(request, event) and _history_url(event)
        return HttpResponseRedirect(url or reverse("admin:core_historyevent_changelist"))

    @admin.display(description=_("when"), ordering="pk")
    def when(self, event):
        return moment_in_words(event.at)

    @admin.display(description=_("what"))
    def kind(self, event):
        return event.get_what_display()

    @admin.display(description=_("who"))
    def person(self, event):
        return person_name(event) or self.get_empty_value_display()

    @admin.display(description=_("record"))
    def subject(self, event):
        model = _model_of(event)
        named = f"{capfirst(model._meta.verbose_name)}: {event.name}" if model else event.name
        url = _history_url(event)
        return format_html('<a href="{}">{}</a>', url, named) if url else named

    @admin.display(description=_("details"))
    def detail_lines(self, event):
        return format_html_join("", "<p>{}</p>", ((line,) for line in describe([event])[0].details))

    @admin.display(description=_("what changed"))
    def changes(self, event):
        """The fields that changed; of a record that was added or deleted, all fields."""
        model = event.record.content_type.model_class() if isinstance(event.record, WorkingCopy) else _model_of(event)
        if not model or event.snapshot is None:
            return ""
        before, after = None, event.snapshot
        if event.what == EventKind.DELETE:
            before, after = after, None
        elif last := event.last_state():
            before = last.snapshot
        found = differences(model, before, after, reader=event.request.user)
        return render_to_string("core/backoffice/_differences.html", {"differences": found})


def _model_of(event: HistoryEvent) -> type[models.Model] | None:
    """The model of an event's record; None if the event has no record, or the model no longer exists."""
    return ContentType.objects.get_for_id(event.content_type_id).model_class() if event.content_type_id else None


def _history_url(event: HistoryEvent) -> str:
    """The address of the history of an event's record; empty if the record is gone or the reader may not see it."""
    record = event.record
    if not record or not admin.site.is_registered(type(record)):
        return ""
    opts = record._meta
    may_see = admin.site.get_model_admin(type(record)).has_view_permission(event.request, record)
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_history", args=[record.pk]) if may_see else ""
