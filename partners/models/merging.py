"""Merging of records: all that names one comes to name another, and names the first again when that is undone (ADR 57).

What is to be named anew is found from the models, so that this knows no app above it: also what readers of alerts chose.
"""

from django.db import models

Moved = dict[str, dict[str, list[int]]]  # by model: the keys of what was changed, and of what named both


def _fields(model: type[models.Model]) -> list[models.ForeignKey]:
    """The foreign keys that lead to a kind of record; those in the tables of many-to-many relations, too."""
    relations = model._meta.get_fields(include_hidden=True)
    return [one.field for one in relations if one.auto_created and not one.concrete and not one.many_to_many]


def _owner(field: models.ForeignKey) -> str:
    """By what a row is found again: in the table of a many-to-many relation the record at its other end, else its own key."""
    if not field.model._meta.auto_created:
        return "pk"
    return next(other.attname for other in field.model._meta.fields if other.is_relation and other is not field)


def move(record: models.Model, into: models.Model) -> Moved:
    """Let all that names one record name another; returns what has to be known to undo that."""
    moved = {}
    for field in _fields(type(record)):
        owner, rows = _owner(field), field.model._base_manager
        of = rows.filter(**{field.name: record.pk})
        there = set() if owner == "pk" else set(rows.filter(**{field.name: into.pk}).values_list(owner, flat=True))
        keys = set(of.values_list(owner, flat=True))
        moved[field.model._meta.label_lower] = {"changed": sorted(keys - there), "both": sorted(keys & there)}
        of.filter(**{f"{owner}__in": keys & there}).delete()
        of.update(**{field.name: into.pk})
    return moved


def undo(record: models.Model, into_pk: int, moved: Moved) -> None:
    """Let what was moved name the first record again, as far as it still names the second one."""
    for field in _fields(type(record)):
        owner, rows = _owner(field), field.model._base_manager
        known = moved.get(field.model._meta.label_lower, {"changed": [], "both": []})
        again = set(rows.filter(**{field.name: record.pk}).values_list(owner, flat=True)) if owner != "pk" else set()
        named = rows.filter(**{field.name: into_pk, f"{owner}__in": set(known["changed"]) - again})
        named.update(**{field.name: record.pk})
        still = rows.filter(**{field.name: into_pk, f"{owner}__in": set(known["both"]) - again})
        rows.bulk_create(
            field.model(**{owner: key, field.attname: record.pk}) for key in still.values_list(owner, flat=True)
        )
