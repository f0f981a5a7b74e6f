"""Deleting records in the back office: what goes with them, what stands in the way, and the line in the history."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from django.contrib import admin
from django.contrib.admin.utils import NestedObjects
from django.db import models, router
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from twinning.core.history.events import EventKind, content, current_state, note, note_state

MOST_NAMED = 20


class Deleting:
    """Mixin of a ModelAdmin: deletion, written into the history in the same transaction."""

    def get_deleted_objects(self, objs, request):
        """What would be deleted with the records, and what prevents it, each by its name."""
        if request.method == "POST":
            # They may have been read before somebody published one of them; from here on nobody does.
            objs = self.locked(objs)
        _to_delete, _counts, lacking, _protected = super().get_deleted_objects(objs, request)
        collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        to_delete = _pruned(collector.nested(lambda record: _as_link(record, request)))
        counts = {
            m._meta.verbose_name_plural: len(c) for m, c in collector.model_objs.items() if not m._meta.auto_created
        }
        return (
            to_delete,
            counts,
            lacking,
            [*self.not_deletable(objs, at=request.visit.at), *_named(collector.protected, request)],
        )

    def locked(self, records) -> models.QuerySet:
        """The same records, locked until the transaction ends."""
        keys = [record.pk for record in records]
        return self.model._base_manager.select_for_update(of=("self",)).filter(pk__in=keys)

    def not_deletable(self, records, *, at) -> list[str]:
        """Which of the records may not be deleted although nothing names them, each with the reason."""
        reasons = ((record, self.reason_not_deletable(record, at=at)) for record in records)
        return [format_html("“{}” {}", record, reason) for record, reason in reasons if reason]

    def reason_not_deletable(self, record, *, at) -> str:
        """Why a record that nothing names may still not be deleted; empty if it may."""
        return ""

    def log_deletions(self, request, queryset):
        for record in self.locked(queryset):
            note(record, EventKind.DELETE, by=request.user, at=request.visit.at, snapshot=content(record))
        return super().log_deletions(request, queryset)

    def delete_model(self, request, obj):
        with _holders_noted(obj, by=request.user, at=request.visit.at):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        # One by one: a record that search can find takes its entry with it.
        for record in queryset:
            self.delete_model(request, record)


@contextmanager
def _holders_noted(record: models.Model, *, by, at) -> Iterator[None]:
    """Context manager: notes a change of each record that refers to this one: people lose a deleted role."""
    relations = [relation for relation in record._meta.related_objects if relation.many_to_many]
    holders = [h for r in relations for h in r.related_model._base_manager.filter(**{r.field.name: record.pk})]
    before = [current_state(holder, at=at) for holder in holders]
    yield
    for holder, last in zip(holders, before, strict=True):
        note_state(holder, EventKind.CHANGE, by=by, at=at, last=last)


def _named(protected: set, request) -> list[str]:
    """The names of the records that prevent a deletion: the first MOST_NAMED, and how many more there are."""
    named = {_as_link(_whole(record), request) for record in islice(protected, MOST_NAMED)}
    more = len(protected) - MOST_NAMED
    return [*sorted(named), *([_("… and %(number)d more") % {"number": more}] if more > 0 else [])]


def _whole(record: models.Model) -> models.Model:
    """The record with a form of its own that a part, or a row of the table between two records, belongs to."""
    if admin.site.is_registered(type(record)):
        return record
    owner = getattr(record, "owner", None) or next(field.name for field in record._meta.fields if field.many_to_one)
    return getattr(record, owner)


def _as_link(record: models.Model, request) -> str:
    """A record as “Press release: headline”, with a link for those who may see it; nothing for a table between two."""
    opts = record._meta
    if opts.auto_created:
        return ""
    kind, name = capfirst(opts.verbose_name), str(record)
    known = admin.site.is_registered(type(record)) and admin.site.get_model_admin(type(record))
    if not known or not known.has_view_permission(request, record):
        return format_html("{}: {}", kind, name)
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
    return format_html('{}: <a href="{}">{}</a>', kind, url, name)


def _pruned(tree: list) -> list:
    """The nested list without its empty branches."""
    branches = (_pruned(branch) if isinstance(branch, list) else branch for branch in tree)
    return [branch for branch in branches if branch]
