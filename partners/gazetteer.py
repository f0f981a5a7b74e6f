"""The gazetteer: the places of 15,000 people and more, found by the beginning of one of their names (ADR 37).

The data are those of GeoNames (CC BY 4.0); docs/data-sources.md says how the file is made. It is read where a search leads,
and not kept in memory.
"""

import mmap
from collections import defaultdict
from difflib import SequenceMatcher
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from partners.countries import PartnerCountries
from twinning.core.fields.folding import sort_key

DATA = Path(__file__).resolve().parent / "data" / "places.tsv"
MOST_PROPOSED = 8
MOST_LOOKED_AT = 500  # places behind a comma and a country, and spellings that are nearly right
LONGEST = 100
BEGINNING, ALIKE = 4, 0.75  # a wrong spelling is compared with places that share so many letters


class KnownPlace(NamedTuple):
    """A place of the gazetteer; ``number`` is where its line begins in the file."""

    number: int
    name: str
    code: str
    region: str
    latitude: str
    longitude: str
    time_zone: str
    population: int | None
    local_name: str
    local_language: str
    other_names: str

    @property
    def country(self) -> str:
        return str(PartnerCountries().name(self.code))

    @property
    def where(self) -> str:
        """The region, if the gazetteer has one, and the country."""
        region = _("near %(place)s") % {"place": self.region[1:]} if self.region[:1] == "~" else self.region
        return ", ".join(filter(None, [region, self.country]))

    @property
    def people(self) -> str:
        return _("%(number)s people") % {"number": floatformat(self.population, "0g")} if self.population else ""

    def __str__(self):
        return f"{self.name}, {self.where}"

    @property
    def as_fields(self) -> dict[str, str]:
        """What a form of a city says of this place. No population: GeoNames does not say of which year it is."""
        names = ("name", "latitude", "longitude", "time_zone", "local_name", "local_language", "other_names")
        return {name: getattr(self, name) for name in names} | {"country": self.code}


@cache
def _file() -> mmap.mmap:
    with DATA.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@cache
def _time_zones() -> list[str]:
    return _file()[: _file().find(b"\n")].decode().split("\t")


def _line(number: int) -> list[str]:
    """The line that begins there: the folded names between bars, and the facts."""
    return _file()[number : _file().find(b"\n", number)].decode().split("\t")


def _read(number: int) -> KnownPlace:
    _keys, name, code, region, north, east, zone, people, *others = _line(number)
    zones, population = _time_zones(), int(people) if people else None
    return KnownPlace(number, name, code, region, north, east, zones[int(zone)], population, *others)


def place_at(number: str) -> KnownPlace | None:
    """The place whose line begins there; None where none does."""
    if not (number.isascii() and number.isdecimal() and len(number) < 10 and 0 < int(number) < len(_file())):
        return None
    return _read(int(number)) if _file()[int(number) - 1 : int(number) + 1] == b"\n|" else None


def places_called(typed: str) -> list[KnownPlace]:
    """The places that somebody may mean, those of exactly this name first, then those whose main name begins so, the largest first.

    Behind a comma the country or the region may stand: “Brasov, Rom”.
    """
    name, _comma, behind = (sort_key(part[:LONGEST]) for part in typed.partition(","))
    wanted = " ".join("".join(c if c.isprintable() and c != "|" else " " for c in name).split())
    if not wanted:
        return []
    ways = (f"|{wanted}|", f"\n|{wanted}", f"|{wanted}", f" {wanted}")
    numbers = chain.from_iterable(map(_having, ways))
    places = (_read(number) for number in islice(numbers, MOST_LOOKED_AT))
    fitting = dict.fromkeys(islice((place for place in places if _lies_in(place, behind)), 2 * MOST_PROPOSED))
    return list(fitting)[:MOST_PROPOSED] or _spelt_like(wanted)


class PlacesByName:
    """The places by exactly their names, for an import that asks for thousands: a list of all names, kept as long as that takes."""

    def __init__(self):
        self._numbers, number = defaultdict(list), _file().find(b"\n") + 1
        while (end := _file().find(b"\n", number)) >= 0:
            for name in _file()[number : _file().find(b"\t", number)].decode().strip("|").split("|"):
                self._numbers[name].append(number)
            number = end + 1

    def named(self, name: str, *, code: str = "") -> list[KnownPlace]:
        """The places of a name, in the country of a code if there is one, the largest first.

        Only those that have it as their main name, if there are any: “Paris” is not meant to be Parigi of another place.
        """
        wanted = sort_key(name[:LONGEST])
        places = [_read(number) for number in dict.fromkeys(self._numbers.get(wanted, ()))]
        fitting = [place for place in places if code in ("", place.code)]
        return [place for place in fitting if sort_key(place.name) == wanted] or fitting


def _having(text: str):
    """The numbers of the lines with a text in their folded names, the largest place first."""
    file, sought, start = _file(), text.encode(), 0
    while (hit := file.find(sought, start)) >= 0:
        number, start = file.rfind(b"\n", 0, hit + 1) + 1, file.find(b"\n", hit + 1)
        if number and file.find(b"\t", number, hit) < 0:
            yield number


def _lies_in(place: KnownPlace, behind: str) -> bool:
    return not behind or any(sort_key(part).startswith(behind) for part in (place.country, place.region, place.where))


def _spelt_like(wanted: str) -> list[KnownPlace]:
    """The places with a name that is nearly the one typed, from the same first letters on: “Bratislawa”."""
    if len(wanted) <= BEGINNING:
        return []
    numbers = islice(_having(f"|{wanted[:BEGINNING]}"), MOST_LOOKED_AT)
    likeness = {number: _likeness(wanted, number) for number in numbers}
    alike = sorted((number for number in likeness if likeness[number] >= ALIKE), key=lambda n: -likeness[n])
    return [_read(number) for number in alike[:MOST_PROPOSED]]


def _likeness(wanted: str, number: int) -> float:
    names = _line(number)[0].strip("|").split("|")
    return max(SequenceMatcher(None, wanted, name).ratio() for name in names if name[:BEGINNING] == wanted[:BEGINNING])
