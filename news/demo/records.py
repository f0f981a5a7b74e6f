"""Puts the records of the TOML files into the database and leaves alone whatever is there already.

A table in a file holds the fields of a model by name. Relations hold slugs (a press contact, its email), parts are tables
of their own. Three names are instructions: ``state = "draft"``, ``publish_at`` (the moment when an old release came out)
and ``publish_on_europe_day`` (embargoed until then). Without any of them a record is public from the moment of loading.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import models
from django.db.models import Q
from django.utils import timezone

from news.demo.staff import Staff
from news.models import PressContact, PressRelease
from partners.models import City, Memorandum, Programme, Theme
from twinning.core.slugs import old_slugs

FILES = Path(__file__).parent
SHORTEST_EMBARGO = timedelta(days=14)


def load(staff: Staff, *, at: datetime) -> Iterator[tuple[str, int, int]]:
    """Load what is missing, kind by kind; yield the kind's name, how many were new and how many there already."""
    yield _load_programme()
    for model, rows in (
        (Theme, _rows("themes.toml")),
        (City, [_read(path) for path in sorted(FILES.glob("cities/*.toml"))]),
        (Memorandum, _rows("memoranda.toml")),
    ):
        yield _load_publishable(model, rows, author=staff.editor, approver=staff.approver, at=at)
    yield _load_contacts()
    yield _load_publishable(PressRelease, _release_rows(), author=staff.press, approver=staff.approver, at=at)


def find(model: type[models.Model], key: str) -> models.Model | None:
    """The record of a slug, also if people have given it another address since; a contact by its email."""
    if model is PressContact:
        return model.objects.filter(email=key).first()
    moved = old_slugs(model).filter(slug=key).values("object_id")
    return model.objects.filter(Q(slug=key) | Q(pk__in=moved)).first()


def next_europe_day(*, at: datetime) -> datetime:
    """Nine in the morning, local time, of the first 9 May that is at least SHORTEST_EMBARGO away."""
    earliest = timezone.localdate(at + SHORTEST_EMBARGO)
    is_over = earliest > date(earliest.year, 5, 9)
    return timezone.make_aware(datetime(earliest.year + is_over, 5, 9, 9))


def _load_programme() -> tuple[str, int, int]:
    is_new = not Programme.objects.exists()
    if is_new:
        _make(Programme, {"pk": 1} | _read(FILES / "programme.toml"))
    return Programme._meta.verbose_name_plural, int(is_new), int(not is_new)


def _load_contacts() -> tuple[str, int, int]:
    """The press contacts, unless there are any: whoever keeps contacts of their own wants no invented ones beside them."""
    kept = PressContact.objects.count()
    made = [] if kept else [_make(PressContact, row) for row in _rows("contacts.toml")]
    return PressContact._meta.verbose_name_plural, len(made), kept


def _load_publishable(model, rows: list[dict], *, author, approver, at: datetime) -> tuple[str, int, int]:
    missing = [row for row in rows if not find(model, row["slug"])]
    for row in missing:
        state, published_at = row.pop("state", None), row.pop("publish_at", None)
        embargo = next_europe_day(at=at) if row.pop("publish_on_europe_day", False) else None
        record = _make(model, row)
        if state != "draft":
            record.submit(by=author, at=published_at or at)
            record.approve(by=approver, at=published_at or at, publish_at=embargo)
        if published_at:
            # An old release was not written today.
            model.objects.filter(pk=record.pk).update(created_at=published_at, updated_at=published_at)
    return model._meta.verbose_name_plural, len(missing), len(rows) - len(missing)


def _make(model: type[models.Model], row: dict, **owner) -> models.Model:
    """Save one record of a table, checked as a form would check it, with its relations and its parts."""
    fields, many, parts = dict(owner), {}, {}
    for name, value in row.items():
        field = model._meta.get_field(name) if name != "pk" else model._meta.pk
        if field.one_to_many:
            parts[field] = value
        elif field.many_to_many:
            many[name] = list(filter(None, (find(field.related_model, key) for key in value)))
        else:
            fields[name] = find(field.related_model, value) if field.is_relation else value
    record = model(**fields)
    record.full_clean()
    record.save()
    for name, others in many.items():
        getattr(record, name).set(others)
    for relation, rows in parts.items():
        for part in rows:
            _make(relation.related_model, part, **{relation.field.name: record})
    return record


def _release_rows() -> list[dict]:
    """The releases, without contacts that are not kept here."""
    rows = _rows("releases.toml")
    for row in rows:
        row["release_contacts"] = [part for part in row["release_contacts"] if find(PressContact, part["contact"])]
    return rows


def _rows(name: str) -> list[dict]:
    return _read(FILES / name)["records"]


def _read(path: Path) -> dict:
    return _unwrapped(tomllib.loads(path.read_text(encoding="utf-8")))


def _unwrapped(value):
    """The same data with each paragraph on one line: the files wrap their lines for people."""
    if isinstance(value, dict):
        return {key: _unwrapped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unwrapped(item) for item in value]
    if isinstance(value, str):
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in value.strip().split("\n\n"))
    return value
