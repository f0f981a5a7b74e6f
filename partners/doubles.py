"""Doubles: which cities of the site a city probably is that somebody is about to add."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from partners.models import City, FormerName
from partners.worldmap import Place, distance_km
from twinning.core.fields.folding import sort_key

NEAR_KM = 10
_BEHIND = re.compile(r"\s*\([^)]*\)\s*$")  # what tells namesakes apart: “Frankfurt (Oder)”


def _folded(*names: str) -> set[str]:
    """Names, some of them several with commas between, folded and without what stands in brackets."""
    single = (name for several in names for name in several.split(","))
    return {sort_key(_BEHIND.sub("", name)) for name in single} - {""}


def all_names() -> dict[City, set[str]]:
    """The cities of the site, hidden ones too, with all names they have and had."""
    former = defaultdict(list)
    for city, name in FormerName.objects.order_by().values_list("city", "name"):
        former[city].append(name)
    fields = ("name", "local_name", "other_names", "country", "latitude", "longitude")
    cities = City.objects.only("pk", *fields)
    return {city: _folded(city.name, city.local_name, city.other_names, *former[city.pk]) for city in cities}


def probable_doubles(
    names: Iterable[str], north, east, *, among: dict[City, set[str]], but: int | None = None
) -> Sequence[City]:
    """The cities that have one of the names, or lie nearer than NEAR_KM; ``north`` and ``east`` may be None."""
    wanted, place = _folded(*names), None if None in (north, east) else Place("", float(north), float(east))
    return [
        city
        for city, called in among.items()
        if city.pk != but and (wanted & called or (place and distance_km(place, city) < NEAR_KM))
    ]
