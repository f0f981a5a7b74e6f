"""The differences between two snapshots of a record, field by field, as people read them."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.fields.date_words import day_in_words
from twinning.core.fields.dates import PartialDateField, stored_date
from twinning.core.fields.moments import moment_in_words
from twinning.core.fields.richtext import RichTextField, to_text
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.history.snapshots import content_fields, content_relations, part_relations
from twinning.core.history.text_diff import word_diff

_LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<(/?)(strong|em|sup|sub|h3|h4|ul|ol|li|blockquote|table|th)\b[^>]*>")
_IN_LINES = ("strong", "em", "sup", "sub")
# Values of up to so many characters are shown side by side and not as a word diff.
LONGEST_UNMARKED = 60
_PART_LABELS = {
    "": gettext_lazy("%(kind)s: %(name)s"),
    "added": gettext_lazy("%(kind)s added: %(name)s"),
    "removed": gettext_lazy("%(kind)s removed: %(name)s"),
}


@dataclass(frozen=True)
class Difference:
    """One field that differs.

    ``place`` is the label of the part, empty for the record's own fields; ``part_change`` is “added” or “removed” if
    that is so of the whole part. ``key`` is (relation or "", key of the part or None, name of the field).
    """

    place: str
    label: str
    before: str
    after: str
    key: tuple[str, int | None, str]
    part_change: str = ""
    note: str = ""
    is_text: bool = False

    @property
    def marks(self) -> list[tuple[str, str]]:
        """The word diff of a long text; empty where before and after are shown side by side."""
        is_long = max(len(self.before), len(self.after)) > LONGEST_UNMARKED
        return word_diff(self.before, self.after) if self.is_text and is_long and self.before and self.after else []


class Names:
    """The names of the records to which some snapshots of one model refer: one query for each model referred to."""

    def __init__(self, model: type[models.Model], snapshots: list[dict]):
        wanted = defaultdict(set)
        for snapshot in snapshots:
            self._collect(wanted, content_fields(model), snapshot["fields"])
            for relation in content_relations(model):
                wanted[relation.related_model].update(snapshot["relations"].get(relation.name, []))
            for relation in part_relations(model):
                for row in snapshot["parts"].get(relation.get_accessor_name(), []):
                    self._collect(wanted, _part_fields(relation), row["fields"])
        self._found = {kind: _fetch(kind, keys) for kind, keys in wanted.items()}
        self._gone = self._names_of_deleted(wanted)

    @staticmethod
    def _collect(wanted: dict, fields: list[models.Field], values: dict) -> None:
        for field in fields:
            if field.is_relation and values.get(field.name) is not None:
                wanted[field.related_model].add(values[field.name])

    def _names_of_deleted(self, wanted: dict) -> dict:
        missing = {kind: gone for kind, keys in wanted.items() if (gone := keys - self._found[kind].keys())}
        if not missing:
            return {}
        kinds = ContentType.objects.get_for_models(*missing)
        condition = models.Q()
        for kind, keys in missing.items():
            condition |= models.Q(content_type=kinds[kind], object_id__in=keys)
        events = HistoryEvent.objects.filter(condition, what=EventKind.DELETE)
        return {(kind, key): name for kind, key, name in events.values_list("content_type", "object_id", "name")}

    def record(self, model: type[models.Model], key) -> models.Model | None:
        """The record itself, if it is still there."""
        return self._found[model].get(key)

    def name(self, model: type[models.Model], key) -> str:
        """The name of a record, or the one that it had when it was deleted."""
        if record := self.record(model, key):
            return display_name(record)
        name = self._gone.get((ContentType.objects.get_for_model(model).pk, key), "")
        return _("“%(name)s”, since deleted") % {"name": name} if name else _("something since deleted")


def display_name(record: models.Model) -> str:
    """The name of a record; of a colleague the full name, if the account has one."""
    full_name = record.get_full_name() if hasattr(record, "get_full_name") else ""
    return full_name or str(record)


def _fetch(kind: type[models.Model], keys: set) -> dict:
    return kind._base_manager.fetch_mode(models.FETCH_PEERS).in_bulk(keys)


def differences(
    model: type[models.Model], before: dict | None, after: dict | None, *, names: Names | None = None, reader=None
) -> list[Difference]:
    """The differences between two snapshots of a record, in the order of its form; None stands for no record.

    A field that one of the two does not have, because the model has changed since, is left out; so are those that the
    model names in ``for_superusers``, unless the reader is one.
    """
    sides = before, after
    names = names or Names(model, [side for side in sides if side])
    own = (side and side["fields"] for side in sides)
    hidden = () if reader and reader.is_superuser else getattr(model, "for_superusers", ())
    fields = [field for field in content_fields(model) if field.name not in hidden]
    found = _field_differences(fields, *own, names, part_change=_part_change(before, after))
    for relation in content_relations(model):
        keys = [side["relations"].get(relation.name, []) if side else [] for side in sides]
        if set(keys[0]) != set(keys[1]):
            shown = (", ".join(sorted(names.name(relation.related_model, key) for key in side)) for side in keys)
            found.append(Difference("", _label(relation), *shown, ("", None, relation.name)))
    for relation in part_relations(model):
        parts = [side["parts"].get(relation.get_accessor_name(), []) if side else [] for side in sides]
        found += _part_differences(relation, *({row["pk"]: row["fields"] for row in rows} for rows in parts), names)
    return found


def _part_change(before: dict | None, after: dict | None) -> str:
    return "added" if before is None else "removed" if after is None else ""


def _part_fields(relation: models.ManyToOneRel) -> list[models.Field]:
    return content_fields(relation.related_model, owner=relation.field)


def _label(field: models.Field) -> str:
    return str(capfirst(field.verbose_name))


def _part_differences(relation: models.ManyToOneRel, before: dict, after: dict, names: Names) -> list[Difference]:
    name, found = relation.get_accessor_name(), []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        part_change = _part_change(old, new)
        about = {
            "kind": capfirst(relation.related_model._meta.verbose_name),
            "name": _part_name(relation, new or old, names),
        }
        found += _field_differences(
            _part_fields(relation), old, new, names,
            place=str(_PART_LABELS[part_change] % about).removesuffix(": "), part=(name, key), part_change=part_change,
        )  # fmt: skip
    return found


def _part_name(relation: models.ManyToOneRel, values: dict, names: Names) -> str:
    """The name of a part, without a query for each record to which it refers."""
    part = relation.related_model()
    for field in _part_fields(relation):
        value = values.get(field.name)
        if field.is_relation and value is not None:
            setattr(part, field.name, names.record(field.related_model, value))
        elif field.name in values:
            setattr(part, field.attname, value)
    try:
        return str(part)
    except ObjectDoesNotExist:
        return ""


def _field_differences(
    fields, before: dict | None, after: dict | None, names: Names, *, place="", part=("", None), part_change=""
):
    found = []
    for field in fields:
        if not field.editable or any(side is not None and field.name not in side for side in (before, after)):
            continue
        old, new = ((side or {}).get(field.name) for side in (before, after))
        if old == new or (part_change and not (old or new)):
            continue
        shown = [display_value(field, side, names) if side is not None else "" for side in (before, after)]
        note = ""
        if shown[0] == shown[1]:
            shown, note = _distinguish(field, old, new, shown)
        is_text = isinstance(field, models.TextField | models.CharField) and not (field.is_relation or field.choices)
        found.append(Difference(place, _label(field), *shown, (*part, field.name), part_change, note, is_text))
    return found


def _distinguish(field: models.Field, old, new, shown: list[str]) -> tuple[list[str], str]:
    """Two values that differ but read the same, as they are shown, and a note on the difference."""
    if isinstance(field, RichTextField):
        return [_with_formatting(old or ""), _with_formatting(new or "")], _("Only the formatting differs.")
    if isinstance(field, models.FileField):
        return shown, _("Another file of the same name.")
    return shown, ""


def display_value(field: models.Field, values: dict, names: Names) -> str:
    """The value of a field in a snapshot as people read it; ``values`` are those of all fields."""
    value = values[field.name]
    if value is None or value == "":
        return ""
    if field.is_relation:
        return names.name(field.related_model, value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return next((display(value, values) for kind, display in _DISPLAY if isinstance(field, kind)), str(value))


def _moment(value: str, values: dict) -> str:
    return moment_in_words(datetime.fromisoformat(value))


def _partial_date(value: str, values: dict) -> str:
    try:
        return str(stored_date(value))
    except ValidationError:
        return value


def _file(value: str, values: dict) -> str:
    size = values.get("size")
    return f"{values.get('name') or value}{f' ({filesizeformat(size)})' if size else ''}"


def _rich_text(value: str, values: dict) -> str:
    """The text with the address of each link behind it, so that a changed address shows."""
    return to_text(_LINK.sub(r"\2 (\1)", value))


def _with_formatting(source: str) -> str:
    """The text with the names of its formatting between the words."""
    names = {
        "strong": _("bold"), "em": _("italic"), "h3": _("heading"), "h4": _("smaller heading"), "ul": _("list"),
        "ol": _("numbered list"), "li": _("point"), "blockquote": _("quotation"), "sup": _("raised"), "sub": _("lowered"),
        "table": _("table"), "th": _("header"),
    }  # fmt: skip

    def named(tag: re.Match) -> str:
        if tag[1]:
            return _(" [end of %(name)s] ") % {"name": names[tag[2]]} if tag[2] in _IN_LINES else tag[0]
        return f" [{names[tag[2]]}] "

    return _rich_text(_TAG.sub(named, source), {})


_DISPLAY = (
    (models.BooleanField, lambda value, values: _("yes") if value else _("no")),
    (models.DateTimeField, _moment),
    (models.DateField, lambda value, values: day_in_words(parse_date(value))),
    (PartialDateField, _partial_date),
    (models.FileField, _file),
    (RichTextField, _rich_text),
)
