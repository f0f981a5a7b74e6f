"""Filters for what has many values: a field that searches, and what was chosen as chips that can be taken off again."""

from functools import cached_property

from django.contrib import admin
from django.db.models import Model

from twinning.core.search.choosers import Option, options_of, record_named

MOST_CHOSEN = 12
LONGEST = 200


class ChosenFilter(admin.ListFilter):
    """List filter: the records that refer to one of the chosen records, which have a slug and a name.

    The address has slugs; a name is understood as well, so that what somebody typed needs no JavaScript.
    """

    template = "core/lists/_chosen_filter.html"
    parameter_name: str
    of_model: type[Model]
    relation: str  # as in a lookup, such as “focuses__theme”

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        asked = params.pop(self.parameter_name, [])
        self.asked = [text.strip()[:LONGEST] for text in asked[:MOST_CHOSEN] if text.strip()]
        named = {text: record_named(self.records, text) for text in self.asked}
        self.unknown = [text for text, record in named.items() if not record]
        self.chosen = list(dict.fromkeys(record for record in named.values() if record))
        if self.asked:
            self.used_parameters[self.parameter_name] = self.asked

    @cached_property
    def records(self) -> list[Model]:
        return list(self.of_model.objects.only("pk", "slug", "name"))

    def has_output(self):
        return bool(self.records)

    def expected_parameters(self):
        return [self.parameter_name]

    def choices(self, changelist):
        """The chips: each chosen record with the address of the list without it."""
        for record in self.chosen:
            others = [other.slug for other in self.chosen if other != record]
            url = changelist.get_query_string({self.parameter_name: others or None})
            yield {"display": record.name, "query_string": url, "selected": True}

    @property
    def options(self) -> list[Option]:
        return options_of((record.slug, record.name) for record in self.records if record not in self.chosen)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The other parameters of the address, and what is chosen already."""
        others = [(name, value) for name, values in self.request.GET.lists() for value in values]
        left = [(name, value) for name, value in others if name not in (self.parameter_name, "p", "e")]
        return left + [(self.parameter_name, record.slug) for record in self.chosen]

    def queryset(self, request, queryset):
        if not self.chosen:
            return queryset
        # Not by a join: a record that refers to two of them stands in the list once.
        found = queryset.model._base_manager.filter(**{f"{self.relation}__in": [record.pk for record in self.chosen]})
        return queryset.filter(pk__in=found.order_by().values("pk"))
