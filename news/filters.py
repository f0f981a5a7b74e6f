"""The filters of the list of releases: city and theme as parameters of the address, the year in its path."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.queries import cities_with_news, end_of, start_of, themes_with_news, years_with_news
from partners.queries import slug_now
from twinning.core.search.choosers import MOST_LINKS, Chooser, options_of, record_named, records_like
from twinning.core.web.filters import FilterLink
from twinning.core.web.http import query_string, text_parameter


class Parameter(NamedTuple):
    """A parameter with the slug of a public record, and what is offered for it."""

    id: str
    records: Callable
    label: str
    everything: str
    another: str


PARAMETERS = {
    "city": Parameter(
        "filter-1",
        cities_with_news,
        gettext_lazy("City"),
        gettext_lazy("All cities"),
        gettext_lazy("Find a city"),
    ),
    "theme": Parameter(
        "filter-2",
        themes_with_news,
        gettext_lazy("Theme"),
        gettext_lazy("All themes"),
        gettext_lazy("Find a theme"),
    ),
}


class FilterList(NamedTuple):
    """One filter on the page: the link to everything, then a link for each value, or what searches in many.

    ``rest`` are links that stand folded up.
    """

    id: str
    label: str
    links: Sequence[FilterLink]
    rest: Sequence[FilterLink] = ()
    chooser: Chooser | None = None
    chooser_label: str = ""


class NewsFilters:
    """The filters of a request: ``chosen`` has the city and the theme or None, ``unknown`` slugs that do not exist."""

    def __init__(self, request, *, year: int | None, at: datetime):
        self.path, self.year, self.at = request.path, year, at
        self.offered = {name: parameter.records(at=at) for name, parameter in PARAMETERS.items()}
        self.asked = {name: text_parameter(request, name) for name in PARAMETERS}
        self.chosen = {name: self._chosen(name, text) for name, text in self.asked.items()}
        self.unknown = [text for name, text in self.asked.items() if text and not self.chosen[name]]

    def _chosen(self, name: str, text: str):
        """The record with a name or an address, also with one that it had before; None without any."""
        offered = self.offered[name]
        return record_named(offered, text) or (text and record_named(offered, slug_now(name, text, at=self.at))) or None

    @property
    def names(self) -> list[str]:
        """The names of the chosen records."""
        return [record.name for record in self.chosen.values() if record]

    @property
    def parameters(self) -> dict[str, str]:
        """The chosen records as they stand in addresses."""
        return {name: record.slug for name, record in self.chosen.items() if record}

    @property
    def narrowing(self) -> dict:
        """The values by which the queries of ``news.queries`` narrow the list."""
        keys = {name: record.pk for name, record in self.chosen.items() if record}
        whole = {"at": self.at, "until": self.at, **keys}
        if not self.year:
            return whole
        return whole | {"since": start_of(self.year), "until": min(self.at, end_of(self.year))}

    @cached_property
    def lists(self) -> list[FilterList]:
        """The three filters; each link keeps what is chosen in the others."""
        return [*map(self._record_list, PARAMETERS), self._year_list()]

    def _record_list(self, name: str) -> FilterList:
        """Each record that has news, and the chosen one; of many the chosen one, or those like what was asked for."""
        parameter, chosen, chooser = PARAMETERS[name], self.chosen[name], None
        others = {other: slug for other, slug in self.parameters.items() if other != name}
        records = [record for record in self.offered[name] if record.has_news or record == chosen]
        if len(records) > MOST_LINKS:
            options = options_of((record.slug, record.name) for record in records)
            chooser = Chooser(name, self.path, others, options)
            records = [chosen] if chosen else records_like(records, self.asked[name])
        links = [FilterLink(parameter.everything, self.path + query_string(**others), not chosen)]
        for record in records:
            address = self.path + query_string(**others, **{name: record.slug})
            links.append(FilterLink(record.name, address, record == chosen))
        return FilterList(parameter.id, parameter.label, links, chooser=chooser, chooser_label=parameter.another)

    def _year_list(self) -> FilterList:
        """The newest years; earlier ones stand folded up, but the chosen one."""
        links = self._year_links()
        shown = [link for number, link in enumerate(links) if number <= MOST_LINKS or link.is_chosen]
        return FilterList("years", _("Year"), shown, rest=[link for link in links if link not in shown])

    def _year_links(self) -> list[FilterLink]:
        kept = query_string(**self.parameters)
        links = [FilterLink(_("All years"), reverse("news:releases") + kept, not self.year)]
        for year in sorted({*years_with_news(at=self.at), *filter(None, [self.year])}, reverse=True):
            links.append(FilterLink(str(year), reverse("news:year", args=[year]) + kept, year == self.year))
        return links
