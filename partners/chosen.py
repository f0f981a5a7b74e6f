"""The cities that the home page introduces when there are more than it has room for (ADR 28)."""

from collections.abc import Iterable, Sequence
from datetime import date

from partners.models import City, Memorandum

MOST_ON_HOME = 12


def chosen_for_home(cities: Sequence[City], memoranda: Iterable[Memorandum], *, on: date) -> list[City]:
    """At most MOST_ON_HOME of the cities, in the same order: all, or the chosen and the liveliest.

    The agreements have to carry ``parties``. Where the editors chose more than there is room for, the liveliest of those.
    """
    if len(cities) <= MOST_ON_HOME:
        return list(cities)
    newest: dict[str, date] = {}
    for memorandum in memoranda:
        for party in memorandum.parties:
            newest[party["slug"]] = max(newest.get(party["slug"], date.min), memorandum.signed_earliest or date.min)

    def liveliness(city: City):
        began = city.since_earliest or date.min
        return city.is_on_home, city.standing(on=on).is_active, max(newest.get(city.slug, date.min), began)

    chosen = {city.pk for city in sorted(cities, key=liveliness, reverse=True)[:MOST_ON_HOME]}
    return [city for city in cities if city.pk in chosen]
