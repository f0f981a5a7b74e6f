"""The search page: public records that contain all the words, narrowed by facets that can be combined."""

import re
from collections import Counter

from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from partners.queries import city_names, slug_now, theme_names
from twinning.core.fields.folding import sort_key
from twinning.core.search.choosers import MOST_LINKS, Chooser, options_of, record_named
from twinning.core.search.facets import KIND, Choice
from twinning.core.search.index import searchable_models
from twinning.core.search.results import Results
from twinning.core.web.filters import FilterLink
from twinning.core.web.http import query_string, text_parameter
from twinning.core.web.paging import numbered_page

RESULTS_A_PAGE = 20
MOST_NAMED = 30  # partner cities to start from
# In the order of the page: the name of each facet, the label of the link that removes it, and that of its chooser.
FACETS = {
    KIND: (gettext_lazy("Kind"), gettext_lazy("All kinds"), ""),
    "city": (gettext_lazy("City"), gettext_lazy("All cities"), gettext_lazy("Find a city")),
    "theme": (gettext_lazy("Theme"), gettext_lazy("All themes"), gettext_lazy("Find a theme")),
    "year": (gettext_lazy("Year"), gettext_lazy("All years"), gettext_lazy("Find a year")),
}
MOST_BESIDE_A_CHOOSER = 6  # values of a facet that has more than MOST_LINKS
_YEAR = re.compile(r"[12][0-9]{3}")


@require_safe
def search(request):
    """The search page."""
    at = request.visit.at
    query, cities = text_parameter(request, "q"), city_names(at=at)
    chosen, unknown = _chosen(request, cities, theme_names(at=at))
    kept = {choice.facet: choice.value for choice in chosen}
    results = Results(query, at=at, chosen=kept)
    context = {
        "query": query,
        "is_shortened": len(request.GET.get("q", "").strip()) > len(query) >= 200,
        "unknown": unknown,
        "chosen": [choice.name for choice in chosen],
        "results": results,
        "page": numbered_page(request, results, size=RESULTS_A_PAGE, q=query, **kept),
        "facets": _facets(query, chosen, results) if results else [],
        "wider": _wider_searches(query, chosen, results) if chosen and not results else [],
        "cities": cities if len(cities) <= MOST_NAMED else [],
    }
    return render(request, "twinning/search.html", context)


def _chosen(request, cities, themes) -> tuple[list[Choice], list[str]]:
    """The values of facets that the address names, and those in it that do not exist."""
    asked = {name: text for name in FACETS if (text := text_parameter(request, name))}
    known = {
        KIND: _kind,
        "city": lambda value: _named("city", cities, value, request.visit.at),
        "theme": lambda value: _named("theme", themes, value, request.visit.at),
        "year": lambda value: Choice("year", value, value) if _YEAR.fullmatch(value) else None,
    }
    found = {facet: known[facet](value) for facet, value in asked.items()}
    return list(filter(None, found.values())), [asked[facet][:50] for facet, choice in found.items() if not choice]


def _named(facet: str, records, value: str, at) -> Choice | None:
    record = record_named(records, value) or record_named(records, slug_now(facet, value, at=at))
    return record and Choice(facet, record.slug, record.name)


def _kind(value: str) -> Choice | None:
    names = (_name_of_kind(model) for model in searchable_models() if model._meta.model_name == value)
    return next((Choice(KIND, value, name) for name in names), None)


def _name_of_kind(model) -> str:
    return capfirst(model._meta.verbose_name_plural)


def _facets(query: str, chosen: list[Choice], results: Results) -> list[dict]:
    """The facets with their links: to everything and the chosen value, or to each value that some result has.

    Of many values those with the most results have a link, and all are found by a chooser.
    """
    numbers, kept = results.numbers(), {choice.facet: choice for choice in chosen}
    found = []
    for facet, (label, everything, search_for) in FACETS.items():
        chooser = None
        others = [choice for choice in chosen if choice.facet != facet]
        choices = [kept[facet]] if facet in kept else _sorted_choices(facet, numbers)
        if len(choices) > MOST_LINKS:
            options = options_of((choice.value, choice.name) for choice in choices)
            chooser = Chooser(facet, reverse("search"), {"q": query} | {c.facet: c.value for c in others}, options)
            choices = choices[:MOST_BESIDE_A_CHOOSER]
        links = [FilterLink(everything, _address(query, others), not kept.get(facet))]
        links += [FilterLink(c.name, _address(query, [*others, c]), facet in kept, numbers[c]) for c in choices]
        if choices:
            found.append({"label": label, "links": links, "chooser": chooser, "chooser_label": search_for})
    return found


def _sorted_choices(facet: str, numbers: Counter[Choice]) -> list[Choice]:
    """The values of a facet: years with the newest first, others with the most results first."""
    choices = [choice for choice in numbers if choice.facet == facet]
    if facet == "year":
        return sorted(choices, key=lambda choice: choice.value, reverse=True)
    return sorted(choices, key=lambda choice: (-numbers[choice], sort_key(choice.name)))


def _wider_searches(query: str, chosen: list[Choice], results: Results) -> list[tuple[str, str, int]]:
    """Searches with fewer facets that find something, as label, address and number of results; for an empty result."""
    searches = [
        (_("Without %(name)s") % {"name": choice.name}, [c for c in chosen if c != choice]) for choice in chosen
    ]
    searches = [(label, others) for label, others in searches if others] + [(_("Everything"), [])]
    numbers = (len(results.with_others({c.facet: c.value for c in others})) for _label, others in searches)
    found = zip(searches, numbers, strict=True)
    return [(label, _address(query, others), number) for (label, others), number in found if number]


def _address(query: str, choices: list[Choice]) -> str:
    return query_string(q=query, **{choice.facet: choice.value for choice in choices})
