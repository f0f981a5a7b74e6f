"""Relations between records, found from the models: a new relation is tied without a change here, or fails."""

from collections.abc import Callable

from django.apps import apps
from django.db import models

from news.models import PressRelease
from partners.models import City, Memorandum, Theme
from twinning.core.history.snapshots import part_relations
from twinning.core.models import Page

KINDS = {"city": City, "theme": Theme, "memorandum": Memorandum, "release": PressRelease, "page": Page}
# The models of parts, such as signatories, each with the field that leads to its own record.
OWNERS = {relation.related_model: relation.field for model in KINDS.values() for relation in part_relations(model)}


def relations() -> list[models.Field]:
    """Every field that names a record of one of the kinds; not those that lead a part to its own record.

    What readers of alerts chose, what offices said about quotes, and coverage of a release are no ties of records:
    tests/news/ has them.
    """
    ours = [model for app in ("partners", "news") for model in apps.get_app_config(app).get_models()]
    ours = [
        model for model in ours if not model.__module__.startswith(("news.alerts.", "news.quotes.", "news.coverage."))
    ]
    fields = [field for model in ours for field in (*model._meta.fields, *model._meta.many_to_many)]
    # A theme is only merged into one that is public (tests/partners/test_themes.py): its page is gone by that.
    fields = [field for field in fields if field != Theme._meta.get_field("merged_into")]
    return [field for field in fields if field.related_model in KINDS.values() and field != OWNERS.get(field.model)]


def fill_relations(record: models.Model, find: Callable[[models.Field], models.Model], *, words: str = "") -> list:
    """Fill every relation of a record and of its parts with the record that ``find`` returns for it.

    A part that has to be made for that carries ``words`` in its texts. Returns the relations that were taken already.
    """
    taken = []
    for field in relations():
        owner = OWNERS.get(field.model)
        if owner and isinstance(record, owner.related_model):
            _fill_in_part(record, owner, field, find(field), words)
        elif field.model is type(record) and field.many_to_many:
            getattr(record, field.name).add(find(field))
        elif field.model is type(record):
            empty = field.model.objects.filter(pk=record.pk, **{field.name: None})
            taken += [] if empty.update(**{field.name: find(field)}) else [field]
    return taken


def _fill_in_part(record, owner, field, other, words: str) -> None:
    parts = field.model.objects.filter(**{owner.name: record})
    if field.null and not words:
        # Such a part shows without what it names: one that names somebody else has to be there beforehand.
        assert parts.exclude(**{field.name: None}).update(**{field.name: other}), f"no {field} that could be hidden"
        return
    texts = [f.name for f in field.model._meta.fields if type(f) is models.CharField and not f.choices]
    parts.create(**{owner.name: record, field.name: other}, **{name: f"{words} {name}".strip() for name in texts})
