"""What the site knows of a record, in plain names: its fields, parts and history, and what else hangs on it.

Everything here is internal. No password, no key and no secret part of an address is among it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.text import capfirst

from news.models import (
    Announcement,
    Coverage,
    PreElectionPeriod,
    PressContact,
    PressRelease,
    QuoteApproval,
    QuoteLink,
    Subscriber,
)
from partners.models import City, Memorandum, Programme, Theme
from twinning.core.addresses import address_of
from twinning.core.fields.dates import BoundField
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.moments import moment_in_words
from twinning.core.files.private import PrivateFile
from twinning.core.history.compare import Names, differences, display_name, display_value
from twinning.core.history.describe import describe
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.history.snapshots import part_relations, rows_of, take
from twinning.core.models import ExternalId, OldSlug, Page, Photo, PreviewLink, SetAside, User, WorkingCopy
from twinning.core.photos.uses import PhotoUse
from twinning.core.publishing.gate import Publishable

# The kinds of record that have files of their own, with the names of their folders.
FOLDERS = {
    City: "cities", Theme: "themes", Memorandum: "agreements", PressRelease: "press-releases", Page: "pages",
    Programme: "introduction", PressContact: "press-contacts",
    PreElectionPeriod: "pre-election-periods", Photo: "photos", User: "colleagues",
}  # fmt: skip
# Addresses of readers are theirs: they come along only if somebody asks for them.
READERS = {Subscriber: "subscribers"}
# What hangs on a record without being a part of its form, by the field that leads to the record; “” is any kind of record.
BESIDE = {
    QuoteApproval: "release", QuoteLink: "release", Announcement: "release", Coverage: "release",
    WorkingCopy: "", PreviewLink: "", SetAside: "", ExternalId: "", OldSlug: "",
}  # fmt: skip
# Secrets, and what is of use to this program only.
LEFT_OUT_FIELDS = {"password", "token", "digest", "key", "object_id", "content_type", "snapshot", "file"}
AT_ONCE = 100  # records


@dataclass(frozen=True)
class Value:
    """The value of a field: its name, its label, its value for programs, and how people read it."""

    name: str
    label: str
    value: Any
    words: str

    @property
    def as_json(self) -> dict:
        words = {"words": self.words} if self.words and self.words != str(self.value) else {}
        return {"label": self.label, "value": self.value, **words}


@dataclass(frozen=True)
class Row:
    """A part of a record: its name and its values, its file, and what it would change (a working copy)."""

    name: str
    values: list[Value]
    file: str
    changes: list[dict]

    @property
    def as_json(self) -> dict:
        own = {"name": self.name, "fields": fields_as_json(self.values), "file": self.file, "changes": self.changes}
        return {name: value for name, value in own.items() if value}

    @property
    def alt(self) -> str:
        """What can be seen on the photo, if the part is one."""
        return next((value.words for value in self.values if value.name == "alt"), "")

    @property
    def is_picture(self) -> bool:
        return any(value.name == "alt" for value in self.values)


@dataclass(frozen=True)
class Section:
    """The parts of one kind."""

    code: str
    title: str
    rows: list[Row]


def fields_as_json(told: list[Value]) -> dict:
    return {value.name: value.as_json for value in told}


def kind_of(model: type[models.Model]) -> str:
    return str(capfirst(model._meta.verbose_name))


def name_of(record: models.Model) -> str:
    """The name of a record's folder: its address where it has one."""
    return getattr(record, "slug", "") or f"{record.pk}-{address_of(str(record))}".rstrip("-")


def path_of(record: models.Model) -> str:
    """The folder of a record, from that of all records on; empty for what has none."""
    folder = FOLDERS.get(type(record))
    return f"{folder}/{name_of(record)}/" if folder else ""


def batches(model: type[models.Model]) -> Iterator[models.Model]:
    """All records of a kind, some at a time, in the order in which they came into the database."""
    last = 0
    while True:
        found = model._base_manager.fetch_mode(models.FETCH_PEERS).filter(pk__gt=last).order_by("pk")[:AT_ONCE]
        yield from (records := list(found))
        if len(records) < AT_ONCE:
            return
        last = records[-1].pk


def values(record: models.Model, *, owner: models.Field | None = None) -> list[Value]:
    """The fields and relations of a record; not the field that leads from a part to its own record."""
    own = [field for field in record._meta.concrete_fields if field != owner and _is_told(field)]
    own.sort(key=lambda field: field.name in getattr(record, "not_content", ()))  # the content first
    many = [field for field in record._meta.many_to_many if field.remote_field.through._meta.auto_created]
    return [_value(field, record) for field in own] + [_many(field, record) for field in many]


def _is_told(field: models.Field) -> bool:
    derived = field.primary_key or field.generated or isinstance(field, BoundField | FoldedField | models.FileField)
    return not derived and field.name not in LEFT_OUT_FIELDS


def _label(field: models.Field) -> str:
    return str(capfirst(field.verbose_name))


def _value(field: models.Field, record: models.Model) -> Value:
    if field.is_relation:
        other = getattr(record, field.name)
        return Value(field.name, _label(field), _named(other) if other else None, display_name(other) if other else "")
    raw = field.value_from_object(record)
    if isinstance(field, models.JSONField):
        return Value(field.name, _label(field), raw, str(raw))
    plain = raw if raw is None or isinstance(raw, bool | int | str) else field.value_to_string(record)
    return Value(field.name, _label(field), plain, display_value(field, {field.name: plain}, None))


def _many(field: models.ManyToManyField, record: models.Model) -> Value:
    others = list(getattr(record, field.name).order_by("pk"))
    return Value(field.name, _label(field), [_named(one) for one in others], ", ".join(map(display_name, others)))


def _named(other: models.Model) -> dict:
    path = path_of(other)
    return {"name": display_name(other)} | ({"record": path} if path else {})


def sections(record: models.Model) -> list[Section]:
    """The parts of a record, and what else hangs on it, kind by kind; kinds without any are left out."""
    found = [(relation.related_model, relation.field, rows_of(record, relation)) for relation in _parts(record)]
    return [_section(model, owner, rows) for model, owner, rows in [*found, *_beside(record)] if rows]


def _parts(record: models.Model) -> list[models.ManyToOneRel]:
    return part_relations(type(record))


def _section(model: type[models.Model], owner: models.Field | None, rows: list[models.Model]) -> Section:
    told = [Row(str(row), values(row, owner=owner), _file_of(row), _proposed(row)) for row in rows]
    return Section(model._meta.model_name, str(capfirst(model._meta.verbose_name_plural)), told)


def _beside(record: models.Model) -> Iterator[tuple[type[models.Model], models.Field | None, list[models.Model]]]:
    kind = ContentType.objects.get_for_model(record)
    for model, name in BESIDE.items():
        owner = model._meta.get_field(name) if name else None
        if owner and isinstance(record, owner.related_model):
            yield model, owner, list(model._base_manager.filter(**{name: record}).order_by("pk"))
        elif not owner:
            yield model, None, list(model._base_manager.filter(content_type=kind, object_id=record.pk).order_by("pk"))


def _file_of(row: models.Model) -> str:
    """Where the file of a part lies, seen from the folder of its record: beside it, or in that of its photo."""
    if isinstance(row, PhotoUse):
        return f"../../{path_of(row.photo)}{row.photo.name}"
    return own_file(row) if isinstance(row, PrivateFile) else ""


def own_file(file: PrivateFile) -> str:
    """The name of a file in its folder; two documents of an agreement may have the same name."""
    return file.name if isinstance(file, Photo) else f"{file.pk}-{file.name}"


def _proposed(row: models.Model) -> list[dict]:
    """What a working copy would change in its record."""
    if not isinstance(row, WorkingCopy):
        return []
    return _changes(type(row.record), take(row.record), row.snapshot)


def standing(record: models.Model, *, at: datetime) -> dict:
    """Where a record stands in the workflow, and its public address; empty for what has neither."""
    if not isinstance(record, Publishable):
        return {}
    state = record.state(at=at)
    address = f"{settings.SITE_URL}{record.get_absolute_url()}"
    return {"address": address, "state": str(state.label), "is_public": record.is_published(at=at)}


def history(record: models.Model) -> list[dict]:
    """What was done to a record, the newest first, each time with the fields that changed."""
    events = list(HistoryEvent.objects.of(record).select_related("by"))
    states = [event for event in events if event.snapshot is not None]
    names = Names(type(record), [event.snapshot for event in states])
    before = {event.pk: older.snapshot for event, older in pairwise(states)}
    told = []
    for entry in describe(events):
        old, new = before.get(entry.event.pk), entry.event.snapshot
        changes = {"changes": _changes(type(record), old, new, names)} if new is not None else {}
        told.append(in_words(entry) | changes)
    return told


def in_words(entry) -> dict:
    """An entry of the history, with empty things left out."""
    event = entry.event
    said = {"what": event.get_what_display(), "by": entry.person, "remark": event.remark, "details": entry.details}
    return {"at": event.at.isoformat(), "when": moment_in_words(event.at)} | {
        name: value for name, value in said.items() if value
    }


def _changes(model: type[models.Model], before: dict | None, after: dict | None, names: Names | None = None):
    found = differences(model, before, after, names=names)
    return [
        {"field": ": ".join(filter(None, [one.place, one.label])), "before": one.before, "after": one.after}
        for one in found
    ]


def log() -> Iterator[dict]:
    """Everything that was ever done, the oldest first: with sign-ins, and with records that were deleted since."""
    for event in batches(HistoryEvent):
        [entry] = describe([event])
        about = {"record": event.name} | ({"kind": event.content_type.name} if event.content_type else {})
        yield about | in_words(entry) | _last_content(event)


def _last_content(event: HistoryEvent) -> dict:
    """What a record had when it was deleted: nothing else tells of it any more."""
    model = event.content_type and event.content_type.model_class()
    if event.what != EventKind.DELETE or not event.snapshot or not model:
        return {}
    return {"content": {one["field"]: one["after"] for one in _changes(model, None, event.snapshot)}}
