"""What search results can be narrowed by: the kind of a record, the cities and themes that it is about, and its year.

A kind of record says in ``facets`` how it is tied to each. Every value goes through the gate: a city that is not public is
no facet, not even as a number.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Cast, ExtractYear
from django.utils.text import capfirst

KIND = "kind"


@dataclass(frozen=True)
class Choice:
    """One value of a facet: what stands in addresses, and what people read."""

    facet: str
    value: str
    name: str


@dataclass(frozen=True)
class Named:
    """A facet of public records with a slug and a name, at the end of a relation; without one, the record itself."""

    path: str = ""

    def having(self, records: models.QuerySet, value: str, *, at: datetime) -> models.QuerySet:
        """The records tied to the public record with a slug."""
        return self._tied(records, at, slug=value)

    def rows(self, records: models.QuerySet, *, at: datetime) -> models.QuerySet:
        """Each record with each of its values and the value's name."""
        before = f"{self.path}__" if self.path else ""
        return self._tied(records, at).annotate(_value=F(f"{before}slug"), _name=F(f"{before}name"))

    def _tied(self, records, at, **wanted):
        steps = filter(None, self.path.split("__"))
        target = reduce(lambda model, step: model._meta.get_field(step).related_model, steps, records.model)
        return records.filter(**{f"{self.path or 'pk'}__in": target.objects.published(at=at).filter(**wanted)})


@dataclass(frozen=True)
class Year:
    """A facet of the year of a moment, or of a partial date that begins and ends in the same year."""

    first: str
    last: str = ""

    def having(self, records: models.QuerySet, value: str, *, at: datetime) -> models.QuerySet:
        """The records of a year."""
        return records.filter(**{f"{name}__year": int(value) for name in (self.first, self.last) if name})

    def rows(self, records: models.QuerySet, *, at: datetime) -> models.QuerySet:
        """Each record with its year, if it is certain."""
        certain = {f"{self.first}__year": ExtractYear(self.last)} if self.last else {f"{self.first}__isnull": False}
        year = Cast(ExtractYear(self.first), models.CharField(max_length=4))
        return records.filter(**certain).annotate(_value=year, _name=year)


def narrowed(model: type[models.Model], chosen: dict[str, str], *, at: datetime) -> models.QuerySet | None:
    """The public records of a kind that fit all chosen values; None for a kind that cannot fit."""
    if chosen.get(KIND, model._meta.model_name) != model._meta.model_name:
        return None
    records = model.objects.published(at=at)
    for facet, value in chosen.items():
        if facet != KIND:
            if facet not in model.facets:
                return None
            records = model.facets[facet].having(records, value, at=at)
    return records


def choices_of(found: list[tuple[int, int]], *, at: datetime) -> dict[tuple[int, int], set[Choice]]:
    """For each record, given by content type and key, the values by which it can be chosen; all in one query."""
    choices, rows = {record: set() for record in found}, []
    for type_id in sorted({type_id for type_id, _key in found}):
        model = ContentType.objects.get_for_id(type_id).model_class()
        kind = Choice(KIND, model._meta.model_name, capfirst(model._meta.verbose_name_plural))
        keys = [key for its_type, key in found if its_type == type_id]
        for key in keys:
            choices[type_id, key].add(kind)
        records = model.objects.filter(pk__in=keys).order_by()
        rows += [
            facet.rows(records, at=at)
            .annotate(_type=Value(type_id), _facet=Value(name))
            .values_list("_type", "pk", "_facet", "_value", "_name")
            for name, facet in model.facets.items()
        ]
    if rows:
        for type_id, key, *choice in rows[0].union(*rows[1:], all=True).order_by():
            choices[type_id, key].add(Choice(*choice))
    return choices
