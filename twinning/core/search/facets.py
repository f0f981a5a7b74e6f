"""Facets, by which search results are narrowed: the kind of a record, the cities and themes that it is about, its year.

A kind of record says in ``facets`` how it is tied to each. Every value goes through the gate: a city that is not public is
no facet, not even as a number.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial, reduce

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Cast, ExtractYear
from django.utils import timezone
from django.utils.text import capfirst

from twinning.core.fields.queries import Slot, compiled_with

KIND = "kind"


@dataclass(frozen=True)
class Choice:
    """One value of a facet: what stands in addresses, and what people read."""

    facet: str
    value: str
    name: str


@dataclass(frozen=True)
class NamedFacet:
    """A facet whose values are public records with slug and name: those at the end of ``path``, else the record itself."""

    path: str = ""

    def having(self, records: models.QuerySet, value: Slot, *, at: Slot) -> models.QuerySet:
        """The records that are tied to the public record with this slug."""
        return self._tied(records, at, slug=value)

    def with_values(self, records: models.QuerySet, *, at: Slot) -> models.QuerySet:
        """Each record with each of its values (``_value``) and the name of the value (``_name``)."""
        before = f"{self.path}__" if self.path else ""
        return self._tied(records, at).annotate(_value=F(f"{before}slug"), _name=F(f"{before}name"))

    def _tied(self, records, at, **wanted):
        steps = filter(None, self.path.split("__"))
        target = reduce(lambda model, step: model._meta.get_field(step).related_model, steps, records.model)
        return records.filter(**{f"{self.path or 'pk'}__in": target.objects.published(at=at).filter(**wanted)})


@dataclass(frozen=True)
class YearFacet:
    """A facet of the year of a moment, or of a partial date that begins and ends in the same year."""

    first: str
    last: str = ""

    def having(self, records: models.QuerySet, value: Slot, *, at: Slot) -> models.QuerySet:
        """The records of a year."""
        kind = date if self.last else datetime
        begins, ends = value.changed(partial(_start, kind), kind), value.changed(partial(_end, kind), kind)
        return records.filter(**{f"{self.first}__gte": begins, f"{self.last or self.first}__lt": ends})

    def with_values(self, records: models.QuerySet, *, at: Slot) -> models.QuerySet:
        """Each record whose year is certain, with its year as value and name."""
        certain = {f"{self.first}__year": ExtractYear(self.last)} if self.last else {f"{self.first}__isnull": False}
        year = Cast(ExtractYear(self.first), models.CharField(max_length=4))
        return records.filter(**certain).annotate(_value=year, _name=year)


def _start(kind: type, year: str) -> date:
    """The beginning of a year, as a day or as a moment."""
    return kind(int(year), 1, 1, **({"tzinfo": timezone.get_current_timezone()} if kind is datetime else {}))


def _end(kind: type, year: str) -> date:
    return _start(kind, str(int(year) + 1))


def narrowed(model: type[models.Model], chosen: dict[str, Slot], *, at: Slot) -> models.Q:
    """The entries of the records of a kind that have all chosen values."""
    fitting = Q(content_type=ContentType.objects.get_for_model(model))
    if chosen:
        records = model.objects.published(at=at)
        for facet, value in chosen.items():
            records = model.facets[facet].having(records, value, at=at)
        fitting &= Q(object_id__in=records.order_by().values("pk"))
    return fitting


def numbers_of(found: list[tuple[int, int]], *, at: datetime) -> Counter[Choice]:
    """For each value that some records have, given by content type and key, how many have it; all in one query."""
    keys = defaultdict(list)
    for type_id, key in found:
        keys[type_id].append(key)
    numbers = Counter({_kind_of(type_id): len(of_kind) for type_id, of_kind in keys.items()})
    faceted = [type_id for type_id in sorted(keys) if _model_of(type_id).facets]
    if faceted:
        for *choice, number in _values(tuple(faceted))(
            at=at, **{f"of_{type_id}": keys[type_id] for type_id in faceted}
        ):
            numbers[Choice(*choice)] += number
    return numbers


def _model_of(type_id: int) -> type[models.Model]:
    return ContentType.objects.get_for_id(type_id).model_class()


def _kind_of(type_id: int) -> Choice:
    options = _model_of(type_id)._meta
    return Choice(KIND, options.model_name, str(capfirst(options.verbose_name_plural)))


@cache
def _values(type_ids: tuple[int, ...]):
    """The compiled query for the values of records of some kinds: rows of facet, value, name and number of records."""

    def rows(at, **keys):
        found = [
            facet.with_values(model.objects.filter(pk__among=keys[f"of_{type_id}"]).order_by(), at=at)
            .annotate(_facet=Value(name))
            .values_list("_facet", "_value", "_name")
            .annotate(_number=Count("pk", distinct=True))
            for type_id in type_ids
            for model in [_model_of(type_id)]
            for name, facet in model.facets.items()
        ]
        return found[0].union(*found[1:], all=True).order_by()

    return compiled_with(rows, {"at": datetime, **{f"of_{type_id}": list[int] for type_id in type_ids}})
