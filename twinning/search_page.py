"""The search page: everything public that has all the words, narrowed by links that combine."""

import re
from collections import Counter

from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from partners.models import City, Theme
from twinning.core.facets import KIND, Choice
from twinning.core.http import query_string, text_parameter
from twinning.core.search import Results, searchable_models

RESULTS_A_PAGE = 20
# In the order of the page: what a facet is called, and how everything in it.
FACETS = {
    KIND: (gettext_lazy("Kind"), gettext_lazy("All kinds")),
    "city": (gettext_lazy("City"), gettext_lazy("All cities")),
    "theme": (gettext_lazy("Theme"), gettext_lazy("All themes")),
    "year": (gettext_lazy("Year"), gettext_lazy("All years")),
}
_YEAR = re.compile(r"[12][0-9]{3}")


@require_safe
def search(request):
    """Everything public that has all the words."""
    at = timezone.now()
    query, cities = text_parameter(request, "q"), City.objects.published(at=at)
    chosen, unknown = _chosen(request, cities, Theme.objects.published(at=at))
    kept = {choice.facet: choice.value for choice in chosen}
    results = Results(query, at=at, chosen=kept)
    context = {
        "query": query,
        "is_shortened": len(request.GET.get("q", "").strip()) > len(query) >= 200,
        "unknown": unknown,
        "chosen": chosen,
        "results": results,
        **_page(request, query, kept, results),
        "facets": _facets(query, chosen, results) if results else [],
        "wider": _wider(query, chosen, Results(query, at=at)) if chosen and not results else [],
        "cities": cities,
    }
    return render(request, "core/search.html", context)


def _chosen(request, cities, themes) -> tuple[list[Choice], list[str]]:
    """What the results are narrowed by, and what was asked for but is not there."""
    asked = {name: text for name in FACETS if (text := text_parameter(request, name))}
    known = {
        KIND: lambda value: next((_kind(m) for m in searchable_models() if m._meta.model_name == value), None),
        "city": lambda value: next((city.name for city in cities if city.slug == value), None),
        "theme": lambda value: next((theme.name for theme in themes if theme.slug == value), None),
        "year": lambda value: value if _YEAR.fullmatch(value) else None,
    }
    names = {facet: known[facet](value) for facet, value in asked.items()}
    chosen = [Choice(facet, asked[facet], name) for facet, name in names.items() if name]
    return chosen, [asked[facet][:50] for facet, name in names.items() if not name]


def _kind(model) -> str:
    return capfirst(model._meta.verbose_name_plural)


def _page(request, query: str, kept: dict, results: Results) -> dict:
    """The hits of the page that was asked for, and the addresses of its neighbours."""
    asked = text_parameter(request, "page")
    last = max(1, -(-len(results) // RESULTS_A_PAGE))
    number = min(int(asked), last) if asked.isdecimal() and len(asked) < 6 and int(asked) else 1
    return {
        "number": number,
        "hits": results[(number - 1) * RESULTS_A_PAGE : number * RESULTS_A_PAGE],
        "newer_url": number > 1 and query_string(q=query, **kept, page=number - 1),
        "older_url": number < last and query_string(q=query, **kept, page=number + 1),
    }


def _facets(query: str, chosen: list[Choice], results: Results) -> list[dict]:
    """Each facet with its links: to everything and the chosen value, or to each value that some result has."""
    numbers, kept = results.numbers(), {choice.facet: choice for choice in chosen}
    found = []
    for facet, (label, everything) in FACETS.items():
        others = [choice for choice in chosen if choice.facet != facet]
        choices = [kept[facet]] if facet in kept else _in_order(facet, numbers)
        links = [(everything, _address(query, others), not kept.get(facet), None)]
        links += [(c.name, _address(query, [*others, c]), facet in kept, numbers[c]) for c in choices]
        if choices:
            found.append({"label": label, "links": links})
    return found


def _in_order(facet: str, numbers: Counter[Choice]) -> list[Choice]:
    """The newest year first; of anything else what has most results."""
    choices = [choice for choice in numbers if choice.facet == facet]
    if facet == "year":
        return sorted(choices, key=lambda choice: choice.value, reverse=True)
    return sorted(choices, key=lambda choice: (-numbers[choice], choice.name))


def _wider(query: str, chosen: list[Choice], results: Results) -> list[tuple[str, str, int]]:
    """What to leave out of a choice that nothing fits, so that something does: the words, the address, how much."""
    found = []
    for choice in chosen:
        others = [other for other in chosen if other != choice]
        number = results.number_with({other.facet: other.value for other in others})
        if number and others:
            found.append((_("Without %(name)s") % {"name": choice.name}, _address(query, others), number))
    if results:
        found.append((_("Everything"), _address(query, []), len(results)))
    return found


def _address(query: str, choices: list[Choice]) -> str:
    return query_string(q=query, **{choice.facet: choice.value for choice in choices})
