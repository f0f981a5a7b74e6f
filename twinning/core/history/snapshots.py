"""Snapshots: the fields, relations and parts of a record as JSON, taken from the database and put back into it.

History, the comparison of two people's edits and working copies are built on them. The form of a snapshot:
``{"fields": {name: value}, "relations": {name: [key]}, "parts": {relation: [{"pk": key, "fields": {...}}]}}``. A model
names its parts in ``parts`` (the reverse relations that its form edits), and the fields that are left out in
``not_content``.
"""

import json
import secrets
from collections.abc import Container
from contextlib import contextmanager
from functools import cache
from itertools import count
from operator import itemgetter

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.fields.dates import BoundField
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.queries import compiled

CONFLICT = gettext_lazy("It no longer fits what is there now.")
# Keys from here on belong to parts that exist in a snapshot only; no table has so many rows.
FIRST_OWN_KEY = 10**17


def content_fields(model: type[models.Model], *, owner: models.Field | None = None) -> list[models.Field]:
    """The concrete fields that a snapshot holds: no primary key, no derived field, no field of the workflow."""
    left_out = getattr(model, "not_content", ())
    return [
        field
        for field in model._meta.concrete_fields
        if not (
            field.primary_key or isinstance(field, BoundField | FoldedField) or field == owner or field.name in left_out
        )
    ]


def part_relations(model: type[models.Model]) -> list[models.ManyToOneRel]:
    """The reverse relations to the parts of a model, in the order of its form."""
    return [model._meta.get_field(name) for name in getattr(model, "parts", ())]


def rows_of(record: models.Model, relation: models.ManyToOneRel) -> list[models.Model]:
    """The parts of a record in one relation, the oldest first, read from the database."""
    return sorted(_parts(relation.field)(owner=record.pk), key=lambda row: row.pk)


def take(record: models.Model) -> dict:
    """The snapshot of a record, read from the database."""
    stored = _stored(type(record), record.pk)
    parts = {
        relation.get_accessor_name(): [
            {"pk": row.pk, "fields": _values(row, owner=relation.field)} for row in rows_of(record, relation)
        ]
        for relation in part_relations(type(record))
    }
    taken = {"fields": _values(stored), "relations": _related_keys(record), "parts": parts}
    return json.loads(json.dumps(taken, cls=DjangoJSONEncoder))


def _stored(model: type[models.Model], key: int) -> models.Model:
    """A record as it is in the database."""
    for record in _by_key(model)(key=key):
        return record
    raise model.DoesNotExist


def _related_keys(record: models.Model) -> dict[str, list[int]]:
    """The keys at the other end of each relation that the record's form edits, in one query."""
    keys = {field.name: [] for field in content_relations(type(record))}
    for name, key in _related(type(record))(owner=record.pk) if keys else ():
        keys[name].append(key)
    return {name: sorted(found) for name, found in keys.items()}


# A form takes one snapshot when it is opened and two when it is sent, so what they ask is compiled.


@cache
def _by_key(model: type[models.Model]):
    def record(key: int):
        return model._base_manager.filter(pk=key)

    return compiled(record)


@cache
def _parts(to_owner: models.ForeignKey):
    def parts(owner: int):
        return to_owner.model._base_manager.filter(**{to_owner.name: owner})

    return compiled(parts)


@cache
def _related(model: type[models.Model]):
    def keys(owner: int):
        rows = [
            field.remote_field.through._base_manager.filter(**{field.m2m_field_name(): owner})
            .order_by()
            .values_list(models.Value(field.name), f"{field.m2m_reverse_field_name()}_id")
            for field in content_relations(model)
        ]
        return rows[0].union(*rows[1:], all=True)

    return compiled(keys)


def content_relations(model: type[models.Model]) -> list[models.ManyToManyField]:
    """The many-to-many relations that a snapshot holds: those that the record's own form edits."""
    left_out = getattr(model, "not_content", ())
    return [f for f in model._meta.many_to_many if f.remote_field.through._meta.auto_created and f.name not in left_out]


def _values(record: models.Model, *, owner: models.Field | None = None, only: Container[str] | None = None) -> dict:
    fields = content_fields(type(record), owner=owner)
    return {field.name: _value(field, record) for field in fields if only is None or field.name in only}


def values_of(record: models.Model, *, owner: models.Field | None = None, only: Container[str] | None = None) -> dict:
    """The fields of a record as a snapshot has them, from the record itself and not from the database; or ``only`` some."""
    return json.loads(json.dumps(_values(record, owner=owner, only=only), cls=DjangoJSONEncoder))


def _value(field: models.Field, record: models.Model):
    value = field.value_from_object(record)
    return value if value is None or isinstance(value, bool | int | str) else field.value_to_string(record)


def put_back(record: models.Model, snapshot: dict, *, keep_keys: bool = False) -> list[str]:
    """Save the fields, relations and parts of a snapshot into its record.

    Returns a message for each value that could not be put back because the record that it named is missing. Parts that
    are not in the database get a new key, or with ``keep_keys`` the one in the snapshot. Raises ValidationError, and
    saves nothing, when the snapshot conflicts with what is in the database now.
    """
    try:
        with transaction.atomic():
            return _save_snapshot(record, snapshot, keep_keys)
    except IntegrityError as error:
        # The record still has the values of the snapshot: its own check says which of them is wrong.
        record.full_clean()
        raise ValidationError(CONFLICT, code="conflict") from error


def _save_snapshot(record: models.Model, snapshot: dict, keep_keys: bool) -> list[str]:
    """Save what differs from the snapshot, and nothing else: a working copy is tried out at each look at it."""
    stored = take(record)
    missing = _set_fields(record, snapshot["fields"], stored["fields"])
    if stored == snapshot:
        return missing
    record.save()
    for name, keys in snapshot["relations"].items():
        if keys != stored["relations"].get(name):
            relation = record._meta.get_field(name)
            keys = _standing_in(relation.related_model, keys)
            found = set(relation.related_model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
            missing += [_missing_message(relation)] * len(keys - found)
            getattr(record, name).set(found)
    for relation in part_relations(type(record)):
        name = relation.get_accessor_name()
        if snapshot["parts"].get(name, []) != stored["parts"][name]:
            missing += _put_back_parts(
                record, relation, snapshot["parts"].get(name, []), stored["parts"][name], keep_keys
            )
    return missing


def _put_back_parts(record, relation: models.ManyToOneRel, rows: list[dict], stored: list[dict], keep_keys: bool):
    there, missing, parts = {row.pk: row for row in rows_of(record, relation)}, [], []
    values = {row["pk"]: row["fields"] for row in stored}
    for key in there.keys() - {row["pk"] for row in rows}:
        there[key].delete()
    for row in rows:
        if row["fields"] == values.get(row["pk"]):
            continue
        part = there.get(row["pk"]) or relation.related_model(pk=row["pk"] if keep_keys else None)
        setattr(part, relation.field.name, record)
        missing += _set_fields(part, row["fields"], values.get(row["pk"], {}))
        if not any(name in row["fields"] for name in _dangling_relations(part)):
            parts.append(part)
    # Two parts may have swapped unique values: both are deleted before either is saved.
    relation.related_model._base_manager.filter(pk__in=[part.pk for part in parts if part.pk in there]).delete()
    for part in parts:
        part.save()
    return missing


def _set_fields(record: models.Model, values: dict, stored: dict) -> list[str]:
    """Set the fields of a snapshot that the model still has; return a message for each record that is missing.

    ``stored`` are the values in the database, which name nothing that is gone.
    """
    missing = []
    for field in content_fields(type(record)):
        if field.name not in values:
            continue
        value = field.to_python(values[field.name]) if not field.is_relation else values[field.name]
        if field.is_relation and value is not None and value != stored.get(field.name):
            [value] = _standing_in(field.related_model, [value])
            if not field.related_model._base_manager.filter(pk=value).exists():
                value = None
                missing.append(_missing_message(field))
        setattr(record, field.attname, value)
    return missing


def _standing_in(model: type[models.Model], keys: list) -> set:
    """The keys, but for records that were merged into others the keys of those: ``stand_ins`` of the model knows them."""
    others = model.stand_ins(keys) if hasattr(model, "stand_ins") else {}
    return {others.get(key, key) for key in keys}


def _dangling_relations(part: models.Model) -> list[str]:
    """The names of the required foreign keys of a part that are empty."""
    return [f.name for f in part._meta.concrete_fields if f.is_relation and not f.null and not getattr(part, f.attname)]


def _missing_message(field: models.Field) -> str:
    return _("“%(field)s” named something that no longer exists.") % {"field": field.verbose_name}


def with_fields(names: tuple[str, ...], *, of: dict, snapshot: dict) -> dict:
    """A snapshot with some fields as another one has them."""
    fields = {name: of["fields"][name] for name in names if name in of["fields"]}
    return snapshot | {"fields": snapshot["fields"] | fields}


def with_own_part_keys(snapshot: dict, stored: dict) -> dict:
    """The snapshot with new, unique keys for the parts that the snapshot ``stored`` does not have.

    They are larger than all other keys and in the order in which the parts were added: between equal parts the key
    decides which comes first, and publishing gives them keys of the table in the same order.
    """
    parts = {}
    for name, rows in snapshot["parts"].items():
        there = {kept["pk"] for kept in stored["parts"].get(name, [])}
        keys = count(max([FIRST_OWN_KEY + secrets.randbits(56), *(row["pk"] + 1 for row in rows)]))
        kept = [row if row["pk"] in there or row["pk"] >= FIRST_OWN_KEY else row | {"pk": next(keys)} for row in rows]
        parts[name] = sorted(kept, key=itemgetter("pk"))
    return snapshot | {"parts": parts}


def without_taken_values(record: models.Model, snapshot: dict) -> tuple[dict, list[str]]:
    """The snapshot with the record's stored value in each unique field whose value another record has taken meanwhile.

    Returned with it are the messages that say which.
    """
    stored = type(record)._base_manager.get(pk=record.pk)
    own = _values(stored)
    _set_fields(stored, snapshot["fields"], own)
    try:
        stored.validate_unique()
    except ValidationError as error:
        taken = {name: own[name] for name in error.error_dict if name in own}
        return snapshot | {"fields": snapshot["fields"] | taken}, error.messages
    return snapshot, []


@contextmanager
def as_if(record: models.Model, snapshot: dict, *, is_whole: bool = True):
    """Context manager: the snapshot is put back into its record, and at the end everything is rolled back.

    Raises ValidationError when a record that the snapshot names is missing; unless ``is_whole``, yields the messages.
    """
    with transaction.atomic():
        try:
            missing = put_back(record, snapshot, keep_keys=True)
            if missing and is_whole:
                raise ValidationError([ValidationError(message, code="missing") for message in missing])
            yield missing
        finally:
            transaction.set_rollback(True)
