"""History that nothing in the back office escapes: what is saved, added and deleted there is written down with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models, transaction
from django.utils import timezone

from twinning.core.history import What, current_state, note, note_state


class History:
    """What a ModelAdmin writes into the history, in the transaction of what it does.

    Django's own LogEntry is kept beside it for the list of recent actions on the front page, and for nothing else.
    """

    def get_object(self, request, object_id, from_field=None):
        """The record. While something is saved it is locked, and what it was before that is known."""
        record = super().get_object(request, object_id, from_field)
        if record and request.method == "POST" and transaction.get_connection().in_atomic_block:
            record = self._locked([record]).first()
            if record:
                current_state(record, at=timezone.now())
        return record

    def _locked(self, records) -> models.QuerySet:
        keys = [record.pk for record in records]
        return self.model._base_manager.select_for_update(of=("self",)).filter(pk__in=keys)

    def save_related(self, request, form, formsets, change):
        # Here and not in log_change: a step that the form takes after it is saved comes after the change in history too.
        super().save_related(request, form, formsets, change)
        note_state(form.instance, What.CHANGE if change else What.ADD, by=request.user, at=timezone.now())

    def log_addition(self, request, obj, message):
        note_state(obj, What.ADD, by=request.user, at=timezone.now())
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        note_state(obj, What.CHANGE, by=request.user, at=timezone.now())
        return super().log_change(request, obj, message)

    def log_deletions(self, request, queryset):
        for record in self._locked(queryset):
            note(record, What.DELETE, by=request.user, at=timezone.now(), with_content=True)
        return super().log_deletions(request, queryset)

    def response_action(self, request, *args, **kwargs):
        # Django deletes what was chosen in a list and logs it in two transactions.
        with transaction.atomic():
            return super().response_action(request, *args, **kwargs)

    def delete_model(self, request, obj):
        with _losing(obj, by=request.user):
            super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        # One by one: a record that search can find takes its entry with it.
        for record in queryset:
            self.delete_model(request, record)


@contextmanager
def _losing(record: models.Model, *, by) -> Iterator[None]:
    """Write down that the records that name this one, and will not any more, have changed: a role takes itself along."""
    relations = [relation for relation in record._meta.related_objects if relation.many_to_many]
    holders = [h for r in relations for h in r.related_model._base_manager.filter(**{r.field.name: record.pk})]
    at = timezone.now()
    for holder in holders:
        current_state(holder, at=at)
    yield
    for holder in holders:
        note_state(holder, What.CHANGE, by=by, at=at)
