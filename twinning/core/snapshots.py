"""A record as data: its fields, its relations and its parts, taken, put back and tried out.

History, the comparison of two people's edits and working copies all stand on this one idea. A snapshot is plain JSON:
``{"fields": {name: value}, "relations": {name: [key]}, "parts": {relation: [{"pk": key, "fields": {...}}]}}``. A model
names its parts in ``parts`` (the reverse relations that its form edits) and what is none of a record's content in
``not_content``.
"""

import json
import secrets
from contextlib import contextmanager
from itertools import count
from operator import itemgetter

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from twinning.core.dates import BoundField

# No table ever has so many rows.
OWN_KEYS = 10**17


def content_fields(model: type[models.Model], *, owner: models.Field | None = None) -> list[models.Field]:
    """The columns that are a record's content: no key, nothing derived, nothing of the workflow."""
    left_out = getattr(model, "not_content", ())
    return [
        field
        for field in model._meta.concrete_fields
        if not (field.primary_key or isinstance(field, BoundField) or field == owner or field.name in left_out)
    ]


def part_relations(model: type[models.Model]) -> list[models.ManyToOneRel]:
    """The relations to the parts of a record, in the order of its form."""
    return [model._meta.get_field(name) for name in getattr(model, "parts", ())]


def rows_of(record: models.Model, relation: models.ManyToOneRel) -> list[models.Model]:
    """The parts of a record behind one relation, the oldest first, straight from the database."""
    rows = relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
    return sorted(rows, key=lambda row: row.pk)


def take(record: models.Model) -> dict:
    """The snapshot of a record as it stands in the database."""
    stored = type(record)._base_manager.get(pk=record.pk)
    parts = {
        relation.get_accessor_name(): [
            {"pk": row.pk, "fields": _values(row, owner=relation.field)} for row in rows_of(record, relation)
        ]
        for relation in part_relations(type(record))
    }
    relations = {
        field.name: sorted(
            field.remote_field.through._base_manager.filter(**{field.m2m_field_name(): record.pk}).values_list(
                f"{field.m2m_reverse_field_name()}_id", flat=True
            )
        )
        for field in content_relations(type(record))
    }
    taken = {"fields": _values(stored), "relations": relations, "parts": parts}
    return json.loads(json.dumps(taken, cls=DjangoJSONEncoder))


def content_relations(model: type[models.Model]) -> list[models.ManyToManyField]:
    """The relations that a record's own form edits."""
    left_out = getattr(model, "not_content", ())
    return [f for f in model._meta.many_to_many if f.remote_field.through._meta.auto_created and f.name not in left_out]


def _values(record: models.Model, *, owner: models.Field | None = None) -> dict:
    return {field.name: _value(field, record) for field in content_fields(type(record), owner=owner)}


def _value(field: models.Field, record: models.Model):
    value = field.value_from_object(record)
    return value if value is None or isinstance(value, bool | int | str) else field.value_to_string(record)


def put_back(record: models.Model, snapshot: dict, *, keep_keys: bool = False) -> list[str]:
    """Make a record, its relations and its parts what a snapshot says, and save.

    Returns what could not be put back, because what it named is no longer there. Parts that are not in the database get
    a new key, or with ``keep_keys`` the one in the snapshot. Raises ValidationError, in words, and saves nothing when the
    snapshot no longer fits what is there now.
    """
    try:
        with transaction.atomic():
            return _write(record, snapshot, keep_keys)
    except IntegrityError as error:
        # The record still holds what it was to be: it knows better than the database what is wrong with that.
        record.full_clean()
        raise ValidationError(_("It no longer fits what is there now.")) from error


def _write(record: models.Model, snapshot: dict, keep_keys: bool) -> list[str]:
    lost = _set_fields(record, snapshot["fields"])
    record.save()
    for name, keys in snapshot["relations"].items():
        relation = record._meta.get_field(name)
        found = set(relation.related_model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
        lost += [_lost(relation)] * len(set(keys) - found)
        getattr(record, name).set(found)
    for relation in part_relations(type(record)):
        lost += _put_parts_back(record, relation, snapshot["parts"].get(relation.get_accessor_name(), []), keep_keys)
    return lost


def _put_parts_back(record, relation: models.ManyToOneRel, rows: list[dict], keep_keys: bool) -> list[str]:
    there, lost, parts = {row.pk: row for row in rows_of(record, relation)}, [], []
    for key in there.keys() - {row["pk"] for row in rows}:
        there[key].delete()
    for row in rows:
        part = there.get(row["pk"]) or relation.related_model(pk=row["pk"] if keep_keys else None)
        setattr(part, relation.field.name, record)
        lost += _set_fields(part, row["fields"])
        if not any(name in row["fields"] for name in _broken(part)):
            parts.append(part)
    # Two parts may have changed places: both leave theirs before one takes the other's.
    relation.related_model._base_manager.filter(pk__in=[part.pk for part in parts if part.pk in there]).delete()
    for part in parts:
        part.save()
    return lost


def _set_fields(record: models.Model, values: dict) -> list[str]:
    """Set what a snapshot says of columns that still exist; return what named something that does not."""
    lost = []
    for field in content_fields(type(record)):
        if field.name not in values:
            continue
        value = field.to_python(values[field.name]) if not field.is_relation else values[field.name]
        if field.is_relation and value is not None:
            if not field.related_model._base_manager.filter(pk=value).exists():
                value = None
                lost.append(_lost(field))
        setattr(record, field.attname, value)
    return lost


def _broken(part: models.Model) -> list[str]:
    """The relations without which a part cannot be kept, and which lead nowhere."""
    return [f.name for f in part._meta.concrete_fields if f.is_relation and not f.null and not getattr(part, f.attname)]


def _lost(field: models.Field) -> str:
    return _("“%(field)s” named something that no longer exists.") % {"field": field.verbose_name}


def with_keys_of_its_own(snapshot: dict, stored: dict) -> dict:
    """The snapshot with keys that nothing else ever gets for the parts that ``stored`` does not have.

    They stand behind all others, in the order in which the parts were added: where parts are equal, the key decides which
    comes first, and publishing gives them new keys in the same order.
    """
    parts = {}
    for name, rows in snapshot["parts"].items():
        there = {kept["pk"] for kept in stored["parts"].get(name, [])}
        keys = count(max([OWN_KEYS + secrets.randbits(56), *(row["pk"] + 1 for row in rows)]))
        kept = [row if row["pk"] in there or row["pk"] >= OWN_KEYS else row | {"pk": next(keys)} for row in rows]
        parts[name] = sorted(kept, key=itemgetter("pk"))
    return snapshot | {"parts": parts}


def without_what_is_taken(record: models.Model, snapshot: dict) -> tuple[dict, list[str]]:
    """The snapshot with the record's own values where another record has meanwhile got what only one can have.

    Returned with it is what that was, in words.
    """
    stored = type(record)._base_manager.get(pk=record.pk)
    own = _values(stored)
    _set_fields(stored, snapshot["fields"])
    try:
        stored.validate_unique()
    except ValidationError as error:
        taken = {name: own[name] for name in error.error_dict if name in own}
        return snapshot | {"fields": snapshot["fields"] | taken}, error.messages
    return snapshot, []


@contextmanager
def as_if(record: models.Model, snapshot: dict, *, is_whole: bool = True):
    """The database as it would be if a record were what a snapshot says. Nothing that happens inside remains.

    Raises ValidationError when something that the snapshot names is no longer there; unless ``is_whole``, yields that.
    """
    with transaction.atomic():
        try:
            lost = put_back(record, snapshot, keep_keys=True)
            if lost and is_whole:
                raise ValidationError(lost)
            yield lost
        finally:
            transaction.set_rollback(True)
