"""The loader of the demonstration: it saves the records of the TOML files that are not in the database yet.

A table in a file holds the fields of a model by name. Relations hold slugs (a press contact, its email), parts are tables
of their own, and the file of a document or a photo is the name of one in the folder ``files``. Three names are no fields:
``state = "draft"``, ``publish_at`` (the moment when an old release came out) and ``publish_on_europe_day`` (embargoed until
then). Without any of them a record is public from the moment of loading,
also an old release that says when it was first issued.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path, PurePath

from django.core.files.base import ContentFile
from django.db import models
from django.db.models import Q
from django.utils import timezone

from news.demo.staff import Staff
from news.models import PressContact, PressRelease
from partners.models import City, Memorandum, Programme, Theme
from twinning.core.accounts import User
from twinning.core.addresses import old_slugs
from twinning.core.files.private import PrivateFile
from twinning.core.models import Photo
from twinning.core.search.index import Searchable

FOLDER = Path(__file__).parent
FILES = FOLDER / "files"
SHORTEST_EMBARGO = timedelta(days=14)


class Loader:
    """Loads the missing records as written and approved by the demonstration's staff."""

    def __init__(self, staff: Staff, *, at: datetime):
        self.staff = staff
        self.at = at
        self._cache = {}

    def load(self) -> Iterator[tuple[str, int, int]]:
        """Load kind by kind; yield the kind's name, how many were new and how many there already."""
        yield self._load_programme()
        yield self._load_publishable(Theme, _rows("themes.toml"), author=self.staff.editor)
        yield self._load_photos()
        cities = [_load(path) for path in sorted(FOLDER.glob("cities/*.toml"))]
        yield self._load_publishable(City, cities, author=self.staff.editor)
        yield self._load_publishable(Memorandum, _rows("memoranda.toml"), author=self.staff.editor)
        yield self._load_contacts()
        yield self._load_publishable(PressRelease, _rows("releases.toml"), author=self.staff.press)

    def find(self, model: type[models.Model], key: str) -> models.Model | None:
        """The record of a slug, also if people have given it another address since; a contact by its email, a colleague by name.

        A photo is found by the name of its file, which stays whatever is done to the photo, but for the ending.
        """
        if (model, key) not in self._cache:
            if model is PressContact:
                record = model.objects.filter(email=key).first()
            elif model is Photo:
                record = model.objects.filter(name__startswith=f"{PurePath(key).stem}.").first()
            elif model is User:
                record = model.objects.filter(username__iexact=key).first()
            else:
                moved = old_slugs(model).filter(slug=key).values("object_id")
                record = model.objects.filter(Q(slug=key) | Q(pk__in=moved)).first()
            if not record:
                return None
            self._cache[model, key] = record
        return self._cache[model, key]

    def _load_programme(self) -> tuple[str, int, int]:
        is_new = not Programme.objects.exists()
        if is_new:
            self._make(Programme, {"pk": 1} | _load(FOLDER / "programme.toml"))
        return Programme._meta.verbose_name_plural, int(is_new), int(not is_new)

    def _load_photos(self) -> tuple[str, int, int]:
        common = _load(FOLDER / "photos.toml")
        rows = common.pop("records")
        missing = [row for row in rows if not self.find(Photo, row["file"])]
        for row in missing:
            self._make(Photo, common | row)
        return Photo._meta.verbose_name_plural, len(missing), len(rows) - len(missing)

    def _load_contacts(self) -> tuple[str, int, int]:
        """Load the press contacts, unless there are any: an office with contacts of its own wants no invented ones."""
        present = PressContact.objects.count()
        made = [] if present else [self._make(PressContact, row) for row in _rows("contacts.toml")]
        return PressContact._meta.verbose_name_plural, len(made), present

    def _load_publishable(self, model, rows: list[dict], *, author) -> tuple[str, int, int]:
        missing = [row for row in rows if not self.find(model, row["slug"])]
        for row in missing:
            state, published_at = row.pop("state", None), row.pop("publish_at", None)
            embargo = next_europe_day(at=self.at) if row.pop("publish_on_europe_day", False) else None
            record = self._make(model, row)
            if state != "draft":
                record.submit(by=author, at=published_at or self.at)
                record.approve(by=self.staff.approver, at=published_at or self.at, publish_at=embargo)
            if published_at:
                # An old release was not written today.
                model.objects.filter(pk=record.pk).update(created_at=published_at, updated_at=published_at)
        return model._meta.verbose_name_plural, len(missing), len(rows) - len(missing)

    def _make(self, model: type[models.Model], row: dict) -> models.Model:
        """Save one record of a table with its relations and its parts."""
        plain, many, parts = self._split(model, row)
        record = model(**plain)
        record.full_clean(validate_constraints=False)  # the database checks those itself, without a query for each
        record.save()
        for name, others in many.items():
            getattr(record, name).set(others)
        for relation, part_rows in parts.items():
            made = [self._split(relation.related_model, part_row)[0] for part_row in part_rows]
            model = relation.related_model
            rows = [model(**part, **{relation.field.name: record}) for part in made if None not in part.values()]
            if issubclass(model, PrivateFile):
                for row in rows:
                    row.save()  # inspects the file
            else:
                # Saving parts one by one would index the record again for each of them.
                model.objects.bulk_create(rows)
        if isinstance(record, Searchable):
            record.index()
        return record

    def _split(self, model: type[models.Model], row: dict) -> tuple[dict, dict, dict]:
        """The fields of a table with the records that they name, its lists of related records, and the rows of its parts."""
        plain, many, parts = {}, {}, {}
        for name, value in row.items():
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
            if field.one_to_many:
                parts[field] = value
            elif field.many_to_many:
                many[name] = list(filter(None, (self.find(field.related_model, key) for key in value)))
            elif isinstance(field, models.FileField):
                plain[name] = ContentFile((FILES / value).read_bytes(), name=value)
            else:
                plain[name] = self.find(field.related_model, value) if field.is_relation else value
        return plain, many, parts


def next_europe_day(*, at: datetime) -> datetime:
    """Nine in the morning, local time, of the first 9 May that is at least SHORTEST_EMBARGO away."""
    earliest = timezone.localdate(at + SHORTEST_EMBARGO)
    is_over = earliest > date(earliest.year, 5, 9)
    return timezone.make_aware(datetime(earliest.year + is_over, 5, 9, 9))


def _rows(name: str) -> list[dict]:
    return _load(FOLDER / name)["records"]


def _load(path: Path) -> dict:
    return _unwrapped(tomllib.loads(path.read_text(encoding="utf-8")))


def _unwrapped(value):
    """The same data with each paragraph on one line; in the files lines are wrapped for reading."""
    if isinstance(value, dict):
        return {key: _unwrapped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unwrapped(item) for item in value]
    if isinstance(value, str):
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in value.strip().split("\n\n"))
    return value
