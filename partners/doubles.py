"""Doubles: which cities of the site a city probably is that somebody is about to add."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from partners.models import City, FormerName
from partners.worldmap import Place, distance_km
from twinning.core.fields.folding import sort_key

NEAR_KM = 10
KM_A_DEGREE = 111
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


class Known:
    """The cities of the site and the new ones of a file, by name and by latitude: thousands are compared with one another."""

    def __init__(self):
        self._by_name, self._by_band = defaultdict(list), defaultdict(list)
        for city, names in all_names().items():
            self._add(names, Place(city.name_in_choosers, float(city.latitude), float(city.longitude)), city.pk)

    def add(self, names: Iterable[str], north, east, *, name: str) -> None:
        """Note a city that is not on the site yet."""
        place = None if None in (north, east) else Place(name, float(north), float(east))
        self._add(_folded(*names), place or name, None)

    def _add(self, names: set[str], place: Place | str, key: int | None) -> None:
        for name in names:
            self._by_name[name].append((place, key))
        if isinstance(place, Place):
            self._by_band[_band(place.latitude)].append((place, key))

    def doubles(self, names: Iterable[str], north, east) -> list[tuple[str, int | None]]:
        """The names and keys of those that ``probable_doubles`` would find."""
        found = [one for name in _folded(*names) for one in self._by_name[name]]
        if None not in (north, east):
            place = Place("", float(north), float(east))
            bands = range(_band(place.latitude) - 1, _band(place.latitude) + 2)
            near = (one for band in bands for one in self._by_band[band])
            found += [one for one in near if distance_km(place, one[0]) < NEAR_KM]
        return list(dict.fromkeys((getattr(place, "name", place), key) for place, key in found))


def _band(latitude: float) -> int:
    """The strip of NEAR_KM from south to north in which a place lies."""
    return int((latitude + 90) * KM_A_DEGREE // NEAR_KM)
