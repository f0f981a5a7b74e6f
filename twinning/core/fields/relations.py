"""Many-to-many relations with protected targets, and related rows in the query of their record."""

from functools import cached_property

from django.db import models
from django.db.models import Aggregate, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from twinning.core.fields.queries import compiled


class ProtectedManyToManyField(models.ManyToManyField):
    """A many-to-many relation whose target cannot be deleted while it is named; ending is not deleting.

    Django writes CASCADE into the table between the two, so that deleting a city would quietly take it out of every
    release. The target's side is PROTECT here, and the admin lists what stands in the way.
    """

    def contribute_to_class(self, cls, name, **kwargs):
        super().contribute_to_class(cls, name, **kwargs)
        through = self.remote_field.through
        if not cls._meta.abstract and hasattr(through, "_meta") and through._meta.auto_created:
            target = through._meta.local_fields[-1]
            target.remote_field.on_delete = models.PROTECT

    @cached_property
    def _keys_of(self):
        def keys(owner: int) -> models.QuerySet:
            rows = self.remote_field.through._base_manager.filter(**{f"{self.m2m_field_name()}_id": owner})
            return rows.values_list(f"{self.m2m_reverse_field_name()}_id", flat=True)

        return compiled(keys)

    def value_from_object(self, obj):
        """The keys of what is named; Django would read the records, and a form reads them again to show them."""
        return self._keys_of(owner=obj.pk) if obj.pk else []

    def save_form_data(self, instance, data):
        if {record.pk for record in data} != set(self.value_from_object(instance)):
            super().save_form_data(instance, data)


class _JSONRows(Aggregate):
    """Aggregate: all rows of a group as one JSON array."""

    output_field = models.JSONField()

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra)

    def as_postgresql(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, function="JSONB_AGG", **extra)


def rows(queryset: models.QuerySet, *fields: str) -> Coalesce:
    """An annotation with the rows of a correlated queryset as a list of dicts, unordered.

    The short lists of a page (its cities, its themes) come with the record, in the record's own query.
    """
    group = queryset.order_by().values(_group=Value(1)).values_list("_group")
    together = group.annotate(_rows=_JSONRows(JSONObject(**{name: name for name in fields}))).values("_rows")
    return Coalesce(Subquery(together), Value([], models.JSONField()), output_field=models.JSONField())
