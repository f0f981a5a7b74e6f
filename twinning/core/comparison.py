"""Two snapshots of a record side by side: what differs, field by field, in words."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.dateformat import format as format_date
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.dates import PartialDateField, to_partial_date
from twinning.core.history import HistoryEvent, What
from twinning.core.moments import moment_in_words
from twinning.core.richtext import RichTextField, to_text
from twinning.core.snapshots import content_fields, content_relations, part_relations
from twinning.core.wording import marked

_LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<(/?)(strong|em|h3|h4|ul|ol|li|blockquote)\b[^>]*>")
# Shorter values are easier to compare side by side than with their words marked.
SHORT = 60
_PLACES = {
    "": gettext_lazy("%(kind)s: %(name)s"),
    "added": gettext_lazy("%(kind)s added: %(name)s"),
    "removed": gettext_lazy("%(kind)s removed: %(name)s"),
}


@dataclass(frozen=True)
class Difference:
    """One field that differs.

    ``place`` is empty for the record's own fields, else the part in words; ``fate`` says whether that part was added or
    removed as a whole. ``key`` is (relation or "", key of the part or None, name of the field).
    """

    place: str
    label: str
    before: str
    after: str
    key: tuple[str, int | None, str]
    fate: str = ""
    note: str = ""
    is_text: bool = False

    @property
    def marks(self) -> list[tuple[str, str]]:
        """The words of a long text as (text, "same", "ins" or "del"); empty where before and after are better apart."""
        is_long = max(len(self.before), len(self.after)) > SHORT
        return marked(self.before, self.after) if self.is_text and is_long and self.before and self.after else []


class Names:
    """The names of whatever some snapshots of one kind of record name: one query for each kind of record named."""

    def __init__(self, model: type[models.Model], snapshots: list[dict]):
        wanted = defaultdict(set)
        for snapshot in snapshots:
            self._collect(wanted, content_fields(model), snapshot["fields"])
            for relation in content_relations(model):
                wanted[relation.related_model].update(snapshot["relations"].get(relation.name, []))
            for relation in part_relations(model):
                for row in snapshot["parts"].get(relation.get_accessor_name(), []):
                    self._collect(wanted, _part_fields(relation), row["fields"])
        self._found = {kind: _all(kind, keys) for kind, keys in wanted.items()}
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
        events = HistoryEvent.objects.filter(condition, what=What.DELETE)
        return {(kind, key): name for kind, key, name in events.values_list("content_type", "object_id", "name")}

    def record(self, model: type[models.Model], key) -> models.Model | None:
        """The record itself, if it is still there."""
        return self._found[model].get(key)

    def name(self, model: type[models.Model], key) -> str:
        """How a record is called now, or was called when it was deleted."""
        if record := self.record(model, key):
            return called(record)
        name = self._gone.get((ContentType.objects.get_for_model(model).pk, key), "")
        return _("“%(name)s”, since deleted") % {"name": name} if name else _("something since deleted")


def called(record: models.Model) -> str:
    """The name of a record; of a colleague the full name, if the account has one."""
    full_name = record.get_full_name() if hasattr(record, "get_full_name") else ""
    return full_name or str(record)


def _all(kind: type[models.Model], keys: set) -> dict:
    return kind._base_manager.fetch_mode(models.FETCH_PEERS).in_bulk(keys)


def differences(
    model: type[models.Model], before: dict | None, after: dict | None, *, names: Names | None = None, reader=None
) -> list[Difference]:
    """What differs between two snapshots of a record, in the order of its form; None is a record that is not there.

    A field that one of the two does not know, because the model has changed since, is left out; so are those that the
    model names in ``for_superusers``, unless the reader is one.
    """
    sides = before, after
    names = names or Names(model, [side for side in sides if side])
    own = (side and side["fields"] for side in sides)
    hidden = () if reader and reader.is_superuser else getattr(model, "for_superusers", ())
    fields = [field for field in content_fields(model) if field.name not in hidden]
    found = _of_fields(fields, *own, names, fate=_fate(before, after))
    for relation in content_relations(model):
        keys = [side["relations"].get(relation.name, []) if side else [] for side in sides]
        if set(keys[0]) != set(keys[1]):
            words = (", ".join(sorted(names.name(relation.related_model, key) for key in side)) for side in keys)
            found.append(Difference("", _label(relation), *words, ("", None, relation.name)))
    for relation in part_relations(model):
        parts = [side["parts"].get(relation.get_accessor_name(), []) if side else [] for side in sides]
        found += _of_parts(relation, *({row["pk"]: row["fields"] for row in rows} for rows in parts), names)
    return found


def _fate(before: dict | None, after: dict | None) -> str:
    return "added" if before is None else "removed" if after is None else ""


def _part_fields(relation: models.ManyToOneRel) -> list[models.Field]:
    return content_fields(relation.related_model, owner=relation.field)


def _label(field: models.Field) -> str:
    return str(capfirst(field.verbose_name))


def _of_parts(relation: models.ManyToOneRel, before: dict, after: dict, names: Names) -> list[Difference]:
    name, found = relation.get_accessor_name(), []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        fate = _fate(old, new)
        about = {
            "kind": capfirst(relation.related_model._meta.verbose_name),
            "name": _part_name(relation, new or old, names),
        }
        found += _of_fields(
            _part_fields(relation), old, new, names,
            place=str(_PLACES[fate] % about).removesuffix(": "), part=(name, key), fate=fate,
        )  # fmt: skip
    return found


def _part_name(relation: models.ManyToOneRel, values: dict, names: Names) -> str:
    """What a part calls itself, without asking the database for what it names."""
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


def _of_fields(fields, before: dict | None, after: dict | None, names: Names, *, place="", part=("", None), fate=""):
    found = []
    for field in fields:
        if not field.editable or any(side is not None and field.name not in side for side in (before, after)):
            continue
        old, new = ((side or {}).get(field.name) for side in (before, after))
        if old == new or (fate and not (old or new)):
            continue
        words = [in_words(field, side, names) if side is not None else "" for side in (before, after)]
        note = ""
        if words[0] == words[1]:
            words, note = _same_words(field, old, new, words)
        is_text = isinstance(field, models.TextField | models.CharField) and not (field.is_relation or field.choices)
        found.append(Difference(place, _label(field), *words, (*part, field.name), fate, note, is_text))
    return found


def _same_words(field: models.Field, old, new, words: list[str]) -> tuple[list[str], str]:
    """What to show of two values that read the same."""
    if isinstance(field, RichTextField):
        return [_with_formatting(old or ""), _with_formatting(new or "")], _("Only the formatting differs.")
    if isinstance(field, models.FileField):
        return words, _("Another file of the same name.")
    return words, ""


def in_words(field: models.Field, values: dict, names: Names) -> str:
    """A value of a snapshot as a colleague would write it; ``values`` are all of the record or the part."""
    value = values[field.name]
    if value is None or value == "":
        return ""
    if field.is_relation:
        return names.name(field.related_model, value)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return next((words(value, values) for kind, words in _WORDS if isinstance(field, kind)), str(value))


def _moment(value: str, values: dict) -> str:
    return moment_in_words(datetime.fromisoformat(value))


def _partial_date(value: str, values: dict) -> str:
    try:
        return str(to_partial_date(value))
    except ValidationError:
        return value


def _file(value: str, values: dict) -> str:
    size = values.get("size")
    return f"{values.get('name') or value}{f' ({filesizeformat(size)})' if size else ''}"


def _rich_text(value: str, values: dict) -> str:
    """The words, with the address of each link behind it: a link that leads elsewhere is more than formatting."""
    return to_text(_LINK.sub(r"\2 (\1)", value))


def _with_formatting(source: str) -> str:
    """The words with the names of their formatting between them."""
    names = {
        "strong": _("bold"), "em": _("italic"), "h3": _("heading"), "h4": _("smaller heading"), "ul": _("list"),
        "ol": _("numbered list"), "li": _("point"), "blockquote": _("quotation"),
    }  # fmt: skip

    def named(tag: re.Match) -> str:
        if tag[1]:
            return _(" [end of %(name)s] ") % {"name": names[tag[2]]} if tag[2] in ("strong", "em") else tag[0]
        return f" [{names[tag[2]]}] "

    return _rich_text(_TAG.sub(named, source), {})


_WORDS = (
    (models.BooleanField, lambda value, values: _("yes") if value else _("no")),
    (models.DateTimeField, _moment),
    (models.DateField, lambda value, values: format_date(parse_date(value), "j F Y")),
    (PartialDateField, _partial_date),
    (models.FileField, _file),
    (RichTextField, _rich_text),
)
